import assert from "node:assert/strict";
import { test } from "node:test";

import { findCopydesk, pathFolders } from "../src/findCopydesk";
import type { Machine, Search } from "../src/findCopydesk";
import { copydesk, fakeMachine } from "./fakeMachine";

const WANTED = '"copydesk[lsp] @ https://github.com/copydesk/copydesk/archive/refs/tags/v0.1.0.tar.gz"';
const good = copydesk("0.1.0");
const old = copydesk("0.0.9", { lsp: false });

function search(machine: Machine, log: string[] = []): Promise<Search> {
  return findCopydesk(machine, "0.1.0", (line) => log.push(line));
}

async function foundIn(machine: Machine): Promise<string> {
  const result = await search(machine);
  return "found" in result ? `${result.found.place} ${result.found.program}` : result.missing.message;
}

async function messageOf(machine: Machine): Promise<string> {
  const result = await search(machine);
  assert.ok("missing" in result);
  return result.missing.message;
}

test("programs are tried in the documented order", async () => {
  const places = [
    ["setting", "/opt/copydesk"],
    ["python", "/envs/news/bin/copydesk"],
    ["workspace", "/work/news/.venv/bin/copydesk"],
    ["workspace", "/work/news/venv/bin/copydesk"],
    ["PATH", "/usr/local/bin/copydesk"],
    ["PATH", "/usr/bin/copydesk"],
    ["user", "/home/ada/.local/bin/copydesk"],
    ["private", "/storage/environment/bin/copydesk"],
  ] as const;
  for (const [index, [place, program]] of places.entries()) {
    const programs = Object.fromEntries(places.slice(index).map(([, path]) => [path, good]));
    const setting = place === "setting" ? "/opt/copydesk" : "";
    assert.equal(
      await foundIn(fakeMachine(programs, { setting, python: "/envs/news/bin/python" })),
      `${place} ${program}`,
    );
  }
});

test("on Windows the program is copydesk.exe, and environments have the folder Scripts", async () => {
  const windows: Partial<Machine> = {
    platform: "win32",
    home: "C:\\Users\\ada",
    env: { Path: 'C:\\Windows;"C:\\Program Files\\tools";bin' },
    workspaceFolders: ["D:\\news"],
    privateEnvironment: "C:\\storage\\environment",
    python: "C:\\Python312\\python.exe",
  };
  const places = [
    "python C:\\Python312\\copydesk.exe",
    "python C:\\Python312\\Scripts\\copydesk.exe",
    "workspace D:\\news\\.venv\\Scripts\\copydesk.exe",
    "PATH C:\\Program Files\\tools\\copydesk.exe",
    "user C:\\Users\\ada\\.local\\bin\\copydesk.exe",
    "private C:\\storage\\environment\\Scripts\\copydesk.exe",
  ];
  for (const place of places) {
    const program = place.slice(place.indexOf(" ") + 1);
    assert.equal(await foundIn(fakeMachine({ [program]: good }, windows)), place);
  }
});

test("relative and empty entries of PATH are ignored", () => {
  const env = { PATH: ":/usr/bin:.:bin:node_modules/.bin:/opt/bin" };
  assert.deepEqual(pathFolders({ env, platform: "linux" }), ["/usr/bin", "/opt/bin"]);
  assert.deepEqual(pathFolders({ env: {}, platform: "linux" }), []);
});

test("programs are called with lists of arguments, once each", async () => {
  const machine = fakeMachine({ "/usr/bin/copydesk": good });
  await search(machine);
  assert.deepEqual(machine.calls, [
    ["/usr/bin/copydesk", "--version"],
    ["/usr/bin/copydesk", "lsp"],
  ]);
});

test("in an untrusted folder no program inside it runs", async () => {
  const inside = {
    "/work/news/.venv/bin/copydesk": good,
    "/work/news/bin/copydesk": good,
    "/envs/news/bin/copydesk": good,
    "/links/copydesk": good,
  };
  const machine = fakeMachine(inside, {
    trusted: false,
    python: "/envs/news/bin/python",
    env: { PATH: "/work/news/bin:/links" },
    links: { "/links/copydesk": "/work/news/evil" },
  });
  assert.equal(await messageOf(machine), "copydesk is not installed.");
  assert.deepEqual(machine.calls, []);
});

