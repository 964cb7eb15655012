import assert from "node:assert/strict";
import { test } from "node:test";

import { FILTERS, isArticle } from "../src/articles";

test("articles are documents in a language of copydesk", () => {
  const is = (scheme: string, path: string, languageId: string): boolean => isArticle({ scheme, path, languageId });
  assert.ok(is("file", "/a.md", "markdown"));
  assert.ok(is("file", "/a.mdx", "mdx"));
  assert.ok(is("file", "/A.TXT", "plaintext"));
  assert.ok(is("file", "/a.text", "plaintext"));
  assert.ok(is("untitled", "Untitled-1", "plaintext"));
  assert.ok(!is("file", "/LICENSE", "plaintext"));
  assert.ok(!is("file", "/docker-compose.yaml", "yaml"));
  assert.ok(!is("git", "/a.md", "markdown"));
  assert.ok(!is("copydesk-rule", "/leaks/raw-tag.md", "markdown"));
});

test("the server gets files and untitled documents only", () => {
  assert.deepEqual([...new Set(FILTERS.map(({ scheme }) => scheme))].sort(), ["file", "untitled"]);
});
