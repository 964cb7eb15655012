/** The status bar item: findings of the active article, or the state of the server. */

import * as vscode from "vscode";

import { isArticle } from "./articles";
import type { Server } from "./server";
import { count, menu, statusOf } from "./status";

/** Show the item as long as the extension is active. */
export function statusBar(server: Server): vscode.Disposable {
  const item = vscode.window.createStatusBarItem("copydesk.status", vscode.StatusBarAlignment.Right, 100);
  item.name = "copydesk";
  item.command = "copydesk.menu";
  const update = (): void => {
    const document = vscode.window.activeTextEditor?.document;
    if (!document || !isArticle(names(document))) return item.hide();
    const counts = count(vscode.languages.getDiagnostics(document.uri));
    const { text, tooltip, warning } = statusOf(server.state, counts, server.detail);
    item.text = text;
    item.tooltip = tooltip;
    item.backgroundColor = warning ? new vscode.ThemeColor("statusBarItem.warningBackground") : undefined;
    item.show();
  };
  update();
  return vscode.Disposable.from(
    item,
    server.onDidChange(update),
    vscode.window.onDidChangeActiveTextEditor(update),
    vscode.languages.onDidChangeDiagnostics(update),
    vscode.workspace.onDidOpenTextDocument(update), // also runs when the language of a document changes
    vscode.commands.registerCommand("copydesk.menu", () => showMenu(server)),
  );
}

function names({ uri, languageId }: vscode.TextDocument): { scheme: string; path: string; languageId: string } {
  return { scheme: uri.scheme, path: uri.path, languageId };
}

async function showMenu(server: Server): Promise<void> {
  const chosen = await vscode.window.showQuickPick(menu(server.state), { placeHolder: server.detail || "copydesk" });
  if (chosen) await vscode.commands.executeCommand(chosen.command, ...(chosen.args ?? []));
}
