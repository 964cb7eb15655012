;; The test of tests/test_emacs.py. Emacs runs this file in a folder with articles. -*- lexical-binding: t -*-

(require 'cl-lib)
(require 'eglot)
(require 'flymake)

(defconst timeout 20.0 "Seconds; a step takes some tenths, and the start of the server a second.")

(defun wait-for (what condition)
  "Wait until CONDITION returns non-nil, and fail with WHAT if it does not."
  (let ((end (+ (float-time) timeout)))
    (while (not (funcall condition))
      (when (> (float-time) end)
        (error "Timeout: %s; diagnostics: %S; text: %S" what (marked) (buffer-string)))
      (eglot--signal-textDocument/didChange) ; Eglot sends changes when Emacs is idle, as it never is in batch mode
      (accept-process-output nil 0.02))))

(defun marked ()
  "Return the texts of the diagnostics of the buffer, in alphabetical order."
  (sort (mapcar (lambda (one)
                  (buffer-substring-no-properties (flymake-diagnostic-beg one) (flymake-diagnostic-end one)))
                (flymake-diagnostics))
        #'string<))

(defun wait-for-marked (&rest want)
  "Wait until the diagnostics have the texts WANT."
  (wait-for (format "the diagnostics %S" want) (lambda () (equal (marked) want))))

(defun act (text title kind)
  "Apply the action of KIND at TEXT whose title begins with TITLE."
  (goto-char (point-min))
  (search-forward text)
  (let* ((actions (eglot-code-actions (match-beginning 0) (match-end 0) kind))
         (action (cl-find-if (lambda (each) (string-prefix-p title (plist-get each :title))) actions)))
    (unless action (error "No action %s in %S" title (mapcar (lambda (each) (plist-get each :title)) actions)))
    (eglot-execute (eglot-current-server) action)))

(defun expect (text)
  "Fail unless the buffer contains TEXT."
  (unless (string-search text (buffer-string)) (error "%S is not in %S" text (buffer-string))))

(find-file "tram.md")
(text-mode) ; markdown-mode, which is derived from it, is a separate package
(run-hooks 'post-command-hook) ; Eglot connects after a command, of which batch mode has none
(wait-for "the server" #'eglot-managed-p)
(flymake-start) ; as when Emacs shows the buffer
(wait-for-marked "tuesday" "tuesday.The" "vladimir")
(act "tuesday" "Replace “tuesday.The”" "quickfix")
(expect "On 😀 tuesday. The 漢字 tram left.")
(wait-for-marked "tuesday" "vladimir")
(goto-char (point-max))
(insert "\nOn 😀 Friday.The 漢字 tram came.The end.\n")
(wait-for-marked "Friday.The" "came.The" "tuesday" "vladimir")
(act "came" "Apply all safe fixes" "source.fixAll.copydesk")
(expect "On 😀 Friday. The 漢字 tram came. The end.\n")
(wait-for-marked "tuesday" "vladimir")
(act "vladimir" "Suppress names/proper-noun here" "quickfix")
(expect "copydesk: ignore names/proper-noun -- reviewed")
(wait-for-marked "tuesday")
(goto-char (point-max))
(insert "\nOn 😀 Friday.The 漢字 tram came.\n")
(save-buffer)
(expect "On 😀 Friday. The 漢字 tram came.\n")
(save-buffer) ; without any fixes

(find-file "returns.md") ; Emacs shows a carriage return within a line as ^M
(text-mode)
(run-hooks 'post-command-hook)
(flymake-start)
(wait-for-marked "tuesday" "tuesday.The")
(act "tuesday" "Replace “tuesday.The”" "quickfix")
(expect "On 😀 tuesday. The 漢字 tram left.")
