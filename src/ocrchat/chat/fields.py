"""What people ask of forms by name, and what forms call it: one field a paragraph, labels by language. Data.

The same words find the field in a question and its label on a page, in whatever languages the two are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ocrchat.chat.terms import terms_of

Kind = Literal[
    "amount", "date", "percent", "number", "code", "phone", "email", "iban", "bic", "url", "currency", "name", "text"
]

# name, kind; then labels. "~" before a label: only with a value in the same line, as it means other things too.
_FIELDS = """
total amount
en: total | total amount | grand total | invoice total | total price | total due | total payable | total incl tax | total including tax | amount total | total amount due | amount due | balance due | amount payable | total to pay | net payable | bill total | ~amount | ~sum
el: σύνολο | συνολικό ποσό | γενικό σύνολο | τελικό ποσό | πληρωτέο ποσό | πληρωτέο | ~ποσό
ar: المجموع | الإجمالي | المبلغ الإجمالي | إجمالي المبلغ | المجموع الكلي | الإجمالي الكلي | المبلغ المستحق | ~المبلغ
my: စုစုပေါင်း | စုစုပေါင်းငွေ | စုစုပေါင်းပမာဏ | ကျသင့်ငွေ | ~ပမာဏ
rw: igiteranyo | igiteranyo cyose | amafaranga yose | yose hamwe | ~amafaranga
es: total | importe total | total a pagar | total factura | monto total | suma total | total con iva | ~importe | ~monto
fr: total | total ttc | montant total | somme à payer | net à payer | total à payer | total facture | montant ttc | montant dû | total général | ~montant | ~somme
de: gesamt | gesamtbetrag | gesamtsumme | summe | rechnungsbetrag | endbetrag | zu zahlen | zahlbetrag | bruttobetrag | gesamt brutto | endsumme | ~betrag
pt: total | valor total | total a pagar | montante total | total da fatura | total geral | ~valor | ~montante
pl: razem | suma | do zapłaty | łącznie | kwota do zapłaty | wartość brutto | razem brutto | kwota całkowita | całkowita kwota | ~kwota
hi: कुल | कुल राशि | कुल योग | योग | देय राशि | कुल रकम | ~राशि
zh: 合计 | 总计 | 总额 | 总金额 | 合計 | 總計 | 總額 | 价税合计 | 应付金额 | ~金额
ja: 合計 | 合計金額 | 総額 | 総計 | 請求金額 | 税込合計 | お支払金額 | ご請求額 | ~金額
it: totale | importo totale | totale fattura | totale da pagare | ~importo
nl: totaal | totaalbedrag | te betalen | ~bedrag
ru: итого | всего | общая сумма | сумма к оплате | ~сумма
tr: toplam | genel toplam | toplam tutar | ~tutar
ko: 합계 | 총액 | 총계 | 합계금액 | ~금액

net amount
en: subtotal | sub total | net total | net amount | total excl tax | total excluding tax | amount before tax | total before tax | taxable amount | untaxed amount | amount excluding tax | amount without tax | total without tax | pre tax amount | amount untaxed
el: καθαρή αξία | υποσύνολο | καθαρό ποσό | ποσό χωρίς φπα | αξία προ φπα
ar: المجموع الفرعي | الإجمالي الفرعي | المبلغ قبل الضريبة | المبلغ الصافي
my: အခွန်မပါ စုစုပေါင်း | အသားတင် ပမာဏ
rw: igiteranyo kitarimo umusoro | amafaranga atarimo umusoro
es: base imponible | subtotal | total sin iva | importe neto | importe sin iva
fr: total ht | montant ht | total hors taxes | sous total | montant hors taxes | total net ht | hors taxes
de: nettobetrag | zwischensumme | netto | summe netto | gesamt netto | nettosumme
pt: subtotal | valor líquido | total sem iva | base tributável
pl: wartość netto | kwota netto | razem netto | suma netto | netto
hi: उप योग | उपयोग | कर पूर्व राशि | कर रहित राशि
zh: 小计 | 不含税金额 | 税前金额 | 小計
ja: 小計 | 税抜金額 | 税抜合計
it: imponibile | totale imponibile | subtotale
nl: subtotaal | totaal excl btw
ru: сумма без ндс
tr: ara toplam

tax amount
en: tax | vat | sales tax | tax amount | vat amount | gst | total tax | total vat
el: φπα | φόρος | ποσό φπα
ar: الضريبة | ضريبة القيمة المضافة | مبلغ الضريبة
my: အခွန် | ကုန်သွယ်လုပ်ငန်းခွန်
rw: umusoro | tva | umusoro ku nyongeragaciro
es: iva | impuesto | impuestos | cuota iva
fr: tva | montant tva | total tva | taxe | taxes
de: mwst | umsatzsteuer | ust | mehrwertsteuer | steuer
pt: iva | imposto | impostos | icms
pl: vat | kwota vat | podatek | podatek vat
hi: कर | जीएसटी | कर राशि
zh: 税额 | 税金 | 增值税
ja: 消費税 | 税額
it: iva
nl: btw
ru: ндс
tr: kdv

