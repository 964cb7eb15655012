/** Messages about a server that is missing or stopped, and the installation. */

import * as vscode from "vscode";

import type { Found, Missing } from "./findCopydesk";
import { install } from "./install";
import { readMachine } from "./machine";

const HIDDEN = "copydesk.hideMissing";
const INSTALL = "Install copydesk";
const UPDATE = "Update copydesk";
const SET_PATH = "Set path";
const HIDE = "Don't show again";
const RESTART = "Restart";
const SHOW_LOG = "Show log";

/** Show why there is no server, with buttons for what the user can do. */
export async function reportMissing(context: vscode.ExtensionContext, missing: Missing): Promise<void> {
  if (context.globalState.get<boolean>(HIDDEN)) return;
  const buttons = missing.installable ? [INSTALL, SET_PATH, HIDE] : [SET_PATH, HIDE];
  const chosen = await vscode.window.showWarningMessage(missing.message, ...buttons);
  if (chosen === INSTALL) await vscode.commands.executeCommand("copydesk.install");
  if (chosen === SET_PATH) await vscode.commands.executeCommand("workbench.action.openSettings", "copydesk.path");
  if (chosen === HIDE) await context.globalState.update(HIDDEN, true);
}

/** Offer to update the copydesk that the extension installed. */
export async function reportOutdated({ version }: Found): Promise<void> {
  const message = `copydesk ${version} does not match the version of this extension. Update copydesk.`;
  const chosen = await vscode.window.showInformationMessage(message, UPDATE);
  if (chosen) await vscode.commands.executeCommand("copydesk.install");
}

/** Show that the server has ended. */
export async function reportStopped(): Promise<void> {
  const chosen = await vscode.window.showErrorMessage(
    "copydesk has stopped. Restart it, or see the log for the reason.",
    RESTART,
    SHOW_LOG,
  );
  if (chosen === RESTART) await vscode.commands.executeCommand("copydesk.restart");
  if (chosen === SHOW_LOG) await vscode.commands.executeCommand("copydesk.showLog");
}

/** Show a failed command as one message, with the details in the log. */
export async function reportError(log: vscode.LogOutputChannel, error: unknown): Promise<void> {
  const text = error instanceof Error ? error.message : String(error);
  log.error(text);
  const chosen = await vscode.window.showErrorMessage(text, SHOW_LOG);
  if (chosen) log.show();
}

/** Install copydesk for the extension, with progress. Return whether this succeeded. */
export async function installWithProgress(
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
): Promise<boolean> {
  const options = { location: vscode.ProgressLocation.Notification, title: INSTALL, cancellable: true };
  const result = await vscode.window.withProgress(options, async (progress, token) => {
    const aborted = new AbortController();
    token.onCancellationRequested(() => aborted.abort());
    await vscode.workspace.fs.createDirectory(context.globalStorageUri);
    const version = String(context.extension.packageJSON.version);
    const onStep = (message: string): void => progress.report({ message });
    return install(await readMachine(context), version, aborted.signal, onStep, (text) => log.append(text));
  });
  if (result === "canceled") return false;
  if ("program" in result) return true;
  await reportError(log, `copydesk was not installed. ${result.problem}`);
  return false;
}
