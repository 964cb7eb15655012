/** Which documents VS Code sends to the language server, and which of them are articles. */

/** The language IDs of VS Code for the formats that copydesk reads. */
export const ARTICLE_LANGUAGES = ["markdown", "mdx", "html", "plaintext"] as const;
const ARTICLE_NAME = /\.(md|markdown|mdown|mkd|mdx|qmd|rmd|html|htm|xhtml|txt|text)$/i;

/** The files of copydesk: settings, word lists and rules. The server ignores other YAML files. */
export const FILTERS = [
  ...ARTICLE_LANGUAGES.flatMap((language) => [
    { scheme: "file", language },
    { scheme: "untitled", language },
  ]),
  { scheme: "file", language: "yaml" },
  { scheme: "file", pattern: "**/copydesk.yaml" },
  { scheme: "file", pattern: "**/pyproject.toml" },
  { scheme: "file", pattern: "**/words.txt" },
];

export interface DocumentName {
  scheme: string;
  path: string;
  languageId: string;
}

/** Return whether a document is an article. A plain text file also needs a suffix of articles, such as `.txt`. */
export function isArticle({ scheme, path, languageId }: DocumentName): boolean {
  if (scheme !== "file" && scheme !== "untitled") return false;
  if (!(ARTICLE_LANGUAGES as readonly string[]).includes(languageId)) return false;
  return languageId !== "plaintext" || scheme === "untitled" || ARTICLE_NAME.test(path);
}
