"""What heads of columns are called, and the words of questions that mean such a column without naming it. Data."""

from __future__ import annotations

import re

from ocrchat.chat.terms import terms_of


def _terms(words: str) -> frozenset[str]:
    return frozenset(terms_of(words))


PRICES = _terms(
    "price amount cost rate each fee charge debit credit sum total value tariff fare net gross preis einzelpreis betrag summe kosten "
    "tarif prix montant coût somme precio importe coste suma tarifa preço valor custo cena kwota wartość koszt τιμή ποσό "
    "αξία السعر المبلغ القيمة मूल्य राशि दर 单价 金额 价格 単価 金額 価格 စျေးနှုန်း ဈေးနှုန်း ပမာဏ igiciro amafaranga цена сумма fiyat tutar"
)
"""Columns of money."""

DATES = _terms(
    "date day since datum tag seit depuis jour fecha día data dia dzień ημερομηνία التاريخ दिनांक तारीख 日期 日付 ရက်စွဲ itariki дата tarih"
)
DATED = _terms(
    "when date day time pay paid book send sent issue make made post take place hold held leave depart arrive start begin "
    "open close happen bezahlt gezahlt payé pagado pago zapłacono"
)
"""Of a question for a date: said by any column of dates."""

PRICED = _terms(
    "price cost pay charge worth much amount euro dollar pound kostet kosten preis coûte coûter prix cuesta precio custa "
    "preço kosztuje cena κοστίζει τιμή السعر ثمن कीमत मूल्य 价格 多少 钱 値段 いくら igiciro"
)
"""Of a question: said by any column of money."""

QUANTITIES = _terms(
    "quantity qty count units pieces pcs number menge anzahl stück quantité qté nombre cantidad cant quantidade qtd qtde "
    "ilość ποσότητα τεμ الكمية मात्रा 数量 個数 အရေအတွက် umubare количество miktar adet"
)
QUANTIFIED = _terms(
    "quantity qty number ordered order bought buy purchased delivered deliver bestellt commandés commandé pedidos pedido "
    "encomendados zamówiono menge anzahl quantité cantidad quantidade ilość"
)

IDLE = _terms(
    "number figure value entry show shown listed table invoice bill receipt list document rechnung facture factura fatura "
    "faktura τιμολόγιο فاتورة lautet beträgt hoch élevé stehen steht contain printed figuran aparecen figurent contient "
    "znajduje constam αναφέρονται υπάρχουν come came go went take took make made give gave put become became begin end "
    "bring stay remain hold held receive happen occur include"
)
"""They ask without saying what for."""

ITEMS = _terms(
    "item items line position article product good entry artikel posten positionen produkte article articles lignes "
    "produits artículo artículos productos líneas artigos itens produtos pozycji pozycje towarów produktów είδη προϊόντα "
    "بنود البنود أصناف منتجات वस्तुएं मद आइटम 项目 商品 明細 品目 ပစ္စည်း ibicuruzwa"
)
"""Of a question that counts: the rows of a list of goods, whatever their head is called."""

# Begins the last rows of a list of goods: no goods themselves.
TOTALS = re.compile(
    r"(?:sub|grand )?\s*-?\s*total|sum\b|vat\b|tax\b|gst\b|balance|amount due|net\b|discount|shipping|gesamt|summe|netto|"
    r"zwischensumme|brutto|mwst|ust\b|montant|tva\b|somme|iva\b|base imponible|importe total|razem|suma\b|do zapłaty|"
    r"σύνολο|φπα|المجموع|الإجمالي|合计|合計|小計|小计|総額|税|कुल|စုစုပေါင်း|igiteranyo|umusoro|итого|ндс|toplam|kdv",
    re.IGNORECASE,
)
