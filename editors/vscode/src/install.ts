/** Install copydesk into an environment that only the extension uses. */

import { inEnvironment, inWorkspace, pathFolders, paths, programName, requirement } from "./findCopydesk";
import type { Machine } from "./findCopydesk";
import type { Outcome } from "./process";

export interface Python {
  program: string;
  args: readonly string[];
}

export type Installation = { program: string } | { problem: string } | "canceled";

const PROBE_TIMEOUT = 20_000; // milliseconds
const OLDEST = [3, 11] as const;
const NAMES = ["python3", "python", "python3.14", "python3.13", "python3.12", "python3.11"];
const PRINT_VERSION = "import sys; print('%d.%d' % sys.version_info[:2])";

/** Return whether a version such as `3.12` is new enough for copydesk. */
export function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.trim().split(".").map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

/** Return the Python programs to try, best first. */
export function pythons(machine: Machine): Python[] {
  const { platform, python, trusted } = machine;
  const { join } = paths(platform);
  const found: Python[] = python && trusted ? [{ program: python, args: [] }] : [];
  const folders = pathFolders(machine);
  const onPath = (name: string, args: readonly string[]): Python[] =>
    folders.map((folder) => ({ program: join(folder, programName(name, platform)), args }));
  found.push(...NAMES.flatMap((name) => onPath(name, [])));
  if (platform === "win32") found.push(...onPath("py", ["-3"]));
  return found;
}

/** Return the first Python that is new enough, or undefined. */
export async function findPython(machine: Machine): Promise<Python | undefined> {
  for (const python of pythons(machine)) {
    if (!(await machine.isFile(python.program))) continue;
    if (!machine.trusted && (await inWorkspace(python.program, machine))) continue;
    const args = [...python.args, "-I", "-c", PRINT_VERSION];
    const { code, stdout } = await machine.run(python.program, args, { timeout: PROBE_TIMEOUT });
    if (code === 0 && isNewEnough(stdout)) return python;
  }
  return undefined;
}

/** Return a message of one sentence, or a sentence and a command, for a failed step of the installation. */
export function problemOf({ stdout, stderr }: Outcome): string {
  const output = `${stdout}\n${stderr}`;
  if (/No module named '?(venv|ensurepip)|ensurepip is not/.test(output))
    return "This Python cannot create virtual environments. On Debian and Ubuntu, run: sudo apt install python3-venv";
  if (/Could not resolve host|Temporary failure in name resolution|NewConnectionError|getaddrinfo failed/.test(output))
    return "The network cannot be reached. Check your connection and try again.";
  const lines = output
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter(Boolean);
  const error = lines.find((line) => line.startsWith("ERROR:")) ?? lines.at(-1);
  return error?.replace(/^(ERROR|error):\s*/, "") ?? "The program ended without a message.";
}

/** Create the private environment, and install copydesk `version` with its language server.
 *
 * `onStep` is called with the title of each step, and `onOutput` with the output of the programs.
 */
export async function install(
  machine: Machine,
  version: string,
  signal: AbortSignal,
  onStep: (title: string) => void,
  onOutput: (text: string) => void,
): Promise<Installation> {
  const environment = machine.privateEnvironment;
  onStep("Looking for Python");
  const python = await findPython(machine);
  if (!python) return { problem: "copydesk needs Python 3.11 or newer. Install it from python.org, then try again." };
  const own = inEnvironment(environment, "python", machine.platform);
  const pip = ["-I", "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--upgrade"];
  const steps = [
    {
      title: "Creating an environment",
      program: python.program,
      args: [...python.args, "-I", "-m", "venv", "--clear", environment],
    },
    { title: "Downloading and installing copydesk", program: own, args: [...pip, requirement(version)] },
  ];
  for (const { title, program, args } of steps) {
    if (signal.aborted) return "canceled";
    onStep(title);
    onOutput(`> ${program} ${args.join(" ")}\n`);
    const outcome = await machine.run(program, args, { signal, onOutput });
    if (signal.aborted) return "canceled";
    if (outcome.code !== 0) return { problem: problemOf(outcome) };
  }
  return { program: inEnvironment(environment, "copydesk", machine.platform) };
}
