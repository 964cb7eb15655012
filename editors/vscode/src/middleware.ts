/** Handle requests of VS Code before they are sent to the server: ask for reasons, and show rules. */

import * as vscode from "vscode";
import type { Middleware } from "vscode-languageclient/node";

import { argumentsWithReason, dataWithReason, needsReason, reasonProblem } from "./reason";

async function askForReason(suggested: string): Promise<string | undefined> {
  return vscode.window.showInputBox({
    title: "Suppress this finding",
    prompt: "Why is this correct here?",
    value: suggested,
    validateInput: reasonProblem,
  });
}

type WithData = vscode.CodeAction & { data?: unknown };

/** Return the middleware of the language client. `explain` shows the page of a rule. */
export function middleware(explain: (rule: string, uri?: string) => Promise<void>): Middleware {
  return {
    async resolveCodeAction(item: WithData, token, next) {
      if (needsReason(item.data)) {
        const data = await dataWithReason(item.data, askForReason);
        if (data === undefined) return item; // without an edit, VS Code changes nothing
        item.data = data;
      }
      return next(item, token);
    },
    async executeCommand(command, args: unknown[], next) {
      const [rule, uri] = args;
      if (command === "copydesk.explain" && typeof rule === "string")
        return explain(rule, typeof uri === "string" ? uri : undefined);
      if (command !== "copydesk.suppressInConfig") return next(command, args);
      const answered = await argumentsWithReason(args, askForReason);
      return answered && next(command, answered);
    },
  };
}
