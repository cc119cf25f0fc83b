"""What people call a language, to the row of the table: codes of every kind, names, and what near ones were meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from ocrchat.engines.languages import BY_TAG, LANGUAGES, SCRIPT_LANGUAGES, Language
from ocrchat.engines.scripts import SCRIPTS
from ocrchat.errors import UnknownLanguage

AUTO = "auto"

# Names of other programs, ISO 639-2/B, macro-languages, and what people say. What the table says itself is not here.
_ALSO = {
    "alb": "sq", "arm": "hy", "baq": "eu", "bur": "my", "chi": "zh", "cze": "cs", "dut": "nl", "fre": "fr",
    "geo": "ka", "ger": "de", "gre": "el", "ice": "is", "mac": "mk", "mao": "mi", "may": "ms", "per": "fa",
    "rum": "ro", "slo": "sk", "tib": "bo", "wel": "cy",
    "ch": "zh", "cn": "zh", "cmn": "zh", "chinese": "zh", "mandarin": "zh", "chinese_cht": "zh-Hant", "cht": "zh-Hant",
    "chs": "zh", "simplified chinese": "zh", "traditional chinese": "zh-Hant", "yue": "zh-Hant", "cantonese": "zh-Hant",
    "zh-cn": "zh", "zh-sg": "zh", "zh-my": "zh", "zh-tw": "zh-Hant", "zh-hk": "zh-Hant", "zh-mo": "zh-Hant",
    "chi_sim_vert": "zh", "chi_tra_vert": "zh-Hant", "japan": "ja", "jp": "ja", "jpn_vert": "ja", "kr": "ko",
    "kor_vert": "ko", "hangul": "ko", "hangul_vert": "ko", "hans_vert": "zh", "hant_vert": "zh-Hant",
    "japanese_vert": "ja", "rs_latin": "sr-Latn", "rs_cyrillic": "sr", "rsc": "sr", "latin_script": "und-Latn",
    "arabic_script": "und-Arab", "cyrillic": "und-Cyrl", "devanagari": "und-Deva", "eslav": "und-Cyrl",
    "fraktur": "de-Latf", "frk": "de-Latf", "deu_latf": "de-Latf", "kat_old": "ka", "ita_old": "it", "spa_old": "es",
    "farsi": "fa", "pes": "fa", "prs": "fa", "dari": "fa", "myanmar": "my", "tagalog": "fil", "tl": "fil", "tgl": "fil",
    "iw": "he", "in": "id", "ji": "yi", "nb": "no", "nob": "no", "bokmal": "no", "nynorsk": "nn", "mo": "ro",
    "oriya": "or", "ory": "or", "gurmukhi": "pa", "panjabi": "pa", "sinhalese": "si", "divehi": "dv", "maldivian": "dv",
    "ckb": "und-Arab", "kurdish": "ku", "kur": "ku", "swh": "sw", "zsm": "ms", "npi": "ne", "ekk": "et", "lvs": "lv",
    "als": "sq", "khk": "mn", "azj": "az", "uzn": "uz", "pbt": "ps", "ydd": "yi", "plt": "mg", "gug": "gn", "hbs": "sr",
    "gaelic": "gd", "frisian": "fy", "greek (ancient)": "grc", "polytonic greek": "grc", "modern greek": "el",
    "valencian": "ca", "flemish": "nl", "moldovan": "ro", "luganda": "lg", "sesotho": "st", "setswana": "tn",
}  # fmt: skip


def resolve(text: str) -> Language:
    """One language; UnknownLanguage, with the near ones named, where there is none of that name."""
    key = _key(text)
    if key.startswith("script/"):  # how Tesseract's own folders name its scripts
        key = f"{key.removeprefix('script/')} script"
    if key in _INDEX:
        return _INDEX[key]
    if (found := _by_subtags(key)) is not None:
        return found
    raise UnknownLanguage(_unknown(text, key), language=text[:40])


def resolve_all(texts: Iterable[str]) -> tuple[str, ...]:
    """The tags of what is named, each once. Each text may join several by "+" or ",". Empty means: found by itself,
    as does "auto"."""
    names = [name.strip() for text in texts for name in text.replace(",", "+").split("+")]
    return tuple(dict.fromkeys(resolve(name).tag for name in names if name and _key(name) != AUTO))


def _key(text: str) -> str:
    return " ".join(text.strip().casefold().split())


def _by_subtags(key: str) -> Language | None:
    """BCP 47 with more in it than the table tells apart: a region, a variant, a script. The longest match counts."""
    parts = key.replace("_", "-").split("-")
    if not all(part.isalnum() and part.isascii() and len(part) <= 8 for part in parts):
        return None
    scripts = [part.capitalize() for part in parts[1:] if part.capitalize() in SCRIPTS]
    for end in range(len(parts), 0, -1):
        found = _INDEX.get("-".join(parts[:end]))
        if found is None or not found.code:
            continue
        if scripts and found.script != scripts[0]:
            # The language in another script than its usual one: what reads the script reads it.
            return _INDEX.get(f"{parts[0]}-{scripts[0].lower()}") or BY_TAG[f"und-{scripts[0]}"]
        return found
    return None


def _unknown(text: str, key: str) -> str:
    near = [_INDEX[match] for match in get_close_matches(key, _INDEX, n=4, cutoff=0.6)]
    names = list(dict.fromkeys(f"{language.name} ({language.tag})" for language in near))[:3]
    meant = f" Did you mean {' or '.join(names)}?" if names else ""
    return f"There is no language {text.strip()[:40]!r}.{meant} `ocrchat languages` lists them all."


def _index() -> dict[str, Language]:
    index: dict[str, Language] = {}
    for language in SCRIPT_LANGUAGES:
        for name in (language.model, f"{language.model} script", language.name, language.script, language.tag):
            index[_key(name)] = language
    # What comes later wins: "latin" and "greek" are first of all languages, a code is nearer than a name, and of two
    # rows with one code or one reader's data the first of the table is meant.
    for names in (
        lambda language: (language.model,),
        lambda language: (language.own_name, language.name),
        lambda language: (language.code,),
        lambda language: (language.tag,),
    ):
        for language in reversed(LANGUAGES):
            index |= {_key(name): language for name in names(language) if name}
    index |= {name: BY_TAG[tag] for name, tag in _ALSO.items()}
    return index


_INDEX = _index()
