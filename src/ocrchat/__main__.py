"""`python -m ocrchat`."""

from __future__ import annotations

import sys

from ocrchat.cli import main

sys.exit(main())