date date
en: invoice date | date of invoice | date | issue date | date of issue | issued | issued on | dated | billing date | receipt date | document date | date of document | date of the document | date filed | statement date | ~invoice no | ~invoice number | ~invoice
el: ημερομηνία | ημερομηνία έκδοσης | ημερομηνία τιμολογίου | ημ/νία | εκδόθηκε
ar: التاريخ | تاريخ الفاتورة | تاريخ الإصدار | بتاريخ
my: ရက်စွဲ | နေ့စွဲ | ငွေတောင်းခံလွှာ ရက်စွဲ | ထုတ်ပေးသည့်ရက်
rw: itariki | itariki y inyemezabuguzi | itariki yatangiweho | italiki
es: fecha | ~factura n | fecha de factura | fecha de emisión | fecha de expedición | fecha factura
fr: date | date de facture | date de la facture | date d émission | date facture | émise le | date de facturation | ~facture n | ~facture
de: datum | rechnungsdatum | ausstellungsdatum | belegdatum | ~rechnung nr | ~rechnung
pt: data | ~fatura n | data da fatura | data de emissão | data de emissao
pl: data | ~faktura nr | data wystawienia | data faktury | wystawiono
hi: दिनांक | तारीख | चालान दिनांक | चालान तिथि | बिल दिनांक | तिथि
zh: 日期 | 开票日期 | 发票日期 | 出具日期
ja: 日付 | 発行日 | 請求日 | 請求書発行日 | 作成日
it: data | data fattura | data di emissione
nl: datum | factuurdatum
ru: дата | дата счета | дата выдачи
tr: tarih | fatura tarihi
ko: 날짜 | 발행일 | 일자 | 작성일

due date date
en: due date | payment due | due | due on | due by | date due | pay by | payment due date | payable by | deadline | payment deadline | date of payment
el: ημερομηνία λήξης | ημερομηνία πληρωμής | πληρωτέο έως | προθεσμία πληρωμής | λήξη | προθεσμία | λήγει | πληρωτέο μέχρι
ar: تاريخ الاستحقاق | موعد الاستحقاق | تاريخ السداد | تستحق في | مستحق في | الاستحقاق | تاريخ الدفع | موعد السداد
my: ပေးချေရမည့်ရက် | ပေးချေရမည့် နောက်ဆုံးရက် | နောက်ဆုံးရက် | ပေးဆောင်ရမည့်ရက် | ငွေပေးချေရမည့်ရက် | သတ်မှတ်ရက် | ပေးချေရမည့်
rw: itariki ntarengwa | igihe ntarengwa | itariki yo kwishyura | itariki yo kwishyuriraho | igihe cyo kwishyura | ntarengwa
es: fecha de vencimiento | vencimiento | fecha límite de pago | vence el | pagar antes del | vence
fr: date d échéance | échéance | date limite de paiement | à payer avant le | payable avant le | date limite | date de paiement
de: fälligkeitsdatum | fällig am | zahlbar | bezahlt werden | zahlbar bis | fälligkeit | fällig | zahlungsziel | fälligkeitstag
pt: data de vencimento | vencimento | pagar até | data limite de pagamento | vence em
pl: termin płatności | termin zapłaty | płatne do | data płatności
hi: देय तिथि | नियत तिथि | भुगतान की अंतिम तिथि | देय दिनांक | अंतिम तिथि
zh: 到期日 | 付款期限 | 付款截止日 | 到期日期 | 应付日期 | 截止日期 | 付款日期
ja: 支払期限 | お支払期限 | 支払期日 | 期日 | 納期限 | 支払日
it: scadenza | data di scadenza
nl: vervaldatum | te betalen voor
ru: срок оплаты | оплатить до | срок платежа
tr: son ödeme tarihi | vade tarihi
ko: 납부기한 | 지급기일 | 결제일 | 만기일 | 지급기한

