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
  readonly event = (listener: Listener, self?: unknown, disposables?: Disposable[]): Disposable => {
    const bound = listener.bind(self);
    this.listeners.add(bound);
    const disposable = new Disposable(() => this.listeners.delete(bound));
    disposables?.push(disposable);
    return disposable;
  };
  fire(event?: unknown): void {
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

export class Range {
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

export class Diagnostic {
  source?: string;
  code?: unknown;
  constructor(
    readonly range: Range,
    readonly message: string,
    readonly severity: number,
  ) {}
}

/** Encode all characters that VS Code encodes in the path or the query of an address. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}

export class Uri {
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
    const path = this.path.split("/").map(encoded).join("/");
    return `${this.scheme}://${path}${this.query && `?${encoded(this.query)}`}`;
  }
}

class CancellationTokenSource {
  private readonly canceled = new EventEmitter();
  readonly token = { isCancellationRequested: false, onCancellationRequested: this.canceled.event };
  cancel(): void {
    this.token.isCancellationRequested = true;
    this.canceled.fire();
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
    private text: string,
  ) {}
  getText(range?: Range): string {
    return range ? this.text.slice(this.offset(range.start), this.offset(range.end)) : this.text;
  }
  setText(text: string): void {
    this.text = text;
    this.version += 1;
  }
  /** Return an offset in UTF-16 code units. */
  private offset({ line, character }: Position): number {
    return this.text.split("\n").slice(0, line).join("\n").length + Math.min(line, 1) + character;
  }
  /** Return the text with edits, which do not overlap. */
  edited(edits: readonly FakeTextEdit[]): string {
    const last = [...edits].sort((one, other) => this.offset(other.range.start) - this.offset(one.range.start));
    return last.reduce(
      (text, { range, newText }) =>
        text.slice(0, this.offset(range.start)) + newText + text.slice(this.offset(range.end)),
      this.text,
    );
  }
}

export class WorkspaceEdit {
  /** The edits of each document. With an edit of one version of a document, each has metadata. */
  readonly edits: [Uri, (FakeTextEdit | [FakeTextEdit, unknown])[]][] = [];
  set(uri: Uri, edits: (FakeTextEdit | [FakeTextEdit, unknown])[]): void {
    this.edits.push([uri, edits]);
  }
}

class CodeAction {
  constructor(readonly title: string) {}
}

class CompletionItem {
  constructor(readonly label: string) {}
}

class Hover {
  constructor(
    readonly contents: unknown,
    readonly range?: Range,
  ) {}
}

class MarkdownString {
  constructor(readonly value = "") {}
}

class CodeActionKind {
  static readonly Empty = new CodeActionKind("");
  static readonly QuickFix = new CodeActionKind("quickfix");
  static readonly Source = new CodeActionKind("source");
  constructor(readonly value: string) {}
  append(part: string): CodeActionKind {
    return new CodeActionKind(this.value ? `${this.value}.${part}` : part);
  }
}

class TabInputText {
  constructor(readonly uri: Uri) {}
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

export interface Opened {
  folder: string;
  file: string;
  text: string;
}

/** One folder, and one document in the active editor. */
export class FakeVscode {
  settings: Record<string, unknown> = { path: "", run: "onType", select: [], ignore: [] };
  trusted = true;
  readonly commands = new Map<string, (...args: unknown[]) => unknown>();
  readonly executed: Call[] = [];
  readonly messages: string[] = [];
  readonly logged: string[] = [];
  readonly statusItem = { text: "", tooltip: "", shown: false };
  readonly documents: TextDocument[];
  selection = new Range(0, 1, 0, 1);
  readonly providers: Record<string, Record<string, (...args: unknown[]) => Promise<unknown>>> = {};
  /** What the user enters, and the button that the user presses. */
  answer: string | undefined;
  button: string | undefined;
  private readonly state = new Map<string, unknown>();
  private readonly events = new Map<string, EventEmitter>();
  private readonly collections = new Set<Map<string, Diagnostic[]>>();
  private readonly watchers = new Set<Record<"onDidCreate" | "onDidChange" | "onDidDelete", EventEmitter>>();

  constructor(private readonly opened: Opened = { folder: "/news", file: "/news/a.md", text: "<b>" }) {
    this.documents = [new TextDocument(Uri.file(opened.file), "markdown", opened.text)];
  }

  /** The document in the active editor. */
  get document(): TextDocument {
    return this.documents[0] as TextDocument;
  }

  /** Return the diagnostics of a document or file. */
  diagnosticsOf(uri: Uri): Diagnostic[] {
    return [...this.collections].flatMap((collection) => collection.get(uri.toString()) ?? []);
  }

  /** Open a document in another tab. */
  open(file: string, languageId: string, text: string): TextDocument {
    const document = new TextDocument(Uri.file(file), languageId, text);
    this.documents.push(document);
    this.fire("onDidChangeTabs", { opened: [{}], closed: [], changed: [] });
    this.fire("onDidOpenTextDocument", document);
    return document;
  }

  /** Close a document and its tab. */
  close(document: TextDocument): void {
    this.documents.splice(this.documents.indexOf(document), 1);
    this.fire("onDidChangeTabs", { opened: [], closed: [{}], changed: [] });
    this.fire("onDidCloseTextDocument", document);
  }

  /** Replace the text of a document, as when the user types. */
  edit(document: TextDocument, text: string): void {
    document.setText(text);
    this.fire("onDidChangeTextDocument", { document, contentChanges: [{ text }] });
  }

  applyEdit({ edits }: WorkspaceEdit): void {
    for (const [uri, all] of edits) {
      const document = this.documents.find((each) => each.uri.toString() === uri.toString());
      if (!document) throw new Error(`${uri.toString()} is not open`);
      this.edit(document, document.edited(all.map((each) => (Array.isArray(each) ? each[0] : each))));
    }
  }

  /** Report a change of a file to those that watch files. */
  changeFile(what: "onDidCreate" | "onDidChange" | "onDidDelete", file: string): void {
    for (const watcher of this.watchers) watcher[what].fire(Uri.file(file));
  }

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
      CodeAction,
      CodeActionKind,
      CompletionItem,
      Hover,
      MarkdownString,
      TabInputText,
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
    const tabs = (): object[] => this.documents.map(({ uri }) => ({ input: new TabInputText(uri) }));
    const all = [
      {
        get tabs(): object[] {
          return tabs();
        },
      },
    ];
    const editor = { document: this.document, selection: this.selection };
    const known = {
      activeTextEditor: Object.defineProperty(editor, "selection", { get: () => this.selection }),
      visibleTextEditors: [],
      tabGroups: lenient({ all }, this.events),
      createOutputChannel: () => lenient(channel, this.events),
      createStatusBarItem: () => item,
      showErrorMessage: this.message,
      showWarningMessage: this.message,
      showInformationMessage: this.message,
      showInputBox: async () => this.answer,
      withProgress: async (_options: unknown, task: (...args: unknown[]) => unknown) =>
        task({ report: () => undefined }, new CancellationTokenSource().token),
    };
    return lenient(known, this.events);
  }

  private workspaceApi(): object {
    const get = (key: string, preset?: unknown): unknown => this.settings[key] ?? preset;
    const known = {
      isTrusted: this.trusted,
      workspaceFolders: [{ uri: Uri.file(this.opened.folder), name: "news", index: 0 }],
      textDocuments: this.documents,
      notebookDocuments: [],
      registerTextDocumentContentProvider: this.register("pages"),
      getConfiguration: (section?: string) =>
        section === "copydesk" ? { ...this.settings, get } : { get: () => ({ ...this.settings }) },
      createFileSystemWatcher: () => this.watcher(),
      applyEdit: async (edit: WorkspaceEdit) => (this.applyEdit(edit), true),
    };
    return lenient(known, this.events);
  }

  private watcher(): object {
    const emitters = {
      onDidCreate: new EventEmitter(),
      onDidChange: new EventEmitter(),
      onDidDelete: new EventEmitter(),
    };
    this.watchers.add(emitters);
    return {
      onDidCreate: emitters.onDidCreate.event,
      onDidChange: emitters.onDidChange.event,
      onDidDelete: emitters.onDidDelete.event,
      dispose: () => this.watchers.delete(emitters),
    };
  }

  private collection(): object {
    const found = new Map<string, Diagnostic[]>();
    this.collections.add(found);
    const changed = (uris: Uri[]): void => this.fire("onDidChangeDiagnostics", { uris });
    return {
      set: (uri: Uri, diagnostics: Diagnostic[]) => (found.set(uri.toString(), diagnostics), changed([uri])),
      delete: (uri: Uri) => (found.delete(uri.toString()), changed([uri])),
      clear: () => (found.clear(), changed([])),
      dispose: () => (this.collections.delete(found), changed([])),
    };
  }

  private register(name: string): (selector: unknown, provider: never) => Disposable {
    return (_selector, provider) => {
      this.providers[name] = provider;
      return new Disposable();
    };
  }

  private languagesApi(): object {
    const known = {
      match: () => 10,
      createDiagnosticCollection: () => this.collection(),
      getDiagnostics: (uri: Uri) => this.diagnosticsOf(uri),
      registerCodeActionsProvider: this.register("codeActions"),
      registerHoverProvider: this.register("hover"),
      registerCompletionItemProvider: this.register("completion"),
    };
    return lenient(known, this.events);
  }
}
