/** The parts of the module `vscode` that the extension and its language client touch. */

import Module from "node:module";

type Listener = (event: unknown) => unknown;
type Call = readonly unknown[];

class Disposable {
  constructor(private readonly end: () => void = () => undefined) {}
  static from(...all: Disposable[]): Disposable {
    return new Disposable(() => all.forEach((one) => one.dispose()));
  }
  dispose(): void {
    this.end();
  }
}

class EventEmitter {
  private readonly listeners = new Set<Listener>();
  readonly event = (listener: Listener, self?: unknown): Disposable => {
    const bound = listener.bind(self);
    this.listeners.add(bound);
    return new Disposable(() => this.listeners.delete(bound));
  };
  fire(event: unknown): void {
    this.listeners.forEach((listener) => listener(event));
  }
  dispose(): void {
    this.listeners.clear();
  }
}

class Position {
  constructor(
    readonly line: number,
    readonly character: number,
  ) {}
}

class Range {
  readonly start: Position;
  readonly end: Position;
  constructor(...at: [Position, Position] | [number, number, number, number]) {
    const points = typeof at[0] === "number";
    this.start = points ? new Position(at[0] as number, at[1] as number) : (at[0] as Position);
    this.end = points ? new Position(at[2] as number, at[3] as number) : (at[1] as Position);
  }
  intersection(other: Range): Range | undefined {
    return this.end.line < other.start.line || this.start.line > other.end.line ? undefined : this;
  }
}

class Diagnostic {
  source?: string;
  code?: unknown;
  constructor(
    readonly range: Range,
    readonly message: string,
    readonly severity: number,
  ) {}
}

class Uri {
  constructor(
    readonly scheme: string,
    readonly path: string,
    readonly query = "",
  ) {}
  static file = (path: string): Uri => new Uri("file", path);
  static parse = (text: string): Uri => {
    const url = new URL(text);
    return new Uri(url.protocol.slice(0, -1), decodeURIComponent(url.pathname));
  };
  static from = ({ scheme, path, query }: { scheme: string; path: string; query?: string }): Uri =>
    new Uri(scheme, path, query);
  get fsPath(): string {
    return this.path;
  }
  toString(): string {
    return `${this.scheme}://${this.path}${this.query && `?${this.query}`}`;
  }
}

class CancellationTokenSource {
  readonly token = { isCancellationRequested: false, onCancellationRequested: () => new Disposable() };
  cancel(): void {
    this.token.isCancellationRequested = true;
  }
  dispose(): void {
    // nothing to release
  }
}

class TextDocument {
  version = 1;
  isClosed = false;
  constructor(
    readonly uri: Uri,
    readonly languageId: string,
    private readonly text: string,
  ) {}
  getText(): string {
    return this.text;
  }
}

class WorkspaceEdit {
  readonly edits: [Uri, unknown][] = [];
  set(uri: Uri, edits: unknown): void {
    this.edits.push([uri, edits]);
  }
}

class FakeTextEdit {
  constructor(
    readonly range: Range,
    readonly newText: string,
  ) {}
}

/** Return an object whose unknown members are events, if their name says so, or functions that return a Disposable. */
function lenient<T extends object>(known: T, emitters: Map<string, EventEmitter>): T {
  return new Proxy(known, {
    get(target, name) {
      if (typeof name !== "string" || name in target) return Reflect.get(target, name);
      if (!/^on(Did|Will)/.test(name)) return () => new Disposable();
      if (!emitters.has(name)) emitters.set(name, new EventEmitter());
      return emitters.get(name)?.event;
    },
  });
}

export class FakeVscode {
  settings: Record<string, unknown> = { path: "", run: "onType", select: [], ignore: [] };
  trusted = true;
  readonly commands = new Map<string, (...args: unknown[]) => unknown>();
  readonly executed: Call[] = [];
  readonly messages: string[] = [];
  readonly logged: string[] = [];
  readonly statusItem = { text: "", tooltip: "", shown: false };
  readonly diagnostics = new Map<string, Diagnostic[]>();
  readonly document = new TextDocument(Uri.file("/news/a.md"), "markdown", "<b>");
  readonly providers: Record<string, Record<string, (...args: unknown[]) => Promise<unknown>>> = {};
  /** What the user enters, and the button that the user presses. */
  answer: string | undefined;
  button: string | undefined;
  private readonly state = new Map<string, unknown>();
  private readonly events = new Map<string, EventEmitter>();

  fire(name: string, event: unknown): void {
    this.events.get(name)?.fire(event);
  }

