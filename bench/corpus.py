"""The corpus: where it is, which sets and cases it has, what is true of each page.

A set is a folder with `_set.json`; a case is a page file with `<id>.gt.txt` (and perhaps `.gt.md`, `.gt.json`) beside
it. A bench set may gather several folders under one name. What is not there is told, never guessed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

# Written without spaces: compared without spaces and line breaks.
UNSPACED = frozenset({"zh", "ja", "th", "lo", "km", "my", "bo", "dz"})

# Annotators' names of languages, where a set does not give codes.
_LANGUAGE_NAMES = {
    "english": "en",
    "simplified_chinese": "zh",
    "traditional_chinese": "zh-Hant",
    "en_ch_mixed": "zh",
}


class CorpusMissing(Exception):
    pass


@dataclass(frozen=True, kw_only=True)
class Case:
    set_name: str
    id: str
    file: Path
    languages: tuple[str, ...]
    """BCP 47, the main one first; what a reader that must be told its language is told."""
    script: str = ""
    without_formulas: bool = False
    """Formulas are painted white in the image and left out of the truth."""

    @property
    def spaced(self) -> bool:
        return not self.languages or self.languages[0].split("-")[0] not in UNSPACED

    def truth(self, suffix: str) -> Path:
        return self.file.with_name(f"{self.id}.gt.{suffix}")

    @cached_property
    def text(self) -> str:
        return self.truth("txt").read_text(encoding="utf-8")

    @cached_property
    def annotations(self) -> Any:
        """Of `.gt.json`; None where there is none."""
        path = self.truth("json")
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


@dataclass(frozen=True, kw_only=True)
class BenchSet:
    name: str
    folders: tuple[str, ...]
    without_formulas: bool = False


def find_corpus(root: Path) -> Path:
    """`root` is the repository's; the corpus is no part of it."""
    named = os.environ.get("OCRCHAT_CORPUS")
    candidates = [Path(named)] if named else [root / "shared" / "corpus", root.parent / "shared" / "corpus"]
    for candidate in candidates:
        if candidate.is_dir():
            return candidate
    looked = ", ".join(str(candidate) for candidate in candidates)
    raise CorpusMissing(f"There is no corpus at {looked}: set OCRCHAT_CORPUS to its folder.")


def folders_of(corpus: Path) -> tuple[str, ...]:
    return tuple(sorted(path.parent.name for path in corpus.glob("*/_set.json")))


def load_set(corpus: Path, bench_set: BenchSet) -> tuple[list[Case], list[str]]:
    """The cases there are, by folder and id, and a sentence for each thing that is not there."""
    cases: list[Case] = []
    missing: list[str] = []
    for folder in bench_set.folders:
        description = corpus / folder / "_set.json"
        if not description.is_file():
            missing.append(f"{bench_set.name}: the corpus has no folder {folder}.")
            continue
        found, lacking = _cases(description, bench_set)
        cases += found
        missing += lacking
    return cases, missing


def _cases(description: Path, bench_set: BenchSet) -> tuple[list[Case], list[str]]:
    facts = json.loads(description.read_text(encoding="utf-8"))
    cases: list[Case] = []
    missing: list[str] = []
    for entry in sorted(facts["cases"], key=lambda entry: str(entry["id"])):
        case = Case(
            set_name=bench_set.name,
            id=entry["id"],
            file=description.parent / entry["file"],
            languages=_in_script(_languages(entry, facts), entry.get("script") or facts.get("script", "")),
            script=entry.get("script") or facts.get("script", ""),
            without_formulas=bench_set.without_formulas,
        )
        if not case.file.is_file():
            missing.append(f"{bench_set.name}: the page {entry['file']} is not there.")
        elif not case.truth("txt").is_file():
            missing.append(f"{bench_set.name}: the page {entry['file']} has no truth as text.")
        else:
            cases.append(case)
    return cases, missing


def _languages(entry: dict[str, Any], facts: dict[str, Any]) -> tuple[str, ...]:
    """The case's own word before the set's; free prose ("en (some zh/ms)", "la/de") gives its codes in order."""
    attributes = entry.get("page_attr") or {}
    named = entry.get("lang") or attributes.get("language") or facts.get("lang") or ""
    if named in _LANGUAGE_NAMES:
        return (_LANGUAGE_NAMES[named],)
    main = named.split("(")[0]
    for separator in "/+,":
        main = main.replace(separator, " ")
    codes = [code for code in main.split() if code.replace("-", "").isascii() and code.replace("-", "").isalnum()]
    return tuple(code for code in codes if 2 <= len(code.split("-")[0]) <= 3 and not code.isdigit())


def _in_script(languages: tuple[str, ...], script: str) -> tuple[str, ...]:
    """Fraktur is Latin script, yet another model's: those who are told the language are told that too."""
    return tuple(f"{language}-{script}" for language in languages) if script == "Latf" else languages


def only(cases: Sequence[Case], patterns: Sequence[str]) -> list[Case]:
    """The cases whose id holds one of the patterns; all where there is none."""
    return [case for case in cases if not patterns or any(pattern in case.id for pattern in patterns)]
