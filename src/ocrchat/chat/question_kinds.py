"""Question words that tell what kind of value would answer. Data, folded, by how sure they are."""

from __future__ import annotations

import re

from ocrchat.chat.fields import Kind
from ocrchat.chat.terms import folded, terms_of

_KINDS: tuple[tuple[Kind, str], ...] = (
    ("email", "e-mail|email|courriel|correo electrónico|電子メール|邮箱"),
    ("iban", "iban"),
    ("bic", "bic code|swift"),
    ("url", "web site|website|web address| url |homepage"),
    ("phone", "telephone|phone|téléphone|teléfono|telefon|τηλέφωνο|هاتف|ဖုန်း|电话|電話|फ़ोन"),
    (
        "percent",
        "what percent|what percentage|which percent|what is the percent|what was the percent|how many percent|pourcentage|porcentaje|prozent|ποσοστό|نسبة|百分|パーセント|प्रतिशत|procent",
    ),
    (
        "date",
        "^when |^and when|until when|since when|bis wann|seit wann|jusqu'a quand|depuis quand|hasta cuando|desde cuando|what date|which date|date of|on what day|^quand |^wann |und wann |^cuándo|^quando |^kiedy |πότε|متى|ဘယ်တော့|ryari|कब|何时|什么时候|いつ",
    ),
    (
        "amount",
        "how much|what amount|price of|cost of|combien coûte|cuánto cuesta|wie teuer|wieviel kostet|quanto custa|ile kosztuje|πόσο κοστίζει|كم سعر|ဘယ်လောက်ကျ|多少钱|いくら",
    ),
    (
        "number",
        "how many|the number of|total number of|combien de|combien d'|cuántos|cuántas|wie viele|quantos|quantas|^ile |πόσα|πόσες|πόσοι|كم عدد|ဘယ်နှ|zingahe|bangahe|कितने|多少个|几个|何件|いくつ|何人",
    ),
    ("date", " date | dates | datum | fecha | data | ημερομηνία | تاريخ | itariki | तिथि | दिनांक |日期|日付"),
    (
        "code",
        " number | no | id | ids | code | codes | numéro | número | nummer | numer |αριθμός|رقم|နံပါတ်|अंक|संख्या|编号|号码|番号",
    ),
)

KINDS = tuple((kind, tuple(folded(word) for word in words.split("|"))) for kind, words in _KINDS)

COUNTED = tuple(
    folded(word)
    for word in [
        "how many",
        "the number of",
        "total number of",
        "combien de",
        "combien d'",
        "cuántos",
        "cuántas",
        "wie viele",
        "quantos",
        "quantas",
        "ile jest",
        "πόσα",
        "πόσες",
        "πόσοι",
        "كم عدد",
        "zingahe",
        "bangahe",
        "कितने",
        "多少个",
        "几个",
        "いくつ",
        "何件",
        "何人",
        "ဘယ်နှ",
    ]
)
COMPARED = tuple(
    folded(word)
    for word in [
        "how much higher",
        "how much lower",
        "how much more",
        "how much less",
        "how much greater",
        "how many more",
        "how many fewer",
        "difference between",
        "combien de plus",
        "différence entre",
        "um wie viel",
        "unterschied zwischen",
        "diferencia entre",
        "cuánto más",
        "diferença entre",
        "różnica między",
        "διαφορά μεταξύ",
        "الفرق بين",
        "相差",
        "差额",
        "差額",
    ]
)
LISTED = tuple(
    folded(word)
    for word in [
        "list ",
        "enumerate",
        "which are",
        "who are",
        "what are",
        "name all",
        "all the",
        "quels sont",
        "quelles sont",
        "cuáles son",
        "welche",
        "quais são",
        "jakie są",
        "ποιες είναι",
        "ποιοι είναι",
        "ما هي",
        "列出",
        "哪些",
        "一覧",
        "सूची",
    ]
)


_DEGREE = re.compile(r"^\s*how (?:long|often|soon)\b", re.IGNORECASE)


def without_degree(text: str) -> str:
    """ "How long is the warranty?" asks for a measure of it; "long" says nothing of what."""
    return _DEGREE.sub("how", text, count=1)


_BETWEEN = re.compile(r"[^\w-]+")


KIND_TERMS = frozenset(
    terms_of("number no id code name date amount value address numéro nom numero nombre nummer nazwa número nome title")
)
"""They say what kind of value is meant: labels often leave them out."""


_FIGURED = frozenset(
    terms_of(
        "price cost fee rent deposit salary discount charge subtotal tax fine penalty allowance premium surcharge budget "
        "revenue turnover profit loss debt balance wage bonus interest rate quantity weight height width length age "
        "preis gebühr miete gehalt rabatt kosten prix loyer salaire remise precio alquiler salario descuento preço "
        "aluguel salário desconto cena czynsz rabat τιμή ενοίκιο μισθός έκπτωση"
    )
)
_OF_WHAT = re.compile(
    r"^(?:what|how high|how large|was|wie hoch|quel|quelle|cual|qual|jak\w*|ποι\w+)\b(?! (?:kind|sort|type|happens?)\b)"
    r"(?:\s+(?:is|are|was|were|will|would|be|ist|sind|est|sont|es|son|e|sao|jest|ειναι|der|die|das|the|le|la|el|o|a|il|l|"
    r"[a-z]+ly|net|gross|basic|annual|total|unit|maximum|minimum|average))*\s+(?P<noun>[\w'-]+)"
)


def is_figured(plain: str) -> bool:
    """ "What is the monthly fee": of a folded question."""
    if _DEGREE.match(plain):
        return True
    match = _OF_WHAT.match(plain)
    return match is not None and bool(set(terms_of(match.group("noun"))) & _FIGURED)


_COSTS = re.compile(
    r"(?:what|wieviel|wie viel|was|combien|que|cuanto|quanto|ile)\b.{0,60}\b(?:costs?|charged?|kostet|kosten|coutent?|cuesta|"
    r"cuestan|custam?|kosztuje|kosztuja|pay)\b"
)


def kind_asked(plain: str) -> Kind | None:
    """Of a folded question; None where a passage would answer."""
    if _COSTS.match(plain):
        return "amount"
    padded = " " + _BETWEEN.sub(" ", plain) + " "
    for kind, words in KINDS:
        if any(padded.startswith(f" {word[1:]}") if word[0] == "^" else word in padded for word in words):
            return kind
    return None
