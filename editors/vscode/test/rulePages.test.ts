import assert from "node:assert/strict";
import { test } from "node:test";

import { ofAddress, pageAddress, pageText, ruleItem, rulesOf } from "../src/rulePages";

test("the address of a page contains the rule and the article", () => {
  const article = "file:///news/a%20b.md";
  assert.deepEqual(pageAddress("leaks/raw-tag", article), { path: "/leaks/raw-tag.md", query: article });
  assert.deepEqual(ofAddress(pageAddress("leaks/raw-tag", article)), { rule: "leaks/raw-tag", uri: article });
  assert.deepEqual(ofAddress(pageAddress("leaks/raw-tag")), { rule: "leaks/raw-tag" });
});

test("a page has one title", () => {
  assert.equal(pageText({ title: "leaks/raw-tag", markdown: "HTML." }), "# leaks/raw-tag\n\nHTML.");
  assert.equal(pageText({ title: "leaks/raw-tag", markdown: "# Raw tag\n\nHTML." }), "# Raw tag\n\nHTML.");
});

test("rules come from the codes of diagnostics of copydesk", () => {
  const diagnostics = [
    { source: "copydesk", code: { value: "leaks/raw-tag" } },
    { source: "copydesk", code: "leaks/raw-tag" },
    { source: "copydesk", code: "spacing/after-comma" },
    { source: "copydesk", code: "config" },
    { source: "copydesk", code: 7 },
    { source: "copydesk" },
    { source: "other", code: "other/rule" },
  ];
  assert.deepEqual(rulesOf(diagnostics), ["leaks/raw-tag", "spacing/after-comma"]);
});

test("rules that are off are marked in the list", () => {
  const rule = { name: "leaks/raw-tag", summary: "HTML tag showing as text", severity: "error", on: true };
  assert.deepEqual(ruleItem(rule), { label: rule.name, description: "error", detail: rule.summary });
  assert.equal(ruleItem({ ...rule, on: false }).description, "off");
});
