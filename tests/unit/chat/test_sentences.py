from __future__ import annotations

import string

import pytest

from ocrchat.chat.sentences import FIELD_NAMES, LANGUAGES, TEMPLATES, sentences_in

_PLACES = {
    "value": {"name", "value", "page"},
    "several": {"name", "values"},
    "quote": {"quote", "page"},
    "listed": {"name", "values", "page"},
    "count": {"count", "name", "page"},
    "head": {"value", "page"},
    "not_said": set(),
    "not_said_of": {"what"},
    "no_page": {"page", "pages"},
    "not_read": {"page"},
    "model_down": set(),
}


@pytest.mark.parametrize("language", [*LANGUAGES, "sw"])
def test_templates_when_filled_then_each_has_its_places_and_ends_as_a_sentence(language: str) -> None:
    sentences = sentences_in(language)
    assert {*_PLACES, "names", "open_quote", "close_quote"} == set(TEMPLATES)
    for name, places in _PLACES.items():
        template = getattr(sentences, name)
        assert {place for _, place, _, _ in string.Formatter().parse(template) if place} == places, name
        assert template.rstrip().endswith((".", "。", "।", "။")), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_of_fields_when_in_a_language_then_one_for_each_and_none_in_the_middle_of_a_sentence(
    language: str,
) -> None:
    sentences = sentences_in(language)
    assert len(sentences.names.split(" | ")) == len(FIELD_NAMES)
    # They begin with a capital where the script has any: no template may put one behind other words.
    for template in (sentences.value, sentences.several):
        assert template.startswith("{name}")
    assert sentences.not_said_of.startswith("{what}")
