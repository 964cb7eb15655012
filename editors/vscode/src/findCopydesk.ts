/** Find a copydesk that can run the language server. */

import * as nodePath from "node:path";

import type { Run } from "./process";

/** The properties of the machine and the workspace that the search needs. Paths are absolute. */
export interface Machine {
  platform: NodeJS.Platform;
  home: string;
  env: Readonly<Record<string, string | undefined>>;
  workspaceFolders: readonly string[];
  trusted: boolean;
  /** The setting `copydesk.path`; empty if it is not set. */
  setting: string;
  /** The interpreter that the Python extension has selected. */
  python?: string;
  /** The folder of the environment that the command “Install copydesk” creates. */
  privateEnvironment: string;
  /** Return whether the path is a file that can be executed. */
  isFile: (path: string) => Promise<boolean>;
  /** Resolve symbolic links; return the path itself if this is not possible. */
  realPath: (path: string) => Promise<string>;
  run: Run;
}

export type Place = "setting" | "python" | "workspace" | "PATH" | "user" | "private";

export interface Candidate {
  program: string;
  place: Place;
}

export interface Found extends Candidate {
  version: string;
}

export interface Missing {
  /** One or two sentences for the user. */
  message: string;
  /** Whether the command “Install copydesk” can solve the problem. */
  installable: boolean;
}

export type Search = { found: Found } | { missing: Missing };

const PROBE_TIMEOUT = 20_000; // milliseconds; the first start after an update compiles all modules
const VERSION = /^copydesk (\d+\.\d+\S*)\s*$/m;

export function paths(platform: NodeJS.Platform): nodePath.PlatformPath {
  return platform === "win32" ? nodePath.win32 : nodePath.posix;
}

/** Return the file name of a program: `copydesk`, or `copydesk.exe` on Windows. */
export function programName(name: string, platform: NodeJS.Platform): string {
  return platform === "win32" ? `${name}.exe` : name;
}

/** Return the path of a program in a virtual environment. */
export function inEnvironment(environment: string, name: string, platform: NodeJS.Platform): string {
  const folder = platform === "win32" ? "Scripts" : "bin";
  return paths(platform).join(environment, folder, programName(name, platform));
}

/** Return the absolute folders on PATH. Relative entries are ignored: they could refer to folders of the workspace. */
export function pathFolders({ env, platform }: Pick<Machine, "env" | "platform">): string[] {
  const name = Object.keys(env).find((key) => key === "PATH" || (platform === "win32" && /^path$/i.test(key)));
  const { delimiter, isAbsolute } = paths(platform);
  const folders = (name ? (env[name] ?? "") : "").split(delimiter).map((folder) => folder.replace(/^"(.*)"$/, "$1"));
  return folders.filter((folder) => isAbsolute(folder));
}

/** Return the release of copydesk for this version of the extension, as a requirement for pip, pipx and uv. */
export function requirement(version: string): string {
  return `copydesk[lsp] @ https://github.com/copydesk/copydesk/archive/refs/tags/v${version}.tar.gz`;
}

/** Return `copydesk.path` with `~` and `${workspaceFolder}` replaced. */
export function expandSetting(setting: string, { home, workspaceFolders, platform }: Machine): string {
  const path = setting.trim().replaceAll("${workspaceFolder}", () => workspaceFolders[0] ?? "");
  return /^~[\\/]/.test(path) ? paths(platform).join(home, path.slice(2)) : path;
}

/** Return the programs to try if `copydesk.path` is empty, best first. */
export function candidates(machine: Machine): Candidate[] {
  const { platform, home, trusted, python, workspaceFolders, privateEnvironment } = machine;
  const { join, dirname } = paths(platform);
  const name = programName("copydesk", platform);
  const found: Candidate[] = [];
  if (trusted && python) {
    found.push({ program: join(dirname(python), name), place: "python" });
    if (platform === "win32") found.push({ program: join(dirname(python), "Scripts", name), place: "python" });
  }
  for (const folder of trusted ? workspaceFolders : [])
    for (const environment of [".venv", "venv"])
      found.push({ program: inEnvironment(join(folder, environment), "copydesk", platform), place: "workspace" });
  for (const folder of pathFolders(machine)) found.push({ program: join(folder, name), place: "PATH" });
  found.push({ program: join(home, ".local", "bin", name), place: "user" });
  found.push({ program: inEnvironment(privateEnvironment, "copydesk", platform), place: "private" });
  return found.filter(({ program }, index) => found.findIndex((other) => other.program === program) === index);
}

