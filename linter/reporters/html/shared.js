// Functions that draw the lines of an article and the notes on its findings. Several pages use them.
// Text of articles is inserted as text nodes, never as markup.
const passages = (() => {
  "use strict";

  const KEPT = 3; // lines that are not folded on either side of a finding
  const SEVERITIES = ["error", "warning", "info"];
  const NOUNS = [["error", "errors"], ["warning", "warnings"], ["note", "notes"]];
  const NAMED = /(⟨(?:U\+[0-9A-F]{4,6}|… [\d,]+ characters …)⟩)/;
  const MARKED_CODE = 2; // the third item of a piece of code that is the whole text of a finding

  const number = (count) => count.toLocaleString("en");
  const counted = (count, one, many) => `${number(count)} ${count === 1 ? one : many}`;

  /** Return an element with attributes (without undefined ones) and children, which are texts or nodes. */
  function make(name, attributes, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value !== undefined) element.setAttribute(key, value);
    }
    element.append(...children.filter((child) => child !== ""));
    return element;
  }

  /**
   * Return an article, line by line, with findings next to the lines on which they begin.
   *
   * At least `folded` consecutive lines without findings are folded. If the article has a `note`, there are gaps
   * between its rows. `noteOf(article, at)` returns the note on the finding with the index `at`.
   */
  function lines(article, folded, noteOf) {
    const last = new Map(); // number of a finding → the last of its marks
    const page = make("div", { class: "page" });
    let quiet = [];
    let before = 0;
    const settle = (atEnd) => {
      const first = page.childElementCount === 0;
      const [head, tail] = [first ? 0 : KEPT, atEnd ? 0 : KEPT];
      if (readable(quiet) >= folded) {
        page.append(...quiet.slice(0, head), fold(quiet.slice(head, quiet.length - tail)), ...quiet.slice(quiet.length - tail));
      } else page.append(...quiet);
      quiet = [];
    };
    for (const [line, pieces, begins, scope] of article.rows) {
      if (article.note && before && line > before + 1) {
        settle(true);
        page.append(make("div", { class: "gap", "aria-hidden": "true" }, "⋯"));
      }
      const row = lineOf(article, line === before ? "" : number(line), pieces, last, scope);
      before = line;
      const notes = begins.filter((at) => article.shown[at]);
      if (notes.length || row.querySelector("mark")) {
        settle(false);
        if (notes.length) row.append(make("ol", { class: "notes" }, ...notes.map((at) => noteOf(article, at))));
        row.classList.remove("coded");
        page.append(row);
      } else quiet.push(row);
    }
    settle(true);
    for (const [at, mark] of last) mark.append(make("sup", { "aria-hidden": "true" }, String(at + 1)));
    return page;
  }

  /** Return how many of `rows` contain more than code. */
  function readable(rows) {
    return rows.filter((row) => !row.classList.contains("coded")).length;
  }

  function fold(rows) {
    const button = make("button", { type: "button", class: "fold" }, `${counted(readable(rows), "line", "lines")} without findings`);
    button.addEventListener("click", () => {
      rows[0].tabIndex = -1;
      button.replaceWith(...rows);
      rows[0].focus({ preventScroll: true });
    });
    return button;
  }

  /** Return a line with its marks. Lines and pieces that contain only code have the class `coded`. */
  function lineOf(article, label, pieces, last, scope) {
    const words = make("p", { class: "words", dir: "auto", lang: "" });
    let [blank, coded] = [true, pieces.length > 0];
    for (const piece of pieces) {
      const [shown, numbers, code] = typeof piece === "string" ? [piece, []] : piece;
      const hidden = code && code !== MARKED_CODE;
      blank &&= !shown.trim();
      coded &&= Boolean(hidden);
      const own = numbers.filter((at) => article.shown[at]);
      if (!own.length) {
        words.append(...(code ? [make("span", { class: "coded" }, ...named(shown))] : named(shown)));
        continue;
      }
      const worst = Math.min(...own.map((at) => article.findings[at].severity));
      const mark = make("mark", { class: SEVERITIES[worst], "data-at": own.join(" ") }, ...named(shown));
      if (!shown) mark.classList.add("empty");
      if (code) mark.classList.add(hidden ? "coded" : "code");
      own.filter((at) => !hidden || !last.has(at)).forEach((at) => last.set(at, mark));
      words.append(mark);
    }
    if (/^#{1,6} /.test(typeof pieces[0] === "string" ? pieces[0] : pieces[0]?.[0] ?? "")) words.classList.add("heading");
    if (scope) words.classList.add(scope);
    const row = make("div", { class: blank && !words.childElementCount ? "line blank" : coded ? "line coded" : "line" });
    row.append(make("span", { class: "at", "aria-hidden": "true" }, label), words);
    return row;
  }

  /** Return text with highlighted names of invisible characters. */
  function named(shown) {
    return shown.split(NAMED).filter(Boolean).map((part) => (NAMED.test(part) ? make("span", { class: "named" }, part.slice(1, -1)) : part));
  }

  /** Return the note on the finding `at`. `links` are the first items of its last line; the next is its fix, if any. */
  function note(finding, at, id, ...links) {
    const severity = SEVERITIES[finding.severity];
    const sign = make("b", { class: "sign" }, make("span", { class: "unseen" }, `${NOUNS[finding.severity][0]} `), String(at + 1));
    const message = make("p", { class: "message" }, sign, " ", finding.message);
    const item = make("li", { class: `note ${severity}`, id, tabindex: "-1", "data-at": at }, message);
    const foot = make("p", { class: "foot" });
    links.forEach((link, index) => foot.append(index ? " · " : "", link));
    if (finding.fix) {
      const [old, better, safe, said] = finding.fix;
      if (!said) item.append(fix(old, better));
      foot.append(" · ", make("span", {}, safe ? "safe fix" : "unsafe fix"));
    }
    item.append(foot);
    return item;
  }

  function fix(old, better) {
    const line = make("p", { class: "fix" });
    if (old) line.append(make("del", {}, old), " ");
    if (better.trim()) line.append(make("span", { role: "img", "aria-label": "becomes" }, "→"), " ", make("ins", {}, better));
    return line;
  }

  /** Return the place of a finding: its line and, if it has one, its paragraph. */
  function place(finding) {
    const paragraph = finding.paragraph ? `, ¶\u00a0${number(finding.paragraph)}` : "";
    return `line\u00a0${number(finding.line)}${paragraph}`;
  }

  /** In `element`, light up the marks and the note of a finding while the pointer or the focus is on one of them. */
  function lightUp(element, articleOf) {
    for (const [event, lit] of [["pointerover", true], ["pointerout", false], ["focusin", true], ["focusout", false]]) {
      element.addEventListener(event, ({ target }) => {
        const one = target.closest("[data-at]");
        if (!one) return;
        for (const at of one.dataset.at.split(" ")) {
          articleOf(one).querySelectorAll(`[data-at~="${at}"]`).forEach((each) => each.classList.toggle("lit", lit));
        }
      });
    }
  }

  /** Show the finding `at` of an article, which has the note `item`, and move the focus to it. */
  function goTo(element, at, item, list = element) {
    list.querySelectorAll(".here").forEach((old) => old.classList.remove("here"));
    element.querySelectorAll(`mark[data-at~="${at}"]`).forEach((mark) => mark.classList.add("here"));
    item.classList.add("here");
    item.scrollIntoView({ block: "center" });
    item.focus({ preventScroll: true });
  }

  return { SEVERITIES, NOUNS, number, counted, make, lines, note, place, lightUp, goTo };
})();
