"""Markdown as a document: front matter, then CommonMark with GitHub's extensions."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from linter.block import Span
from linter.document import Document, Fence
from linter.readers import commonmark, fences, frontmatter, htmlblocks, marks, parsing
from linter.readers.builder import Builder
from linter.readers.fenced import Code
from linter.readers.shadow import Damage, Shadow
from linter.source import Source

_PASSES = 8  # over a damaged article; each brings to light what the damage hid
_NO_COPY = frozenset({"code", "alt", "metadata"})


def read(source: Source) -> Document:
    """Read Markdown. What hides prose from a reader (a fence that never ends, say) is told of, and looked behind."""
    front = Builder(source, "markdown")
    body = frontmatter.read(front)
    shadow = Shadow(source.text, body)
    shadow.paint(fences.wrapper(shadow.text, body))
    builder = _written(front, shadow, body)
    if damage := _left(builder):
        shadow.paint(damage)
        builder = _written(front, shadow, body)
    return builder.document(frontmatter.language(builder.metadata.values))


def _written(front: Builder, shadow: Shadow, body: int) -> Builder:
    """What `front` holds, and the body behind it; what is found damaged in that is painted over in its shadow."""
    if not fences.may_hold_code(shadow.text):
        builder, _ = _as_it_is(front, shadow)
        _add(builder, shadow.damage, ())
        return builder
    for _ in range(_PASSES):
        builder, code = _as_it_is(front, shadow)
        damage = fences.judge(shadow.text, body, code)
        damage += htmlblocks.judge(shadow.text, code.html)
        if not damage:
            break
        shadow.paint(damage)
    else:
        builder, _ = _as_it_is(front, shadow)
    for block in code.fenced:
        builder.fences.append(Fence(block.opener, block.closer, block.info, "closed" if block.closer else "unclosed"))
    _add(builder, shadow.damage, code.blocks)
    return builder


def _as_it_is(front: Builder, shadow: Shadow) -> tuple[Builder, Code]:
    """What `front` holds and what the parser finds behind it, and the code in that."""
    builder = front.copy()
    return builder, commonmark.write(builder, parsing.parse(shadow.text), shadow.damage.cuts, shadow.objects)


def _add(builder: Builder, damage: Damage, code: Sequence[Span]) -> None:
    """Add what the damage has to tell, and the code that was kept from the parser."""
    builder.fences += damage.fences
    starts = [block.start for block in code]
    for tag in damage.tags:
        i = bisect_right(starts, tag.span.start) - 1
        if i < 0 or tag.span.start >= code[i].end:
            builder.tags.append(tag)
    builder.tags.sort(key=lambda tag: tag.span)
    for span in damage.code:
        builder.code(*span)
    if damage.code:
        builder.blocks.sort(key=lambda block: block.outer)


def _left(builder: Builder) -> Damage:
    """Fence marks that are left in the text the reader sees, escaped ones too."""
    damage = Damage()
    shown = "\n".join([block.text for block in builder.blocks])
    if "```" not in shown and "~~~" not in shown:
        return damage
    for block in builder.blocks:
        if ("```" in block.text or "~~~" in block.text) and block.scopes.isdisjoint(_NO_COPY):
            found = [(block.span(*mark.span), mark.info) for mark in marks.find(block.text)]
            damage.cuts += [span for span, _ in found]
            damage.fences += fences.strays(found)
    return damage
