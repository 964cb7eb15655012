/** Ask the user for the reason for a suppression. */

/** Ask the user. The argument is the suggested answer; undefined means that the user canceled. */
export type Ask = (suggested: string) => Promise<string | undefined>;

type Fields = Record<string, unknown>;

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function suggestion(fields: Fields): string {
  return typeof fields.reason === "string" ? fields.reason : "";
}

/** Return why a text cannot be used as a reason, or undefined if it can. */
export function reasonProblem(text: string): string | undefined {
  return text.trim() ? undefined : "Enter a reason, so that others know why this is correct here.";
}

/** Return `fields` with the reason that the user gives, or undefined if the user cancels. */
async function withReason(fields: Fields, ask: Ask): Promise<Fields | undefined> {
  const reason = (await ask(suggestion(fields)))?.trim();
  return reason ? { ...fields, reason } : undefined;
}

/** Return whether a code action with this data needs a reason. */
export function needsReason(data: unknown): boolean {
  return isFields(data) && data.needsReason === true;
}

/** Return the data of a code action with a reason, or undefined if the user cancels. */
export async function dataWithReason(data: unknown, ask: Ask): Promise<unknown> {
  return isFields(data) ? withReason(data, ask) : undefined;
}

/** Return the arguments of `copydesk.suppressInConfig` with a reason, or undefined if the user cancels. */
export async function argumentsWithReason(args: readonly unknown[], ask: Ask): Promise<unknown[] | undefined> {
  const [first, ...rest] = args;
  const given = isFields(first) ? await withReason(first, ask) : undefined;
  return given && [given, ...rest];
}
