/** The entry point: register the commands and the status bar item, and start the language server. */

import { setTimeout as delay } from "node:timers/promises";
import * as vscode from "vscode";

import { RulePages } from "./explain";
import { pythonExtension } from "./machine";
import { installWithProgress, reportError, reportMissing, reportOutdated, reportStopped } from "./messages";
import { middleware } from "./middleware";
import { SCHEME } from "./rulePages";
import { Server } from "./server";
import { statusBar } from "./statusBar";

const START_TIMEOUT = 10_000; // milliseconds; commands of the server are available only when it runs

let server: Server | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel("copydesk", { log: true });
  const failed = (error: unknown): Promise<void> => reportError(log, error);
  const pages = new RulePages(() => running);
  const onExplain = (rule: string, uri?: string): Promise<void> => pages.show(rule, uri).catch(failed);
  const running = new Server(
    context,
    log,
    middleware(onExplain),
    (missing) => void reportMissing(context, missing),
    () => void reportStopped(),
    (found) => void reportOutdated(found),
  );
  server = running;
  const command = (name: string, action: () => unknown): vscode.Disposable =>
    vscode.commands.registerCommand(`copydesk.${name}`, action);
  context.subscriptions.push(
    log,
    running,
    statusBar(running),
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, pages),
    command("explainRule", () => pages.explainRule().catch(failed)),
    command("restart", () => running.restart()),
    command("showLog", () => log.show()),
    command("install", async () => {
      const wasMissing = running.state === "missing";
      await running.stop(); // Windows cannot replace files in use
      const installed = await installWithProgress(context, log);
      if (installed || !wasMissing) await running.restart();
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => {
      void watchPython(context, running);
      return running.restart({ force: false });
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("copydesk.path")) void running.restart({ force: false });
    }),
  );
  void watchPython(context, running);
  await Promise.race([running.restart(), delay(START_TIMEOUT, undefined, { ref: false })]);
}

/** Look for copydesk again when another Python environment is selected. */
async function watchPython(context: vscode.ExtensionContext, running: Server): Promise<void> {
  const environments = vscode.workspace.isTrusted ? (await pythonExtension())?.environments : undefined;
  const again = (): void => void running.restart({ force: false });
  if (environments) context.subscriptions.push(environments.onDidChangeActiveEnvironmentPath(again));
}

export function deactivate(): Promise<void> | undefined {
  return server?.stop();
}
