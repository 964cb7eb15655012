/** Start, stop and monitor the language server. At most one runs at a time. */

import { homedir } from "node:os";
import * as vscode from "vscode";
import { CloseAction, ErrorAction, LanguageClient, RevealOutputChannelOn, State } from "vscode-languageclient/node";
import type { ErrorHandler, LanguageClientOptions, Middleware } from "vscode-languageclient/node";

import { FILTERS } from "./articles";
import { findCopydesk } from "./findCopydesk";
import type { Found, Missing } from "./findCopydesk";
import { readMachine } from "./machine";
import type { ServerState } from "./status";

/** A client that writes errors to the log only. Its own messages would contain stack traces. */
class QuietClient extends LanguageClient {
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}

export class Server implements vscode.Disposable {
  state: ServerState = "starting";
  /** The program and its version, or why there is none. */
  detail = "";
  private client: QuietClient | undefined;
  private program: string | undefined;
  private queue: Promise<void> = Promise.resolve();
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly log: vscode.LogOutputChannel,
    private readonly middleware: Middleware,
    private readonly onMissing: (missing: Missing) => void,
    private readonly onStopped: () => void,
    private readonly onOutdated: (found: Found) => void,
  ) {}

  /** Look for copydesk and start it. A server of the same program is restarted only with `force`. */
  restart({ force = true } = {}): Promise<void> {
    if (force && this.state === "starting") this.abandon();
    this.queue = this.queue
      .then(() => this.replace(force))
      .catch((error: unknown) => {
        this.log.error(String(error));
        this.setState("stopped");
      });
    return this.queue;
  }

  /** Send a request. Rejects with a message for the user if the server is not running. */
  async request<T>(method: string, params: object): Promise<T> {
    if (!this.client?.isRunning())
      throw new Error("copydesk is not running. To start it, run the command “copydesk: Restart Server”.");
    return this.client.sendRequest<T>(method, params);
  }

  /** Stop the server. If it is still starting, kill it. */
  stop(): Promise<void> {
    if (this.state === "starting") this.abandon();
    this.queue = this.queue.then(() => this.end()).then(() => this.setState("stopped"));
    return this.queue;
  }

  dispose(): void {
    this.changed.dispose();
  }

  /** The version of the extension, which is also the version of copydesk that it requires. */
  private get version(): string {
    return String(this.context.extension.packageJSON.version);
  }

  private setState(state: ServerState, detail = this.detail): void {
    this.state = state;
    this.detail = detail;
    void vscode.commands.executeCommand(
      "setContext",
      "copydesk.unavailable",
      state === "missing" || state === "stopped",
    );
    this.changed.fire();
  }

  private async replace(force: boolean): Promise<void> {
    if (!this.client?.isRunning()) this.setState("starting");
    const search = await findCopydesk(await readMachine(this.context), this.version, (line) => this.log.info(line));
    if ("found" in search && !force && this.client?.isRunning() && search.found.program === this.program) return;
    await this.end();
    if ("found" in search) return this.begin(search.found);
    this.log.warn(search.missing.message);
    this.setState("missing", search.missing.message);
    this.onMissing(search.missing);
  }

  private async begin({ program, version, place }: Found): Promise<void> {
    this.setState("starting", `copydesk ${version}, ${program}`);
    this.log.info(`Starting ${program} (copydesk ${version})`);
    const options = { cwd: homedir() }; // as in process.ts
    const client = new QuietClient("copydesk", { command: program, args: ["lsp"], options }, this.clientOptions());
    this.client = client;
    this.program = program;
    client.onDidChangeState(({ newState }) => {
      if (newState === State.StartFailed) this.failed(client);
      else if (client === this.client) this.setState(stateOf(newState));
    });
    try {
      await client.start();
    } catch {
      return; // the client has logged the error, and its state has changed
    }
    if (place === "private" && version !== this.version) this.onOutdated({ program, version, place });
  }

  /** Report that the server has ended and is not restarted. */
  private failed(client: QuietClient): void {
    if (client !== this.client) return;
    this.setState("stopped");
    this.onStopped();
  }

  /** Kill a server that may never respond, so that pending calls end. */
  private abandon(): void {
    const process = this.client?.serverProcess;
    this.client = undefined;
    process?.kill();
  }

  private async end(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    this.program = undefined;
    if (!client) return;
    const process = client.serverProcess;
    try {
      await client.dispose();
    } catch (error) {
      this.log.info(`The server did not stop and was killed: ${String(error)}`);
      process?.kill();
    }
  }

  private clientOptions(): LanguageClientOptions {
    return {
      documentSelector: FILTERS,
      outputChannel: this.log,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationFailedHandler: () => false, // do not try again; the handler of state changes reports the error
      initializationOptions: () => vscode.workspace.getConfiguration().get("copydesk"),
      synchronize: { configurationSection: "copydesk" },
      diagnosticCollectionName: "copydesk",
      middleware: this.middleware,
      errorHandler: this.errorHandler(),
    };
  }

  /** Restart a crashed server, as often as the client does by default, unless it has never run. */
  private errorHandler(): ErrorHandler {
    let handler: ErrorHandler | undefined;
    const standard = (): ErrorHandler | undefined => (handler ??= this.client?.createDefaultErrorHandler());
    return {
      error: (error, message, times) => standard()?.error(error, message, times) ?? { action: ErrorAction.Shutdown },
      closed: async () => {
        const client = this.client;
        const wasRunning = client?.state === State.Running;
        const result = wasRunning ? await standard()?.closed() : undefined;
        if (result?.action === CloseAction.Restart) return result;
        if (client && wasRunning) setImmediate(() => this.failed(client));
        return { action: CloseAction.DoNotRestart, ...result, handled: true };
      },
    };
  }
}

function stateOf(state: State): ServerState {
  if (state === State.Running) return "running";
  return state === State.Starting ? "starting" : "stopped";
}
