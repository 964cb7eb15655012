/** Pages that explain a rule: their addresses and their text. */

import { SOURCE } from "./status";

export const SCHEME = "copydesk-rule";

/** The response to `copydesk/rules`, for one rule. */
export interface RuleSummary {
  name: string;
  summary: string;
  severity: string;
  on: boolean;
}

/** The response to `copydesk/explain`. */
export interface Explanation {
  title: string;
  markdown: string;
}

/** The parts of the address of a page. `query` is the address of the article whose settings apply. */
export interface PageAddress {
  path: string;
  query: string;
}

export function pageAddress(rule: string, article?: string): PageAddress {
  return { path: `/${rule}.md`, query: article ?? "" };
}

export function ofAddress({ path, query }: PageAddress): { rule: string; uri?: string } {
  const rule = path.replace(/^\//, "").replace(/\.md$/, "");
  return query ? { rule, uri: query } : { rule };
}

export function pageText({ title, markdown }: Explanation): string {
  return /^#\s/.test(markdown) ? markdown : `# ${title}\n\n${markdown}`;
}

type Code = string | number | { value: string | number } | undefined;

/** Return the rules of the diagnostics of copydesk, each once, in order. */
export function rulesOf(diagnostics: readonly { source?: string | undefined; code?: Code }[]): string[] {
  const codes = diagnostics
    .filter(({ source }) => source === SOURCE)
    .map(({ code }) => (typeof code === "object" ? code.value : code));
  return [...new Set(codes.filter((code): code is string => typeof code === "string" && code.includes("/")))];
}

/** Return a rule as an entry of a quick pick. */
export function ruleItem({ name, summary, severity, on }: RuleSummary): {
  label: string;
  description: string;
  detail: string;
} {
  return { label: name, description: on ? severity : "off", detail: summary };
}
