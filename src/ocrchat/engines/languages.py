"""Every language that can be read, and what is known of it: the one table.

A language that is written in two scripts is two rows, told apart by the script in the tag ("sr", "sr-Latn"). Rows that
begin with "und-" mean a script and no language: what is asked for where only the script is known.
"""

from __future__ import annotations

from dataclasses import dataclass

from ocrchat.document.model import Direction
from ocrchat.engines.scripts import SCRIPTS


@dataclass(frozen=True, kw_only=True, slots=True)
class Language:
    tag: str
    """BCP 47."""
    code: str
    """ISO 639-3; empty for a script."""
    name: str
    own_name: str
    script: str
    """ISO 15924."""
    model: str = ""
    """Tesseract's name of the data that reads it; empty where there is none."""
    reader: str = "tesseract"
    """The engine that reads it best."""
    trained: bool = True
    """Whether that engine has seen the language, or just its script."""

    @property
    def direction(self) -> Direction:
        return SCRIPTS[self.script].direction

    @property
    def spaced(self) -> bool:
        """Whether words are written with spaces between them."""
        return SCRIPTS[self.script].spaced


# tag | ISO 639-3 | English name | own name | script | Tesseract's data
_ROWS = """
af|afr|Afrikaans|Afrikaans|Latn|afr
am|amh|Amharic|አማርኛ|Ethi|amh
ar|ara|Arabic|العربية|Arab|ara
as|asm|Assamese|অসমীয়া|Beng|asm
az|aze|Azerbaijani|azərbaycanca|Latn|aze
az-Cyrl|aze|Azerbaijani (Cyrillic)|азәрбајҹанҹа|Cyrl|aze_cyrl
be|bel|Belarusian|беларуская|Cyrl|bel
bg|bul|Bulgarian|български|Cyrl|bul
bn|ben|Bengali|বাংলা|Beng|ben
bo|bod|Tibetan|བོད་སྐད་|Tibt|bod
br|bre|Breton|brezhoneg|Latn|bre
bs|bos|Bosnian|bosanski|Latn|bos
ca|cat|Catalan|català|Latn|cat
ceb|ceb|Cebuano|Cebuano|Latn|ceb
chr|chr|Cherokee|ᏣᎳᎩ|Cher|chr
co|cos|Corsican|corsu|Latn|cos
cs|ces|Czech|čeština|Latn|ces
cy|cym|Welsh|Cymraeg|Latn|cym
da|dan|Danish|dansk|Latn|dan
de|deu|German|Deutsch|Latn|deu
de-Latf|deu|German (Fraktur)|Deutsch (Fraktur)|Latf|Fraktur
dv|div|Dhivehi|ދިވެހި|Thaa|div
dz|dzo|Dzongkha|རྫོང་ཁ|Tibt|dzo
ee|ewe|Ewe|Eʋegbe|Latn|
el|ell|Greek|Ελληνικά|Grek|ell
en|eng|English|English|Latn|eng
enm|enm|Middle English|Middle English|Latn|enm
eo|epo|Esperanto|Esperanto|Latn|epo
es|spa|Spanish|español|Latn|spa
et|est|Estonian|eesti|Latn|est
eu|eus|Basque|euskara|Latn|eus
fa|fas|Persian|فارسی|Arab|fas
ff|ful|Fula|Fulfulde|Latn|
fi|fin|Finnish|suomi|Latn|fin
fil|fil|Filipino|Filipino|Latn|fil
fo|fao|Faroese|føroyskt|Latn|fao
fr|fra|French|français|Latn|fra
frm|frm|Middle French|françois|Latn|frm
fy|fry|West Frisian|Frysk|Latn|fry
ga|gle|Irish|Gaeilge|Latn|gle
gd|gla|Scottish Gaelic|Gàidhlig|Latn|gla
gl|glg|Galician|galego|Latn|glg
gn|grn|Guarani|avañe'ẽ|Latn|
grc|grc|Ancient Greek|Ἑλληνική|Grek|grc
gu|guj|Gujarati|ગુજરાતી|Gujr|guj
ha|hau|Hausa|Hausa|Latn|
haw|haw|Hawaiian|ʻŌlelo Hawaiʻi|Latn|
he|heb|Hebrew|עברית|Hebr|heb
hi|hin|Hindi|हिन्दी|Deva|hin
hr|hrv|Croatian|hrvatski|Latn|hrv
ht|hat|Haitian Creole|kreyòl ayisyen|Latn|hat
hu|hun|Hungarian|magyar|Latn|hun
hy|hye|Armenian|հայերեն|Armn|hye
id|ind|Indonesian|Bahasa Indonesia|Latn|ind
ig|ibo|Igbo|Igbo|Latn|
is|isl|Icelandic|íslenska|Latn|isl
it|ita|Italian|italiano|Latn|ita
iu|iku|Inuktitut|ᐃᓄᒃᑎᑐᑦ|Cans|iku
ja|jpn|Japanese|日本語|Jpan|jpn
jv|jav|Javanese|Basa Jawa|Latn|jav
ka|kat|Georgian|ქართული|Geor|kat
kk|kaz|Kazakh|қазақ тілі|Cyrl|kaz
km|khm|Khmer|ខ្មែរ|Khmr|khm
kn|kan|Kannada|ಕನ್ನಡ|Knda|kan
ko|kor|Korean|한국어|Kore|kor
ku|kmr|Kurdish (Kurmanji)|Kurdî|Latn|kmr
ky|kir|Kyrgyz|кыргызча|Cyrl|kir
la|lat|Latin|Latina|Latn|lat
lb|ltz|Luxembourgish|Lëtzebuergesch|Latn|ltz
lg|lug|Ganda|Luganda|Latn|
ln|lin|Lingala|lingála|Latn|
lo|lao|Lao|ລາວ|Laoo|lao
lt|lit|Lithuanian|lietuvių|Latn|lit
lv|lav|Latvian|latviešu|Latn|lav
mg|mlg|Malagasy|malagasy|Latn|
mi|mri|Maori|te reo Māori|Latn|mri
mk|mkd|Macedonian|македонски|Cyrl|mkd
ml|mal|Malayalam|മലയാളം|Mlym|mal
mn|mon|Mongolian|монгол|Cyrl|mon
mr|mar|Marathi|मराठी|Deva|mar
ms|msa|Malay|Bahasa Melayu|Latn|msa
mt|mlt|Maltese|Malti|Latn|mlt
my|mya|Burmese|မြန်မာ|Mymr|mya
ne|nep|Nepali|नेपाली|Deva|nep
nl|nld|Dutch|Nederlands|Latn|nld
nn|nno|Norwegian Nynorsk|norsk nynorsk|Latn|nor
no|nor|Norwegian|norsk|Latn|nor
ny|nya|Chichewa|Chichewa|Latn|
oc|oci|Occitan|occitan|Latn|oci
om|orm|Oromo|Afaan Oromoo|Latn|
or|ori|Odia|ଓଡ଼ିଆ|Orya|ori
pa|pan|Punjabi|ਪੰਜਾਬੀ|Guru|pan
pl|pol|Polish|polski|Latn|pol
ps|pus|Pashto|پښتو|Arab|pus
pt|por|Portuguese|português|Latn|por
qu|que|Quechua|Runasimi|Latn|que
rm|roh|Romansh|rumantsch|Latn|
rn|run|Rundi|Ikirundi|Latn|
ro|ron|Romanian|română|Latn|ron
ru|rus|Russian|русский|Cyrl|rus
rw|kin|Kinyarwanda|Ikinyarwanda|Latn|
sa|san|Sanskrit|संस्कृतम्|Deva|san
sd|snd|Sindhi|سنڌي|Arab|snd
se|sme|Northern Sami|davvisámegiella|Latn|
sg|sag|Sango|Sängö|Latn|
si|sin|Sinhala|සිංහල|Sinh|sin
sk|slk|Slovak|slovenčina|Latn|slk
sl|slv|Slovenian|slovenščina|Latn|slv
sn|sna|Shona|chiShona|Latn|
so|som|Somali|Soomaaliga|Latn|
sq|sqi|Albanian|shqip|Latn|sqi
sr|srp|Serbian|српски|Cyrl|srp
sr-Latn|srp|Serbian (Latin)|srpski|Latn|srp_latn
st|sot|Southern Sotho|Sesotho|Latn|
su|sun|Sundanese|Basa Sunda|Latn|sun
sv|swe|Swedish|svenska|Latn|swe
sw|swa|Swahili|Kiswahili|Latn|swa
syr|syr|Syriac|ܣܘܪܝܝܐ|Syrc|syr
ta|tam|Tamil|தமிழ்|Taml|tam
te|tel|Telugu|తెలుగు|Telu|tel
tg|tgk|Tajik|тоҷикӣ|Cyrl|tgk
th|tha|Thai|ไทย|Thai|tha
ti|tir|Tigrinya|ትግርኛ|Ethi|tir
tk|tuk|Turkmen|türkmençe|Latn|
tn|tsn|Tswana|Setswana|Latn|
to|ton|Tongan|lea fakatonga|Latn|ton
tr|tur|Turkish|Türkçe|Latn|tur
tt|tat|Tatar|татарча|Cyrl|tat
ug|uig|Uyghur|ئۇيغۇرچە|Arab|uig
uk|ukr|Ukrainian|українська|Cyrl|ukr
ur|urd|Urdu|اردو|Arab|urd
uz|uzb|Uzbek|oʻzbekcha|Latn|uzb
uz-Cyrl|uzb|Uzbek (Cyrillic)|ўзбекча|Cyrl|uzb_cyrl
vi|vie|Vietnamese|Tiếng Việt|Latn|vie
wo|wol|Wolof|Wolof|Latn|
xh|xho|Xhosa|isiXhosa|Latn|
yi|yid|Yiddish|ייִדיש|Hebr|yid
yo|yor|Yoruba|Yorùbá|Latn|yor
zh|zho|Chinese (simplified)|简体中文|Hans|chi_sim
zh-Hant|zho|Chinese (traditional)|繁體中文|Hant|chi_tra
zu|zul|Zulu|isiZulu|Latn|
"""

