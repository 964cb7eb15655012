"""Run the command line: `python -m copydesk`."""

from __future__ import annotations

import sys

from linter.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
