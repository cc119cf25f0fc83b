"""Pages named in a question: "on page 12", "στη σελίδα 3", "第12页", "on the last page"."""

from __future__ import annotations

import re

from ocrchat.chat.terms import folded

# Folded; "page" in the languages that there are sentences in, and some neighbours.
_PAGE = (
    r"pages?|pp?\.|pg\.?|paginas?|seiten?|stron[aeiy]|σελιδ(?:α|εσ|ων)|σελ\.?|صفح(?:ه|ات)|الصفح(?:ه|ات)|စာမျက်နှာ|urupapuro|paji|"
    r"पृष्ठ|पेज|पन्ना|页|頁|ページ|стран\w+|sayfa|페이지|쪽"
)
_NUMBERS = re.compile(
    rf"(?:\b(?:{_PAGE})\s*(?:no\.?|n°|nr\.?|number|αρ\.?|رقم|အမှတ်|rwa|ya|संख्या)?\s*(?P<after>\d{{1,5}}(?:\s*(?:-|–|to|and|a|et|und|e|y|i|ja|,|και|و)\s*\d{{1,5}})*))"
    rf"|(?:第\s*(?P<cjk>\d{{1,5}})\s*[页頁])|(?P<before>\d{{1,5}})\s*(?:ページ|페이지|쪽|頁|页)(?:目)?"
)
_WORD_NUMBERS = {
    word: number
    for number, words in enumerate(
        (
            "one first",
            "two second",
            "three third",
            "four fourth",
            "five fifth",
            "six sixth",
            "seven seventh",
            "eight eighth",
            "nine ninth",
            "ten tenth",
        ),
        1,
    )
    for word in words.split()
}
_WORDED = re.compile(
    rf"\bpage (?P<after>{'|'.join(_WORD_NUMBERS)})\b|\b(?P<before>{'|'.join(_WORD_NUMBERS)}) page\b|\bthe (?P<front>cover|front)(?: page)?\b"
)
_FIRST = re.compile(
    r"première page|premiere page|primera pagina|primeira pagina|ersten? seite|pierwsz\w+ stron\w+|πρωτη\w? σελιδα|الصفحه الاولي|第一页|最初のページ|पहले पृष्ठ|ပထမ စာမျက်နှာ|urupapuro rwa mbere|prima pagina|перв\w+ страниц\w"
)
_LAST = re.compile(
    r"\b(?:last|final) page\b|derniere page|ultima pagina|letzten? seite|ostatni\w+ stron\w+|τελευταια σελιδα|الصفحه الاخيره|最后一页|最後のページ|अंतिम पृष्ठ|နောက်ဆုံး စာမျက်နှာ|urupapuro rwa nyuma|последн\w+ страниц\w"
)


def asked_pages(text: str, page_count: int) -> tuple[frozenset[int] | None, str]:
    """The pages, which the document need not have, and the question without what named them."""
    plain = folded(text)
    pages: set[int] = set()
    for match in _NUMBERS.finditer(plain):
        numbers = [int(number) for number in re.findall(r"\d+", match.group())]
        if len(numbers) == 2 and re.search(r"-|–|\bto\b", match.group()):
            numbers = list(range(numbers[0], min(numbers[1], numbers[0] + 1000) + 1))
        pages.update(numbers)
    for match in _WORDED.finditer(plain):
        word = match.group("after") or match.group("before")
        pages.add(_WORD_NUMBERS[word] if word else 1)
    if _FIRST.search(plain):
        pages.add(1)
    if _LAST.search(plain):
        pages.add(page_count)
    if not pages or _is_example(plain):
        return None, text
    rest = text if len(plain) != len(text) else _cut(text, plain)
    return frozenset(pages), rest


def _is_example(plain: str) -> bool:
    """ "Format the answer as ['Page 2', 'Page 4']" asks for no page."""
    return bool(re.search(r"\[\s*['\"‘“]", plain))


def _cut(text: str, plain: str) -> str:
    for pattern in (_NUMBERS, _WORDED, _FIRST, _LAST):
        for match in reversed(list(pattern.finditer(plain))):
            text = text[: match.start()] + text[match.end() :]
            plain = plain[: match.start()] + plain[match.end() :]
    return text
