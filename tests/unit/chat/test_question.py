from __future__ import annotations

import pytest

from ocrchat.chat.page_words import asked_pages
from ocrchat.chat.question import parse_question
from ocrchat.chat.sentences import FIELD_NAMES, LANGUAGES, TEMPLATES, sentences_in

TOTAL_AND_DUE = {
    "en": "What is the total and the due date?",
    "el": "Ποιο είναι το σύνολο και η ημερομηνία λήξης;",
    "ar": "ما هو المجموع وما تاريخ الاستحقاق؟",
    "my": "စုစုပေါင်း ဘယ်လောက်လဲ၊ ပေးချေရမည့်ရက်က ဘယ်တော့လဲ။",
    "rw": "Igiteranyo ni angahe kandi itariki ntarengwa ni iyihe?",
    "es": "¿Cuál es el total y la fecha de vencimiento?",
    "fr": "Quel est le montant total et la date d'échéance ?",
    "de": "Wie hoch ist der Gesamtbetrag und wann ist er fällig?",
    "pt": "Qual é o total e a data de vencimento?",
    "pl": "Jaka jest suma i termin płatności?",
    "hi": "कुल राशि और देय तिथि क्या है?",
    "zh": "总金额和到期日是什么？",
    "ja": "合計金額と支払期限は何ですか？",
}


@pytest.mark.parametrize(("language", "text"), TOTAL_AND_DUE.items())
def test_question_when_it_asks_two_fields_then_both_parts_and_the_language_are_known(language: str, text: str) -> None:
    question = parse_question(text, page_count=3)
    assert question.language == language
    assert [part.field.name if part.field else None for part in question.parts] == ["total", "due date"]


def test_question_when_a_field_s_word_is_one_of_a_longer_question_then_it_is_no_field() -> None:
    question = parse_question("What percent of the total spend on stock repurchases occurred in Q4?", page_count=3)
    assert [part.field for part in question.parts] == [None]


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("What does page 12 say?", {12}),
        ("Summarise pages 3-5", {3, 4, 5}),
        ("What is on the last page?", {20}),
        ("Who signs on the cover?", {1}),
        ("Τι γράφει στη σελίδα 4;", {4}),
        ("ماذا تقول الصفحة ٧؟", {7}),
        ("第12页说了什么？", {12}),
        ("3ページには何がありますか", {3}),
        ("စာမျက်နှာ ၅ မှာ ဘာရေးထားလဲ", {5}),
        ("Was steht auf Seite 2?", {2}),
        ("What is the total?", None),
        ("List all pages as a list like ['Page 2', 'Page 4'].", None),
    ],
)
def test_page_when_it_is_named_then_it_is_asked_for(text: str, pages: set[int] | None) -> None:
    found, _ = asked_pages(text, 20)
    assert found == (None if pages is None else frozenset(pages))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("When was she appointed?", "date"),
        ("How many ships came?", "number"),
        ("How much does the paint cost?", "amount"),
        ("What is the booking ID?", "code"),
        ("Who signed?", None),
    ],
)
def test_question_when_its_words_tell_the_kind_of_answer_then_it_is_known(text: str, kind: str | None) -> None:
    assert parse_question(text, page_count=1).parts[0].kind == kind


def test_question_when_it_names_something_then_the_names_are_told_apart_from_the_first_word() -> None:
    part = parse_question("Where does Ingrid Solberg of the Harbour Board live?", page_count=1).parts[0]
    assert ("ingrid", "solberg", "harbour", "board") in part.names
    assert all("where" not in name for name in part.names)


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_when_a_language_has_them_then_all_and_with_their_places(language: str) -> None:
    sentences, english = sentences_in(language), sentences_in("en")
    for name in FIELD_NAMES:
        assert sentences.name(name).strip()
    for template in TEMPLATES:
        ours, theirs = getattr(sentences, template), getattr(english, template)
        assert ours.strip()
        assert {place for place in ("{page}", "{value}", "{name}", "{quote}") if place in ours} == {
            place for place in ("{page}", "{value}", "{name}", "{quote}") if place in theirs
        }
    assert "(p. {page})" in sentences.value