invoice number code
en: invoice number | invoice no | invoice id | invoice num | bill number | bill no | receipt number | receipt no | document number | ~invoice
el: αριθμός τιμολογίου | αρ τιμολογίου | τιμολόγιο αρ | αριθμός παραστατικού | ~τιμολόγιο
ar: رقم الفاتورة | فاتورة رقم | ~فاتورة
my: ငွေတောင်းခံလွှာအမှတ် | ပြေစာအမှတ် | ပြေစာနံပါတ် | ငွေတောင်းခံလွှာ နံပါတ်
rw: nomero y inyemezabuguzi | inyemezabuguzi no | nimero y inyemezabuguzi
es: número de factura | factura n | nº de factura | factura no | factura núm | ~factura
fr: numéro de facture | facture n | n de facture | facture no | facture numéro | numéro facture | ~facture
de: rechnungsnummer | rechnung nr | rechnungs nr | rechnungsnr | beleg nr | belegnummer | ~rechnung
pt: número da fatura | fatura n | fatura no | nº da fatura | ~fatura
pl: numer faktury | faktura nr | nr faktury | faktura vat nr | ~faktura
hi: चालान संख्या | बिल संख्या | चालान नंबर | बिल नंबर
zh: 发票号码 | 发票号 | 发票编号 | 账单号 | 發票號碼
ja: 請求書番号 | 請求番号 | 伝票番号
it: numero fattura | fattura n
nl: factuurnummer
ru: номер счета | счет №
tr: fatura no | fatura numarası
ko: 송장 번호 | 청구서 번호

order number code
en: order number | order no | order id | purchase order | po number | po no | p o number
el: αριθμός παραγγελίας
ar: رقم الطلب | رقم أمر الشراء
my: အော်ဒါနံပါတ် | မှာယူမှုအမှတ်
rw: nomero ya komande
es: número de pedido | pedido n
fr: numéro de commande | commande n | n de commande | bon de commande
de: bestellnummer | auftragsnummer | bestell nr
pt: número do pedido | encomenda n
pl: numer zamówienia | zamówienie nr
hi: ऑर्डर संख्या
zh: 订单号 | 订单编号
ja: 注文番号

customer name
en: bill to | billed to | customer | customer name | client | sold to | invoice to | buyer | guest name | name of customer
el: πελάτης | επωνυμία πελάτη | προς
ar: العميل | اسم العميل | فاتورة إلى | المشتري
my: ဝယ်သူ | ဖောက်သည် | ဝယ်သူအမည်
rw: umukiriya | izina ry umukiriya
es: cliente | facturar a | nombre del cliente
fr: client | nom du client | facturé à | nom de l abonné
de: kunde | rechnungsempfänger | kundenname | rechnung an
pt: cliente | nome do cliente | faturar a
pl: nabywca | klient | odbiorca
hi: ग्राहक | ग्राहक का नाम
zh: 客户 | 买方 | 购买方 | 客户名称
ja: お客様 | 顧客名 | 宛先 | 御中

issuer name
en: seller | vendor | supplier | issuer | issued by | from | merchant | sold by | biller | invoice issuer | who issued | issued the invoice | issued this invoice | who sent | who produced
el: εκδότης | προμηθευτής | πωλητής | εξέδωσε
ar: البائع | المورد | المصدر | جهة الإصدار
my: ရောင်းသူ | ထုတ်ပေးသူ
rw: ugurisha | uwatanze inyemezabuguzi
es: emisor | vendedor | proveedor | emitida por
fr: émetteur | vendeur | fournisseur | émise par
de: verkäufer | lieferant | aussteller | rechnungssteller
pt: emitente | vendedor | fornecedor | emissor
pl: sprzedawca | wystawca | dostawca
hi: विक्रेता | जारीकर्ता
zh: 卖方 | 销售方 | 开票方 | 供应商
ja: 発行者 | 販売者 | 請求元

email email
en: email | e mail | email address | e mail address | electronic mail address | mail address | mail
el: ηλεκτρονικό ταχυδρομείο | διεύθυνση email | διεύθυνση e mail | διεύθυνση ηλεκτρονικού ταχυδρομείου
ar: البريد الإلكتروني | الإيميل | بريد إلكتروني | عنوان البريد الإلكتروني
my: အီးမေးလ် | အီးမေးလ်လိပ်စာ | အီးမေးလ် လိပ်စာ
rw: imeyili | email | aderesi ya imeyili | aderesi imeyili
es: correo electrónico | correo | dirección de correo electrónico | dirección de correo | dirección de email | dirección e mail
fr: courriel | adresse email | adresse e mail | adresse mail | adresse de courriel | adresse courriel | email | adresse électronique
de: e mail | e mail adresse | email
pt: correio eletrónico | e mail | endereço de e mail | endereço de email | endereço de correio eletrónico
pl: e mail | adres e mail | adres email | adres poczty elektronicznej | poczta elektroniczna
hi: ईमेल | ईमेल पता
zh: 电子邮件 | 邮箱 | 电邮 | 电子邮件地址 | 邮箱地址 | 邮件地址
ja: メール | メールアドレス | 電子メール

