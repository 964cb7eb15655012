/** Read the properties of the machine and the workspace from VS Code and the system. */

import { constants, promises as fs } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { PythonExtension } from "@vscode/python-extension";
import * as vscode from "vscode";

import type { Machine } from "./findCopydesk";
import { run } from "./process";

const PYTHON_EXTENSION = "ms-python.python";
const PYTHON_TIMEOUT = 5_000; // milliseconds to wait for the Python extension

async function isFile(path: string): Promise<boolean> {
  try {
    await fs.access(path, constants.X_OK);
    return (await fs.stat(path)).isFile();
  } catch {
    return false;
  }
}

function realPath(path: string): Promise<string> {
  return fs.realpath(path).catch(() => path);
}

/** Return the API of the Python extension, or undefined if the extension is missing, disabled or broken. */
export async function pythonExtension(): Promise<PythonExtension | undefined> {
  const extension = vscode.extensions.getExtension<PythonExtension>(PYTHON_EXTENSION);
  try {
    return await extension?.activate();
  } catch {
    return undefined;
  }
}

async function selectedPython(): Promise<string | undefined> {
  const environments = (await pythonExtension())?.environments;
  if (!environments) return undefined;
  try {
    const active = environments.getActiveEnvironmentPath(vscode.workspace.workspaceFolders?.[0]);
    return (await environments.resolveEnvironment(active))?.executable.uri?.fsPath;
  } catch {
    return undefined;
  }
}

export async function readMachine(context: vscode.ExtensionContext): Promise<Machine> {
  const trusted = vscode.workspace.isTrusted;
  const setting = vscode.workspace.getConfiguration("copydesk").get<string>("path", "");
  const timeout = delay(PYTHON_TIMEOUT, undefined, { ref: false });
  const python = trusted && !setting ? await Promise.race([selectedPython(), timeout]) : undefined;
  const folders = vscode.workspace.workspaceFolders ?? [];
  return {
    platform: process.platform,
    home: homedir(),
    env: process.env,
    workspaceFolders: folders.filter(({ uri }) => uri.scheme === "file").map(({ uri }) => uri.fsPath),
    trusted,
    setting,
    ...(python && { python }),
    privateEnvironment: join(context.globalStorageUri.fsPath, "environment"),
    isFile,
    realPath,
    run,
  };
}
