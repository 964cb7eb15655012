import assert from "node:assert/strict";
import { test } from "node:test";

import { findPython, install, isNewEnough, problemOf } from "../src/install";
import type { Machine } from "../src/findCopydesk";
import type { Answer } from "./fakeMachine";
import { fakeMachine } from "./fakeMachine";

const python =
  (version: string): Answer =>
  (args) => ({ code: 0, stdout: args.includes("-c") ? `${version}\n` : "" });
const OWN = "/storage/environment/bin/python";
const never = new AbortController().signal;

test("Python 3.11 is the oldest", () => {
  const versions = ["3.11", "3.14", "4.0", "3.10", "3.9", "2.7", ""];
  assert.deepEqual(versions.map(isNewEnough), [true, true, true, false, false, false, false]);
});

test("the first Python that is new enough is used", async () => {
  const programs = { "/usr/bin/python3": python("3.10"), "/usr/bin/python3.12": python("3.12") };
  assert.deepEqual(await findPython(fakeMachine(programs)), { program: "/usr/bin/python3.12", args: [] });
  const selected = { "/envs/news/bin/python": python("3.13"), ...programs };
  const machine = fakeMachine(selected, { python: "/envs/news/bin/python" });
  assert.equal((await findPython(machine))?.program, "/envs/news/bin/python");
});

test("on Windows the launcher py is tried last", async () => {
  const windows: Partial<Machine> = { platform: "win32", env: { PATH: "C:\\Windows" } };
  const machine = fakeMachine({ "C:\\Windows\\py.exe": python("3.12") }, windows);
  assert.deepEqual(await findPython(machine), { program: "C:\\Windows\\py.exe", args: ["-3"] });
});

test("no Python of an untrusted folder is used", async () => {
  const programs = { "/work/news/bin/python3": python("3.12") };
  const given = { python: "/work/news/bin/python3", env: { PATH: "/work/news/bin" } };
  assert.equal(await findPython(fakeMachine(programs, { ...given, trusted: false })), undefined);
  assert.ok(await findPython(fakeMachine(programs, given)));
});

test("the installation makes an environment and installs this version there", async () => {
  const steps: string[] = [];
  const machine = fakeMachine({ "/usr/bin/python3": python("3.12"), [OWN]: python("3.12") });
  const result = await install(
    machine,
    "0.1.0",
    never,
    (title) => steps.push(title),
    () => undefined,
  );
  assert.deepEqual(result, { program: "/storage/environment/bin/copydesk" });
  assert.deepEqual(steps, ["Looking for Python", "Creating an environment", "Downloading and installing copydesk"]);
  assert.deepEqual(machine.calls.slice(1), [
    ["/usr/bin/python3", "-I", "-m", "venv", "--clear", "/storage/environment"],
    [
      OWN,
      "-I",
      "-m",
      "pip",
      "--disable-pip-version-check",
      "--no-input",
      "install",
      "--upgrade",
      "copydesk[lsp] @ https://github.com/copydesk/copydesk/archive/refs/tags/v0.1.0.tar.gz",
    ],
  ]);
});

test("without Python there is a clear message", async () => {
  const result = await install(
    fakeMachine({}),
    "0.1.0",
    never,
    () => undefined,
    () => undefined,
  );
  assert.deepEqual(result, {
    problem: "copydesk needs Python 3.11 or newer. Install it from python.org, then try again.",
  });
});

test("a canceled installation runs nothing more", async () => {
  const aborted = new AbortController();
  const machine = fakeMachine({ "/usr/bin/python3": python("3.12") });
  const onStep = (title: string): void => void (title === "Creating an environment" && aborted.abort());
  assert.equal(await install(machine, "0.1.0", aborted.signal, onStep, () => undefined), "canceled");
  assert.equal(
    machine.calls.some((call) => call.includes("pip")),
    false,
  );
});

test("a failed step is one sentence", async () => {
  const fails = (): object => ({
    code: 1,
    stdout: "Collecting copydesk\n",
    stderr: "ERROR: No matching distribution\nnotice\n",
  });
  const machine = fakeMachine({ "/usr/bin/python3": python("3.12"), [OWN]: fails });
  const result = await install(
    machine,
    "0.1.0",
    never,
    () => undefined,
    () => undefined,
  );
  assert.deepEqual(result, { problem: "No matching distribution" });
});

test("messages about common failures contain a remedy", () => {
  const of = (stdout: string, stderr = ""): string => problemOf({ code: 1, stdout, stderr });
  assert.match(of("… because ensurepip is not\navailable."), /apt install python3-venv$/);
  assert.match(of("", "[Errno -3] Temporary failure in name resolution"), /network cannot be reached/);
  assert.equal(of("", "first\n\nlast\n"), "last");
  assert.equal(of(""), "The program ended without a message.");
});
