import assert from "node:assert/strict";
import { test } from "node:test";

import { count, countsText, menu, statusOf } from "../src/status";

const none = { errors: 0, warnings: 0, notes: 0 };

test("only diagnostics of copydesk count", () => {
  const given = [
    { source: "copydesk", severity: 0 },
    { source: "copydesk", severity: 1 },
    { source: "copydesk", severity: 1 },
    { source: "copydesk", severity: 2 },
    { source: "copydesk", severity: 3 },
    { source: "markdownlint", severity: 0 },
    { severity: 0 },
  ];
  assert.deepEqual(count(given), { errors: 1, warnings: 2, notes: 2 });
});

test("counts have the right number", () => {
  assert.equal(countsText(none), "");
  assert.equal(countsText({ errors: 2, warnings: 5, notes: 0 }), "2 errors, 5 warnings");
  assert.equal(countsText({ errors: 1, warnings: 1, notes: 1 }), "1 error, 1 warning, 1 note");
});

test("each state has its text", () => {
  const found = { errors: 0, warnings: 1, notes: 0 };
  assert.equal(statusOf("running", none).text, "$(check) copydesk");
  assert.equal(statusOf("running", found).text, "copydesk: 1 warning");
  assert.equal(statusOf("running", none, "copydesk 0.1.0").tooltip, "No problems found (copydesk 0.1.0)");
  assert.equal(statusOf("starting", found).text, "$(sync~spin) copydesk");
  assert.deepEqual(statusOf("stopped", found).warning, true);
  assert.deepEqual(statusOf("missing", none, "Run: pip"), {
    text: "$(warning) copydesk not found",
    tooltip: "Run: pip",
    warning: true,
  });
});

test("the menu offers what works in each state", () => {
  const commands = (state: Parameters<typeof menu>[0]): string[] => menu(state).map(({ command }) => command);
  assert.ok(commands("running").includes("copydesk.checkWorkspace"));
  assert.ok(!commands("stopped").includes("copydesk.checkWorkspace"));
  assert.ok(commands("missing").includes("copydesk.install"));
  for (const state of ["starting", "running", "stopped", "missing"] as const)
    assert.ok(commands(state).includes("copydesk.restart"));
});
