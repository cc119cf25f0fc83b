from __future__ import annotations

import pytest

from ocrchat.chat.terms import folded, spots_of, stem, terms_of


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("请在此处签字。", "签字"),
        ("領収書を受領しました", "受領"),
        ("กรุณาชำระเงินภายในวันศุกร์", "ชำระ"),
        ("계약은 서명일로부터 유효하다", "서명"),
        ("Sie können jederzeit KÜNDIGEN", "kundigen"),
        ("رقم الفاتورة ١٢٣", "فاتورة"),
        ("စုစုပေါင်းငွေ ၄၂ ကျပ်", "စုစုပေါင်း"),
        ("Αριθμός ΤΙΜΟΛΟΓΊΟΥ", "τιμολόγιο"),
        ("कुल राशि ४२ रुपये", "राशि"),
    ],
)
def test_terms_when_a_word_is_looked_for_then_it_is_among_them(text: str, word: str) -> None:
    assert set(terms_of(word)) <= set(terms_of(text))


@pytest.mark.parametrize(
    ("one", "other"),
    [("1,204.25", "1.204,25"), ("٤٢", "42"), ("၄၂", "42"), ("invoices", "invoice"), ("Straße", "STRASSE"), ("é", "é")],
)
def test_terms_when_two_writings_mean_the_same_then_they_are_equal(one: str, other: str) -> None:
    assert terms_of(one) == terms_of(other)


def test_spots_when_a_text_is_folded_then_they_point_into_it_as_it_was() -> None:
    text = "Ο Αριθμός: Ω-42 合計金額 café Straße ﬁn"
    spots = spots_of(text)
    assert [spot.term for spot in spots] == terms_of(text)
    assert text[spots[-1].start : spots[-1].end] == "ﬁn"
    assert [text[spot.start : spot.end] for spot in spots if spot.term == "cafe"] == ["café"]


def test_stem_when_words_differ_by_more_than_an_ending_then_they_stay_apart() -> None:
    assert stem("board") != stem("boat")
    assert stem("paying") == stem("pay") or stem("paid") != stem("pay")
    assert folded("ÀÉÎ") == "aei"
