// Check the article in the text area through the API of the service, and show the findings in place.
// Text of articles is inserted as text nodes, never as markup. Nothing is stored but the token.
(() => {
  "use strict";

  const FOLDED = 60; // minimum number of consecutive lines without findings that are folded
  const MOST = 1_000; // findings that are shown at a time; fixes make room for others
  const EXAMINED = 100_000; // characters of a text in which its format is recognized
  const PAUSE = 300; // milliseconds without typing after which the format is recognized again
  const STEPS = 50; // changes that can be undone
  const EXAMPLES = 2; // examples of a rule that are shown
  const LONGEST_EXAMPLE = 200; // characters
  const SOON = 300; // milliseconds of work after which a message says what is being done
  const SAID = 4_000; // milliseconds for which a message of success is shown
  const DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
  const KIND_BY_SUFFIX = [
    [/\.(?:md|markdown|mdown|mkd|mdx|qmd|rmd)$/i, "markdown"],
    [/\.(?:html?|xhtml)$/i, "html"],
    [/\.te?xt$/i, "text"],
  ];
  // Rules about HTML that an editor cannot see. They are off for HTML that another program has put into the clipboard.
  const TIDINESS = [
    "leaks/editor-comment",
    "structure/editor-attribute",
    "structure/empty-element",
    "structure/inline-style",
    "structure/obsolete-element",
    "structure/pasted-class",
    "structure/pasted-tag",
    "structure/self-closed",
    "structure/stray-paragraph",
  ];
  const FORMATS = { markdown: "Markdown", html: "HTML", rich: "rich text" };
  const { SEVERITIES, number, counted, make } = passages;

  const $ = (id) => document.getElementById(id);
  const area = $("text");
  const kinds = [...document.querySelectorAll("select.kind")];
  const boxes = [...document.querySelectorAll("[name=severity]")];
  const showTags = document.querySelector("[name=tags]");
  let kind = "markdown";
  let pasted = false; // whether the HTML was made by the program that the text was copied from
  let chosen = false; // whether the user has chosen the format of this article
  let view = null; // the answer of the service, and the text that it is for; null while the text is edited
  let here = -1; // index of the current finding
  let last = null; // the text that was checked last, and its format
  let undos = []; // earlier texts and their formats, the latest last
  let unsaved = false; // whether the text was typed or fixed, and not copied since
  let running = null; // an AbortController for the work in progress, or null; meanwhile, the text cannot be changed

  // --- Messages ------------------------------------------------------------------------------

  let fading = 0;
  function say(text, lasting) {
    clearTimeout(fading);
    $("status").textContent = text;
    if (text && !lasting) fading = setTimeout(() => ($("status").textContent = ""), SAID);
  }

  function complain(text) {
    say("");
    $("problem").hidden = !text;
    $("problem").querySelector("p").textContent = text;
    if (text) $("problem").scrollIntoView({ block: "nearest" });
  }

  /**
   * Do some work, during which `doing` is shown. Return its result, or undefined after an error, which is shown.
   *
   * Work that is in progress is aborted. `work` gets the signal of an AbortController.
   */
  async function attempt(doing, work) {
    running?.abort();
    const own = (running = new AbortController());
    complain("");
    const shown = setTimeout(() => say(doing, true), SOON);
    area.readOnly = true;
    document.body.classList.add("busy");
    try {
      const result = await work(own.signal);
      return own.signal.aborted ? undefined : result;
    } catch (error) {
      if (own.signal.aborted) return undefined;
      complain(error instanceof Refusal ? error.message : `Something went wrong in this page: ${error.message}`);
      return undefined;
    } finally {
      clearTimeout(shown);
      if (running === own) {
        running = null;
        say("");
        area.readOnly = false;
        document.body.classList.remove("busy");
      }
    }
  }

  /** Return the storage of this tab or, if the browser blocks it, one that lasts as long as the page. */
  function storageOfTab() {
    try {
      return sessionStorage;
    } catch {
      const kept = new Map();
      return {
        getItem: (name) => kept.get(name) ?? null,
        setItem: (name, value) => kept.set(name, value),
        removeItem: (name) => kept.delete(name),
      };
    }
  }
  const storage = storageOfTab();

  // --- The service ---------------------------------------------------------------------------

  /** An error whose message is a sentence for the user. */
  class Refusal extends Error {}

  /**
   * Return the service's answer to a request: plain data.
   *
   * `body` is data for JSON or, if `type` is given, a file. Without a body, the method is GET.
   */
  async function ask(path, signal, body, type) {
    for (;;) {
      const headers = body ? { "Content-Type": type ?? "application/json" } : {};
      const token = storage.getItem("token");
      if (token) headers.Authorization = `Bearer ${token}`;
      let response;
      let answer;
      try {
        const method = body ? "POST" : "GET";
        response = await fetch(path, { method, headers, signal, body: type ? body : JSON.stringify(body) });
        answer = await response.text();
      } catch {
        throw new Refusal("The service does not answer. Check that it is running, and try again.");
      }
      if (response.ok) return JSON.parse(answer);
      const reason = reasonOf(response, answer);
      if (![401, 403].includes(response.status) || !/\btoken\b/i.test(reason)) throw new Refusal(reason);
      storage.removeItem("token");
      if (!(await askToken(token ? "The service refused this token." : ""))) {
        throw new Refusal("This service needs a token. Ask the person who runs it, and try again.");
      }
    }
  }

  /** Return the sentence in an answer that reports an error. */
  function reasonOf(response, answer) {
    try {
      const { error } = JSON.parse(answer);
      if (error.message) return error.message;
    } catch {
      // not an answer of copydesk, but perhaps of a reverse proxy
    }
    return `The service answered with the error ${response.status}. Try again later.`;
  }

  /** Ask the user for a token and keep it for this tab. Return whether there is one. */
  function askToken(reason) {
    const dialog = $("ask");
    const input = dialog.querySelector("input");
    input.value = "";
    $("refused").textContent = reason;
    dialog.returnValue = "";
    dialog.showModal();
    return new Promise((done) => {
      dialog.addEventListener("close", () => {
        if (dialog.returnValue) storage.setItem("token", input.value.trim());
        done(Boolean(dialog.returnValue));
      }, { once: true });
    });
  }

  // --- The text ------------------------------------------------------------------------------

  function setKind(name) {
    kind = name;
    kinds.forEach((select) => (select.value = name));
    area.classList.toggle("source", name === "html" || name === "wordpress");
  }

  /** Return the format of a text, judging by its content. */
  function kindOf(text) {
    const start = text.slice(0, EXAMINED);
    if (/<!--\s*\/?wp:|\[(?:caption|gallery|embed)\b[^\]]*\]/.test(start)) return "wordpress";
    const heading = /^#{1,6} \S/m.test(start);
    if (/^\s*<(?:!doctype|[a-z][a-z0-9]*[\s>])/i.test(start) && /<\/[a-z]/i.test(start) && !heading) return "html";
    if (!heading && (start.match(/<\/(?:p|h[1-6]|li|div|blockquote|td)>/gi) ?? []).length > 1) return "html";
    const marks = /^(?:---|\+\+\+)\s*$|^ {0,3}(?:[-*+]|\d+\.|>) +\S|^ {0,3}(?:```|~~~)|\]\([^)\s]+\)|\*\*\S.*?\*\*/m;
    return heading || marks.test(start) ? "markdown" : "text";
  }

  /** Replace the article. The last one can be restored with “Undo”. */
  function replace(text, itsKind, isPasted = false) {
    if (area.value.trim()) last = [area.value, kind];
    area.value = text;
    pasted = isPasted;
    chosen = false;
    unsaved = false;
    here = -1;
    setKind(itsKind);
  }

  /** Return the index in `text`, in UTF-16, of the code point at `offset`; `offset` is 0-based. */
  function indexOf(text, offset) {
    let index = 0;
    for (let left = offset; left > 0; left--) index += text.codePointAt(index) > 0xffff ? 2 : 1;
    return index;
  }

  /** Return `text` after edits, which are lists of start, end and new text, in code points. */
  function edited(text, edits) {
    const parts = [];
    let [at, offset] = [0, 0];
    const to = (point) => {
      const index = at + indexOf(text.slice(at, at + 2 * (point - offset)), point - offset);
      const between = text.slice(at, index);
      [at, offset] = [index, point];
      return between;
    };
    for (const [start, end, better] of [...edits].sort((one, other) => one[0] - other[0] || one[1] - other[1])) {
      parts.push(to(start), better);
      to(end);
    }
    return parts.join("") + text.slice(at);
  }

  // --- Paste, drop and files -----------------------------------------------------------------

  /** Return the HTML in the clipboard, or "" if it is not rich text, such as code from an editor. */
  function richText(data) {
    const html = data.getData("text/html");
    const plain = data.getData("text/plain");
    if (data.types.includes("vscode-editor-data") || ["html", "wordpress"].includes(kindOf(plain))) return "";
    const fragment = html.match(/<!--\s*StartFragment\s*-->([^]*?)<!--\s*EndFragment\s*-->/i) ?? html.match(/<body\b[^>]*>([^]*)<\/body>/i);
    const text = (fragment ? fragment[1] : html).replace(/^\s*(?:<meta\b[^>]*>\s*)+|<br class="Apple-interchange-newline">/gi, "").trim();
    if (/^<(?:div|pre|span)\b[^>]*style=["'][^>]*(?:white-space:\s*pre|monospace)/i.test(text)) return "";
    const structure = /<(?:p|h[1-6]|ul|ol|li|table|blockquote|figure|img|hr|a|strong|em|i)\b|<b\b(?![^>]*font-weight:\s*normal)|font-weight:\s*[67]00/i;
    return structure.test(text) ? text : "";
  }

  /** Take an article from the clipboard, or from text that was dropped. */
  function take(data) {
    const rich = richText(data);
    const text = rich || data.getData("text/plain");
    if (!text.trim()) {
      if (data.files.length) openFile(data.files[0]);
      return;
    }
    replace(text, rich ? "html" : kindOf(text), Boolean(rich));
    checkArticle();
  }

  area.addEventListener("paste", (event) => {
    const data = event.clipboardData;
    const [start, end] = [area.selectionStart, area.selectionEnd];
    const whole = !(area.value.slice(0, start) + area.value.slice(end)).trim();
    if (whole || !data.types.some((type) => type.startsWith("text/"))) {
      event.preventDefault();
      take(data);
      return;
    }
    const rich = (kind === "html" || kind === "wordpress") && !area.readOnly ? richText(data) : "";
    if (rich) {
      event.preventDefault();
      area.setRangeText(rich, start, end, "end");
      unsaved = true;
    }
  });
  document.addEventListener("paste", (event) => {
    if (event.target.closest?.("textarea, input, dialog")) return;
    event.preventDefault();
    take(event.clipboardData);
  });

  let inside = 0; // number of elements that the dragged file has entered and not left
  const dragged = (event) => event.dataTransfer.types.includes("Files") || event.target !== area;
  const drag = (change) => (event) => {
    if (change === 0) inside = 0;
    else inside += change;
    document.querySelector(".drop").hidden = inside <= 0 || !dragged(event);
  };
  addEventListener("dragenter", drag(1));
  addEventListener("dragleave", drag(-1));
  addEventListener("dragover", (event) => dragged(event) && event.preventDefault());
  addEventListener("drop", (event) => {
    drag(0)(event);
    if (!dragged(event)) return;
    event.preventDefault();
    if (event.dataTransfer.files.length) openFile(event.dataTransfer.files[0]);
    else take(event.dataTransfer);
  });

  /** Return the text in a file as bytes: in the encoding of its mark or its declaration, in UTF-8, or in Windows-1252. */
  function decoded(bytes) {
    const [first, second] = new Uint8Array(bytes.slice(0, 2));
    if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
    if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(bytes);
    const head = new TextDecoder("windows-1252").decode(bytes.slice(0, 1024));
    const declared = head.match(/charset\s*=\s*["']?([\w-]+)/i)?.[1];
    for (const name of ["utf-8", declared]) {
      try {
        if (name) return new TextDecoder(name, { fatal: true }).decode(bytes);
      } catch {
        continue; // an unknown encoding, or another one
      }
    }
    return new TextDecoder("windows-1252").decode(bytes);
  }

  /** Return the text and the format of a file. */
  async function contentsOf(file, signal) {
    if (/\.docx$/i.test(file.name)) {
      const { text, kind: itsKind } = await ask("convert", signal, file, DOCX);
      return [text, itsKind];
    }
    const most = Number(document.body.dataset.maxBytes);
    if (file.size > most) {
      throw new Refusal(`“${file.name}” is too large. Files may have at most ${number(Math.floor(most / 1000))} kB.`);
    }
    const named = KIND_BY_SUFFIX.find(([pattern]) => pattern.test(file.name))?.[1];
    if (!named && !file.type.startsWith("text/")) {
      throw new Refusal(`“${file.name}” cannot be checked. Open a Markdown, HTML, text or Word (.docx) file.`);
    }
    const text = decoded(await file.arrayBuffer());
    const found = kindOf(text);
    return [text, found === "wordpress" ? found : (named ?? found)];
  }

  async function openFile(file) {
    const contents = await attempt("Opening the file…", (signal) => contentsOf(file, signal));
    if (!contents) return;
    replace(...contents);
    await checkArticle();
  }

  // --- Checks --------------------------------------------------------------------------------

  /** Return the request to check or fix a text. */
  function requestFor(text) {
    return { text, kind, ignore: pasted && kind === "html" ? TIDINESS : [] };
  }

  /**
   * Check a text, by default that of the text area, and show it with its findings. Return whether that was possible.
   *
   * If `at` is given, the focus moves to the finding with this index, at the height `top` in the window.
   */
  async function checkArticle(at, top, text = area.value) {
    if (!text.trim()) {
      write();
      say("Paste or type an article first.");
      return false;
    }
    const answer = await attempt("Checking…", (signal) => ask("view", signal, requestFor(text)));
    if (!answer) {
      if (view && !running && view.text !== area.value) write(); // the findings are those of another text
      return false;
    }
    if (area.value !== text) area.value = text;
    view = { ...answer, text };
    if (last && last[0] !== area.value) undos = [...undos, last].slice(-STEPS);
    last = [area.value, kind];
    $("write").hidden = true;
    $("read").hidden = false;
    draw();
    const listed = shownFindings();
    if (at === undefined || !listed.length) {
      here = -1;
      scrollTo(0, 0);
      $("verdict").focus({ preventScroll: true });
    } else {
      goTo(listed.find((index) => index >= at) ?? listed.at(-1));
      if (top !== undefined) scrollBy(0, $(`f-${here}`).getBoundingClientRect().top - top);
    }
    return true;
  }

  /** Return to the text area, with the cursor at the current finding. */
  function write() {
    const finding = view?.text === area.value ? view.findings[here] : undefined;
    running?.abort();
    area.readOnly = false;
    view = null;
    here = -1;
    $("read").hidden = true;
    $("write").hidden = false;
    document.title = "copydesk";
    area.focus();
    if (finding) {
      const lines = area.value.split("\n");
      const start = lines.slice(0, finding.line - 1).join("\n").length + (finding.line > 1);
      const index = start + indexOf(lines[finding.line - 1], finding.column - 1);
      area.setSelectionRange(index, index);
      area.blur();
      area.focus(); // scrolls to the cursor
    }
  }

  /** Empty the text area. */
  function clear() {
    complain("");
    area.focus();
    area.select();
    document.execCommand("delete"); // unlike an assignment, the browser can undo this
    chosen = pasted = false;
  }

  /** Change the text, and check it again. If it cannot be checked, the text stays as it was. */
  async function change(text, done, at, top) {
    const lines = text.replace(/\r\n?/g, "\n"); // as in text areas
    if (await checkArticle(at, top, lines)) {
      unsaved = true;
      say(`${done} ${left()}`);
    }
  }

  function left() {
    const count = view.findings.length;
    return count ? `${counted(count, "finding", "findings")} left.` : "No findings left.";
  }

  async function fixFinding(at) {
    if (running) return; // the edits are those of an earlier text
    const top = $(`f-${at}`).getBoundingClientRect().top;
    await change(edited(area.value, view.findings[at].edits), "Fixed.", at, top);
  }

  async function fixAll() {
    if (running) return;
    const answer = await attempt("Fixing…", (signal) => ask("fix", signal, requestFor(area.value)));
    if (!answer) return;
    if (answer.unstable.length) complain(`These rules contradict each other, so none of their fixes was applied: ${answer.unstable.join(", ")}.`);
    if (!answer.fixed.length) return;
    const notice = $("problem").querySelector("p").textContent;
    await change(answer.text, `${counted(answer.fixed.length, "fix", "fixes")} applied.`);
    if (notice) complain(notice);
  }

  async function undo() {
    if (running || !undos.length) return;
    [area.value, kind] = last = undos.pop();
    unsaved = true;
    setKind(kind);
    if (await checkArticle(here < 0 ? undefined : here)) say("Undone.");
  }

  // --- Findings ------------------------------------------------------------------------------

  function shownFindings() {
    return view.findings.map((_, at) => at).filter((at) => view.shown[at]);
  }

  function draw() {
    const severities = new Set(boxes.filter((box) => box.checked).map((box) => Number(box.value)));
    const hasTags = kind === "html" || kind === "wordpress";
    const passes = view.findings.map((finding) => severities.has(finding.severity));
    view.passing = passes.filter(Boolean).length;
    let remaining = MOST;
    view.shown = passes.map((passing) => passing && remaining-- > 0);
    const [total, outcome] = view.verdict;
    const bad = view.counts.error > 0;
    $("verdict").replaceChildren(outcome ? `${total}: ` : total, outcome && make("em", { class: bad ? "bad" : "good" }, outcome));
    document.title = `${total} – copydesk`;
    const problems = view.problems.map((problem) => problem.message);
    $("incomplete").hidden = !problems.length;
    $("incomplete").textContent = `Defects may be missing: ${problems.join("; ")}.`;
    SEVERITIES.forEach((severity, at) => {
      boxes[at].parentElement.querySelector(".number").textContent = number(view.counts[severity]);
    });
    $("fix").hidden = !view.fixable;
    $("fix").textContent = `Apply ${counted(view.fixable, "safe fix", "safe fixes")}`;
    $("undo").hidden = !undos.length;
    $("tags").hidden = !hasTags;
    $("article").className = `${hasTags ? "html" : ""} ${showTags.checked ? "tags" : ""}`;
    $("article").replaceChildren(passages.lines({ ...view, note: "" }, FOLDED, note));
    count();
  }

  /** Show how many findings there are, and which one is current. */
  function count() {
    const listed = shownFindings();
    const rank = listed.indexOf(here);
    const first = view.passing > listed.length ? `First ${number(listed.length)} of ` : "";
    const all = `${first}${counted(view.passing, "finding", "findings")}`;
    $("found").textContent = rank < 0 ? all : `Finding ${number(rank + 1)} of ${number(view.passing)}`;
    $("previous").disabled = $("next").disabled = !listed.length;
  }

  function note(article, at) {
    const finding = article.findings[at];
    const rule = article.rules[finding.rule];
    const { why, fix } = article.explanations[finding.rule];
    const item = passages.note(finding, at, `f-${at}`, passages.place(finding));
    const foot = item.lastElementChild;
    const reason = make("div", { class: "reason", id: `r-${at}`, hidden: "" });
    if (why) reason.append(make("p", {}, why), make("p", {}, `Fix: ${fix}`));
    const label = `${rule}: reason for finding ${at + 1}`;
    const more = make("button", { type: "button", class: "more", "aria-expanded": "false", "aria-controls": reason.id, "aria-label": label }, rule);
    const apply = make("p", { class: "apply" });
    if (finding.edits) {
      const name = finding.fix?.[2] === false ? "Fix and review" : "Fix";
      apply.append(make("button", { type: "button", "data-fix": at, "aria-label": `${name}: finding ${at + 1}` }, name));
    }
    apply.append(more);
    foot.before(apply, reason);
    reason.append(foot);
    return item;
  }

  /** Open or close the reason for a finding; `more` is its button. */
  async function explain(more) {
    const open = more.getAttribute("aria-expanded") === "false";
    const reason = $(more.getAttribute("aria-controls"));
    more.setAttribute("aria-expanded", String(open));
    reason.hidden = !open;
    if (!open || reason.querySelector(".examples")) return;
    const examples = make("div", { class: "examples" });
    reason.lastElementChild.before(examples);
    try {
      const rule = await ruleOf(more.textContent);
      examples.append(...rule.examples.filter(({ text }) => text.length <= LONGEST_EXAMPLE).slice(0, EXAMPLES).map(example));
      const attributes = { href: rule.url, target: "_blank", rel: "noopener noreferrer", title: "Opens in a new tab" };
      if (rule.url) reason.lastElementChild.append(" · ", make("a", attributes, "documentation"));
    } catch {
      examples.append(make("p", {}, "No examples of this rule are available."));
    }
  }

  const rules = new Map(); // name of a rule → a promise of its data
  function ruleOf(name) {
    const [pack, id] = name.includes("/") ? name.split("/") : name.split(/\.(.*)/);
    if (!rules.has(name)) rules.set(name, ask(`rules/${encodeURIComponent(pack)}/${encodeURIComponent(id)}`, undefined));
    return rules.get(name);
  }

  /** Return an example of a rule, in which ⟦ and ⟧ mark the findings. */
  function example({ text, fixed }) {
    const line = make("p", { class: "fix" });
    const parts = text.split(/⟦(.*?)⟧/s);
    line.append(...parts.map((part, at) => (at % 2 ? make("mark", {}, part) : part)));
    if (fixed) line.append(" ", make("span", { role: "img", "aria-label": "becomes" }, "→"), " ", make("ins", {}, fixed));
    return line;
  }

  function goTo(at) {
    here = at;
    passages.goTo($("article"), at, $(`f-${at}`));
    count();
  }

  function step(by) {
    const listed = shownFindings();
    if (!listed.length) return;
    const rank = listed.indexOf(here);
    goTo(listed[rank < 0 ? (by > 0 ? 0 : listed.length - 1) : (rank + by + listed.length) % listed.length]);
  }

  // --- Copies --------------------------------------------------------------------------------

  async function converted(to, signal) {
    if (kind === to || (kind === "wordpress" && to === "html")) return area.value;
    return (await ask("convert", signal, { text: area.value, kind, to })).text;
  }

  /** Return the texts to copy as `format`, by media type. */
  async function copyOf(format, signal) {
    if (format !== "rich") return { "text/plain": await converted(format, signal) };
    const plain = kind === "text" ? area.value : await converted("markdown", signal);
    return { "text/html": await converted("html", signal), "text/plain": plain };
  }

  async function copy(format, signal) {
    const texts = copyOf(format, signal);
    if (navigator.clipboard?.write) {
      const types = format === "rich" ? ["text/html", "text/plain"] : ["text/plain"];
      const item = (type) => texts.then((made) => new Blob([made[type]], { type }));
      // the texts are promises, because browsers allow copying only directly after a click
      await Promise.all([texts, navigator.clipboard.write([new ClipboardItem(Object.fromEntries(types.map((type) => [type, item(type)])))])]);
    } else copyByEvent(await texts);
    unsaved = false;
    return true;
  }

  /** Copy texts in a page without HTTPS, where browsers offer no other way. */
  function copyByEvent(texts) {
    const fill = (event) => {
      event.preventDefault();
      Object.entries(texts).forEach(([type, text]) => event.clipboardData.setData(type, text));
    };
    document.addEventListener("copy", fill, { once: true });
    if (!document.execCommand("copy")) throw new Refusal("The browser does not allow copying. Select the text and copy it.");
  }

  // --- Events --------------------------------------------------------------------------------

  const act = (id, action) => $(id).addEventListener("click", () => action());
  act("check", checkArticle);
  act("edit", write);
  act("undo", undo);
  act("fix", fixAll);
  act("previous", () => step(-1));
  act("next", () => step(1));
  act("open", () => $("file").click());
  act("clear", clear);
  act("new", () => {
    write();
    clear();
  });
  act("cancel", () => $("ask").close());
  $("ask").querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    $("ask").close("token");
  });
  $("problem").querySelector("button").addEventListener("click", () => complain(""));
  $("options").addEventListener("click", (event) => {
    const open = $("more").classList.toggle("open");
    event.currentTarget.setAttribute("aria-expanded", String(open));
  });
  $("file").addEventListener("change", (event) => {
    const [file] = event.target.files;
    event.target.value = "";
    if (file) openFile(file);
  });

  let due = 0;
  area.addEventListener("input", () => {
    unsaved = true;
    pasted &&= Boolean(area.value.trim());
    clearTimeout(due);
    due = setTimeout(() => chosen || setKind(kindOf(area.value)), PAUSE);
  });
  for (const select of kinds) {
    select.addEventListener("change", () => {
      chosen = true;
      setKind(select.value);
      if (view) checkArticle();
    });
  }
  for (const box of [...boxes, showTags]) {
    box.addEventListener("change", () => {
      here = -1;
      draw();
    });
  }

  $("article").addEventListener("click", ({ target }) => {
    const button = target.closest("[data-fix]");
    const more = target.closest(".more");
    const mark = target.closest("mark");
    if (button) fixFinding(Number(button.dataset.fix));
    else if (more) explain(more);
    else if (mark?.dataset.at) goTo(Number(mark.dataset.at.split(" ")[0]));
  });
  $("article").addEventListener("focusin", ({ target }) => {
    const item = target.closest(".note");
    if (!item || Number(item.dataset.at) === here) return;
    here = Number(item.dataset.at);
    count();
  });
  passages.lightUp($("article"), () => $("article"));
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.addEventListener("click", async () => {
      const format = button.dataset.copy;
      if (!running && (await attempt("Copying…", (signal) => copy(format, signal)))) say(`Copied as ${FORMATS[format]}.`);
    });
  }

  addEventListener("keydown", (event) => {
    if (event.target.closest?.("dialog")) return;
    const command = event.ctrlKey || event.metaKey;
    if (command && event.key === "Enter") checkArticle();
    else if (view && command && event.key === "z" && !event.shiftKey) undo();
    else if (view && event.altKey && ["ArrowUp", "ArrowDown"].includes(event.key) && event.target.localName !== "select") {
      step(event.key === "ArrowUp" ? -1 : 1);
    } else return;
    event.preventDefault();
  });
  addEventListener("beforeunload", (event) => {
    if (unsaved && area.value.trim()) event.preventDefault();
  });

  if (/^Mac|^iP/.test(navigator.platform)) {
    const signs = { Ctrl: "⌘", Alt: "⌥" };
    document.querySelectorAll("kbd").forEach((key) => (key.textContent = signs[key.textContent] ?? key.textContent));
  }
  setKind(kind);
  area.focus();
})();
