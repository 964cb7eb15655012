import assert from "node:assert/strict";
import { test } from "node:test";

import { argumentsWithReason, dataWithReason, needsReason, reasonProblem } from "../src/reason";

const answers = (text: string | undefined) => async () => text;

test("only code actions that say so need a reason", () => {
  assert.ok(needsReason({ needsReason: true }));
  for (const data of [{ needsReason: "true" }, {}, [], null, undefined, "needsReason"]) assert.ok(!needsReason(data));
});

test("the answer replaces the suggested reason, and the rest of the data stays", async () => {
  const data = { needsReason: true, id: 7, reason: "quotation" };
  const asked: string[] = [];
  const ask = async (suggested: string): Promise<string> => (asked.push(suggested), " a quotation from a chatbot ");
  assert.deepEqual(await dataWithReason(data, ask), { ...data, reason: "a quotation from a chatbot" });
  assert.deepEqual(asked, ["quotation"]);
  assert.equal(data.reason, "quotation");
});

test("a canceled or empty answer gives nothing", async () => {
  for (const answer of [undefined, "", "  "]) {
    assert.equal(await dataWithReason({ needsReason: true }, answers(answer)), undefined);
    assert.equal(await argumentsWithReason([{ rule: "leaks/raw-tag" }], answers(answer)), undefined);
  }
});

test("the first argument of the command gets the reason", async () => {
  const args = [{ uri: "file:///a.md", rule: "leaks/raw-tag", text: "<b>" }, 1];
  const answered = await argumentsWithReason(args, answers("sample code"));
  assert.deepEqual(answered, [{ uri: "file:///a.md", rule: "leaks/raw-tag", text: "<b>", reason: "sample code" }, 1]);
  assert.equal(await argumentsWithReason([], answers("sample code")), undefined);
});

test("a reason must have text", () => {
  assert.equal(reasonProblem("sample code"), undefined);
  assert.match(reasonProblem(" ") ?? "", /^Enter a reason/);
});
