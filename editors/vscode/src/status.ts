/** The text of the status bar item. */

/** `missing`: no copydesk was found. `stopped`: the server ended, or could not be started. */
export type ServerState = "starting" | "running" | "stopped" | "missing";

export interface Counts {
  errors: number;
  warnings: number;
  notes: number;
}

export interface Status {
  text: string;
  tooltip: string;
  warning: boolean;
}

export const SOURCE = "copydesk";

/** Count the diagnostics of copydesk. Severity 0 is an error and 1 a warning, as in `vscode.DiagnosticSeverity`. */
export function count(diagnostics: readonly { source?: string | undefined; severity: number }[]): Counts {
  const own = diagnostics.filter(({ source }) => source === SOURCE);
  const errors = own.filter(({ severity }) => severity === 0).length;
  const warnings = own.filter(({ severity }) => severity === 1).length;
  return { errors, warnings, notes: own.length - errors - warnings };
}

function counted(number: number, noun: string): string[] {
  return number ? [`${number} ${noun}${number === 1 ? "" : "s"}`] : [];
}

/** Return a text such as `2 errors, 5 warnings`; empty if there are no findings. */
export function countsText({ errors, warnings, notes }: Counts): string {
  return [...counted(errors, "error"), ...counted(warnings, "warning"), ...counted(notes, "note")].join(", ");
}

/** Return what the status bar shows for the active article. */
export function statusOf(state: ServerState, counts: Counts, detail = ""): Status {
  switch (state) {
    case "starting":
      return { text: "$(sync~spin) copydesk", tooltip: "copydesk is starting", warning: false };
    case "missing":
      return { text: "$(warning) copydesk not found", tooltip: detail || "copydesk is not installed", warning: true };
    case "stopped":
      return {
        text: "$(warning) copydesk stopped",
        tooltip: "copydesk is not running. Click for the menu",
        warning: true,
      };
    case "running": {
      const findings = countsText(counts);
      const text = findings ? `copydesk: ${findings}` : "$(check) copydesk";
      return { text, tooltip: `${findings || "No problems found"} (${detail})`, warning: false };
    }
  }
}

export interface MenuItem {
  label: string;
  command: string;
  args?: readonly unknown[];
}

/** Return the entries of the menu that a click on the status bar item opens. */
export function menu(state: ServerState): MenuItem[] {
  const running: MenuItem[] = [
    { label: "$(list-unordered) Show problems", command: "workbench.actions.view.problems" },
    { label: "$(search) Check workspace", command: "copydesk.checkWorkspace" },
    { label: "$(question) Explain rule", command: "copydesk.explainRule" },
  ];
  const install: MenuItem[] = [{ label: "$(cloud-download) Install copydesk", command: "copydesk.install" }];
  return [
    ...(state === "running" ? running : []),
    ...(state === "missing" ? install : []),
    { label: "$(debug-restart) Restart", command: "copydesk.restart" },
    { label: "$(output) Show log", command: "copydesk.showLog" },
    { label: "$(gear) Settings", command: "workbench.action.openSettings", args: ["@ext:copydesk.copydesk"] },
  ];
}