_OTHER_READER = {"vi": "vie", "yo": "yor", "ig": "Vietnamese"}
"""Written with Latin letters that PP-OCRv6 has no class for (ẹ, ọ, ṣ, ộ …): Tesseract's data for them. Igbo has none of
its own; Vietnamese has all of its letters."""

_SEEN_BY_FAST = frozenset(
    (  # noqa: SIM905  fifty lines of codes would read worse
        "af az bs ca cs cy da de en es et eu fi fil fr ga gl hr hu id is it ja ku la lb lt lv mi ms mt nl no oc pl pt "
        "qu rm ro sk sl sq sr-Latn sv sw tr uz zh zh-Hant"
    ).split()
)
"""What the makers of PP-OCRv6 say they trained it on. Others of its scripts are read by their letters alone."""

_READ_BY_FAST = frozenset({"Latn", "Hans", "Hant", "Jpan"})


def _language(row: str) -> Language:
    tag, code, name, own_name, script, model = row.split("|")
    fast = script in _READ_BY_FAST and tag not in _OTHER_READER
    return Language(
        tag=tag,
        code=code,
        name=name,
        own_name=own_name,
        script=script,
        model=_OTHER_READER.get(tag, model),
        reader="fast" if fast else "tesseract",
        trained=tag in _SEEN_BY_FAST if fast else bool(model),
    )


def _of_script(code: str) -> Language:
    script = SCRIPTS[code]
    reader = "fast" if code in _READ_BY_FAST else "tesseract"
    return Language(
        tag=f"und-{code}",
        code="",
        name=f"{script.name} script",
        own_name="",
        script=code,
        model=script.model,
        reader=reader,
    )


LANGUAGES: tuple[Language, ...] = tuple(_language(row) for row in _ROWS.strip().splitlines())
SCRIPT_LANGUAGES: tuple[Language, ...] = tuple(_of_script(code) for code in SCRIPTS)

BY_TAG = {language.tag: language for language in (*LANGUAGES, *SCRIPT_LANGUAGES)}


def of_script(script: str) -> tuple[Language, ...]:
    """The languages written in it."""
    return tuple(language for language in LANGUAGES if language.script == script)
