"""BLAKE2b alone: `hashlib` loads OpenSSL besides, which takes 2 ms."""

from __future__ import annotations

try:
    from _blake2 import blake2b
except ImportError:  # a Python that keeps it elsewhere
    from hashlib import blake2b

__all__ = ["blake2b"]
