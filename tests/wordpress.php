<?php
// The functions of WordPress that the plugin in docs/service.md uses, and a loop that calls its hooks.
// Arguments: the address of the service, its token, and the file of the plugin.

define('ABSPATH', '/');
define('HOUR_IN_SECONDS', 3600);
define('COPYDESK_URL', $argv[1]);
define('COPYDESK_TOKEN', $argv[2]);
ini_set('error_log', '/dev/null');
$hooks = $transients = $saved = [];
class WP_Error { public function __construct(public $code, public $message = '', public $data = []) {} }
class Screen { public function is_block_editor() { return false; } }
function is_wp_error($value) { return $value instanceof WP_Error; }
function add_filter($name, $hook) { global $hooks; $hooks[$name] = $hook; }
function add_action($name, $hook) { add_filter($name, $hook); }
function wp_unslash($text) { return stripslashes($text); }
function wp_json_encode($data) { return json_encode($data); }
function esc_html($text) { return htmlspecialchars($text, ENT_QUOTES); }
function get_current_screen() { return new Screen(); }
function get_current_user_id() { return 7; }
function get_post($id) { global $saved; return (object) $saved; }
function get_post_status($id) { return get_post($id)->post_status; }
function set_transient($key, $value) { global $transients; $transients[$key] = $value; }
function get_transient($key) { global $transients; return $transients[$key] ?? false; }
function delete_transient($key) { global $transients; unset($transients[$key]); }
function wp_remote_retrieve_response_code($answer) { return is_wp_error($answer) ? '' : $answer['code']; }
function wp_remote_retrieve_body($answer) { return is_wp_error($answer) ? '' : $answer['body']; }
function wp_remote_post($url, $options) {
    $lines = array_map(fn($name, $value) => "$name: $value", array_keys($options['headers']), $options['headers']);
    $http = ['method' => 'POST', 'content' => $options['body'], 'header' => $lines, 'ignore_errors' => true];
    $context = stream_context_create(['http' => $http + ['timeout' => $options['timeout']]]);
    $body = @file_get_contents($url, false, $context);
    $code = $body === false ? 0 : (int) explode(' ', $http_response_header[0])[1];
    return $code ? ['code' => $code, 'body' => $body] : new WP_Error('http');
}
function get_the_author_meta($field, $id) { return "$id@example.org"; }
function wp_mail(...$mail) { global $sent; $sent = $mail; }
require $argv[3];

// Each line of standard input has the name of a hook, its post, and the post as it was saved before. The result of the hook
// or, for “admin_notices”, its output and, for “save_post”, the mail is printed as a line of JSON.
while ($line = fgets(STDIN)) {
    [$name, $post, $saved] = json_decode($line, true);
    $sent = null;
    ob_start();
    if ($name === 'save_post') {
        $hooks[$name]($post['ID'], (object) $post);
        $result = $sent;
    } else {
        $result = $hooks[$name](str_starts_with($name, 'rest_') ? (object) $post : $post, $post);
    }
    $output = ob_get_clean();
    echo json_encode($name === 'admin_notices' ? $output : $result), "\n";
}
