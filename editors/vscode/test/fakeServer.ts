/** A program that behaves like copydesk: `--version`, and `lsp`, a small language server. */

import {
  CodeActionRequest,
  CodeActionResolveRequest,
  DidOpenTextDocumentNotification,
  ExecuteCommandRequest,
  ExitNotification,
  InitializeRequest,
  PublishDiagnosticsNotification,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
  createProtocolConnection,
} from "vscode-languageserver-protocol/node";

const COMMANDS = ["copydesk.checkWorkspace", "copydesk.explain", "copydesk.suppressInConfig", "copydesk.crash"];
const RANGE = { start: { line: 0, character: 0 }, end: { line: 0, character: 3 } };

function serve(): void {
  const connection = createProtocolConnection(
    new StreamMessageReader(process.stdin),
    new StreamMessageWriter(process.stdout),
  );
  connection.onRequest(InitializeRequest.type, ({ initializationOptions }) => {
    if (initializationOptions.select.includes("hang")) return new Promise(() => undefined);
    return {
      capabilities: {
        textDocumentSync: 1,
        codeActionProvider: { resolveProvider: true },
        executeCommandProvider: { commands: COMMANDS },
      },
    };
  });
  connection.onNotification(DidOpenTextDocumentNotification.type, ({ textDocument: { uri } }) => {
    const diagnostics = [
      { range: RANGE, message: "HTML tag", severity: 1 as const, source: "copydesk", code: "leaks/raw-tag" },
    ];
    void connection.sendNotification(PublishDiagnosticsNotification.type, { uri, diagnostics });
  });
  connection.onRequest(CodeActionRequest.type, () => [{ title: "Suppress", data: { needsReason: true, reason: "" } }]);
  connection.onRequest(CodeActionResolveRequest.type, (action) => ({
    ...action,
    edit: { changes: { "file:///a.md": [{ range: RANGE, newText: action.data.reason }] } },
  }));
  connection.onRequest(ExecuteCommandRequest.type, (params) =>
    params.command === "copydesk.crash" ? process.exit(1) : params,
  );
  connection.onRequest("copydesk/rules", () => [
    { name: "leaks/raw-tag", summary: "HTML tag showing as text", severity: "error", on: true },
  ]);
  connection.onRequest("copydesk/explain", ({ rule, uri }: { rule: string; uri?: string }) => ({
    title: rule,
    markdown: `For ${uri ?? "no article"}.`,
  }));
  connection.onRequest(ShutdownRequest.type, () => undefined);
  connection.onNotification(ExitNotification.type, () => process.exit(0));
  process.stdin.on("end", () => process.exit(1));
  connection.listen();
}

const [command] = process.argv.slice(2);
if (command === "--version") console.log("copydesk 0.1.0");
else if (command !== "lsp") process.exitCode = 2;
else serve();
