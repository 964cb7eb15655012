/** The bundled extension with a fake of VS Code and the copydesk program that COPYDESK_PROGRAM names. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";

import { FakeVscode, Range, Uri } from "./fakeVscode";
import type { Diagnostic, WorkspaceEdit } from "./fakeVscode";

const COPYDESK = process.env.COPYDESK_PROGRAM ?? "";
const outside = realpathSync(mkdtempSync(join(tmpdir(), "copydesk-")));
const folder = join(outside, "news 😀 é");
const inFolder = (name: string): string => join(folder, name);
const article = inFolder("tram.md");
const other = inFolder("list.md");
const config = inFolder("copydesk.yaml");
const words = inFolder("words.txt");
const TEXT = "# Tram\n\nA 😀 漢字 tram, which vladimir Putin took, was late.\n\nOn 😀 tuesday.The 漢字 tram left.\n";
const CONFIG = "packs: [names, spacing]\n";
const FINDINGS = ["names/proper-noun vladimir", "names/proper-noun tuesday", "spacing/after-stop tuesday.The"];
const STATUS = "copydesk: 3 warnings";

// Notes the process and the arguments of each start, and then becomes copydesk.
const started = join(outside, "started.txt");
const program = join(outside, "copydesk");
const SCRIPT = `#!/bin/sh\necho "$$ $*" >> "${started}"\nexec "${COPYDESK}" "$@"\n`;

const vscode = new FakeVscode({ folder, file: article, text: TEXT });
const token = { isCancellationRequested: false, onCancellationRequested: () => ({ dispose: () => undefined }) };
let extension: { activate: (context: object) => Promise<void>; deactivate: () => Promise<void> };

interface Action {
  title: string;
  isPreferred?: boolean;
  edit?: WorkspaceEdit;
  command?: { command: string; arguments: unknown[] };
  diagnostics: Diagnostic[];
}

async function until(what: string, condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition(); waited += 20) {
    assert.ok(waited < 30_000, [what, vscode.statusItem.text, ...vscode.messages, ...vscode.logged].join("\n"));
    await delay(20);
  }
}

const status = (text: string): Promise<void> => until(text, () => vscode.statusItem.text === text);

function call(name: string, ...args: unknown[]): Promise<unknown> {
  const action = vscode.commands.get(name);
  assert.ok(action, `the command ${name} is not registered`);
  return Promise.resolve(action(...args));
}

/** Return the starts of copydesk: process and arguments. */
function starts(): [number, string][] {
  const lines = readFileSync(started, "utf8").trim().split("\n");
  return lines.map((line) => [parseInt(line, 10), line.slice(line.indexOf(" ") + 1)]);
}

function isRunning(process_: number): boolean {
  try {
    return process.kill(process_, 0);
  } catch {
    return false;
  }
}

/** Return the rule and the text of each finding in the article. */
function findings(): string[] {
  const found = vscode.diagnosticsOf(vscode.document.uri);
  const rule = ({ code }: Diagnostic): string => (code as { value: string }).value ?? code;
  return found.map((each) => `${rule(each)} ${vscode.document.getText(each.range)}`);
}

function rangeOf(text: string): Range {
  const before = vscode.document.getText().split(text)[0]?.split("\n") ?? [];
  const [line, column] = [before.length - 1, before.at(-1)?.length ?? 0];
  return new Range(line, column, line, column + text.length);
}

/** Return the code actions for a text in the article, by title. */
async function actionsAt(text: string): Promise<Map<string, Action>> {
  const { provideCodeActions } = vscode.providers.codeActions ?? {};
  const context = { diagnostics: vscode.diagnosticsOf(vscode.document.uri), triggerKind: 1 };
  const actions = (await provideCodeActions?.(vscode.document, rangeOf(text), context, token)) as Action[];
  return new Map(actions.map((action) => [action.title, action]));
}

