"""Documentation that is made from code is current, and what the code offers is documented."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.routing import APIRoute

from ocrchat.cli import build_parser
from ocrchat.errors import OCRChatError

_ROOT = Path(__file__).parents[2]
_HEAD = """\
# Errors

Everything that can go wrong and be told. The code is stable and the same on the command line, in the Python API
(`error.code`) and over HTTP; the message says more. Made from `src/ocrchat/errors/`.

| code | HTTP | meaning |
|---|---|---|
"""


def _kinds(top: type[OCRChatError]) -> Iterator[type[OCRChatError]]:
    for kind in top.__subclasses__():
        if kind.__module__.startswith("ocrchat.errors."):
            yield kind
            yield from _kinds(kind)


def _table() -> str:
    rows = [
        f"| `{kind.code}` | {kind.status} | {' '.join((kind.__doc__ or '').split())} |" for kind in _kinds(OCRChatError)
    ]
    return _HEAD + "\n".join(rows) + "\n"


def test_errors_page_is_the_one_the_code_makes() -> None:
    page = _ROOT / "docs" / "errors.md"
    if os.environ.get("REGEN") == "1":
        page.write_text(_table(), encoding="utf-8")
    assert page.read_text(encoding="utf-8") == _table(), "run the tests once with REGEN=1 and look at the difference"


def test_errors_have_codes_of_their_own_and_a_meaning() -> None:
    kinds = list(_kinds(OCRChatError))
    codes = [kind.code for kind in kinds]
    assert sorted(codes) == sorted(set(codes))
    assert all(re.fullmatch(r"[a-z_]+(\.[a-z_]+)+", code) for code in codes)
    assert [kind.__name__ for kind in kinds if not kind.__doc__] == []


def test_regen_is_off() -> None:
    assert os.environ.get("REGEN") != "1", "files were rewritten, nothing was tested"


def test_every_option_of_read_is_in_the_docs() -> None:
    page = (_ROOT / "docs" / "reading.md").read_text(encoding="utf-8")
    commands = next(action for action in build_parser()._actions if action.dest == "command")
    assert isinstance(commands.choices, dict)
    options = [option for action in commands.choices["read"]._actions for option in action.option_strings]
    longest = {option for option in options if option not in ("-h", "--help", "--output")}
    assert {option for option in longest if f"`{option}" not in page} == set()


@pytest.mark.parametrize(
    "page", sorted(str(path.relative_to(_ROOT)) for path in [*_ROOT.glob("*.md"), *_ROOT.glob("docs/**/*.md")])
)
def test_links_between_pages_lead_somewhere(page: str) -> None:
    text = (_ROOT / page).read_text(encoding="utf-8")
    targets = [link for link in re.findall(r"\]\(([^)#]+)", text) if "://" not in link]
    assert [target for target in targets if not (_ROOT / page).parent.joinpath(target).exists()] == []


def test_every_route_is_in_the_docs_and_no_other() -> None:
    from ocrchat.app import ROUTERS

    page = (_ROOT / "docs" / "http-api.md").read_text(encoding="utf-8")
    told = set(re.findall(r"`((?:GET|POST|DELETE|PATCH|PUT) /[^`]*)`", page))
    routes = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    assert told == {
        f"{method} {route.path}" for route in routes if route.include_in_schema for method in route.methods or ()
    }


def test_every_field_of_a_job_is_in_the_docs() -> None:
    from ocrchat.web import schemas
    from ocrchat.web.api_v1.jobs import _FIELDS

    page = (_ROOT / "docs" / "http-api.md").read_text(encoding="utf-8")
    models = (schemas.Job, schemas.Page, schemas.Block, schemas.SignedUp, schemas.Health)
    names = {name for model in models for name in model.model_fields} | set(_FIELDS)
    assert {name for name in names if f"`{name}`" not in page} == set()


@pytest.mark.parametrize("module", ["ocrchat.app", "ocrchat.web.api_v1.jobs"])
def test_importing_the_service_loads_no_reader(module: str) -> None:
    heavy = ("cv2", "openvino", "tesserocr", "PIL", "pypdfium2", "docx", "pikepdf", "lxml")
    assert _loaded(module, heavy) == "[]"


@pytest.mark.parametrize(
    "module", ["ocrchat", "ocrchat.cli", "ocrchat.cli.read", "ocrchat.cli.serve", "ocrchat.errors"]
)
def test_importing_the_light_half_loads_nothing_heavy(module: str) -> None:
    heavy = (
        "numpy",
        "cv2",
        "openvino",
        "PIL",
        "pypdfium2",
        "sqlalchemy",
        "docx",
        "pikepdf",
        "xlsxwriter",
        "lxml",
        "fastapi",
    )
    assert _loaded(module, heavy) == "[]"


def _loaded(module: str, heavy: tuple[str, ...]) -> str:
    program = f"import sys, {module}; print([name for name in {heavy!r} if name in sys.modules])"
    environment = {**os.environ, "PYTHONPATH": str(_ROOT / "src")}
    run = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    return run.stdout.strip()