test("a link to the untrusted folder does not hide that a program is inside it", async () => {
  const given = { trusted: false, workspaceFolders: ["/home/ada/news"], links: { "/home/ada/news": "/mnt/disk/news" } };
  const machine = fakeMachine({ "/mnt/disk/news/copydesk": good }, { ...given, env: { PATH: "/mnt/disk/news" } });
  assert.equal(await messageOf(machine), "copydesk is not installed.");
  assert.deepEqual(machine.calls, []);
});

test("in an untrusted folder programs outside of it run", async () => {
  for (const folder of ["/usr/bin", "/work/news2", "/work/..news"]) {
    const machine = fakeMachine({ [`${folder}/copydesk`]: good }, { trusted: false, env: { PATH: folder } });
    assert.equal(await foundIn(machine), `PATH ${folder}/copydesk`);
  }
});

test("the setting may use ~ and ${workspaceFolder}", async () => {
  const programs = { "/home/ada/c": good, "/work/news/c": good };
  assert.equal(await foundIn(fakeMachine(programs, { setting: "~/c" })), "setting /home/ada/c");
  assert.equal(await foundIn(fakeMachine(programs, { setting: "${workspaceFolder}/c" })), "setting /work/news/c");
});

test("the setting takes precedence, and a message shows what is wrong with it", async () => {
  const programs = {
    "/usr/bin/copydesk": good,
    "/opt/old": old,
    "/opt/vim": () => ({ code: 0, stdout: "VIM 9\n" }),
    "/opt/shim": () => ({ code: 127 }),
  };
  const of = (setting: string, trusted = true): Promise<string> =>
    messageOf(fakeMachine({ ...programs, "/work/news/c": good }, { setting, trusted }));
  assert.equal(await of("copydesk"), "The setting copydesk.path must be an absolute path, not copydesk");
  assert.equal(
    await of("/opt/none"),
    "The program in the setting copydesk.path does not exist or cannot be run: /opt/none",
  );
  assert.equal(
    await of("/work/news/c", false),
    "The setting copydesk.path names a program in this folder, which you do not trust. Trust the folder to run it.",
  );
  assert.match(await of("/opt/shim"), /^Setting copydesk.path: \/opt\/shim cannot be run\. Run: /);
  assert.match(await of("/opt/vim"), /^Setting copydesk.path: \/opt\/vim is not copydesk\. Run: /);
  assert.match(
    await of("/opt/old"),
    /^Setting copydesk.path: copydesk 0.0.9 at \/opt\/old has no language server\. Run: /,
  );
});

test("the search continues after a program that cannot be used", async () => {
  const log: string[] = [];
  const broken = (): object => ({ code: null, stderr: "bad interpreter\n" });
  const programs = {
    "/usr/local/bin/copydesk": broken,
    "/usr/bin/copydesk": old,
    "/home/ada/.local/bin/copydesk": good,
  };
  const result = await search(fakeMachine(programs), log);
  assert.ok("found" in result);
  assert.deepEqual(result.found, { program: "/home/ada/.local/bin/copydesk", place: "user", version: "0.1.0" });
  assert.deepEqual(log, [
    "/usr/local/bin/copydesk: bad interpreter",
    "/usr/bin/copydesk: copydesk: unknown command “lsp”",
  ]);
});

test("a message names the command that installs the language server", async () => {
  const commands: [string, object, string][] = [
    ["/work/news/.venv/bin/copydesk", {}, `/work/news/.venv/bin/python -m pip install --upgrade ${WANTED}`],
    ["/usr/bin/copydesk", {}, `python3 -m pip install --upgrade ${WANTED}`],
    ["/home/ada/.local/bin/copydesk", {}, `pipx install --force ${WANTED}`],
    [
      "/usr/bin/copydesk",
      { links: { "/usr/bin/copydesk": "/home/ada/.local/share/uv/tools/copydesk/bin/copydesk" } },
      `uv tool install --force ${WANTED}`,
    ],
  ];
  for (const [program, given, command] of commands) {
    const machine = fakeMachine({ [program]: old, "/work/news/.venv/bin/python": old }, given);
    assert.equal(await messageOf(machine), `copydesk 0.0.9 at ${program} has no language server. Run: ${command}`);
  }
});

test("the command for a program on Windows names the Python next to its folder", async () => {
  const program = "C:\\Python 3\\Scripts\\copydesk.exe";
  const given: Partial<Machine> = { platform: "win32", workspaceFolders: [], env: { PATH: "C:\\Python 3\\Scripts" } };
  const machine = fakeMachine({ [program]: old, "C:\\Python 3\\python.exe": old }, given);
  assert.match(await messageOf(machine), /Run: "C:\\Python 3\\python\.exe" -m pip install/);
});
