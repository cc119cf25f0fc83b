from __future__ import annotations

import pytest

from ocrchat.chat.fields import Kind
from ocrchat.chat.values import find_values, number_meaning


@pytest.mark.parametrize(
    ("text", "kind", "printed", "meaning"),
    [
        ("The invoice total is $42, due on March 3.", "amount", "$42", "42"),
        ("The invoice total is $42, due on March 3.", "date", "March 3", "-----03-03"),
        ("Facture n°562044387 du 02 Juillet 2015", "date", "02 Juillet 2015", "2015-07-02"),
        ("Total TTC : 1.204,50 €", "amount", "1.204,50 €", "1204.5"),
        ("Rs 1939 x 1 Night", "amount", "Rs 1939", "1939"),
        ("المبلغ ٤٢٫٥٠ €", "amount", "٤٢٫٥٠ €", "42.5"),
        ("٣ مارس ٢٠٢٤", "date", "٣ مارس ٢٠٢٤", "2024-03-03"),
        ("၂၀၂၄ ခုနှစ် မတ်လ ၃ ရက်", "date", "၂၀၂၄ ခုနှစ် မတ်လ ၃ ရက်", "2024-03-03"),
        ("支払期限 2024年3月3日", "date", "2024年3月3日", "2024-03-03"),
        ("3 marca 2024 r.", "date", "3 marca 2024", "2024-03-03"),
        ("am 3. März 2024 fällig", "date", "3. März 2024", "2024-03-03"),
        ("λήγει στις 3 Μαρτίου 2024", "date", "3 Μαρτίου 2024", "2024-03-03"),
        ("growth of 6.7% a year", "percent", "6.7%", "6.7"),
        ("Tel: 01983 873655", "phone", "01983 873655", "01983873655"),
        ("write to a.b@c.example.", "email", "a.b@c.example", "abcexample"),
        ("IBAN : FR76 10107 00245 00617052317 39 - BIC", "iban", "FR76 10107 00245 00617052317 39", None),
        ("No. 21-13199", "code", "21-13199", "2113199"),
        ("32 people live here", "number", "32", "32"),
    ],
)
def test_value_when_printed_then_found_with_its_meaning(
    text: str, kind: Kind, printed: str, meaning: str | None
) -> None:
    found = find_values(text, kind)
    assert [value.text for value in found] == [printed]
    assert text[found[0].start : found[0].end] == printed
    assert meaning is None or found[0].meaning == meaning


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("in 2024", "amount"),
        ("31/13/2024 or 45.45.45", "date"),
        ("12.05.2024", "phone"),
        ("page 7", "percent"),
        ("", "date"),
    ],
)
def test_value_when_it_is_of_another_kind_then_not_found(text: str, kind: Kind) -> None:
    assert find_values(text, kind) == []


@pytest.mark.parametrize(
    ("text", "meaning"),
    [("1,204", "1204"), ("1,204.25", "1204.25"), ("(5)", "-5"), ("0.50", "0.5"), ("1 204,5", "1204.5")],
)
def test_number_when_separators_differ_then_the_meaning_does_not(text: str, meaning: str) -> None:
    assert number_meaning(text) == meaning
