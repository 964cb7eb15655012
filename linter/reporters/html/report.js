// Show the articles of the report with their findings; search, filter and open them.
(() => {
  "use strict";

  const PORTION = 40; // articles that are listed at a time
  const FOLDED = 14; // minimum number of consecutive lines without findings that are folded
  const { SEVERITIES, NOUNS, number, counted, make } = passages;
  const FILTERS = ["severity", "text", "pack", "rule", "folder", "order"];

  const $ = (id) => document.getElementById(id);
  const list = $("list");
  if (!list) return;
  const data = JSON.parse($("data").textContent);
  const form = $("filter");
  const places = new Map(); // key of a finding → its article and its number there
  data.articles.forEach((article, index) => {
    article.index = index;
    article.open = false;
    article.findings.forEach((finding, number) => places.set(finding.key, [article, number]));
  });
  const articleByKey = new Map(data.articles.map((article) => [article.key, article]));
  let listed = []; // articles with findings that pass the filters, in order
  let drawn = 0; // number of them that are in the page
  let here = ""; // key of the current finding

  // --- Filters -------------------------------------------------------------------------------

  function wanted() {
    const values = new FormData(form);
    return {
      severity: new Set(values.getAll("severity")),
      text: values.get("text").trim().toLowerCase(),
      pack: values.get("pack"),
      rule: values.get("rule"),
      folder: values.get("folder"),
      order: values.get("order"),
    };
  }

  /** Return the line on which each finding of an article begins. */
  function linesOf(article) {
    const lines = [];
    for (const [, pieces, begins] of article.rows) {
      if (!begins.length) continue;
      const line = pieces.map((piece) => (typeof piece === "string" ? piece : piece[0])).join("");
      begins.forEach((at) => (lines[at] = line));
    }
    return lines;
  }

  function passes(finding, at, article, want, inPath) {
    const rule = data.rules[finding.rule];
    if (!want.severity.has(SEVERITIES[finding.severity])) return false;
    if (want.rule && rule !== want.rule) return false;
    if (want.pack && !rule.startsWith(`${want.pack}/`)) return false;
    if (!want.text || inPath) return true;
    article.lines ??= linesOf(article);
    finding.words ??= `${finding.message}\n${finding.text}\n${article.lines[at]}\n${rule}`.toLowerCase();
    return finding.words.includes(want.text);
  }

  /** Apply the filters and draw the list. */
  function filter() {
    const want = wanted();
    for (const article of data.articles) {
      const inFolder = !want.folder || data.folders[article.folder] === want.folder;
      const inPath = want.text && `${article.path} ${article.record}`.toLowerCase().includes(want.text);
      article.shown = article.findings.map((finding, at) => inFolder && passes(finding, at, article, want, inPath));
      article.counts = [0, 0, 0];
      article.findings.forEach((finding, at) => (article.counts[finding.severity] += article.shown[at]));
    }
    const worse = (one, other) => [0, 1, 2].map((at) => other.counts[at] - one.counts[at]).find(Boolean) ?? 0;
    const named = (one, other) => (one.path < other.path ? -1 : one.path > other.path ? 1 : 0);
    listed = data.articles.filter((article) => article.shown.includes(true));
    listed.sort((one, other) => (want.order ? 0 : worse(one, other)) || named(one, other) || one.index - other.index);
    if (listed.length && listed.length <= 2) listed.forEach((article) => (article.open = true));
    list.replaceChildren();
    drawn = 0;
    draw(PORTION);
    const total = listed.reduce((sum, article) => sum + article.counts[0] + article.counts[1] + article.counts[2], 0);
    const all = total === places.size ? "" : ` of ${number(places.size)}`;
    $("found").textContent = `${number(total)}${all} finding${places.size === 1 ? "" : "s"} in ${counted(listed.length, "article", "articles")}`;
    $("previous").disabled = $("next").disabled = !total;
    document.body.classList.toggle("filtered", total !== places.size);
  }

  /** Draw up to `count` more articles. */
  function draw(count) {
    const end = Math.min(listed.length, drawn + count);
    list.append(...listed.slice(drawn, end).map(story));
    drawn = end;
    const left = listed.length - drawn;
    $("more").hidden = !left;
    $("more").textContent = `Show ${number(Math.min(left, PORTION))} more of ${counted(left, "article", "articles")}`;
  }

  /** Return the filters as a URL fragment, "" if everything is shown. */
  function written() {
    const want = wanted();
    const boxes = [...form.querySelectorAll("[name=severity]:enabled")];
    const parts = new URLSearchParams();
    if (!boxes.every((box) => box.checked)) parts.set("severity", [...want.severity].join(","));
    for (const name of FILTERS.slice(1)) if (want[name]) parts.set(name, want[name]);
    return parts.toString();
  }

  /** Set the filters from a URL fragment. */
  function read(parts) {
    form.reset();
    for (const name of FILTERS.slice(1)) form.elements[name].value = parts.get(name) ?? "";
    const severity = parts.get("severity");
    if (severity !== null) {
      for (const box of form.querySelectorAll("[name=severity]")) box.checked = severity.split(",").includes(box.value);
    }
  }

  // --- An article ----------------------------------------------------------------------------

  function story(article) {
    const cut = article.path.lastIndexOf("/") + 1;
    const body = make("div", { class: "body", id: `b-${article.key}` });
    const button = make(
      "button",
      { type: "button", "aria-expanded": "false", "aria-controls": body.id, "data-article": article.index },
      make("span", { class: "folder" }, article.path.slice(0, cut)),
      make("span", { class: "name" }, article.path.slice(cut)),
      article.record && make("span", { class: "record" }, ` · ${article.record}`),
    );
    const counts = make("p", { class: "counts" });
    article.counts.forEach((count, at) => {
      if (count) counts.append(make("span", { class: SEVERITIES[at] }, counted(count, ...NOUNS[at])));
    });
    const head = make("div", { class: "head" }, make("h3", {}, button), counts);
    article.element = make("article", { class: "story", id: `a-${article.key}` }, head, body);
    unfold(article, article.open);
    return article.element;
  }

  /** Open or close a drawn article. */
  function unfold(article, open) {
    const [head, body] = article.element.children;
    article.open = open;
    head.querySelector("button").setAttribute("aria-expanded", String(open));
    body.hidden = !open;
    body.replaceChildren(...(open ? text(article) : []));
  }

  /** Yield the text of an article, line by line, with findings next to the lines on which they begin. */
  function* text(article) {
    if (article.note) yield make("p", { class: "notice" }, article.note);
    yield passages.lines(article, FOLDED, note);
  }

  function note(article, at) {
    const finding = article.findings[at];
    const rule = data.rules[finding.rule];
    return passages.note(
      finding,
      at,
      `f-${finding.key}`,
      make("a", { href: `#rule-${rule.replace("/", "-")}`, title: "About this rule" }, rule),
      make("a", { href: `#f-${finding.key}`, title: "Link to this finding" }, passages.place(finding)),
    );
  }

  // --- Navigation ----------------------------------------------------------------------------

  /** Draw and open an article; clear the filters if they hide finding `at`. */
  function show(article, at) {
    if (at === undefined ? !article.shown.includes(true) : !article.shown[at]) {
      read(new URLSearchParams());
      filter();
    }
    const rank = listed.indexOf(article);
    if (rank >= drawn) draw(rank + 1 - drawn);
    if (!article.open) unfold(article, true);
  }

  function goTo(key) {
    const [article, at] = places.get(key);
    here = key;
    show(article, at);
    passages.goTo(article.element, at, $(`f-${key}`), list);
  }

  /** Follow the URL fragment. */
  function arrive() {
    const asked = location.hash.slice(1);
    if (asked.startsWith("f-") && places.has(asked.slice(2))) goTo(asked.slice(2));
    else if (asked.startsWith("a-") && articleByKey.has(asked.slice(2))) {
      const article = articleByKey.get(asked.slice(2));
      show(article);
      article.element.scrollIntoView();
      article.element.querySelector("button").focus({ preventScroll: true });
    } else if (FILTERS.some((name) => location.hash.startsWith(`#${name}=`))) {
      read(new URLSearchParams(location.hash.slice(1)));
      filter();
      $("stories").scrollIntoView();
      $("stories").focus({ preventScroll: true });
    }
  }

  function step(by) {
    const keys = listed.flatMap((article) => article.findings.filter((_, at) => article.shown[at]).map((finding) => finding.key));
    const at = keys.indexOf(here);
    const next = keys[(at < 0 ? (by > 0 ? 0 : keys.length - 1) : at + by + keys.length) % keys.length];
    history.replaceState(null, "", `#f-${next}`);
    goTo(next);
  }

  // --- Events --------------------------------------------------------------------------------

  let due = 0;
  const changed = () => {
    const parts = written();
    history.replaceState(null, "", parts ? `#${parts}` : "#stories");
    filter();
  };
  form.addEventListener("input", (event) => {
    clearTimeout(due);
    due = setTimeout(changed, event.target.name === "text" ? 150 : 0);
  });
  $("everything").addEventListener("click", () => {
    read(new URLSearchParams());
    changed();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  $("more").addEventListener("click", () => {
    const first = drawn;
    draw(PORTION);
    listed[first].element.querySelector("button").focus();
  });
  $("previous").addEventListener("click", () => step(-1));
  $("next").addEventListener("click", () => step(1));
  $("filters").addEventListener("click", (event) => {
    const open = form.classList.toggle("open");
    event.currentTarget.setAttribute("aria-expanded", String(open));
  });
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-article]");
    if (button) unfold(data.articles[button.dataset.article], button.getAttribute("aria-expanded") === "false");
    const mark = event.target.closest("mark");
    if (mark) {
      const article = data.articles[mark.closest("article").querySelector("[data-article]").dataset.article];
      const key = article.findings[mark.dataset.at.split(" ")[0]].key;
      history.replaceState(null, "", `#f-${key}`);
      goTo(key);
    }
  });
  passages.lightUp(list, (one) => one.closest("article"));
  addEventListener("hashchange", arrive);
  let closed = [];
  addEventListener("beforeprint", () => {
    draw(listed.length);
    closed = listed.filter((article) => !article.open);
    closed.forEach((article) => unfold(article, true));
  });
  addEventListener("afterprint", () => closed.forEach((article) => unfold(article, false)));

  if (data.articles.length) data.articles[0].open = true;
  filter();
  arrive();
})();