async function actionAt(text: string, title: string): Promise<Action> {
  const actions = await actionsAt(text);
  const action = actions.get(title);
  assert.ok(action, [...actions.keys()].join("\n"));
  return action;
}

/** Carry out a code action as VS Code does: resolve it if it has no edit, apply its edit, run its command. */
async function carryOut(action: Action): Promise<void> {
  const { resolveCodeAction } = vscode.providers.codeActions ?? {};
  const resolved = action.edit ? action : ((await resolveCodeAction?.(action, token)) as Action);
  if (resolved.edit) vscode.applyEdit(resolved.edit);
  if (resolved.command) await call(resolved.command.command, ...resolved.command.arguments);
}

function write(file: string, text: string): void {
  const what = existsSync(file) ? "onDidChange" : "onDidCreate";
  writeFileSync(file, text);
  vscode.changeFile(what, file);
}

function remove(file: string): void {
  rmSync(file);
  vscode.changeFile("onDidDelete", file);
}

async function set(settings: Record<string, unknown>): Promise<void> {
  Object.assign(vscode.settings, settings);
  vscode.fire("onDidChangeConfiguration", { affectsConfiguration: (section: string) => section === "copydesk" });
}

/** Return the default values of the settings, as VS Code does. */
function defaults(properties: Record<string, { default: unknown }>): Record<string, unknown> {
  const all: Record<string, unknown> = {};
  for (const [name, { default: value }] of Object.entries(properties)) {
    const [, key = "", inner] = name.split(".");
    all[key] = inner ? { [inner]: value } : value;
  }
  return all;
}

before(async () => {
  assert.ok(COPYDESK, "the environment variable COPYDESK_PROGRAM names no program");
  mkdirSync(folder);
  writeFileSync(article, TEXT);
  writeFileSync(other, "On 😀 Friday.The tram left. It was late , she said.\n");
  writeFileSync(config, CONFIG);
  writeFileSync(program, SCRIPT);
  chmodSync(program, 0o755);
  vscode.install();
  const { version, contributes } = JSON.parse(readFileSync(join(__dirname, "..", "..", "package.json"), "utf8"));
  vscode.settings = { ...defaults(contributes.configuration.properties), path: program };
  extension = createRequire(__filename)(join(__dirname, "..", "extension.js"));
  await extension.activate(vscode.context(version));
});

after(async () => {
  await extension.deactivate();
  rmSync(outside, { recursive: true });
});

test("the extension finds and accepts the program, and the status bar shows the findings", async () => {
  await status(STATUS);
  const version = execFileSync(COPYDESK, ["--version"], { encoding: "utf8" }).trim();
  assert.equal(vscode.statusItem.tooltip, `3 warnings (${version}, ${program})`);
  assert.deepEqual(
    starts().map(([, args]) => args),
    ["--version", "lsp", "lsp"],
  );
  assert.deepEqual(vscode.messages, []);
});

test("findings after an emoji are at the right characters", () => {
  assert.deepEqual(findings(), FINDINGS);
});

test("findings follow fast typing", async () => {
  for (let length = 1; length <= TEXT.length; length += 1) {
    vscode.edit(vscode.document, TEXT.slice(0, length));
    if (length % 10 === 0) await delay(30);
  }
  await status(STATUS);
  assert.deepEqual(findings(), FINDINGS);
});

test("a safe fix is preferred and has its edit", async () => {
  const fix = await actionAt("tuesday.The", "Replace “tuesday.The” with “tuesday. The”");
  assert.ok(fix.isPreferred);
  await carryOut(fix);
  assert.equal(vscode.document.getText(), TEXT.replace("tuesday.The", "tuesday. The"));
  await status("copydesk: 2 warnings");
  vscode.edit(vscode.document, TEXT);
  await status(STATUS);
});

test("all safe fixes of an article are one action", async () => {
  await carryOut(await actionAt("tuesday.The", "Apply all safe fixes"));
  assert.equal(vscode.document.getText(), TEXT.replace("tuesday.The", "tuesday. The"));
  vscode.edit(vscode.document, TEXT);
  await status(STATUS);
});

