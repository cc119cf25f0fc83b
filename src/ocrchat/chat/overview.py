"""Questions about a document as a whole, which no single passage answers. Data."""

from __future__ import annotations

from ocrchat.chat.terms import folded

_WORDS = tuple(
    folded(word)
    for word in [
        "summarize",
        "summarise",
        "summary",
        "overview",
        "main points",
        "key points",
        "what is this document",
        "what is the document about",
        "what is it about",
        "what's this about",
        "tl;dr",
        "résum",
        "de quoi parle",
        "de quoi s'agit",
        "zusammenfass",
        "worum geht",
        "überblick",
        "resumen",
        "resume ",
        "resuma",
        "de qué trata",
        "do que trata",
        "podsumuj",
        "streszcz",
        "o czym jest",
        "σύνοψη",
        "σύνοψε",
        "περίληψη",
        "τι λέει το έγγραφο",
        "لخص",
        "ملخص",
        "خلاصة",
        "عم يتحدث",
        "အကျဉ်းချုပ်",
        "အနှစ်ချုပ်",
        "incamake",
        "vuga muri make",
        "सारांश",
        "संक्षेप",
        "总结",
        "概括",
        "摘要",
        "主要内容",
        "要約",
        "まとめて",
        "概要",
    ]
)


def is_overview(text: str) -> bool:
    plain = folded(text)
    return any(word in plain for word in _WORDS)
