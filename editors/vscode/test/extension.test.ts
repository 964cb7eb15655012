/** The bundled extension with a fake of VS Code and a real process as its language server. */

import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";

import { FakeVscode } from "./fakeVscode";

const skip = process.platform === "win32" ? "the fake server is a shell script" : false;
const folder = mkdtempSync(join(tmpdir(), "copydesk-"));
const program = join(folder, "copydesk");
const SCRIPT = `#!/bin/sh\nexec "${process.execPath}" "${join(__dirname, "fakeServer.js")}" "$@"\n`;
const vscode = new FakeVscode();
let extension: { activate: (context: object) => Promise<void>; deactivate: () => Promise<void> };

async function until(what: string, condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition(); waited += 20) {
    assert.ok(waited < 10_000, `${what}\n${vscode.logged.join("\n")}`);
    await delay(20);
  }
}

function call(name: string, ...args: unknown[]): Promise<unknown> {
  const action = vscode.commands.get(name);
  assert.ok(action, `the command ${name} is not registered`);
  return Promise.resolve(action(...args));
}

async function setPath(path: string): Promise<void> {
  vscode.settings.path = path;
  vscode.fire("onDidChangeConfiguration", { affectsConfiguration: (section: string) => section === "copydesk.path" });
}

before(async () => {
  writeFileSync(program, SCRIPT);
  chmodSync(program, 0o755);
  vscode.install();
  vscode.settings.path = program;
  extension = createRequire(__filename)(join(__dirname, "..", "extension.js"));
  if (!skip) await extension.activate(vscode.context("0.1.0"));
});

after(async () => {
  await extension.deactivate();
  rmSync(folder, { recursive: true });
});

test("the server runs, and the status bar shows the findings", { skip }, async () => {
  await until("a finding", () => vscode.statusItem.text === "copydesk: 1 error");
  assert.ok(vscode.statusItem.shown);
  assert.match(vscode.statusItem.tooltip, /^1 error \(copydesk 0\.1\.0, .*\/copydesk\)$/);
  assert.deepEqual(vscode.messages, []);
});

test("explain shows the rule at the cursor", { skip }, async () => {
  await call("copydesk.explainRule");
  const [command, uri] = vscode.executed.at(-1) ?? [];
  assert.equal(command, "markdown.showPreview");
  assert.deepEqual(
    { ...(uri as object) },
    { scheme: "copydesk-rule", path: "/leaks/raw-tag.md", query: "file:///news/a.md" },
  );
  const page = await vscode.providers.pages?.provideTextDocumentContent?.(uri);
  assert.equal(page, "# leaks/raw-tag\n\nFor file:///news/a.md.");
});

test("the explain command of the server shows the page and is not forwarded", { skip }, async () => {
  assert.equal(await call("copydesk.explain", "names/country", "file:///news/a.md"), undefined);
  assert.equal((vscode.executed.at(-1)?.[1] as { path: string }).path, "/names/country.md");
});

test("other commands go to the server", { skip }, async () => {
  const params = { command: "copydesk.checkWorkspace", arguments: [1] };
  assert.deepEqual(await call("copydesk.checkWorkspace", 1), params);
});

test("a suppression in the config gets a reason, and Escape cancels it", { skip }, async () => {
  vscode.answer = "sample code";
  assert.deepEqual(await call("copydesk.suppressInConfig", { rule: "leaks/raw-tag" }), {
    command: "copydesk.suppressInConfig",
    arguments: [{ rule: "leaks/raw-tag", reason: "sample code" }],
  });
  vscode.answer = undefined;
  assert.equal(await call("copydesk.suppressInConfig", { rule: "leaks/raw-tag" }), undefined);
});

test("a code action that needs a reason asks before it has an edit", { skip }, async () => {
  const { provideCodeActions, resolveCodeAction } = vscode.providers.codeActions ?? {};
  const token = { isCancellationRequested: false, onCancellationRequested: () => ({ dispose: () => undefined }) };
  const range = vscode.diagnosticsOf(vscode.document.uri)[0]?.range;
  const context = { diagnostics: [], triggerKind: 1 };
  const [action] = (await provideCodeActions?.(vscode.document, range, context, token)) as [{ edit?: object }];
  vscode.answer = undefined;
  assert.equal(await resolveCodeAction?.(action, token), action);
  assert.equal(action.edit, undefined);
  vscode.answer = "sample code";
  const resolved = (await resolveCodeAction?.(action, token)) as {
    edit: { edits: [unknown, { newText: string }[]][] };
  };
  assert.equal(resolved.edit.edits[0]?.[1][0]?.newText, "sample code");
});