test("a suppression contains the reason that the user gives, and Escape cancels it", async () => {
  const title = "Suppress names/proper-noun here";
  vscode.answer = undefined;
  await carryOut(await actionAt("vladimir", title));
  assert.equal(vscode.document.getText(), TEXT);
  vscode.answer = "a 😀 nickname";
  await carryOut(await actionAt("vladimir", title));
  const comment = "<!-- copydesk: ignore names/proper-noun -- a 😀 nickname -->\n\n";
  assert.equal(vscode.document.getText(), TEXT.replace("A 😀", `${comment}A 😀`));
  await status("copydesk: 2 warnings");
  vscode.edit(vscode.document, TEXT);
  await status(STATUS);
});

test("a word is added to words.txt", async () => {
  await carryOut(await actionAt("vladimir", "Add “vladimir” to words.txt"));
  assert.equal(readFileSync(words, "utf8"), "vladimir\n");
  await status("copydesk: 2 warnings");
  remove(words);
  await status(STATUS);
});

test("a suppression in the config contains the reason", async () => {
  vscode.answer = "a nickname: “Vova”";
  await carryOut(await actionAt("vladimir", "Suppress names/proper-noun in copydesk.yaml"));
  assert.match(readFileSync(config, "utf8"), /a nickname: “Vova”/);
  await status("copydesk: 2 warnings");
  write(config, CONFIG);
  await status(STATUS);
  assert.deepEqual(vscode.messages, []);
});

test("a config that is open is changed in the editor", async () => {
  const opened = vscode.open(config, "yaml", CONFIG);
  await carryOut(await actionAt("vladimir", "Suppress names/proper-noun in copydesk.yaml"));
  assert.match(opened.getText(), /a nickname: “Vova”/);
  assert.equal(readFileSync(config, "utf8"), CONFIG);
  assert.deepEqual(vscode.messages.splice(0), ["copydesk: copydesk.yaml was changed; save it"]);
  write(config, opened.getText());
  vscode.fire("onDidSaveTextDocument", opened);
  await status("copydesk: 2 warnings");
  vscode.close(opened);
  write(config, CONFIG);
  await status(STATUS);
});