/** Return whether `path`, or the file that it links to, is inside a workspace folder. */
export async function inWorkspace(path: string, machine: Machine): Promise<boolean> {
  const { relative, isAbsolute, sep } = paths(machine.platform);
  const both = async (name: string): Promise<string[]> => [name, await machine.realPath(name)];
  const names = await both(path);
  for (const folder of (await Promise.all(machine.workspaceFolders.map(both))).flat())
    for (const name of names) {
      const inner = relative(folder, name);
      if (inner !== ".." && !inner.startsWith(`..${sep}`) && !isAbsolute(inner)) return true;
    }
  return false;
}

/** Return a word of a command for a terminal, in quotation marks if it needs them. */
function quoted(word: string): string {
  return /[^\w./:@=~+\\-]/.test(word) ? `"${word}"` : word;
}

/** Return the command that replaces a program with this version of copydesk and its language server. */
export async function installCommand(candidate: Candidate, version: string, machine: Machine): Promise<string> {
  const wanted = quoted(requirement(version));
  const program = await machine.realPath(candidate.program);
  const path = program.replaceAll("\\", "/");
  if (path.includes("/uv/tools/")) return `uv tool install --force ${wanted}`;
  if (path.includes("/pipx/venvs/") || candidate.place === "user") return `pipx install --force ${wanted}`;
  const { dirname, join } = paths(machine.platform);
  const names = machine.platform === "win32" ? ["python.exe", "../python.exe"] : ["python", "python3"];
  for (const name of names) {
    const python = join(dirname(program), name);
    if (await machine.isFile(python)) return `${quoted(python)} -m pip install --upgrade ${wanted}`;
  }
  return `${machine.platform === "win32" ? "py" : "python3"} -m pip install --upgrade ${wanted}`;
}

type Verdict = { version: string } | { problem: string; log: string };

// The status of a language server whose input ends before it was shut down (Language Server Protocol, “exit”). If the
// command is unknown, or a package is missing, the status is 2.
const SERVED = 1;

/** Run `copydesk --version`, and `copydesk lsp` without input. */
async function examine(program: string, run: Run): Promise<Verdict> {
  const version = await run(program, ["--version"], { timeout: PROBE_TIMEOUT });
  const number = version.code === 0 ? VERSION.exec(version.stdout)?.[1] : undefined;
  const reason = version.code === 0 ? "is not copydesk" : "cannot be run";
  if (!number) return { problem: `${program} ${reason}.`, log: version.stderr || version.stdout };
  const server = await run(program, ["lsp"], { timeout: PROBE_TIMEOUT });
  if (server.code === SERVED) return { version: number };
  return { problem: `copydesk ${number} at ${program} has no language server.`, log: server.stderr || server.stdout };
}

async function findBySetting(machine: Machine, version: string, log: (line: string) => void): Promise<Search> {
  const program = expandSetting(machine.setting, machine);
  const missing = (message: string): Search => ({ missing: { message, installable: false } });
  if (!paths(machine.platform).isAbsolute(program))
    return missing(`The setting copydesk.path must be an absolute path, not ${machine.setting}`);
  if (!(await machine.isFile(program)))
    return missing(`The program in the setting copydesk.path does not exist or cannot be run: ${program}`);
  if (!machine.trusted && (await inWorkspace(program, machine)))
    return missing(
      "The setting copydesk.path names a program in this folder, which you do not trust. Trust the folder to run it.",
    );
  const verdict = await examine(program, machine.run);
  if ("version" in verdict) return { found: { program, place: "setting", version: verdict.version } };
  log(`${program}: ${verdict.log.trim()}`);
  const command = await installCommand({ program, place: "setting" }, version, machine);
  return missing(`Setting copydesk.path: ${verdict.problem} Run: ${command}`);
}

/** Find the first copydesk that has a language server.
 *
 * The setting `copydesk.path` takes precedence: if its program cannot be used, there is no search. Otherwise, a
 * program that cannot be used is skipped. `version` is that of the extension, for the commands in messages.
 */
export async function findCopydesk(machine: Machine, version: string, log: (line: string) => void): Promise<Search> {
  if (machine.setting.trim()) return findBySetting(machine, version, log);
  let problem: string | undefined;
  for (const candidate of candidates(machine)) {
    const { program, place } = candidate;
    if (!(await machine.isFile(program))) continue;
    if (!machine.trusted && (await inWorkspace(program, machine))) {
      log(`${program} is not used, because its folder is not trusted.`);
      continue;
    }
    const verdict = await examine(program, machine.run);
    if ("version" in verdict) return { found: { program, place, version: verdict.version } };
    log(`${program}: ${verdict.log.trim()}`);
    problem ??= `${verdict.problem} Run: ${await installCommand(candidate, version, machine)}`;
  }
  return { missing: { message: problem ?? "copydesk is not installed.", installable: true } };
}
