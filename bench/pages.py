"""The files readers are given. All get the same page image, but for PDFs: ours is given the PDF itself, as it would be
in use, and readers that know no PDF are given its pages as images, made at no cost to them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw

from bench.corpus import Case
from bench.formulas import formula_boxes, text_without_formulas
from bench.score import Truth

# What people scan at, and what peers' own PDF front ends take (OCRmyPDF and pdf2image: 200 to 300).
PDF_DPI = 200


@dataclass(frozen=True, kw_only=True)
class Given:
    """What one reader is given for one case."""

    files: tuple[Path, ...]
    pages: int
    digest: str
    """Of the bytes of the files, in order."""


def give(case: Case, cache: Path, *, reads_pdf: bool) -> Given:
    if case.file.suffix.lower() == ".pdf":
        images = rendered_pages(case.file, cache)
        files = (case.file,) if reads_pdf else images
        return Given(files=files, pages=len(images), digest=_digest(files))
    if case.without_formulas and (masks := formula_boxes(case.annotations or {})):
        files = (_masked(case, masks, cache),)
    else:
        files = (case.file,)
    return Given(files=files, pages=1, digest=_digest(files))


def truth_of(case: Case) -> Truth:
    markdown = case.truth("md")
    return Truth(
        text=text_without_formulas(case.text) if case.without_formulas else case.text,
        spaced=case.spaced,
        markdown=markdown.read_text(encoding="utf-8") if markdown.exists() else "",
        annotations=case.annotations,
    )


def _masked(case: Case, masks: list[tuple[int, int, int, int]], cache: Path) -> Path:
    made = cache / f"{case.id}.{_digest((case.file,))[:12]}.without-formulas.png"
    if not made.exists():
        with Image.open(case.file) as opened:
            image = opened.convert("RGB")
        draw = ImageDraw.Draw(image)
        for left, top, right, bottom in masks:
            draw.rectangle((left, top, right, bottom), fill="white")
        image.save(made, dpi=opened.info.get("dpi", (72, 72)))
    return made


def rendered_pages(file: Path, cache: Path) -> tuple[Path, ...]:
    # Only here: a run over images needs no PDF library.
    import pypdfium2

    digest = _digest((file,))[:12]
    made = []
    document = pypdfium2.PdfDocument(file)
    try:
        for index in range(len(document)):
            path = cache / f"{file.stem}.{digest}.{index + 1}.png"
            if not path.exists():
                image = document[index].render(scale=PDF_DPI / 72).to_pil().convert("RGB")
                image.save(path, dpi=(PDF_DPI, PDF_DPI))
            made.append(path)
    finally:
        document.close()
    return tuple(made)


def _digest(files: tuple[Path, ...]) -> str:
    digest = hashlib.sha256()
    for path in files:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