test("explain shows the page of the rule", async () => {
  vscode.selection = rangeOf("vladimir");
  for (const explain of [
    async () => carryOut(await actionAt("vladimir", "Explain names/proper-noun")),
    async () => call("copydesk.explainRule"),
  ]) {
    vscode.executed.length = 0;
    await explain();
    const [command, uri] = vscode.executed.find(([name]) => name === "markdown.showPreview") ?? [];
    assert.equal(command, "markdown.showPreview");
    const page = await vscode.providers.pages?.provideTextDocumentContent?.(uri);
    assert.match(String(page), /^# names\/proper-noun\n\n\*\*names\/proper-noun\*\* · warning: /);
  }
});

test("hover explains the rule", async () => {
  const { start } = rangeOf("vladimir");
  const hover = await vscode.providers.hover?.provideHover?.(vscode.document, start, token);
  const { contents, range } = hover as { contents: { value: string }; range: Range };
  assert.match(contents.value, /^\*\*names\/proper-noun\*\* · warning: /);
  assert.equal(vscode.document.getText(range), "vladimir");
});

test("an open config has its mistakes, with fixes, and completion", async () => {
  const opened = vscode.open(config, "yaml", "exclude: [😀.md]\npacks: [names, nmaes]\n");
  await until("a mistake", () => vscode.diagnosticsOf(opened.uri).length === 1);
  const at = vscode.diagnosticsOf(opened.uri)[0]?.range;
  const actions = await vscode.providers.codeActions?.provideCodeActions?.(opened, at, { diagnostics: [] }, token);
  const fix = (actions as Action[]).find(({ title }) => title === "Replace “nmaes” with “names”");
  await carryOut(fix as Action);
  assert.equal(opened.getText(), "exclude: [😀.md]\npacks: [names, names]\n");
  const { start } = new Range(1, 15, 1, 15);
  const items = await vscode.providers.completion?.provideCompletionItems?.(opened, start, token, { triggerKind: 0 });
  const labels = (items as { label: string }[]).map(({ label }) => label);
  assert.ok(labels.includes("spacing"), labels.join());
  vscode.close(opened);
  assert.deepEqual(vscode.messages, []);
});

test("a check of the workspace returns numbers, and shows findings in files that are not open", async () => {
  const numbers = await call("copydesk.checkWorkspace");
  assert.deepEqual(numbers, { articles: 2, errors: 0, warnings: 5, notes: 0 });
  await until("the findings in list.md", () => vscode.diagnosticsOf(Uri.file(other)).length === 2);
  assert.deepEqual(findings(), FINDINGS);
});

test("changed settings have an effect at once", async () => {
  await set({ minimumSeverity: "error" });
  await status("$(check) copydesk");
  await set({ minimumSeverity: "info", ignore: ["names"] });
  await status("copydesk: 1 warning");
  await set({ ignore: [] });
  await status(STATUS);
  assert.deepEqual(vscode.messages, []);
});

test("a broken config is one message", async () => {
  write(config, "packs: [nmaes]\n");
  await until("a message", () => vscode.messages.length > 0);
  await delay(500);
  const [message, ...more] = vscode.messages.splice(0);
  assert.match(message ?? "", /^copydesk: copydesk\.yaml:1:9: .*did you mean “names”\?/);
  assert.deepEqual(more, []);
  assert.deepEqual(findings(), FINDINGS);
  assert.equal(vscode.diagnosticsOf(Uri.file(config)).length, 1);
  assert.ok(vscode.logged.includes(`${folder}: 1 mistake in the config or the rules`));
  write(config, CONFIG);
  vscode.edit(vscode.document, `${TEXT}\nOn friday.\n`);
  await status("copydesk: 4 warnings");
  assert.deepEqual(vscode.diagnosticsOf(Uri.file(config)), []);
  vscode.edit(vscode.document, TEXT);
  await status(STATUS);
  assert.deepEqual(vscode.messages, []);
});

test("a server that is killed is started again and shows the same findings", async () => {
  const [server] = starts().at(-1) ?? [0];
  process.kill(server, "SIGKILL");
  await until("a new process", () => starts().at(-1)?.[0] !== server);
  await until("the findings", () => findings().length > 0);
  await status(STATUS);
  assert.deepEqual(findings(), FINDINGS);
  assert.deepEqual(vscode.messages, []);
});

test("a config that is broken when the server starts is one message", async () => {
  writeFileSync(config, "packs: [nmaes]\n");
  await call("copydesk.restart");
  await until("a message", () => vscode.messages.length > 0);
  await delay(500);
  const [message, ...more] = vscode.messages.splice(0);
  assert.match(message ?? "", /^copydesk: copydesk\.yaml:1:9: .* Until it is corrected, articles are not checked\.$/);
  assert.deepEqual(more, []);
  write(config, CONFIG);
  await status(STATUS);
});

test("restart replaces the server", async () => {
  const [server] = starts().at(-1) ?? [0];
  await call("copydesk.restart");
  await until("the findings", () => findings().length > 0);
  assert.ok(!isRunning(server));
  assert.deepEqual(findings(), FINDINGS);
  assert.deepEqual(vscode.messages, []);
});

test("the server ends with the extension", async () => {
  const [server] = starts().at(-1) ?? [0];
  assert.ok(isRunning(server));
  await extension.deactivate();
  await until("the end of the server", () => !isRunning(server));
  assert.deepEqual(vscode.messages, []);
  assert.doesNotMatch(vscode.logged.join("\n"), /Traceback|Error|failed/);
});