phone phone
en: phone | telephone | phone number | telephone number | tel | telephone no | mobile | call | contact number
el: τηλέφωνο | τηλ | αριθμός τηλεφώνου
ar: الهاتف | رقم الهاتف | هاتف | جوال
my: ဖုန်း | ဖုန်းနံပါတ် | တယ်လီဖုန်း
rw: telefoni | nomero ya telefoni | tel
es: teléfono | número de teléfono | tel
fr: téléphone | numéro de téléphone | tél
de: telefon | telefonnummer | tel
pt: telefone | número de telefone | tel
pl: telefon | numer telefonu | tel
hi: फ़ोन | फोन नंबर | दूरभाष
zh: 电话 | 电话号码
ja: 電話 | 電話番号

fax phone
en: fax | fax number | telefax | fax no | facsimile
el: φαξ | αριθμός φαξ
ar: فاكس | الفاكس | رقم الفاكس
my: ဖက်စ်
rw: fagisi
es: número de fax
fr: télécopie | télécopieur | numéro de fax
de: faxnummer | fax nr
pt: número de fax
pl: faks | numer faksu
hi: फ़ैक्स | फैक्स
zh: 传真 | 传真号码
ja: ファックス | ファクス | fax番号

website url
en: website | web site | web page | web address | website address | homepage | home page | internet address | url | web
el: ιστοσελίδα | ιστότοπος
ar: الموقع الإلكتروني | موقع الويب
my: ဝက်ဘ်ဆိုက်
rw: urubuga
es: sitio web | página web
fr: site web | site internet
de: webseite | internetseite | internetadresse
pt: site | página na internet
pl: strona internetowa | strona www
hi: वेबसाइट
zh: 网站 | 网址
ja: ウェブサイト | ホームページ

iban iban
en: iban | bank account | account number | iban number
el: iban | λογαριασμός
ar: آيبان | رقم الحساب | رقم الآيبان
my: ဘဏ်စာရင်းအမှတ် | ဘဏ်အကောင့်
rw: iban | konti ya banki
es: iban | cuenta bancaria
fr: iban | compte bancaire
de: iban | bankverbindung | kontonummer
pt: iban | conta bancária
pl: iban | numer konta | numer rachunku
hi: खाता संख्या | आईबीएएन
zh: 银行账号 | 账号
ja: 口座番号

bic bic
en: bic | swift | swift code | bic code

vat number code
en: vat number | vat no | vat id | tax id | tax number | vat registration number | tva intra communautaire | intra community vat number | tax identification number | vat identification number
el: αφμ | αριθμός φπα
ar: الرقم الضريبي
es: nif | cif | número de iva
fr: numéro de tva | n de tva | tva intracommunautaire | n de tva intra communautaire | numéro tva
de: ust idnr | ust id | umsatzsteuer id | umsatzsteuer identifikationsnummer | steuernummer
pt: nif | número de contribuinte
pl: nip
hi: जीएसटीआईएन
zh: 纳税人识别号 | 税号
ja: 登録番号

registration number code
en: registration number | company registration number | company number | registered number | siren | rcs | rsc | company registration
de: handelsregisternummer | hrb | handelsregister
fr: siren | numéro siren | rcs | rsc | numéro d immatriculation
pl: regon | krs

currency currency
en: currency | which currency | what currency
el: νόμισμα
ar: العملة | عملة
my: ငွေကြေး
rw: ifaranga ryakoreshejwe | ubwoko bw amafaranga
es: moneda | divisa
fr: devise | monnaie
de: währung
pt: moeda
pl: waluta
hi: मुद्रा
zh: 货币 | 币种
ja: 通貨

address text
en: address | postal address | street address
el: διεύθυνση
ar: العنوان
my: လိပ်စာ
rw: aderesi | aho abarizwa
es: dirección | domicilio
fr: adresse
de: adresse | anschrift
pt: endereço | morada
pl: adres
hi: पता
zh: 地址
ja: 住所 | 所在地
"""


@dataclass(frozen=True, slots=True)
class Label:
    terms: tuple[str, ...]
    inline: bool = False
    """Counts only with a value in its own line."""


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    kind: Kind
    labels: tuple[Label, ...]


def _field(paragraph: str) -> Field:
    head, *rows = paragraph.splitlines()
    name, _, kind = head.rpartition(" ")
    labels: dict[tuple[str, ...], Label] = {}
    for row in rows:
        for text in row.split(":", 1)[1].split(" | "):
            terms = tuple(terms_of(text))
            inline = text.strip().startswith("~")
            if terms and (terms not in labels or not inline):
                labels.setdefault(terms, Label(terms, inline))
    return Field(name or head, kind, tuple(labels.values()))  # type: ignore[arg-type]


FIELDS = {field.name: field for field in (_field(paragraph) for paragraph in _FIELDS.strip().split("\n\n"))}