  /** The context of the extension. */
  context(version: string): object {
    return {
      subscriptions: [],
      extension: { packageJSON: { version } },
      globalStorageUri: Uri.file("/does/not/exist"),
      globalState: {
        get: (key: string) => this.state.get(key),
        update: async (key: string, value: unknown) => void this.state.set(key, value),
      },
    };
  }

  /** Let `require("vscode")` return this. */
  install(): void {
    const module = this.module();
    const original = Reflect.get(Module, "_load");
    const load = (name: string, ...rest: unknown[]): unknown => (name === "vscode" ? module : original(name, ...rest));
    Reflect.set(Module, "_load", load);
  }

  private readonly message = async (text: string, ...buttons: string[]): Promise<string | undefined> => {
    this.messages.push(text);
    return buttons.find((button) => button === this.button);
  };

  private module(): object {
    const classes = {
      Disposable,
      EventEmitter,
      Position,
      Range,
      Diagnostic,
      Uri,
      WorkspaceEdit,
      TextEdit: FakeTextEdit,
    };
    const known: Record<string, unknown> = {
      __esModule: true, // bundles then use this object rather than a copy of its members
      ...classes,
      CancellationTokenSource,
      ThemeColor: class {},
      version: "1.91.0",
      env: { appName: "test", language: "en" },
      LogLevel: { Trace: 1, Info: 3 },
      StatusBarAlignment: { Right: 2 },
      DiagnosticSeverity: { Error: 0, Warning: 1, Information: 2, Hint: 3 },
      ProgressLocation: { Notification: 15 },
      extensions: { getExtension: () => undefined },
      commands: this.commandsApi(),
      window: this.windowApi(),
      workspace: this.workspaceApi(),
      languages: this.languagesApi(),
    };
    // Every other name is a class or an enumeration that only needs to exist.
    return new Proxy(known, { get: (target, name) => (target[String(name)] ??= class {}) });
  }

  private commandsApi(): object {
    return {
      registerCommand: (name: string, action: (...args: unknown[]) => unknown) => {
        if (this.commands.has(name)) throw new Error(`command '${name}' already exists`);
        this.commands.set(name, action);
        return new Disposable(() => this.commands.delete(name));
      },
      executeCommand: async (...call: unknown[]) => void this.executed.push(call),
    };
  }

  private windowApi(): object {
    const log = (text: string): void => void this.logged.push(text);
    const channel = {
      logLevel: 3,
      info: log,
      warn: log,
      error: log,
      debug: log,
      trace: log,
      append: log,
      appendLine: log,
    };
    const item = Object.assign(this.statusItem, {
      show: () => (this.statusItem.shown = true),
      hide: () => (this.statusItem.shown = false),
      dispose: () => undefined,
    });
    const selection = new Range(0, 1, 0, 1);
    const known = {
      activeTextEditor: { document: this.document, selection },
      visibleTextEditors: [],
      tabGroups: lenient({ all: [] }, this.events),
      createOutputChannel: () => lenient(channel, this.events),
      createStatusBarItem: () => item,
      showErrorMessage: this.message,
      showWarningMessage: this.message,
      showInformationMessage: this.message,
      showInputBox: async () => this.answer,
    };
    return lenient(known, this.events);
  }

  private workspaceApi(): object {
    const get = (key: string, preset?: unknown): unknown => this.settings[key] ?? preset;
    const known = {
      isTrusted: this.trusted,
      workspaceFolders: [{ uri: Uri.file("/news"), name: "news", index: 0 }],
      textDocuments: [this.document],
      notebookDocuments: [],
      registerTextDocumentContentProvider: (_scheme: string, provider: never) => {
        this.providers.pages = provider;
        return new Disposable();
      },
      getConfiguration: (section?: string) =>
        section === "copydesk" ? { ...this.settings, get } : { get: () => ({ ...this.settings }) },
    };
    return lenient(known, this.events);
  }

  private languagesApi(): object {
    const collection = {
      set: (uri: Uri, found: Diagnostic[]) => {
        this.diagnostics.set(uri.toString(), found);
        this.fire("onDidChangeDiagnostics", { uris: [uri] });
      },
      clear: () => this.diagnostics.clear(),
      delete: (uri: Uri) => this.diagnostics.delete(uri.toString()),
      dispose: () => this.diagnostics.clear(),
    };
    const known = {
      match: () => 10,
      createDiagnosticCollection: () => collection,
      getDiagnostics: (uri: Uri) => this.diagnostics.get(uri.toString()) ?? [],
      registerCodeActionsProvider: (_selector: unknown, provider: never) => {
        this.providers.codeActions = provider;
        return new Disposable();
      },
    };
    return lenient(known, this.events);
  }
}