test("a server that crashes is started again", { skip }, async () => {
  await call("copydesk.crash").catch(() => undefined);
  await until("stopped", () => vscode.statusItem.text !== "copydesk: 1 error");
  await until("running again", () => vscode.statusItem.text === "copydesk: 1 error");
  assert.deepEqual(vscode.messages, []);
});

test("a server that crashes and cannot be started again is one message", { skip }, async () => {
  writeFileSync(program, "#!/bin/sh\nexit 1\n");
  await call("copydesk.crash").catch(() => undefined);
  await until("a message", () => vscode.messages.length > 0);
  assert.equal(vscode.statusItem.text, "$(warning) copydesk stopped");
  assert.deepEqual(vscode.messages.splice(0), ["copydesk has stopped. Restart it, or see the log for the reason."]);
  writeFileSync(program, SCRIPT);
  await call("copydesk.restart");
  await until("running", () => vscode.statusItem.text === "copydesk: 1 error");
});

test("restart ends a server that never answers", { skip }, async () => {
  vscode.settings.select = ["hang"];
  void call("copydesk.restart");
  await until("starting", () => vscode.statusItem.text === "$(sync~spin) copydesk");
  await delay(300);
  vscode.settings.select = [];
  await call("copydesk.restart");
  await until("running", () => vscode.statusItem.text === "copydesk: 1 error");
  assert.deepEqual(vscode.messages, []);
});

test("a setting without a usable program stops the server and shows the reason", { skip }, async () => {
  await setPath("/does/not/exist");
  await until("missing", () => vscode.statusItem.text === "$(warning) copydesk not found");
  assert.deepEqual(vscode.messages.splice(0), [
    "The program in the setting copydesk.path does not exist or cannot be run: /does/not/exist",
  ]);
  assert.ok(!vscode.commands.has("copydesk.checkWorkspace"));
  await setPath(program);
  await until("running", () => vscode.statusItem.text === "copydesk: 1 error");
});

test("the message about a missing program has a button for the setting, and can be hidden", { skip }, async () => {
  vscode.button = "Set path";
  await setPath("/does/not/exist");
  await until("the settings", () => vscode.executed.some(([command]) => command === "workbench.action.openSettings"));
  assert.deepEqual(vscode.executed.at(-1), ["workbench.action.openSettings", "copydesk.path"]);
  vscode.button = "Don't show again";
  await call("copydesk.restart");
  assert.equal(vscode.messages.splice(0).length, 2);
  await call("copydesk.restart");
  assert.deepEqual(vscode.messages, []);
});

test("without a server, Explain Rule is one message", { skip }, async () => {
  await call("copydesk.explainRule");
  assert.deepEqual(vscode.messages.splice(0), [
    "copydesk is not running. To start it, run the command “copydesk: Restart Server”.",
  ]);
  await setPath(program);
  await until("running", () => vscode.statusItem.text === "copydesk: 1 error");
});

test("a server that ends at once is one message without a stack trace", { skip }, async () => {
  const broken = join(folder, "broken");
  const script =
    '[ "$1" = --version ] && echo copydesk 0.1.0; [ "$*" = lsp ] && echo "broken installation" >&2 && exit 1; exit 0';
  writeFileSync(broken, `#!/bin/sh\n${script}\n`);
  chmodSync(broken, 0o755);
  await setPath(broken);
  await until("stopped", () => vscode.statusItem.text === "$(warning) copydesk stopped");
  await until("a message", () => vscode.messages.length > 0);
  await delay(300);
  assert.deepEqual(vscode.messages.splice(0), ["copydesk has stopped. Restart it, or see the log for the reason."]);
  assert.ok(vscode.logged.includes("broken installation"));
});
