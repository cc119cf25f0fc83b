"""Records people keep: an electricity bill, a blood test, a hotel bill, minutes, a curriculum vitae and a loan with its
schedule. Labels stand in two columns side by side, cells are empty, and sentences hold what has no label.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.drawing import PDFDrawing
from tests.unit.chat.drawn_papers import draw_table


def electricity_bill() -> PDFDrawing:
    drawing = PDFDrawing()
    page = drawing.page()
    page.text(60, 790, "Westmoor Energy", size=20)
    page.paragraph(60, 768, ["Customer services 0345 600 1187 (Mon-Fri 8am-6pm)", "help@westmoor.example"], size=9)
    page.text(60, 730, "Your electricity bill", size=15)
    draw_table(
        page,
        705,
        (60, 200, 330, 460),
        (
            ("Account number", "8840 2217 05", "Bill date", "6 February 2025"),
            ("Customer", "Mrs R. Okafor", "Bill period", "1 Jan - 31 Jan 2025"),
            ("Meter number", "S19E 44812", "Payment due", "20 February 2025"),
        ),
    )
    page.text(60, 630, "Supply address: 27 Larch Avenue, Leeds LS8 2QT", size=10)
    bottom = draw_table(
        page,
        590,
        (60, 250, 350, 450, 540),
        (
            ("Tariff", "Previous reading", "Current reading", "Used (kWh)", "Cost"),
            ("Day rate", "41,208", "41,455", "247", "£69.16"),
            ("Night rate", "17,930", "18,012", "82", "£12.30"),
        ),
        right=(1, 2, 3, 4),
    )
    draw_table(
        page,
        bottom,
        (380, 540),
        (
            ("Standing charge (31 days)", "£16.43"),
            ("VAT at 5%", "£4.89"),
            ("Total charges", "£102.78"),
            ("Balance brought forward", "-£12.00"),
            ("Amount to pay", "£90.78"),
        ),
        right=(1,),
    )
    page.paragraph(
        60,
        380,
        [
            "We will collect £90.78 from your bank account by Direct Debit on 20 February 2025.",
            "If you smell gas or suspect a leak, call 0800 111 999 at any time.",
            "Your fixed tariff ends on 30 September 2025. There is an exit fee of £50 if you leave before that.",
        ],
    )
    return drawing


def blood_test() -> PDFDrawing:
    drawing = PDFDrawing()
    page = drawing.page()
    page.text(60, 790, "St. Brannock Medical Laboratory", size=16)
    draw_table(
        page,
        755,
        (60, 160, 330, 440),
        (
            ("Patient:", "Daniel Whitcombe", "Collected:", "03/04/2025 08:15"),
            ("Date of birth:", "17/09/1968", "Reported:", "04/04/2025 14:02"),
            ("Sex:", "Male", "Requested by:", "Dr. Anita Rao"),
            ("Sample:", "Serum", "Lab ID:", "BX-20931"),
        ),
        size=9,
    )
    rows = (
        ("Test", "Result", "Unit", "Reference range", "Flag"),
        ("Haemoglobin", "13.1", "g/dL", "13.5 - 17.5", "L"),
        ("White cell count", "6.4", "10^9/L", "4.0 - 11.0", ""),
        ("Platelets", "231", "10^9/L", "150 - 400", ""),
        ("Glucose (fasting)", "6.9", "mmol/L", "3.9 - 5.6", "H"),
        ("Creatinine", "88", "umol/L", "60 - 110", ""),
        ("Total cholesterol", "5.8", "mmol/L", "< 5.0", "H"),
        ("HDL cholesterol", "1.2", "mmol/L", "> 1.0", ""),
        ("Vitamin D", "", "nmol/L", "50 - 125", ""),
    )
    bottom = draw_table(page, 660, (60, 220, 290, 370, 500), rows, ruled=True)
    page.paragraph(
        60,
        bottom - 10,
        [
            "Comment: Fasting glucose is raised. Repeat in three months.",
            "Vitamin D: sample insufficient.",
            "Authorised by Dr. Lena Hofmann, consultant pathologist.",
        ],
        size=10,
    )
    return drawing


def hotel_bill() -> PDFDrawing:
    drawing = PDFDrawing()
    page = drawing.page()
    page.text(60, 790, "Hotel Miravalle", size=20)
    page.paragraph(60, 765, ["Via dei Tigli 9, 38122 Trento - Tel. +39 0461 555 018 - info@miravalle.example"], size=9)
    page.text(60, 730, "Invoice 2025/0418", size=14)
    draw_table(
        page,
        705,
        (60, 180, 330, 440),
        (
            ("Guest", "Mr. Thomas Eriksen", "Room", "214"),
            ("Arrival", "11 May 2025", "Departure", "14 May 2025"),
            ("Nights", "3", "Persons", "2"),
        ),
    )
    rows = (
        ("Date", "Description", "Amount EUR"),
        ("11/05/2025", "Room and breakfast", "138.00"),
        ("11/05/2025", "City tax", "4.00"),
        ("12/05/2025", "Room and breakfast", "138.00"),
        ("12/05/2025", "Restaurant", "61.50"),
        ("13/05/2025", "Room and breakfast", "138.00"),
        ("13/05/2025", "Minibar", "9.80"),
        ("13/05/2025", "Parking", "18.00"),
    )
    bottom = draw_table(page, 610, (60, 180, 520), rows, right=(2,))
    draw_table(
        page,
        bottom,
        (380, 520),
        (
            ("Net", "460.73"),
            ("VAT 10%", "46.57"),
            ("Total", "507.30"),
            ("Paid by Visa ****4410", "507.30"),
            ("Balance due", "0.00"),
        ),
        right=(1,),
    )
    page.paragraph(
        60,
        300,
        [
            "Check-out is until 11 am. Breakfast is served from 7 to 10 am.",
            "Dogs are welcome at a charge of 12 euro a night.",
        ],
    )
    return drawing


def minutes() -> PDFDrawing:
    drawing = PDFDrawing()
    page = drawing.page()
    page.text(60, 790, "Minutes of the board meeting", size=17)
    page.paragraph(
        60,
        765,
        [
            "From: Judith Alvarez, secretary",
            "To: All board members",
            "Subject: Meeting of 9 September 2024",
            "Place: Community hall, Dunmore",
            "Present: Judith Alvarez, Marc Fontaine, Olu Adeyemi, Petra Kranz",
            "Apologies: Simon Bell",
        ],
    )
    page.text(60, 675, "1. Approval of the last minutes", size=12)
    page.paragraph(60, 655, ["The minutes of 12 June 2024 were approved without changes."])
    page.text(60, 630, "2. Finances", size=12)
    page.paragraph(
        60,
        610,
        [
            "Marc Fontaine reported a surplus of 4,320 euro for the first half of the year. The roof repair",
            "cost 11,750 euro, which is 900 euro less than planned. The motion to raise the membership fee to",
            "48 euro was carried with three votes in favour and one against.",
        ],
    )
    page.text(60, 555, "3. Summer fair", size=12)
    page.paragraph(
        60,
        535,
        [
            "The fair will take place on Saturday, 28 June 2025. Petra Kranz is in charge of the stalls.",
            "Olu Adeyemi will ask the fire brigade for tents by 15 November 2024.",
        ],
    )
    page.text(60, 495, "4. Photo contest", size=12)
    draw_table(
        page,
        472,
        (60, 200, 350),
        (
            ("Category", "Won", "Prize"),
            ("Landscape", "Irene Sato", "150 euro"),
            ("Portrait", "Bruno Keller", "120 euro"),
            ("Animals", "Wanda Lisiecka", "100 euro"),
        ),
    )
    page.paragraph(60, 380, ["Next meeting: 2 December 2024, 7 pm", "The meeting closed at 9.40 pm."])
    return drawing


def curriculum_vitae() -> PDFDrawing:
    drawing = PDFDrawing()
    page = drawing.page()
    page.text(60, 790, "Nadia Petrescu", size=22)
    page.paragraph(
        60,
        765,
        [
            "Mechanical engineer",
            "Born 4 August 1989 in Cluj",
            "nadia.petrescu@mailbox.example | +40 721 555 903 | Timisoara, Romania",
        ],
        size=10,
    )
    page.text(60, 710, "Work experience", size=13)
    page.paragraph(
        60,
        690,
        [
            "2018 - today   Senior engineer, Volta Pumps SRL, Timisoara",
            "Leads a team of six; cut the energy use of the VP-40 pump by 18%.",
            "2014 - 2018   Design engineer, Kessler Maschinenbau GmbH, Stuttgart",
            "Designed housings for gearboxes in CATIA V5.",
        ],
    )
    page.text(60, 610, "Education", size=13)
    page.paragraph(
        60,
        590,
        [
            "2012 - 2014   MSc Mechanical Engineering, Politehnica University of Timisoara, grade 9.6",
            "2008 - 2012   BSc Mechanical Engineering, Technical University of Cluj-Napoca",
        ],
    )
    page.text(60, 545, "Languages", size=13)
    page.paragraph(60, 525, ["Romanian (mother tongue)", "English (C1)", "German (B2)"])
    page.text(60, 470, "Skills", size=13)
    page.paragraph(60, 450, ["CATIA, SolidWorks, Ansys, Python", "Driving licence: B"])
    return drawing


def loan_statement() -> PDFDrawing:
    drawing = PDFDrawing()
    page = drawing.page()
    page.text(60, 790, "Harbour Savings Bank", size=18)
    page.text(60, 765, "Loan statement", size=14)
    draw_table(
        page,
        735,
        (60, 220),
        (
            ("Borrower", "Grace Mwangi"),
            ("Loan number", "LN-558-2031"),
            ("Loan amount", "KES 600,000.00"),
            ("Interest rate", "13.5% a year"),
            ("Term", "24 months"),
            ("First payment", "1 March 2025"),
            ("Quote number", "Q-7781"),
        ),
    )
    schedule = [("No.", "Due date", "Instalment", "Interest", "Principal", "Balance")]
    balance = 600000.0
    for number, day in enumerate(
        ["1 March 2025", "1 April 2025", "1 May 2025", "1 June 2025", "1 July 2025", "1 August 2025"], 1
    ):
        interest = round(balance * 0.135 / 12, 2)
        principal = 28660.0 - interest
        balance -= principal
        schedule.append((str(number), day, "28,660.00", f"{interest:,.2f}", f"{principal:,.2f}", f"{balance:,.2f}"))
    draw_table(page, 590, (60, 90, 260, 345, 435, 535), schedule, right=(2, 3, 4, 5), size=9)
    page.paragraph(
        60,
        440,
        [
            "A late payment costs KES 1,500 plus interest. You may repay early without a fee.",
            "Questions? Call our loan desk on +254 20 555 0170 or write to loans@harboursavings.example.",
            "Branch manager: Peter Otieno",
        ],
    )
    rows = (("Month", "Salary", "Bonus"), ("April", "82,000", ""), ("May", "84,500", "6,000"), ("June", "84,500", ""))
    draw_table(page, 350, (60, 200, 300), rows, right=(1, 2))
    return drawing


RECORDS: dict[str, Callable[[], PDFDrawing]] = {
    "electricity bill": electricity_bill,
    "blood test": blood_test,
    "hotel bill": hotel_bill,
    "minutes": minutes,
    "curriculum vitae": curriculum_vitae,
    "loan statement": loan_statement,
}
