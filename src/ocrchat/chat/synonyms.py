"""Other words for the same thing, as forms and reports print them: what a question calls "revenue" a statement calls
"net sales". Each line is one meaning; a question that has one of its phrases is also searched for by the others.
"""

from __future__ import annotations

from collections.abc import Sequence

from ocrchat.chat.terms import terms_of

_MEANINGS = """
revenue | net sales | total revenue | turnover | sales
cogs | cost of goods sold | cost of sales | cost of revenue
p&l statement | profit and loss | income statement | statement of income | statements of operations | statements of income | statements of earnings
balance sheet | statement of financial position | balance sheets | total assets
cash flow statement | statements of cash flows | cash flows from operating activities | operating activities
free cash flow | free cashflow | fcf | net cash provided by operating activities | purchases of property and equipment
cashflow | cash flow | cash flows
operating margin | operating income | operating profit | income from operations
gross margin | gross profit
net margin | net income | net profit | net earnings
capex | capital expenditure | purchases of property and equipment
eps | earnings per share
ebitda | operating income | depreciation and amortization
sg&a | selling general and administrative
pp&e | property plant and equipment | property and equipment
r&d | research and development
dpo | days payable outstanding | accounts payable
dso | days sales outstanding | accounts receivable
dio | inventory turnover | days inventory | inventories
working capital | current assets | current liabilities
quick ratio | current assets | current liabilities
debt | borrowings | notes payable | long-term debt
dividend | distribution to shareholders
stock repurchase | share repurchase | buyback | repurchased
inventory | inventories | merchandise inventories
shareholder | stockholder
agm | annual meeting | annual general meeting
board member | director | nominee
ceo | chief executive officer
cfo | chief financial officer
chairman | chair | chairperson
wage | payroll | salary | compensation | labor
employee | staff | headcount | head count | workforce | people work | persons work | people employed
employés | effectif | salariés | personnes travaillent | personnes employées
mitarbeiter | beschäftigte | personen arbeiten | menschen arbeiten | leute arbeiten
empleados | trabajadores | personas trabajan
quantity | qty | count | quantité | menge | anzahl | cantidad | quantidade | ilość
unit price | prix unitaire | einzelpreis | stückpreis | precio unitario | preço unitário | cena jednostkowa
amount | montant | betrag | importe | montante | kwota
description | désignation | bezeichnung | descripción | descrição | nazwa
born | birth | date of birth | geburtsdatum | né | née
notice period | notice months | notice weeks | notice days
headquarter | principal executive offices | registered office
telephone | tel | phone | mobile
email | e-mail
fax | facsimile
address | located | location
company | corporation | inc | ltd | limited
number | no | nr | num
objective | goal | target
customer | client | buyer
supplier | vendor | seller
invoice | bill
fy | fiscal | year ended | fiscal year | full year
q1 | first quarter
q2 | second quarter
q3 | third quarter
q4 | fourth quarter
outcome | result | approved | defeated | elected
vote | votes for | votes against | for against abstain
merger | acquisition | acquired
lawsuit | litigation | legal proceedings
auditor | independent registered public accounting firm
percent | percentage
spend | spending | cost | repurchased
increase | rose | grew | growth | higher
decrease | reduction | decline | fell | lower
drove | driven | due to | primarily
"""


def _phrase(text: str) -> tuple[str, ...]:
    return tuple(terms_of(text))


MEANINGS = tuple(tuple(_phrase(phrase) for phrase in line.split(" | ")) for line in _MEANINGS.strip().splitlines())


def other_terms(terms: Sequence[str]) -> dict[str, set[str]]:
    """Term that the text does not have → the terms of the text it may stand for."""
    have = set(terms)
    text = " ".join(terms)
    found: dict[str, set[str]] = {}
    for meaning in MEANINGS:
        said = [phrase for phrase in meaning if f" {' '.join(phrase)} " in f" {text} "]
        if not said:
            continue
        origin = {term for phrase in said for term in phrase}
        for phrase in meaning:
            for term in phrase:
                if term not in have and len(term) > 1 and term not in ("of", "and", "to", "per", "by", "the", "from"):
                    found.setdefault(term, set()).update(origin)
    return found
