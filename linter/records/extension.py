"""What archives add to copydesk: options and runs of `check`, `fix` and `baseline`, and the setting `records`."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from linter.extensions import Extension

if TYPE_CHECKING:
    from pathlib import Path

    from linter.api import Linter
    from linter.config.config import Config
    from linter.config.yaml_file import Value
    from linter.records.record_options import NamedArchives

_PARAGRAPH = """\
# The columns of archives, such as exports and tables, that contain articles.
# records: {key: id, body: content, kind: html}

"""


class _Records(Extension):
    name = "records"
    config_keys = ("records",)

    def read_config(self, given: Mapping[str, Value], folder: str, *, bundled: bool) -> Mapping[str, Any]:
        from linter.records.record_mappings import read_record_mappings

        return {"records": read_record_mappings(given.get("records"), folder)}

    def config_values(self, config: Config, path: str) -> Iterator[tuple[str, str, str]]:
        from linter.records.record_mappings import columns_phrase, mapping_for, mappings_of

        mapping = mapping_for(mappings_of(config), path)
        if mapping.globs:
            yield "records", columns_phrase(mapping), mapping.place

    def starting_config(self, folder: Path) -> tuple[str, Sequence[str]]:
        return _PARAGRAPH, ()

    def add_options(self, parser: argparse.ArgumentParser, command: str) -> None:
        from linter.records import record_options

        (record_options.add_fix_options if command == "fix" else record_options.add_check_options)(parser)

    def run_instead(self, command: str, given: argparse.Namespace, linter: Linter) -> int | None:
        if command == "check":
            from linter.config.config import BadConfig
            from linter.records import record_options

            if given.overwrite and not given.out:
                raise BadConfig(["--overwrite: this needs --out"])
            return record_options.check_to_folder(given, linter) if given.out else None
        from linter.records import record_fixes

        archives = record_fixes.find_archives(given, linter)
        return record_fixes.fix_archives(archives, given, linter) if archives else None

    def find_archives(self, given: argparse.Namespace, linter: Linter) -> NamedArchives | None:
        from linter.records import record_options

        archives = record_options.find_archives(given, linter.config)
        return record_options.NamedArchives(archives, given, linter) if archives else None

    def names_archive(self, path: str) -> bool:
        from linter.records.archive_names import named_format

        return bool(named_format(path))


EXTENSION = _Records()
