/** A machine for tests: files are programs that answer with a fixed outcome. */

import type { Machine } from "../src/findCopydesk";
import type { Outcome } from "../src/process";

export type Answer = (args: readonly string[]) => Partial<Outcome>;

export interface FakeMachine extends Machine {
  /** Every call, as the program and its arguments. */
  calls: string[][];
}

/** Respond as copydesk does. Without `lsp`, the command is unknown. */
export function copydesk(version: string, { lsp = true } = {}): Answer {
  return (args) => {
    if (args[0] === "--version") return { code: 0, stdout: `copydesk ${version}\n` };
    return lsp ? { code: 1 } : { code: 2, stderr: "copydesk: unknown command “lsp”\n" };
  };
}

export function fakeMachine(
  programs: Record<string, Answer>,
  given: Partial<Machine> & { links?: Record<string, string> } = {},
): FakeMachine {
  const calls: string[][] = [];
  return {
    platform: "linux",
    home: "/home/ada",
    env: { PATH: "/usr/local/bin:/usr/bin" },
    workspaceFolders: ["/work/news"],
    trusted: true,
    setting: "",
    privateEnvironment: "/storage/environment",
    isFile: async (path) => path in programs,
    realPath: async (path) => given.links?.[path] ?? path,
    run: async (program, args) => {
      calls.push([program, ...args]);
      return { code: 2, stdout: "", stderr: "", ...programs[program]?.(args) };
    },
    ...given,
    calls,
  };
}
