"""What is asked of the drawn papers, and what an answer must hold; nothing where the paper does not say.

A value is told as an answer; `quoted` is what a quotation may answer too. Data.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Asked:
    paper: str
    question: str
    holds: tuple[str, ...]
    """All of them, as printed; empty: the answer is that the paper does not say."""
    quoted: bool = False
    """Whether the words of the page around it answer as well."""
    lacks: tuple[str, ...] = ()


def asked_of(paper: str, *cases: tuple[str, ...], quoted: bool = False) -> tuple[Asked, ...]:
    return tuple(Asked(paper, question, tuple(holds), quoted) for question, *holds in cases)


_BILL_VALUES = (
    ("What is the total?", "916.80"),
    ("What is the subtotal?", "764.00"),
    ("How much is the VAT?", "152.80"),
    ("What is the invoice number?", "HJ-2291"),
    ("When is the invoice due?", "13 April 2025"),
    ("What is the unit price of the wall bracket?", "3.20"),
    ("What is the quantity of wall brackets?", "20"),
    ("What is the amount for delivery?", "45.00"),
    ("How much does the large oak shelf cost in all?", "340.00"),
    ("What is the email address?", "accounts@halvorsen.example"),
    ("What is the phone number?", "+44 117 496 0123"),
    ("What is the IBAN?", "GB29 NWBK 6016 1331 9268 19"),
    ("How many items are on the invoice?", "4"),
)
_BILL_SILENCES = (
    "What is the unit price of the steel shelf?",
    "What is the quantity of the garden chair?",
    "What is the discount?",
    "What is the order number?",
    "What is the BIC?",
    "Who signed the invoice?",
    "What is the weight of the wall bracket?",
    "How much is the deposit?",
)

ASKED: tuple[Asked, ...] = (
    *asked_of("ruleless bill", *_BILL_VALUES),
    *asked_of("ruleless bill", *((one,) for one in _BILL_SILENCES)),
    *asked_of("ruled bill", *_BILL_VALUES),
    *asked_of("ruled bill", *((one,) for one in _BILL_SILENCES)),
    *asked_of(
        "stacked bill",
        ("What is the invoice number?", "0047-B"),
        ("What is the order number?", "PO-7713"),
        ("What is the total?", "$1,284.50"),
        ("Who is the customer?", "Elena Brandt"),
        ("What is the due date?", "02/12/2024"),
        ("How many red maples were ordered?", "5"),
        ("What is the sum for the dwarf pine?", "$553.50"),
        ("What is the pot size of the silver birch?", "10 L"),
        ("What is the e-mail address?", "orders@tallpines.example"),
        ("What is the telephone number?", "(541) 555-0147"),
        ("What is the VAT number?",),
        ("How many oak trees were ordered?",),
        ("What is the IBAN?",),
        ("How much is the tax?",),
    ),
    *asked_of(
        "price list",
        ("What is the price of white primer?", "31.50"),
        ("How much does the wood oil cost?", "19.40"),
        ("What is the code of the floor varnish?", "FV-02"),
        ("How much is the brush set?", "12.00"),
        ("What is the pack of the white paint?", "10 litres"),
        ("How many articles are listed?", "5"),
        ("How much does the black paint cost?",),
        ("What is the price of the ladder?",),
        ("What is the phone number of the shop?",),
        ("What is the weight of the wood oil?",),
        ("What is the total?",),
    ),
    *asked_of("price list", ("On which day is the shop closed?", "Mondays"), quoted=True),
    *asked_of(
        "staff",
        ("What is the phone number of Peter Novak?", "555-0112"),
        ("In which room is Sofia Lindqvist?", "1.07"),
        ("What is the role of Tom Baker?", "Caretaker"),
        ("What is the email?", "desk@northgate.example"),
        ("What is the phone number of Maria Lopez?",),
        ("What is the salary of Amina Diallo?",),
        ("What is the email of Peter Novak?",),
        ("Who is the director of finance?",),
        ("How much does Peter Novak earn?",),
        ("What is the total?",),
    ),
    *asked_of("staff", ("Who is the archivist?", "Peter Novak"), ("Who is the caretaker?", "Tom Baker"), quoted=True),
    *asked_of(
        "places",
        ("How many people work in Lyon?", "148"),
        ("How many employees are there in Porto?", "62"),
        ("When was the Krakow site opened?", "2015"),
        ("In which country is Ghent?", "Belgium"),
        ("How many sites are listed?", "5"),
        ("How many people work in Madrid?",),
        ("How many cars are there in Lyon?",),
        ("What is the rent in Turin?",),
        ("When was the Vienna site opened?",),
        ("What is the revenue of Verdant Textiles?",),
    ),
    *asked_of("places", ("Who founded the company?", "Claire Morel"), quoted=True),
    *asked_of(
        "letter",
        ("What is the e-mail address?", "tenants@brightwater.example"),
        ("What is the phone number?", "+44 113 496 0777"),
        ("What is the IBAN?", "DE89 3704 0044 0532 0130 00"),
        ("What is the website?", "www.brightwater.example"),
        ("What is the fax number?",),
        ("What is the name of the bank?",),
        ("Who is the landlord's lawyer?",),
        ("How many rooms does the flat have?",),
        ("What is the deposit?",),
    ),
    *asked_of(
        "letter",
        ("Who fitted the new heating?", "Carver & Sons"),
        ("How long may I object?", "28 days"),
        ("What will the rent be from January 2025?", "642 pounds"),
        ("Who is the tenancy manager?", "Helen Marsh"),
        quoted=True,
    ),
    *asked_of(
        "contract",
        ("What is the email address?",),
        ("What is the penalty for early termination?",),
        ("Who is the witness?",),
        ("How many employees does the Provider have?",),
        ("What is the IBAN?",),
        ("Which insurance company insures the Provider?",),
    ),
    *asked_of(
        "contract",
        ("How long does the agreement run?", "24 months"),
        ("Which law governs the agreement?", "Ireland"),
        ("How much does the client pay a month?", "780 euro"),
        ("What is the interest for late payment?", "5%"),
        ("What is the notice period?", "three months"),
        quoted=True,
    ),
    *asked_of(
        "brochure",
        ("What is the price of the tower for a child?", "4.50"),
        ("How much is the museum for students?", "5.00"),
        ("What does an adult pay for both?", "14.00"),
        ("How much is the tower for pensioners?",),
        ("What is the phone number?",),
        ("Who built the harbour?",),
        ("How many visitors came in 2023?",),
        ("What is the price of the parking place?",),
    ),
    *asked_of(
        "brochure",
        ("When was the lighthouse built?", "1862"),
        ("How many steps lead to the gallery?", "176"),
        ("Who was the last keeper?", "Jonas Reed"),
        quoted=True,
    ),
    Asked("planted bill", "What is the total?", ("310.00",), lacks=("1.00 ", "1.00;", "1.00.")),
    *asked_of("planted bill", ("What is the invoice number?", "5518"), ("What is the invoice date?", "9 June 2025")),
    *asked_of(
        "german bill",
        ("Wie hoch ist der Gesamtbetrag?", "104,20"),
        ("Was ist der Einzelpreis der Blumenerde?", "7,50"),
        ("Wie lautet die E-Mail-Adresse?", "info@lindenhof.example"),
        ("Bis wann ist die Rechnung zahlbar?", "04.06.2025"),
        ("Wie viele Artikel stehen auf der Rechnung?", "3"),
        ("Was ist der Einzelpreis der Schaufel?",),
        ("Wie lautet die Telefonnummer?",),
        ("Wie hoch ist der Rabatt?",),
    ),
)
