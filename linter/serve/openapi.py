"""The description of the API in the format OpenAPI 3.1, from openapi.yaml."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import yaml

from linter import __version__
from linter.serve.service_settings import Settings

_WITHOUT_TOKEN = ("/", "/healthz")


def document(settings: Settings) -> dict[str, Any]:
    """Return the description of the API as plain data."""
    described: dict[str, Any] = yaml.safe_load((files(__package__) / "openapi.yaml").read_text("utf-8"))
    described["info"]["version"] = __version__
    described["servers"] = [{"url": settings.root_path or "/"}]
    if settings.token:
        described["components"]["securitySchemes"] = {
            "token": {"type": "http", "scheme": "bearer"},
            "password": {"type": "http", "scheme": "basic"},
        }
        described["security"] = [{"token": []}, {"password": []}]
        for path in _WITHOUT_TOKEN:
            described["paths"][path]["get"]["security"] = []
    return described
