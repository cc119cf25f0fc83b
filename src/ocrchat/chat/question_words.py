"""Words that questions are made of and that say nothing about what is asked for, by language.

They tell which language a question is in, and are left out of the search. Data: one string a language.
"""

from __future__ import annotations

from ocrchat.chat.terms import folded, terms_of

_WORDS = {
    "en": (
        "a an the is are was were be been being am do does did doing done has have had having can could will would shall "
        "should may might must of in on at to from by for with without about into over under as and or nor not no so than "
        "then there here this that these those it its they them their he him his she her we us our you your i me my mine "
        "what which who whom whose when where why how s t d ll ve re please tell give show find say says said state stated "
        "states mention mentioned mentions according list name named document doc file text pdf report if any all both "
        "each also just only much many answer answers question whether following get got exactly did let know want need "
        "provide based per using used use written write format round rounded calculate utilizing clearly shown "
        "within information appear appears enumerate indicate indicated respectively specified associated"
    ),
    "el": (
        "ο η το οι τα του της των τον την ένα ένας μια είναι ήταν και ή να θα για από με σε στο στη στην στον στα στις "
        "που ποιο ποια ποιος ποιοι ποιες ποιων πότε πού πώς γιατί τι πόσο πόσα πόσες πόσοι πόση δεν μη ως αυτό αυτή "
        "αυτός έχει έχουν μου σου μας σας πες δείξε βρες έγγραφο κείμενο αναφέρεται λέει"
    ),
    "ar": (
        "ما ماذا من متى أين كيف كم لماذا هل هو هي هم هذا هذه ذلك تلك الذي التي في على إلى عن مع و أو ثم أن إن كان كانت "
        "يكون تكون لا لم لن قد كل بعض أي عند بين وما ومتى المستند الوثيقة النص اذكر أعطني"
    ),
    "my": "ဘာ ဘယ် ဘယ်လောက် ဘယ်တော့ ဘယ်သူ ဘာလဲ လဲ သလဲ ပါသလဲ နှင့် နဲ့ သည် ကို မှာ တွင်",
    "rw": (
        "ni ki iki iyihe uwuhe ryari hehe nde bande angahe gute kuki mu ku na n wa ya cya bya rya ba ka bw by cy y w "
        "muri kuri kandi cyangwa iyi iki uyu aya ibi inyandiko ese ngahe kangahe ari yari bingahe zingahe"
    ),
    "es": (
        "el la los las un una unos unas es son fue fueron era ser está están hay de del en a al con sin por para y o ni no "
        "que qué cuál cuáles quién quiénes cuándo cuánto cuánta cuántos cuántas dónde cómo su sus lo le se este esta esto "
        "estos estas documento texto según dime como"
    ),
    "fr": (
        "le la les l un une des du de d est sont était a ont et ou ni ne pas que qu quel quelle quels quelles qui quand où "
        "comment combien pourquoi à au aux en dans sur par pour avec sans ce cet cette ces son sa ses leur il elle ils "
        "elles se y c j document texte selon"
    ),
    "de": (
        "der die das den dem des ein eine einen einem einer ist sind war waren wird werden hat haben und oder nicht kein "
        "was welche welcher welches welchen welchem wer wem wen wann wo wie wieviel viele viel warum von vom zu zum zur in "
        "im an am auf aus bei mit nach für über unter laut es sie er sich dieses dieser diese diesem dokument text lautet "
        "steht beträgt"
    ),
    "pt": (
        "o a os as um uma uns umas é são foi foram era ser está há de do da dos das em no na nos nas ao à com sem por para "
        "e ou nem não que qual quais quem quando quanto quanta quantos quantas onde como seu sua seus suas se este esta "
        "isto documento texto segundo diga"
    ),
    "pl": (
        "jest są był była było być i oraz lub albo nie co kto kogo kiedy gdzie jak jaki jaka jakie jaką ile który która "
        "które czy w we na z ze do od dla po przez o u to ten ta te tego tej się jego jej ich dokument dokumencie tekst "
        "wynosi"
    ),
    "hi": (
        "क्या कौन कौनसा कब कहाँ कैसे कितना कितने कितनी क्यों किस किसने है हैं था थे थी हो का के की को में से पर और या "
        "नहीं यह वह इस उस ये वे ने तक लिए दस्तावेज़ दस्तावेज बताइए"
    ),
    "zh": "什么 多少 哪些 哪个 哪里 谁 何时 几 是 的 了 吗 呢 和 在 有 请问 文件 文档 怎么 为什么 及",
    "ja": "何 いつ どこ だれ 誰 いくら いくつ どの どれ です ます か は が の を に で と も へ や から まで ですか ますか 文書 書類 なに 教えて ください",
    "it": (
        "il lo la i gli le un uno una è sono era di del della dei delle in nel nella a al alla con senza per tra e o non "
        "che quale quali chi quando quanto quanta quanti quante dove come qual cosa documento testo"
    ),
    "nl": (
        "de het een is zijn was waren wordt en of niet geen wat welke wie wanneer waar hoe hoeveel van in op aan te tot "
        "met voor door naar bij uit om deze dit die dat document tekst"
    ),
    "tr": "ne nedir kim kime hangi nerede nasıl kaç kadar niçin bir bu şu ve veya ile için mi mı mu mü ne zaman belge",
    "ru": (
        "что какой какая какое какие кто когда где как сколько почему и или не в во на с со из от до для по о об у за к "
        "это этот эта эти был была было были документ документе указан указана"
    ),
}

WORDS = {language: frozenset(folded(word) for word in words.split()) for language, words in _WORDS.items()}
"""Folded; of languages without templates too, so that they are not taken for ones that have them."""

# Function words of the unspaced languages are not cut out: their pairs of characters would be parts of other words.
STOP_TERMS = frozenset(
    term
    for language, words in WORDS.items()
    if language not in ("zh", "ja", "my")
    for word in words
    for term in (word, *terms_of(word))
)
STOP_TERMS_OF = {
    language: frozenset(term for word in words for term in (word, *terms_of(word)))
    for language, words in WORDS.items()
    if language not in ("zh", "ja", "my")
}
UNSPACED_FUNCTION_WORDS = {
    language: tuple(sorted(WORDS[language], key=len, reverse=True)) for language in ("zh", "ja", "my")
}
