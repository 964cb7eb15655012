"""Edits that suppress a finding in its article, with a comment for copydesk or in the front matter.

Each edit is verified before it is returned: the content of the article must be the same as before, and the finding must
be suppressed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from linter import patterns, readers
from linter.config.yaml_file import unified_lines
from linter.config.yaml_nodes import BadSyntax
from linter.document import PROSE, Block, Document, Span, pair_tags
from linter.finding import Edit, Finding
from linter.fix.edits import Rewrite
from linter.lsp.yaml_edits import Item, add_item, in_original, scalar
from linter.rule import OWN
from linter.source import Source
from linter.suppressions import article_suppressions
from linter.suppressions.directives import INLINE, Directive, extents_of, find_directives

_FRONT_MATTER = patterns.lazy(r"\s*+---[ \t]*+(?:\r\n?|\n)")
_FRONT_MATTER_END = patterns.lazy(r"(?:---|\.\.\.)[ \t]*+\s*+\Z")
_HYPHENS = patterns.lazy(r"-{2,}")
_NESTED = frozenset({"list", "quote", "table"})
_INDENTED = patterns.lazy(r"[ \t>|]|(?:[-*+]|\d{1,9}[.)])(?:\s|\Z)")  # the start of a line that may not be at top level
_BLANK_LINE = patterns.lazy(r"(?:\r\n?+|\n)[ \t]*+(?=[\r\n]|\Z)")
_MDX_COMMENT = patterns.lazy(rf"\{{/\*\s*+{OWN}:(?:[^*]|\*(?!/)){{0,2000}}+\*/\}}")
_WHOLE_PAGE = frozenset({"html", "head", "body"})
_MAX_TRIALS = 12  # candidates to verify for one finding


def suppress_here(document: Document, finding: Finding, reason: str) -> tuple[Edit, ...]:
    """Return the edits that suppress `finding` with a comment near it, or () if this is not possible.

    The comment is on its own line above the block or, if that could change the article or would suppress more, at the
    end of the line of the finding. If a comment with the same reason already applies to the finding, the rule is added
    to it. Offsets are 0-based code points of the article.
    """
    if document.kind == "text":
        return ()
    comment = _comment(document, "ignore", finding.rule, reason)
    find_places = _html_edits if document.markup == "html" else _markdown_edits
    candidates = [*_extensions(document, "ignore", finding, reason), *find_places(document, finding, comment)]
    return _Trial(document, finding).first(candidates)


def suppress_in_article(document: Document, finding: Finding, reason: str) -> tuple[Edit, ...]:
    """Return the edits that suppress the rule of `finding` in its whole article, or () if this is not possible.

    The rule is added to `copydesk: {ignore: [...]}` in YAML front matter. Without such front matter, the edit adds a
    comment at the start of the body; in plain text, there is no edit. Offsets are 0-based code points of the article.
    """
    comment = _comment(document, "ignore-file", finding.rule, reason)
    candidates = [*_front_matter_edits(document, finding.rule, reason)]
    if document.kind != "text":
        candidates += _extensions(document, "ignore-file", finding, reason)
        candidates += _body_edits(document, comment)
    return _Trial(document, finding).first(candidates)


@dataclass(frozen=True, eq=False)
class _Trial:
    """Verifies edits that may suppress `finding`."""

    document: Document
    finding: Finding

    def first(self, candidates: Iterable[Edit]) -> tuple[Edit, ...]:
        """Return the first of `candidates` that suppresses the finding and changes nothing else, or ()."""
        for edit in [*dict.fromkeys(candidates)][:_MAX_TRIALS]:
            if self._works(edit):
                return (edit,)
        return ()

    def _works(self, edit: Edit) -> bool:
        new = readers.read(Rewrite(self.document.source, [edit]).source, self.document.kind)
        placed = article_suppressions.read_suppressions(new).with_places([_moved(self.finding, edit)])
        return any(places for _, places in placed) and _content(new) == self._old_content

    @cached_property
    def _old_content(self) -> object:
        return _content(self.document)


def _content(document: Document) -> object:
    """Return what readers see of a document, without comments and metadata for copydesk."""
    blocks = [
        (text, block.scopes)
        for block in document.blocks
        if not any(scope.startswith(f"metadata.{OWN}") for scope in block.scopes)
        if (text := _shown(block))
    ]
    return (
        blocks,
        [link.url for link in document.links],
        [image.url for image in document.images],
        [heading.level for heading in document.headings],
        [(fence.state, fence.info) for fence in document.fences],
        [(tag.name, tag.kind) for tag in document.tags if tag.kind != "comment"],
        {key: value for key, value in document.metadata.values.items() if key != OWN},
        Counter(note.id for note in document.notes),
    )


def _shown(block: Block) -> str:
    """Return the text of a block without white space at line ends, where a comment may be added.

    Comments in MDX are left out, because the reader treats them as text.
    """
    if "code" in block.scopes:
        return block.text
    lines = _MDX_COMMENT.sub("", block.text).split("\n")
    return "\n".join([line.rstrip(" \t") for line in lines]).strip()


def _moved(finding: Finding, edit: Edit) -> Finding:
    """Return a finding at its position after an edit. Text that is inserted at its edges is not included."""
    grown = len(edit.text) - (edit.end - edit.start)
    before = edit.end <= finding.start
    end = finding.end + (grown if before or edit.end < finding.end else 0)
    return finding._replace(start=finding.start + (grown if before else 0), end=end)


def _comment(document: Document, word: str, rule: str, reason: str) -> str:
    """Return a comment for copydesk in the syntax of the article."""
    words = _without_hyphens(reason)
    content = f"{OWN}: {word} {rule}" + (f" -- {words}" if words else "")
    return f"{{/* {content.replace('*/', '* /')} */}}" if _is_mdx(document) else f"<!-- {content} -->"


def _without_hyphens(reason: str) -> str:
    """Return a reason on one line without “--”, which could end a comment."""
    return _HYPHENS.sub("—", " ".join(reason.split()))


def _is_mdx(document: Document) -> bool:
    return document.source.path.lower().endswith(".mdx")


def _extensions(document: Document, word: str, finding: Finding, reason: str) -> Iterator[Edit]:
    """Yield the edits that add the rule of a finding to a comment that has names, and the same reason."""
    words = _without_hyphens(reason)
    found: list[Directive] = find_directives(document)
    for one, extent in zip(found, extents_of(document, [one.span for one in found]), strict=True):
        reaches = extent.start < max(finding.end, finding.start + 1) and finding.start < extent.end
        near = reaches or word == "ignore-file"
        if one.word == word and one.names and near and words in ("", one.reason):
            at = one.names[-1].span.end
            yield Edit(at, at, f", {finding.rule}")


def _markdown_edits(document: Document, finding: Finding, comment: str) -> Iterator[Edit]:
    """Yield edits that insert a comment in Markdown, the best first."""
    source = document.source
    span = _block_span(document, finding)
    above = _line_above(source, span.start, comment)
    blank = _BLANK_LINE.search(source.text, span.end)
    end = blank.start() if blank else len(source.text)
    alone = all(block.scopes.isdisjoint(PROSE) for block in document.blocks if span.end < block.source_span.start < end)
    is_top = _is_at_top_level(document, span)
    if is_top and alone:
        yield above
    for at in (finding.start, max(finding.start, finding.end - 1)):
        line, line_end = source.line_span(at)
        content = source.text[line:line_end].rstrip(" \t")
        inner = content[:-1].rstrip(" \t") if content.endswith(("|", "\\")) else content
        for end in (line + len(inner), line + len(content)):  # before the end of a table row or a hard line break
            yield Edit(end, end, f" {comment}")
    if is_top:
        yield above


def _block_span(document: Document, finding: Finding) -> Span:
    """Return the span of the code block or block that contains the start of a finding, or else that of the finding."""
    for fence in document.fences:
        if fence.closer and fence.opener.start <= finding.start < fence.closer.end:
            return Span(fence.opener.start, fence.closer.end)
    blocks = [block.source_span for block in document.blocks if "metadata" not in block.scopes]
    around = [span for span in blocks if span.start <= finding.start < span.end]
    touching = [span for span in blocks if span.end == finding.start]
    return min(around or touching, default=Span(finding.start, finding.end))


def _is_at_top_level(document: Document, span: Span) -> bool:
    """Whether a comment above a block in Markdown is outside of all lists, quotations and tables."""
    nested = any(
        not _NESTED.isdisjoint(block.scopes)
        for block in document.blocks
        if span.start <= block.source_span.start <= span.end
    )
    return not nested and not _INDENTED.match(document.source.text, document.source.line_span(span.start)[0])


def _line_above(source: Source, at: int, comment: str) -> Edit:
    """Return the edit that inserts a comment and a blank line before the line that contains `at`."""
    line, end = source.line_span(at)[0], source.line_end
    above = source.line_span(max(0, line - 1))[0]
    separate = bool(source.text[above:line].strip())  # the line above has text
    return Edit(line, line, f"{end if separate else ''}{comment}{end}{end}")


def _html_edits(document: Document, finding: Finding, comment: str) -> Iterator[Edit]:
    """Yield edits that insert a comment in HTML, the best first."""
    source, starts = document.source, [tag.span.start for tag in document.tags if tag.name not in INLINE]
    element = _element(document, finding)
    is_leaf = element and bisect_left(starts, element.end) - bisect_left(starts, element.start) <= 2
    if element and is_leaf:
        yield from _before_element(document, element.start, comment)
    _, line_end = source.line_span(max(finding.start, finding.end - 1))
    after = bisect_left(starts, finding.end)
    end = min(line_end, starts[after]) if after < len(starts) else line_end
    end = max(finding.end, len(source.text[:end].rstrip()))
    yield Edit(end, end, f" {comment}")
    yield Edit(end, end, comment)
    yield from _before_element(document, finding.start, comment)
    yield from _before_element(document, source.line_span(finding.start)[0], comment)
    if element and not is_leaf:
        yield from _before_element(document, element.start, comment)


def _element(document: Document, finding: Finding) -> Span | None:
    """Return the innermost element, other than inline elements, that contains a finding, or None if there is none."""
    tags, partners = document.tags, pair_tags(document.tags)
    spans = (
        Span(tag.span.start, tags[max(i, partners.get(i, 0))].span.end)
        for i, tag in enumerate(tags)
        if tag.kind == "open" and tag.name not in INLINE | _WHOLE_PAGE
    )
    return max((span for span in spans if span.start <= finding.start and finding.end <= span.end), default=None)


def _before_element(document: Document, start: int, comment: str) -> Iterator[Edit]:
    """Yield the edits that insert a comment before `start`: on a line of its own if possible, or directly."""
    line = document.source.line_span(start)[0]
    indent = document.source.text[line:start]
    if not indent.strip():
        yield Edit(line, line, f"{indent}{comment}{_gap(document)}")
    yield Edit(start, start, comment)


def _gap(document: Document) -> str:
    """Return the line ends below a comment on its own line: in HTML, one; otherwise, and in WordPress posts, two."""
    return document.source.line_end * (1 if document.kind == "html" else 2)


def _front_matter_edits(document: Document, rule: str, reason: str) -> Iterator[Edit]:
    """Yield the edit that adds a rule to the list `copydesk.ignore` of YAML front matter, if it has any."""
    text, span = document.source.text, document.metadata.span
    opening = _FRONT_MATTER.match(text) if span else None
    closing = opening and span and _FRONT_MATTER_END.search(text, opening.end(), span.end)
    if not opening or not closing:
        return
    words = " ".join(reason.split())
    value = scalar(f"{rule} -- {words}" if words else rule)
    before, inner = map(unified_lines, (opening[0], text[opening.end() : closing.start()]))
    try:
        edit = add_item(inner, (OWN, "ignore"), Item((value,), value))
    except BadSyntax:
        return
    if edit:
        yield in_original(Edit(edit.start + len(before), edit.end + len(before), edit.text), text)


def _body_edits(document: Document, comment: str) -> Iterator[Edit]:
    """Yield edits that insert a comment at the start of the body of an article, the best first."""
    source, metadata = document.source, document.metadata
    end = source.line_end
    for name in ("body", "html"):
        for tag in document.tags:
            if (tag.name, tag.kind) == (name, "open"):
                yield Edit(tag.span.end, tag.span.end, f"{end}{comment}")
    for at in (metadata.span.end, 0) if metadata.span and document.markup != "html" else (0,):
        rest = source.text[at:]
        first = at + len(rest) - len(rest.lstrip())
        if first < len(source.text):
            line = source.line_span(first)[0]
            yield Edit(line, line, f"{comment}{_gap(document)}")
        else:
            yield Edit(first, first, f"{end}{comment}{end}")
