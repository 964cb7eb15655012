"""Bundles: a config, rules and allowed words as bytes, from which any machine creates the same linter.

A bundle is canonical JSON in ASCII, without code: equal settings give equal bytes, whatever the folder. Its paths are
relative to the working folder, with `/` as separator. It contains the texts of the config, of the user's own rules, and
of the files of Vale styles, but not those of the shipped rules. Instead, it names the version and a digest of copydesk.

Bundles are not trusted: their texts are read like those of files, and no other file is opened.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import linter
from linter import patterns
from linter.analysis import results
from linter.config import load, packs
from linter.config.config import BadConfig, Config, RunOptions
from linter.digest import SIZE, file_digest, rule_files, shipped_folder
from linter.rule import Rule, Words
from linter.typed_json import dump_json, load_json, typed_reader

if TYPE_CHECKING:
    from linter.extensions import RuleSource

LIMIT = 50_000_000  # bytes of a bundle
_FORMAT = 1
_PACKAGE = Path(__file__).parent
_LONGEST_PATH = 4096  # code points
DAMAGED = "this is not a bundle of copydesk, or it is damaged; create it again"
_VERSION = patterns.lazy(r"\w[\w.+!-]{0,49}", re.ASCII)


class _Contents(NamedTuple):
    """The values in a bundle.

    `config` is the path and the text of the config. `rules` has texts of rules by path. `source_files` has the
    texts of the files of the rule source by path; the path of a folder ends with `/`.
    """

    bundle: int
    version: str
    code: str
    options: RunOptions
    config: tuple[str, str] | None
    words: tuple[str, ...]
    rules: Mapping[str, str]
    source_files: Mapping[str, str]


def digest(data: bytes) -> str:
    """Return the BLAKE2b digest of a bundle, in hexadecimal."""
    return blake2b(data, digest_size=SIZE).hexdigest()


def dump(config: Config, rules: Iterable[Rule], source: RuleSource | None = None) -> bytes:
    """Return the bundle of a config. `rules` are all rules, as read from the rule files and from `source`.

    Raises BadConfig if a rule file has changed, if the bundle would be too large, or if a file is on another drive.
    """
    folders = [*config.rule_folders, *map(Path, config.run.rule_folders)]
    own = packs.rule_texts(folders, {rule.digest for rule in rules if not (rule.trusted or rule.is_vale)})
    options, files = source.portable() if source else (None, {})
    contents = _Contents(
        _FORMAT,
        linter.__version__,
        _code(),
        _portable(config.run)._replace(rule_source=options),
        (relative_path(config.file), config.text) if config.file else None,
        tuple(sorted(config.words.right)),
        dict(sorted((_rule_path(path), text) for path, text in own.items())),
        dict(sorted((_relative_entry(path), text) for path, text in files.items())),
    )
    data = _encoded(contents)
    if len(data) > LIMIT:
        raise BadConfig([f"the config, the rules and words.txt are too large for a bundle of {LIMIT:,} bytes"])
    return data


def open_bundle(data: bytes) -> tuple[Config, Mapping[str, str], Mapping[str, str]]:
    """Return the config in a bundle, and the texts of the user's own rules and of the files of a rule source by path.

    Paths start at the working folder. The rules are not read. Raises BadConfig if the bundle is damaged or was made by
    another copydesk, or if the config has mistakes.
    """
    contents = _decoded(data)
    if (contents.version, contents.code) != (linter.__version__, _code()):
        made = f"this bundle was made by copydesk {contents.version} with other code"
        raise BadConfig([f"{made}; this is {linter.__version__}: install the same version on every machine"])
    if not all(map(is_relative, (*contents.rules, *contents.source_files, *(contents.config or ())[:1]))):
        raise BadConfig([DAMAGED])
    config = Config()
    if contents.config:
        path, text = contents.config
        config = load.read_config(Path(path), text, bundled=True)
    return config._replace(words=Words(contents.words), run=contents.options), contents.rules, contents.source_files


def _portable(options: RunOptions) -> RunOptions:
    """Return `options` without paths, and without those of a rule source."""
    return options._replace(rule_folders=(), config=None, folder="", rule_source=None)


def _code() -> str:
    """Return a digest of what decides findings besides the config: the code, its data and the shipped rules."""
    hasher = blake2b(digest_size=SIZE)
    for source in sorted(
        (*_PACKAGE.rglob("*.py"), *_PACKAGE.glob("data/*.*")), key=lambda file: file.relative_to(_PACKAGE)
    ):
        if source != results.SHIPPED:
            hasher.update(source.read_bytes())
    folder = shipped_folder()
    for file in rule_files(folder):
        hasher.update(file_digest(os.path.relpath(file, folder).replace(os.sep, "/"), file))
    return hasher.hexdigest()


def _encoded(contents: _Contents) -> bytes:
    """Return a bundle: the JSON of its contents and, as the last key, a checksum of this JSON."""
    data = dump_json(contents._asdict())
    return data[:-1] + f',"checksum":"{digest(data)}"}}'.encode("ascii")


def _decoded(data: bytes) -> _Contents:
    """Return the contents of a bundle. Raises BadConfig if it is damaged or has another format."""
    try:
        values = load_json(data, typed_reader(Mapping[str, object])) if len(data) <= LIMIT else {}
        *known, _ = (*(values[name] for name in _Contents._fields), values["checksum"])
        contents: _Contents = typed_reader(_Contents)(known)
        texts = (*(contents.config or ()), *contents.rules.values(), *contents.source_files.values())
        "".join(texts).encode("utf-8")  # no lone surrogates
        options = contents.options
        is_valid = contents.bundle == _FORMAT and options._replace(rule_source=None) == _portable(options)
        if is_valid and _encoded(contents) == data and _VERSION.fullmatch(contents.version):
            return contents
    except (ValueError, KeyError):
        pass
    raise BadConfig([DAMAGED])


def relative_path(path: str) -> str:
    """Return the path of a file, relative to the working folder. Raises BadConfig if it is on another drive."""
    try:
        return os.path.relpath(path).replace(os.sep, "/")
    except ValueError:
        raise BadConfig([f"{path}: this file is not on the drive of the working folder; copy it there"]) from None


def _rule_path(path: str) -> str:
    """Return the path of a rule file, as `relative_path` does, but always with the folder of its pack."""
    pack, name = os.path.split(path)
    return f"{relative_path(os.path.dirname(pack))}/{os.path.basename(pack)}/{name}".removeprefix("./")


def _relative_entry(path: str) -> str:
    """Return the path of a file as `relative_path` does. The path of a folder ends with `/`."""
    return relative_path(path) + ("/" if path.endswith("/") else "")


def is_relative(path: str) -> bool:
    """Whether a path in a bundle is relative and not too long."""
    if not path or len(path) > _LONGEST_PATH:
        return False
    return "\0" not in path and not os.path.splitdrive(path)[0] and path[0] not in (os.sep, "/")
