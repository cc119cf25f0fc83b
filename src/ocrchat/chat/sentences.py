"""What the extractive answerer says, in thirteen languages. Data, and the choosing.

In every sentence "(p. N)" follows the fact. What a page says is quoted as printed, never translated.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

_FIELD_NAMES = (
    "total",
    "net",
    "tax",
    "date",
    "due date",
    "invoice number",
    "order number",
    "customer",
    "issuer",
    "email",
    "phone",
    "fax",
    "website",
    "iban",
    "bic",
    "vat number",
    "registration number",
    "currency",
    "address",
)


@dataclass(frozen=True, slots=True)
class Sentences:
    value: str
    """{name} {value} {page}"""
    several: str
    """{name} {values}, each with its page"""
    quote: str
    """{quote} {page}"""
    listed: str
    """{name} {values} {page}"""
    count: str
    """{count} {name} {page}"""
    head: str
    """{value} {page}: what stands at the head of a page."""
    not_said: str
    not_said_of: str
    """{what}"""
    no_page: str
    """{page} {pages}"""
    not_read: str
    """{page}"""
    model_down: str
    names: str
    """Of the fields, with the article, in the order above."""
    open_quote: str = "“"
    close_quote: str = "”"

    def name(self, field: str) -> str:
        return self.names.split(" | ")[_FIELD_NAMES.index(field)]


_SENTENCES = {
    "en": Sentences(
        value="{name} is {value} (p. {page}).",
        several="The document gives more than one value for {name}: {values}.",
        quote="The document says: {quote} (p. {page}).",
        listed="{name}: {values} (p. {page}).",
        count="The document lists {count}: {name} (p. {page}).",
        head="At the head of the page stands {value} (p. {page}).",
        not_said="The document does not say.",
        not_said_of="The document does not say this: {what}.",
        no_page="The document has no page {page}: it has {pages}.",
        not_read="Page {page} could not be read, so this was looked for on the other pages only.",
        model_down="The language model could not be reached; this answer is taken straight from the pages.",
        names="The total | The amount before tax | The tax | The date | The due date | The invoice number | The order number | The customer | The issuer | The e-mail address | The phone number | The fax number | The website | The IBAN | The BIC | The VAT number | The registration number | The currency | The address",
    ),
    "el": Sentences(
        value="{name} είναι {value} (p. {page}).",
        several="Το έγγραφο δίνει περισσότερες από μία τιμές για «{name}»: {values}.",
        quote="Το έγγραφο λέει: {quote} (p. {page}).",
        listed="{name}: {values} (p. {page}).",
        count="Το έγγραφο απαριθμεί {count}: {name} (p. {page}).",
        head="Στην κορυφή της σελίδας αναγράφεται {value} (p. {page}).",
        not_said="Το έγγραφο δεν το αναφέρει.",
        not_said_of="Το έγγραφο δεν αναφέρει το εξής: {what}.",
        no_page="Το έγγραφο δεν έχει σελίδα {page}: έχει {pages}.",
        not_read="Η σελίδα {page} δεν διαβάστηκε· η αναζήτηση έγινε μόνο στις υπόλοιπες.",
        model_down="Το γλωσσικό μοντέλο δεν ήταν διαθέσιμο· η απάντηση προέρχεται απευθείας από τις σελίδες.",
        names="Το σύνολο | Το ποσό προ φόρου | Ο φόρος | Η ημερομηνία | Η ημερομηνία πληρωμής | Ο αριθμός τιμολογίου | Ο αριθμός παραγγελίας | Ο πελάτης | Ο εκδότης | Η διεύθυνση e-mail | Το τηλέφωνο | Ο αριθμός φαξ | Η ιστοσελίδα | Το IBAN | Το BIC | Ο ΑΦΜ | Ο αριθμός μητρώου | Το νόμισμα | Η διεύθυνση",
        open_quote="«",
        close_quote="»",
    ),
    "ar": Sentences(
        value="{name} هو {value} (p. {page}).",
        several="يذكر المستند أكثر من قيمة لـ«{name}»: {values}.",
        quote="يقول المستند: {quote} (p. {page}).",
        listed="{name}: {values} (p. {page}).",
        count="يسرد المستند {count}: {name} (p. {page}).",
        head="في أعلى الصفحة مكتوب {value} (p. {page}).",
        not_said="لا يذكر المستند ذلك.",
        not_said_of="لا يذكر المستند ما يلي: {what}.",
        no_page="لا توجد في المستند صفحة {page}، فعدد صفحاته {pages}.",
        not_read="تعذرت قراءة الصفحة {page}، لذا جرى البحث في الصفحات الأخرى فقط.",
        model_down="تعذر الوصول إلى النموذج اللغوي؛ هذه الإجابة مأخوذة مباشرة من الصفحات.",
        names="المجموع | المبلغ قبل الضريبة | مبلغ الضريبة | التاريخ | تاريخ الاستحقاق | رقم الفاتورة | رقم الطلب | اسم العميل | المُصدِر | البريد الإلكتروني | رقم الهاتف | رقم الفاكس | الموقع الإلكتروني | رقم الآيبان | رمز BIC | الرقم الضريبي | رقم التسجيل | نوع العملة | العنوان",
        open_quote="«",
        close_quote="»",
    ),
    "my": Sentences(
        value="{name}မှာ {value} ဖြစ်သည် (p. {page})။",
        several="စာရွက်စာတမ်းတွင် {name} အတွက် တန်ဖိုးတစ်ခုထက်ပို၍ ပါရှိသည်: {values}။",
        quote="စာရွက်စာတမ်းတွင် ဤသို့ ပါရှိသည်: {quote} (p. {page})။",
        listed="{name}: {values} (p. {page})။",
        count="စာရွက်စာတမ်းတွင် {count} ခု ပါရှိသည်: {name} (p. {page})။",
        head="စာမျက်နှာထိပ်တွင် {value} ဟု ပါရှိသည် (p. {page})။",
        not_said="စာရွက်စာတမ်းတွင် ဖော်ပြမထားပါ။",
        not_said_of="စာရွက်စာတမ်းတွင် ဤအချက်ကို ဖော်ပြမထားပါ: {what}။",
        no_page="စာရွက်စာတမ်းတွင် စာမျက်နှာ {page} မရှိပါ၊ စာမျက်နှာ {pages} ခုသာ ရှိသည်။",
        not_read="စာမျက်နှာ {page} ကို ဖတ်၍မရခဲ့သဖြင့် ကျန်စာမျက်နှာများတွင်သာ ရှာဖွေခဲ့သည်။",
        model_down="ဘာသာစကားမော်ဒယ်ကို ဆက်သွယ်၍မရပါ၊ ဤအဖြေကို စာမျက်နှာများမှ တိုက်ရိုက်ယူထားသည်။",
        names="စုစုပေါင်း | အခွန်မပါသော ပမာဏ | အခွန် | ရက်စွဲ | ပေးချေရမည့်ရက် | ငွေတောင်းခံလွှာအမှတ် | အော်ဒါနံပါတ် | ဝယ်သူ | ထုတ်ပေးသူ | အီးမေးလ် | ဖုန်းနံပါတ် | ဖက်စ်နံပါတ် | ဝက်ဘ်ဆိုက် | IBAN | BIC | အခွန်နံပါတ် | မှတ်ပုံတင်အမှတ် | ငွေကြေး | လိပ်စာ",
    ),
    "rw": Sentences(
        value="{name} ni {value} (p. {page}).",
        several="Inyandiko itanga ibisubizo birenze kimwe kuri {name}: {values}.",
        quote="Inyandiko iravuga iti: {quote} (p. {page}).",
        listed="{name}: {values} (p. {page}).",
        count="Inyandiko irimo {count}: {name} (p. {page}).",
        head="Hejuru ku rupapuro handitse {value} (p. {page}).",
        not_said="Inyandiko ntibivuga.",
        not_said_of="Inyandiko ntivuga ibi: {what}.",
        no_page="Inyandiko nta rupapuro rwa {page} ifite: ifite {pages}.",
        not_read="Urupapuro rwa {page} ntirwashoboye gusomwa; byashakiwe ku zindi mpapuro gusa.",
        model_down="Porogaramu y'ururimi ntiyabonetse; iki gisubizo kivuye mu nyandiko ubwayo.",
        names="Igiteranyo | Amafaranga atarimo umusoro | Umusoro | Itariki | Itariki ntarengwa | Nomero y'inyemezabuguzi | Nomero ya komande | Umukiriya | Uwayitanze | Imeyili | Nomero ya telefoni | Nomero ya fagisi | Urubuga | IBAN | BIC | Nomero y'umusoro | Nomero y'iyandikwa | Ifaranga | Aderesi",
    ),
    "es": Sentences(
        value="{name} es {value} (p. {page}).",
        several="El documento da más de un valor para «{name}»: {values}.",
        quote="El documento dice: {quote} (p. {page}).",
        listed="{name}: {values} (p. {page}).",
        count="El documento enumera {count}: {name} (p. {page}).",
        head="En el encabezado de la página figura {value} (p. {page}).",
        not_said="El documento no lo dice.",
        not_said_of="El documento no dice lo siguiente: {what}.",
        no_page="El documento no tiene página {page}: tiene {pages}.",
        not_read="La página {page} no se pudo leer, así que se ha buscado solo en las demás.",
        model_down="No se pudo contactar con el modelo de lenguaje; esta respuesta está tomada directamente de las páginas.",
        names="El total | El importe sin impuestos | El impuesto | La fecha | La fecha de vencimiento | El número de factura | El número de pedido | El cliente | El emisor | El correo electrónico | El teléfono | El número de fax | El sitio web | El IBAN | El BIC | El número de IVA | El número de registro | La moneda | La dirección",
        open_quote="«",
        close_quote="»",
    ),
    "fr": Sentences(
        value="{name} est {value} (p. {page}).",
        several="Le document donne plusieurs valeurs pour « {name} » : {values}.",
        quote="Le document dit : {quote} (p. {page}).",
        listed="{name} : {values} (p. {page}).",
        count="Le document en énumère {count} : {name} (p. {page}).",
        head="En tête de page figure {value} (p. {page}).",
        not_said="Le document ne le dit pas.",
        not_said_of="Le document ne dit pas ceci : {what}.",
        no_page="Le document n'a pas de page {page} : il en a {pages}.",
        not_read="La page {page} n'a pas pu être lue ; la recherche a porté sur les autres seulement.",
        model_down="Le modèle de langue est injoignable ; cette réponse est tirée directement des pages.",
        names="Le total | Le montant hors taxes | La taxe | La date | La date d'échéance | Le numéro de facture | Le numéro de commande | Le client | L'émetteur | L'adresse e-mail | Le téléphone | Le numéro de fax | Le site web | L'IBAN | Le BIC | Le numéro de TVA | Le numéro d'immatriculation | La devise | L'adresse",
        open_quote="« ",
        close_quote=" »",
    ),
    "de": Sentences(
        value="{name} lautet {value} (p. {page}).",
        several="Das Dokument nennt mehr als einen Wert für „{name}“: {values}.",
        quote="Im Dokument steht: {quote} (p. {page}).",
        listed="{name}: {values} (p. {page}).",
        count="Das Dokument führt {count} auf: {name} (p. {page}).",
        head="Am Kopf der Seite steht {value} (p. {page}).",
        not_said="Das steht nicht im Dokument.",
        not_said_of="Dies steht nicht im Dokument: {what}.",
        no_page="Das Dokument hat keine Seite {page}: Es hat {pages}.",
        not_read="Seite {page} konnte nicht gelesen werden; gesucht wurde nur auf den anderen.",
        model_down="Das Sprachmodell war nicht erreichbar; diese Antwort ist unmittelbar den Seiten entnommen.",
        names="Der Gesamtbetrag | Der Nettobetrag | Der Steuerbetrag | Das Datum | Das Fälligkeitsdatum | Die Rechnungsnummer | Die Bestellnummer | Der Kundenname | Der Aussteller | Die E-Mail-Adresse | Die Telefonnummer | Die Faxnummer | Die Website | Die IBAN | Die BIC | Die Umsatzsteuernummer | Die Registernummer | Die Währung | Die Anschrift",
        open_quote="„",
        close_quote="“",
    ),
    "pt": Sentences(
        value="{name} é {value} (p. {page}).",
        several="O documento dá mais de um valor para «{name}»: {values}.",
        quote="O documento diz: {quote} (p. {page}).",
        listed="{name}: {values} (p. {page}).",
        count="O documento enumera {count}: {name} (p. {page}).",
        head="No topo da página consta {value} (p. {page}).",
        not_said="O documento não o diz.",
        not_said_of="O documento não diz o seguinte: {what}.",
        no_page="O documento não tem página {page}: tem {pages}.",
        not_read="A página {page} não pôde ser lida; procurou-se apenas nas outras.",
        model_down="Não foi possível contactar o modelo de linguagem; esta resposta é tirada diretamente das páginas.",
        names="O total | O valor sem imposto | O imposto | A data | A data de vencimento | O número da fatura | O número do pedido | O cliente | O emitente | O e-mail | O telefone | O número de fax | O site | O IBAN | O BIC | O número de contribuinte | O número de registo | A moeda | O endereço",
        open_quote="«",
        close_quote="»",
    ),
    "pl": Sentences(
        value="{name} to {value} (p. {page}).",
        several="Dokument podaje więcej niż jedną wartość („{name}”): {values}.",
        quote="W dokumencie napisano: {quote} (p. {page}).",
        listed="{name}: {values} (p. {page}).",
        count="Liczba pozycji w dokumencie: {count}: {name} (p. {page}).",
        head="U góry strony widnieje {value} (p. {page}).",
        not_said="Dokument tego nie podaje.",
        not_said_of="Dokument nie podaje tego: {what}.",
        no_page="Dokument nie ma strony {page}: liczba stron to {pages}.",
        not_read="Strony {page} nie udało się odczytać; szukano tylko na pozostałych.",
        model_down="Model językowy jest nieosiągalny; odpowiedź pochodzi wprost ze stron dokumentu.",
        names="Suma | Kwota netto | Podatek | Data | Termin płatności | Numer faktury | Numer zamówienia | Nabywca | Wystawca | Adres e-mail | Numer telefonu | Numer faksu | Strona internetowa | IBAN | BIC | NIP | Numer rejestrowy | Waluta | Adres",
        open_quote="„",
        close_quote="”",
    ),
    "hi": Sentences(
        value="{name} {value} है (p. {page})।",
        several="दस्तावेज़ में {name} के एक से अधिक मान हैं: {values}।",
        quote="दस्तावेज़ में लिखा है: {quote} (p. {page})।",
        listed="{name}: {values} (p. {page})।",
        count="दस्तावेज़ में {count} दिए गए हैं: {name} (p. {page})।",
        head="पृष्ठ के शीर्ष पर लिखा है: {value} (p. {page})।",
        not_said="दस्तावेज़ में यह नहीं बताया गया है।",
        not_said_of="दस्तावेज़ में यह नहीं बताया गया है: {what}।",
        no_page="दस्तावेज़ में पृष्ठ {page} नहीं है: कुल {pages} पृष्ठ हैं।",
        not_read="पृष्ठ {page} पढ़ा नहीं जा सका, इसलिए केवल बाकी पृष्ठों में खोजा गया।",
        model_down="भाषा मॉडल से संपर्क नहीं हो सका; यह उत्तर सीधे पृष्ठों से लिया गया है।",
        names="कुल राशि | कर से पहले की राशि | कर | दिनांक | देय तिथि | चालान संख्या | ऑर्डर संख्या | ग्राहक | जारीकर्ता | ईमेल | फ़ोन नंबर | फ़ैक्स नंबर | वेबसाइट | IBAN | BIC | कर संख्या | पंजीकरण संख्या | मुद्रा | पता",
    ),
    "zh": Sentences(
        value="{name}是{value} (p. {page})。",
        several="文档中{name}有多个值：{values}。",
        quote="文档写道：{quote} (p. {page})。",
        listed="{name}：{values} (p. {page})。",
        count="文档列出了{count}项：{name} (p. {page})。",
        head="页首写着{value} (p. {page})。",
        not_said="文档中没有说明。",
        not_said_of="文档中没有说明：{what}。",
        no_page="文档没有第{page}页，共{pages}页。",
        not_read="第{page}页无法读取，因此只查找了其他页。",
        model_down="无法连接语言模型；此回答直接取自页面。",
        names="总额 | 税前金额 | 税额 | 日期 | 到期日 | 发票号码 | 订单号 | 客户 | 开票方 | 电子邮件 | 电话号码 | 传真号码 | 网站 | IBAN | BIC | 税号 | 注册号 | 货币 | 地址",
    ),
    "ja": Sentences(
        value="{name}は{value}です (p. {page})。",
        several="文書には{name}の値が複数あります：{values}。",
        quote="文書には次のようにあります：{quote} (p. {page})。",
        listed="{name}：{values} (p. {page})。",
        count="文書には{count}件あります：{name} (p. {page})。",
        head="ページの冒頭に{value}とあります (p. {page})。",
        not_said="文書には書かれていません。",
        not_said_of="次のことは文書に書かれていません：{what}。",
        no_page="文書に{page}ページはありません。全{pages}ページです。",
        not_read="{page}ページは読み取れなかったため、ほかのページだけを調べました。",
        model_down="言語モデルに接続できませんでした。この回答はページから直接取り出したものです。",
        names="合計 | 税抜金額 | 税額 | 日付 | 支払期限 | 請求書番号 | 注文番号 | お客様名 | 発行者 | メールアドレス | 電話番号 | ファックス番号 | ウェブサイト | IBAN | BIC | 登録番号 | 法人番号 | 通貨 | 住所",
        open_quote="「",
        close_quote="」",
    ),
}

_ANY = Sentences(
    value="{name}: {value} (p. {page}).",
    several="{name}: {values}.",
    quote="{quote} (p. {page}).",
    listed="{name}: {values} (p. {page}).",
    count="{count}: {name} (p. {page}).",
    head="{value} (p. {page}).",
    not_said=_SENTENCES["en"].not_said,
    not_said_of=_SENTENCES["en"].not_said_of,
    no_page=_SENTENCES["en"].no_page,
    not_read=_SENTENCES["en"].not_read,
    model_down=_SENTENCES["en"].model_down,
    names="",
)
"""Where there are no sentences in a language: the lines that answer, and nothing around them."""

LANGUAGES = tuple(_SENTENCES)
TEMPLATES = tuple(field.name for field in fields(Sentences))
FIELD_NAMES = _FIELD_NAMES


def sentences_in(language: str) -> Sentences:
    return _SENTENCES.get(language, _ANY)


def has_sentences(language: str) -> bool:
    return language in _SENTENCES
