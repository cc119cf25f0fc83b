"""Questions with answers and pages over the corpus's documents, and the documents as our own reader reads them."""

from __future__ import annotations

import ast
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.engines import ROOT
from ocrchat.document.json import bytes_from_document, document_from_bytes
from ocrchat.document.model import Document
from ocrchat.pipeline.pipeline import new_pool, read

READ = ROOT / "bench" / ".cache" / "documents"

# One fixed question each, whatever the invoice and its language.
FIELD_QUESTIONS = {
    "amount": "What is the total amount?",
    "amount_untaxed": "What is the amount before tax?",
    "date": "What is the invoice date?",
    "date_due": "What is the due date?",
    "date_start": "What is the start date?",
    "date_end": "What is the end date?",
    "date_check_in": "What is the check-in date?",
    "date_check_out": "What is the check-out date?",
    "invoice_number": "What is the invoice number?",
    "issuer": "Who issued the invoice?",
    "currency": "What is the currency?",
    "vat": "What is the VAT number?",
    "siren": "What is the company registration number?",
    "line_number": "What is the line number?",
    "client_id": "What is the client ID?",
    "booking_id": "What is the booking ID?",
    "payment_method": "What is the payment mode?",
    "hotel_details": "What are the hotel details?",
    "amount_rooms": "How many rooms?",
    "gstin": "What is the GSTIN?",
    "cin": "What is the CIN?",
}


@dataclass(frozen=True, kw_only=True)
class Asked:
    set_name: str
    file: Path
    question: str
    gold: tuple[str, ...]
    """What the answer must hold; empty where the document does not say."""
    pages: frozenset[int]
    evidence: tuple[str, ...] = ()
    """The text that an answer must rest on, where the set gives it."""
    is_text: bool = True
    """Answered by the document's text; others are about its pictures."""
    field: str = ""
    raw: str = ""

    @property
    def answerable(self) -> bool:
        return bool(self.gold)


def questions_of(corpus: Path) -> Iterator[Asked]:
    for truth in sorted((corpus / "qa_mmlongbench").glob("*.gt.json")):
        for entry in json.loads(truth.read_text(encoding="utf-8"))["questions"]:
            unanswerable = entry["answer"] == "Not answerable"
            sources = str(entry["sources"])
            yield Asked(
                set_name="qa_mmlongbench",
                file=_document(truth),
                question=entry["question"],
                gold=() if unanswerable else _golds(entry["answer"]),
                pages=frozenset(entry["pages"]),
                # Text, plain or laid out; a table alone, a chart or a figure is counted as "other".
                is_text="text" in sources,
                raw=str(entry["answer"]),
            )
    for truth in sorted((corpus / "qa_financebench").glob("*.gt.json")):
        for entry in json.loads(truth.read_text(encoding="utf-8"))["questions"]:
            yield Asked(
                set_name="qa_financebench",
                file=_document(truth),
                question=entry["question"],
                gold=(entry["answer"],),
                pages=frozenset(one["page_1based"] for one in entry["evidence"]),
                evidence=tuple(one["text"] for one in entry["evidence"]),
                raw=entry["answer"],
            )


def fields_of(corpus: Path) -> Iterator[Asked]:
    """Every field of every invoice that there is a question for; which of them are printed is for the bench to see."""
    folder = corpus / "invoices_invoice2data"
    for file in sorted([*folder.glob("*.pdf"), *folder.glob("*.png")]):
        entry = json.loads(file.with_name(f"{file.stem}.gt.json").read_text(encoding="utf-8"))[0]
        for name, value in entry.items():
            if name in FIELD_QUESTIONS:
                yield Asked(
                    set_name="invoices",
                    file=file,
                    question=FIELD_QUESTIONS[name],
                    gold=(str(value).strip(),),
                    pages=frozenset(),
                    field=name,
                    raw=str(value),
                )


def _document(truth: Path) -> Path:
    return truth.with_name(truth.name.replace(".gt.json", ".pdf"))


def _golds(answer: str) -> tuple[str, ...]:
    """A list of answers is written as one in the source."""
    if re.match(r"\s*\[", answer):
        try:
            return tuple(str(one) for one in ast.literal_eval(answer))
        except (ValueError, SyntaxError):
            return (answer,)
    return (answer,)


def read_documents(files: list[Path]) -> dict[Path, Document]:
    """As ours reads them; kept by content, so that the reading is paid for once."""
    READ.mkdir(parents=True, exist_ok=True)
    kept = {file: READ / f"{hashlib.sha256(file.read_bytes()).hexdigest()[:16]}.json" for file in files}
    missing = [file for file in files if not kept[file].exists()]
    if missing:
        with new_pool(slots=1) as pool:
            for file in missing:
                document = read(file, pool=pool)
                unfinished = kept[file].with_suffix(".unfinished")
                unfinished.write_bytes(bytes_from_document(document))
                unfinished.replace(kept[file])
    return {file: document_from_bytes(path.read_bytes()) for file, path in kept.items()}
