/** Show what a rule finds and why, as a Markdown preview. */

import * as vscode from "vscode";

import { SCHEME, ofAddress, pageAddress, pageText, ruleItem, rulesOf } from "./rulePages";
import type { Explanation, RuleSummary } from "./rulePages";
import type { Server } from "./server";

export class RulePages implements vscode.TextDocumentContentProvider {
  /** The text of each page when it was last requested, by address. */
  private readonly shown = new Map<string, string>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;

  constructor(private readonly server: () => Server) {}

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    return this.shown.get(uri.toString()) ?? this.load(uri);
  }

  async show(rule: string, article?: string): Promise<void> {
    const uri = vscode.Uri.from({ scheme: SCHEME, ...pageAddress(rule, article) });
    this.shown.set(uri.toString(), await this.load(uri)); // load it before the preview opens, so that an error is shown as a message
    this.changed.fire(uri);
    await vscode.commands.executeCommand("markdown.showPreview", uri);
  }

  /** Show the rule of the finding at the cursor. If there is none, or more than one, let the user choose a rule. */
  async explainRule(): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    const uri = editor?.document.uri;
    const here = (uri ? vscode.languages.getDiagnostics(uri) : []).filter(
      ({ range }) => editor && range.intersection(editor.selection),
    );
    const rules = rulesOf(here.map(({ source, code }) => ({ source, code })));
    const rule = rules.length === 1 ? rules[0] : await this.pick(rules, uri?.toString());
    if (rule) await this.show(rule, uri?.toString());
  }

  private async load(uri: vscode.Uri): Promise<string> {
    return pageText(await this.server().request<Explanation>("copydesk/explain", ofAddress(uri)));
  }

  private async pick(rules: string[], uri?: string): Promise<string | undefined> {
    if (rules.length) return vscode.window.showQuickPick(rules, { placeHolder: "Select a rule to explain" });
    const all = await this.server().request<RuleSummary[]>("copydesk/rules", uri ? { uri } : {});
    const options = { placeHolder: "Select a rule to explain", matchOnDetail: true };
    return (await vscode.window.showQuickPick(all.map(ruleItem), options))?.label;
  }
}
