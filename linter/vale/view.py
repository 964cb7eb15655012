"""The text of an article as Vale's rules see it: blocks with sections, such as `text.heading.h2.md`.

Each block maps its text to the source, so that every position is exact. The blocks are in the scopes of a document that
`document.VALE_VIEWS` lists:
- `vale.text`: everything that Vale checks block by block: text, headings, list items, quotes, cells, front matter …
- `vale.paragraph`, `vale.sentence`: the paragraphs and the sentences of the blocks that are plain text
- `vale.raw`: the whole source
- `vale.summary`: the plain text, quotes and list items of the article, joined by blank lines
"""

from __future__ import annotations

from collections.abc import Iterator

from linter.document import DERIVED_BLOCKS, VALE_VIEWS, Block, Document
from linter.text.sentences import sentence_spans
from linter.vale.block_text import BlockTexts, Pieces, whole_source
from linter.vale.masks import Masks
from linter.vale.sections import Sections
from linter.vale.selectors import Selectors
from linter.vale.view_options import KEY, ViewOptions, options_of
from linter.views import per_document

TEXT, PARAGRAPH, SENTENCE, RAW, SUMMARY = VALE_VIEWS
_IN_SUMMARY = frozenset({"list", "blockquote"})
_ALT = frozenset({TEXT, "text", "attr", "alt"})  # as in Vale, without the suffix of the article
_NOT_TEXT = frozenset({"code", "metadata", "alt"})


def set_options(document: Document, options: ViewOptions) -> None:
    """Set the options for the views of a document. Call this before rules check the document."""
    document.results[KEY] = options


@per_document
def _text(document: Document) -> tuple[Block, ...]:
    options = options_of(document)
    if options.ignore_syntax or document.kind == "text":
        return (whole_source(document, _named(TEXT, "text", options)),)
    return (*_front_matter(document, options), *_body(document, options))


def _body(document: Document, options: ViewOptions) -> Iterator[Block]:
    """Yield the blocks of the article itself, in order."""
    masks = Masks(document, options.ignored_scopes, options.skipped_scopes, options.ignored_classes)
    if document.markup != "html":
        masks.add_ignores(options.block_ignores, options.token_ignores)
    sections, texts = Sections(document), BlockTexts(document, masks)
    named: dict[str, frozenset[str]] = {}
    for block in document.blocks:
        if _NOT_TEXT.isdisjoint(block.scopes) or sections.is_title(block):
            section = sections.of(block)
            if sections.is_inside(block, masks.skipped):
                continue
            if section not in named:
                named[section] = _named(TEXT, section, options)
            yield from texts.shown(block, named[section])
        elif "alt" in block.scopes and "alt" not in options.skipped_scopes:
            yield Block(block.text, _ALT, block.places)
        elif "code" in block.scopes and not texts.hides_code(block):
            yield from texts.shown(block, _named(TEXT, "text", options))


def _front_matter(document: Document, options: ViewOptions) -> Iterator[Block]:
    """Yield the values of the front matter that are text, one block each."""
    if document.markup == "html":
        return
    ignored = Selectors(options.ignored_scopes)
    for key, value in document.metadata.values.items():
        scopes = _named(TEXT, f"text.frontmatter.{key}", options)
        if isinstance(value, str) and value.strip() and not (options.ignored_scopes and ignored.fit(scopes)):
            blocks = list(document.blocks_in(frozenset({f"metadata.{str(key).lower()}"})))
            if len(blocks) == 1:
                yield Block(blocks[0].text, scopes, blocks[0].places)


def _prose(document: Document) -> Iterator[Block]:
    """Yield the blocks that are plain text."""
    options = options_of(document)
    plain = _named(TEXT, "text", options)
    if not options.ignore_syntax and (document.kind != "text" or options.suffix == ".txt"):
        yield from (block for block in _text(document) if block.scopes == plain)


@per_document
def _paragraphs(document: Document) -> tuple[Block, ...]:
    scopes = _named(PARAGRAPH, "paragraph.text", options_of(document))
    return tuple(part for block in _prose(document) for part in _split(block, scopes))


def _split(block: Block, scopes: frozenset[str]) -> Iterator[Block]:
    """Yield the paragraphs of a block, each with the blank line that ends it."""
    if "\n\n" not in block.text:
        yield Block(block.text, scopes, block.places)
        return
    start = 0
    while start < len(block.text):
        end = block.text.find("\n\n", start) + 2
        end = len(block.text) if end < 2 else end
        yield block.part(start, end, scopes)
        start = end


@per_document
def _sentences(document: Document) -> tuple[Block, ...]:
    scopes = _named(SENTENCE, "sentence.text", options_of(document))
    return tuple(
        block.part(start, end, scopes) for block in _prose(document) for start, end in sentence_spans(block.text)
    )


@per_document
def _raw(document: Document) -> tuple[Block, ...]:
    return (whole_source(document, _named(RAW, "raw", options_of(document))),)


@per_document
def _summary(document: Document) -> tuple[Block, ...]:
    options = options_of(document)
    pieces, plain = Pieces(document.source.text), _named(TEXT, "text", options)
    for block in () if options.ignore_syntax or document.kind == "text" else _text(document):
        if block.scopes == plain or not _IN_SUMMARY.isdisjoint(block.scopes):
            pieces.copy(block, 0, len(block.text))
            pieces.put("\n\n", block.places[-1], block.places[-1])
    return (pieces.block(_named(SUMMARY, "summary", options)),) if pieces.length else ()


def _named(view: str, section: str, options: ViewOptions) -> frozenset[str]:
    """Return the scopes of the blocks of a view in a section such as `text.list`."""
    return frozenset(filter(None, (view, *section.split("."), *options.suffix.split("."))))


DERIVED_BLOCKS.update(zip(VALE_VIEWS, (_text, _paragraphs, _sentences, _raw, _summary), strict=True))
