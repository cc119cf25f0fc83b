import json
from pathlib import Path
from typing import Any

import pytest

from bench.corpus import BenchSet, CorpusMissing, find_corpus, folders_of, load_set, only
from bench.sets import GROUPS, SETS, choose


def write_set(corpus: Path, folder: str, cases: list[dict[str, Any]], lang: str = "en") -> None:
    (corpus / folder).mkdir(parents=True)
    facts = {"set": folder, "lang": lang, "script": "Latn", "cases": cases}
    (corpus / folder / "_set.json").write_text(json.dumps(facts), encoding="utf-8")
    for case in cases:
        (corpus / folder / case["file"]).write_bytes(b"pixels")
        (corpus / folder / f"{case['id']}.gt.txt").write_text("truth", encoding="utf-8")


def test_load_set_when_folders_are_gathered_then_each_case_keeps_its_language(tmp_path: Path) -> None:
    write_set(tmp_path, "cs_typed", [{"id": "a.pdf_1", "file": "a.pdf_1.jpg"}], lang="cs")
    write_set(tmp_path, "da_typed", [{"id": "b", "file": "b.jpg"}], lang="da")
    cases, missing = load_set(tmp_path, BenchSet(name="typed", folders=("cs_typed", "da_typed")))
    assert [(case.set_name, case.id, case.languages) for case in cases] == [
        ("typed", "a.pdf_1", ("cs",)),
        ("typed", "b", ("da",)),
    ]
    assert cases[0].text == "truth"
    assert cases[0].annotations is None
    assert missing == []


def test_load_set_when_things_are_not_there_then_each_is_told_and_the_rest_loads(tmp_path: Path) -> None:
    entries = [{"id": name, "file": f"{name}.png"} for name in ("whole", "pageless", "truthless")]
    write_set(tmp_path, "print", entries)
    (tmp_path / "print" / "pageless.png").unlink()
    (tmp_path / "print" / "truthless.gt.txt").unlink()
    cases, missing = load_set(tmp_path, BenchSet(name="print", folders=("print", "absent")))
    assert [case.id for case in cases] == ["whole"]
    assert len(missing) == 3
    assert any("absent" in sentence for sentence in missing)
    assert any("pageless.png" in sentence for sentence in missing)
    assert any("truthless.png" in sentence for sentence in missing)


@pytest.mark.parametrize(
    ("entry", "of_set", "languages"),
    [
        ({}, "en (some zh/ms)", ("en",)),
        ({}, "la/de", ("la", "de")),
        ({}, "grc+la/de/en", ("grc", "la", "de", "en")),
        ({}, "-", ()),
        ({}, "32 languages", ()),
        ({"lang": "km"}, "32 languages", ("km",)),
        ({"page_attr": {"language": "simplified_chinese"}}, "en+zh", ("zh",)),
        ({"page_attr": {"language": "english"}}, "en+zh", ("en",)),
    ],
)
def test_languages_when_a_set_says_them_in_prose_then_its_codes_are_found(
    tmp_path: Path, entry: dict[str, Any], of_set: str, languages: tuple[str, ...]
) -> None:
    write_set(tmp_path, "one", [{"id": "a", "file": "a.png", **entry}], lang=of_set)
    (case,), _ = load_set(tmp_path, BenchSet(name="one", folders=("one",)))
    assert case.languages == languages


def test_spaced_when_the_main_language_is_written_without_spaces_then_it_is_false(tmp_path: Path) -> None:
    write_set(tmp_path, "one", [{"id": "a", "file": "a.png", "lang": "zh-Hant"}, {"id": "b", "file": "b.png"}])
    chinese, english = load_set(tmp_path, BenchSet(name="one", folders=("one",)))[0]
    assert not chinese.spaced
    assert english.spaced


def test_only_when_patterns_are_given_then_cases_that_hold_one_remain(tmp_path: Path) -> None:
    write_set(tmp_path, "one", [{"id": name, "file": f"{name}.png"} for name in ("page_1", "page_2", "other")])
    cases, _ = load_set(tmp_path, BenchSet(name="one", folders=("one",)))
    assert [case.id for case in only(cases, ["page", "none"])] == ["page_1", "page_2"]
    assert only(cases, []) == cases


def test_find_corpus_when_named_by_the_environment_then_nothing_else_is_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = tmp_path / "repository"
    beside = tmp_path / "shared" / "corpus"
    beside.mkdir(parents=True)
    monkeypatch.delenv("OCRCHAT_CORPUS", raising=False)
    assert find_corpus(repository) == beside
    monkeypatch.setenv("OCRCHAT_CORPUS", str(tmp_path / "nowhere"))
    with pytest.raises(CorpusMissing, match="nowhere"):
        find_corpus(repository)


def test_choose_when_sets_groups_and_folders_are_named_then_each_comes_once(tmp_path: Path) -> None:
    write_set(tmp_path, "grc_print_lines", [])
    chosen, unknown = choose(["book", "fondue", "grc_print_lines", "nonsense"], folders_of(tmp_path))
    assert [one.name for one in chosen] == ["fondue", "scribe", "grc_print_lines"]
    assert unknown == ["nonsense"]


def test_groups_when_listed_then_every_member_is_a_set() -> None:
    for members in GROUPS.values():
        assert set(members) <= set(SETS)
