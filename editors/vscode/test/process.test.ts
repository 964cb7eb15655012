import assert from "node:assert/strict";
import { homedir } from "node:os";
import { test } from "node:test";

import { run } from "../src/process";

const node = (code: string, options = {}) => run(process.execPath, ["-e", code], options);

test("output and exit status are returned, and passed on as they come", async () => {
  let seen = "";
  const onOutput = (text: string): void => void (seen += text);
  const outcome = await node("console.log('ä'); process.stderr.write('bad'); process.exitCode = 3", { onOutput });
  assert.deepEqual(outcome, { code: 3, stdout: "ä\n", stderr: "bad" });
  assert.ok(seen.includes("ä\n") && seen.includes("bad"));
});

test("programs run in the home folder, and arguments pass no shell", async () => {
  const { stdout } = await run(process.execPath, ["-p", "process.cwd() + process.argv[1]", "$HOME; `id` %PATH%"]);
  assert.equal(stdout.trim(), `${homedir()}$HOME; \`id\` %PATH%`);
});

test("a program that cannot be started has no exit status", async () => {
  for (const program of ["/does/not/exist", "with\0null"]) {
    const { code, stderr } = await run(program, []);
    assert.equal(code, null);
    assert.match(stderr, /ENOENT|null bytes/);
  }
});

test("a program that takes too long, or is canceled, is stopped", async () => {
  const forever = "setInterval(() => {}, 1000)";
  assert.equal((await node(forever, { timeout: 200 })).code, null);
  const aborted = new AbortController();
  setTimeout(() => aborted.abort(), 200);
  assert.equal((await node(forever, { signal: aborted.signal })).code, null);
});
