"""More papers of everyday kinds: a bill in French, an account statement, a laboratory report, a menu, a data sheet and
a timetable. None has rules.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.drawing import PDFDrawing
from tests.unit.chat.drawn_papers import draw_table


def devis() -> PDFDrawing:
    drawing = PDFDrawing()
    page = drawing.page()
    page.text(60, 780, "Plomberie Garnier", size=18)
    page.paragraph(60, 758, ["22 rue des Lilas, 31000 Toulouse", "contact@garnier.example", "05 61 00 11 22"], size=9)
    draw_table(page, 710, (60, 200), (("Facture n°", "F-2025-118"), ("Date", "12/03/2025"), ("Échéance", "11/04/2025")))
    rows = (
        ("Désignation", "Quantité", "Prix unitaire", "Montant HT"),
        ("Robinet mélangeur", "2", "89,00", "178,00"),
        ("Tuyau cuivre", "12", "6,40", "76,80"),
        ("Main d'œuvre", "5", "48,00", "240,00"),
    )
    bottom = draw_table(page, 630, (60, 330, 430, 530), rows, right=(1, 2, 3))
    draw_table(
        page, bottom, (430, 530), (("Total HT", "494,80"), ("TVA 20 %", "98,96"), ("Total TTC", "593,76")), right=(1,)
    )
    return drawing


def bank() -> PDFDrawing:
    drawing = PDFDrawing()
    page = drawing.page()
    page.text(60, 780, "Account statement, June 2025", size=16)
    page.paragraph(60, 755, ["Account holder: Nadia Ferrer", "IBAN: ES91 2100 0418 4502 0005 1332"])
    rows = (
        ("Date", "Description", "Debit", "Credit", "Balance"),
        ("02.06.2025", "Salary June", "", "2,150.00", "2,871.40"),
        ("05.06.2025", "Rent", "780.00", "", "2,091.40"),
        ("11.06.2025", "Supermarket", "64.35", "", "2,027.05"),
        ("18.06.2025", "Electricity", "58.20", "", "1,968.85"),
    )
    draw_table(page, 700, (60, 150, 330, 430, 530), rows, right=(2, 3, 4))
    return drawing


def lab() -> PDFDrawing:
    drawing = PDFDrawing()
    page = drawing.page()
    page.text(60, 780, "Laboratory report", size=16)
    page.paragraph(60, 755, ["Patient: Karl Jensen", "Date of birth: 3 May 1961", "Sample taken: 7 January 2025"])
    rows = (
        ("Test", "Result", "Unit", "Reference"),
        ("Haemoglobin", "14.1", "g/dL", "13.5 - 17.5"),
        ("Glucose", "6.3", "mmol/L", "3.9 - 5.6"),
        ("Sodium", "139", "mmol/L", "135 - 145"),
        ("Ferritin", "88", "ug/L", "30 - 400"),
    )
    draw_table(page, 680, (60, 220, 330, 430), rows)
    return drawing


def menu() -> PDFDrawing:
    drawing = PDFDrawing()
    page = drawing.page()
    page.text(60, 780, "Cafe Meridian", size=18)
    page.text(60, 750, "Starters", size=13)
    draw_table(page, 728, (60, 300), (("Tomato soup", "6.50"), ("Goat cheese salad", "9.80")), right=(1,))
    page.text(60, 670, "Main dishes", size=13)
    draw_table(
        page,
        648,
        (60, 300),
        (("Lamb curry", "17.40"), ("Mushroom risotto", "14.90"), ("Grilled trout", "19.20")),
        right=(1,),
    )
    page.paragraph(60, 560, ["We are closed on Sundays. Reservations: 020 7946 0555"])
    return drawing


def spec() -> PDFDrawing:
    drawing = PDFDrawing()
    page = drawing.page()
    page.text(60, 780, "Heat pump HP-9", size=18)
    page.text(60, 755, "Technical data", size=13)
    draw_table(
        page,
        730,
        (60, 260),
        (
            ("Heating power", "9 kW"),
            ("Weight", "142 kg"),
            ("Noise level", "51 dB"),
            ("Refrigerant", "R290"),
            ("Warranty", "5 years"),
            ("Dimensions", "1290 x 510 x 930 mm"),
        ),
    )
    page.paragraph(
        60,
        560,
        [
            "The device must be installed by a certified technician. Service twice a year is recommended.",
            "Manufactured in Linz by Alpenwerk GmbH.",
        ],
    )
    return drawing


def bus() -> PDFDrawing:
    drawing = PDFDrawing()
    page = drawing.page()
    page.text(60, 780, "Line 7: Harbour - University", size=16)
    rows = (
        ("Stop", "First bus", "Last bus", "Zone"),
        ("Harbour", "05:12", "23:40", "A"),
        ("Town Hall", "05:21", "23:49", "A"),
        ("Hospital", "05:34", "00:02", "B"),
        ("University", "05:41", "00:09", "B"),
    )
    draw_table(page, 740, (60, 220, 330, 440), rows)
    page.paragraph(
        60, 620, ["No service on 25 December.", "A single ticket costs 2.80 euro and a day ticket 6.50 euro."]
    )
    return drawing


LISTS: dict[str, Callable[[], PDFDrawing]] = {
    "french bill": devis,
    "statement": bank,
    "laboratory": lab,
    "menu": menu,
    "data sheet": spec,
    "timetable": bus,
}
SCANNED_LISTS = ("french bill", "laboratory", "menu", "timetable")
