import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { ARTICLE_LANGUAGES } from "../src/articles";
import { menu } from "../src/status";

const ROOT = join(__dirname, "..", "..");
const read = (name: string): string => readFileSync(join(ROOT, name), "utf8");
const manifest = JSON.parse(read("package.json"));
const settings: Record<
  string,
  { default: unknown; scope: string; description?: string; markdownDescription?: string }
> = manifest.contributes.configuration.properties;

test("the extension starts for all languages of articles", () => {
  for (const language of ARTICLE_LANGUAGES) assert.ok(manifest.activationEvents.includes(`onLanguage:${language}`));
});

test("settings that name a program are restricted", () => {
  const programs = Object.keys(settings).filter((name) => settings[name]?.scope === "machine-overridable");
  assert.deepEqual(programs, ["copydesk.path"]);
  assert.deepEqual(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations, programs);
});

test("the README lists each setting with its default", () => {
  const rows = [...read("README.md").matchAll(/^\| `(copydesk\.[\w.]+)` \| (?:`(.*?)`)? ?\|/gm)];
  const listed = Object.fromEntries(rows.map(([, name, value]) => [name, value ?? ""]));
  const text = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
  assert.deepEqual(
    listed,
    Object.fromEntries(Object.entries(settings).map(([name, { default: value }]) => [name, text(value)])),
  );
});

test("each setting has a description", () => {
  for (const [name, { description, markdownDescription }] of Object.entries(settings))
    assert.ok(description || markdownDescription, name);
});

test("the menu only names commands that exist", () => {
  const contributed = manifest.contributes.commands.map(({ command }: { command: string }) => command);
  const own = ["running", "missing"]
    .flatMap((state) => menu(state as "running" | "missing"))
    .map(({ command }) => command);
  for (const command of own.filter((name) => name.startsWith("copydesk.")))
    assert.ok(contributed.includes(command), command);
});
