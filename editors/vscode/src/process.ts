/** Run a program without a shell and collect its output. */

import { spawn } from "node:child_process";
import { homedir } from "node:os";

export interface Outcome {
  /** The exit status, or null if the program could not be started or was stopped. */
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  /** Milliseconds until the program is stopped. */
  timeout?: number;
  signal?: AbortSignal;
  onOutput?: (text: string) => void;
}

export type Run = (program: string, args: readonly string[], options?: RunOptions) => Promise<Outcome>;

/** Run `program` in the home folder, so that no file of the workspace can change what it does. Never rejects. */
export const run: Run = (program, args, options = {}) =>
  start(program, args, options).catch((error: unknown) => ({ code: null, stdout: "", stderr: `${String(error)}\n` }));

function start(program: string, args: readonly string[], { timeout, signal, onOutput }: RunOptions): Promise<Outcome> {
  return new Promise((resolve) => {
    const output = { stdout: "", stderr: "" };
    const child = spawn(program, args, {
      cwd: homedir(),
      shell: false,
      stdio: ["ignore", "pipe", "pipe"],
      windowsHide: true,
      ...(timeout && { timeout }),
      ...(signal && { signal }),
    });
    for (const name of ["stdout", "stderr"] as const)
      child[name].setEncoding("utf8").on("data", (text: string) => {
        output[name] += text;
        onOutput?.(text);
      });
    child.on("error", (error) => resolve({ ...output, code: null, stderr: `${output.stderr}${error.message}\n` }));
    child.on("close", (code) => resolve({ ...output, code }));
  });
}
