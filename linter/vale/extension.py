"""What Vale styles add to copydesk: rules, comments that suppress, and a command, a setting and an option `vale`."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from linter.extensions import Extension, OptionGroup
from linter.naming import is_vale_rule

if TYPE_CHECKING:
    from pathlib import Path

    from linter.cache import Cache
    from linter.config.config import Config
    from linter.config.yaml_file import Value
    from linter.document import Document
    from linter.finding import Finding
    from linter.vale.comments import Region
    from linter.vale.load import ValeStyles
    from linter.vale.options import ValeOptions


class _Vale(Extension):
    name = "vale"
    commands: ClassVar = {"vale": "check articles with the rules of Vale styles, and print Vale's formats"}
    config_keys = ("vale",)
    readers: ClassVar = {"org": "linter.vale.org"}

    def read_config(self, given: Mapping[str, Value], folder: str, *, bundled: bool) -> Mapping[str, Any]:
        if bundled or "vale" not in given:
            return {}
        from linter.vale import options

        return {"vale": options.read_setting(given["vale"], folder)}

    def starting_config(self, folder: Path) -> tuple[str, Sequence[str]]:
        from linter.vale import setup

        return setup.starting_config(folder)

    def add_rule_options(self, group: OptionGroup, *, needs_file: bool) -> None:
        option = group.add_argument(
            "--vale", metavar="FILE", help="also the rules of the Vale styles in this .vale.ini"
        )
        if not needs_file:
            option.nargs, option.const = "?", ""

    def rule_options(self, given: argparse.Namespace) -> ValeOptions | None:
        if given.vale is None:
            return None
        from linter.config.config import BadConfig
        from linter.vale import discovery, options

        file = given.vale or discovery.nearest_config(os.getcwd())
        if not file:
            raise BadConfig(["--vale: there is no .vale.ini in this folder or above; name a file, as in “--vale FILE”"])
        return options.ValeOptions(file)

    def adds_rules(self, config: Config) -> bool:
        return config.run.rule_source is not None or bool(config.extensions.get("vale"))

    def open_rule_source(
        self, config: Config, cache: Cache | None, versions: bytes, texts: Mapping[str, str] | None
    ) -> ValeStyles | None:
        if not self.adds_rules(config):
            return None
        from linter.vale import load, options

        if texts is not None and config.run.rule_source is not None:
            return load.bundled_styles(config.run.rule_source, texts)
        return load.open_styles(options.options_of(config), cache, versions)

    def regions(self, document: Document, findings: Sequence[Finding]) -> Sequence[Region]:
        if "vale " not in document.source.text or not any(is_vale_rule(finding.rule) for finding in findings):
            return ()
        from linter.vale import comments

        return comments.read_regions(document)


EXTENSION = _Vale()
