"""Which folders of the corpus are measured together, under which name.

To add a set: one line in SETS and its name in a group. Any folder of the corpus can also be asked for by its own name.
"""

from __future__ import annotations

from collections.abc import Sequence

from bench.corpus import BenchSet

SETS = {
    one.name: one
    for one in (
        BenchSet(name="receipts", folders=("en_sroie_receipts",)),
        BenchSet(name="fondue", folders=("en_fondue_print",)),
        BenchSet(name="scribe", folders=("en_scribe_pages",)),
        BenchSet(name="tesseract_test", folders=("en_tesseract_test",)),
        BenchSet(
            name="ehri_typed",
            folders=("cs_ehri_typed", "da_ehri_typed", "de_ehri_typed", "en_ehri_typed", "sk_ehri_typed"),
        ),
        BenchSet(name="omnidocbench", folders=("omnidocbench_demo",), without_formulas=True),
        # Scripts: CER is what counts. `--engine ours-told` tells ours the language of each case, as Tesseract is told.
        BenchSet(name="scripts", folders=("synth_udhr_pages",)),
        BenchSet(name="kannada", folders=("kn_pages",)),
        BenchSet(name="tamil", folders=("ta_pages_lines",)),
        BenchSet(name="devanagari", folders=("sa_deva_pages",)),
        BenchSet(name="arabic_lines", folders=("ar_print_lines",)),
        BenchSet(name="arabic_pdfs", folders=("ar_kitab_pdfs",)),
        BenchSet(name="russian", folders=("ru_print_lines",)),
        BenchSet(name="greek", folders=("grc_print_lines",)),
        BenchSet(name="fraktur", folders=("de_fraktur_lines", "de_kant_fraktur_pages")),
    )
}

GROUPS = {
    "printed": ("receipts", "fondue", "scribe", "tesseract_test", "ehri_typed", "omnidocbench"),
    "book": ("fondue", "scribe"),
    "languages": (
        "kannada",
        "tamil",
        "devanagari",
        "arabic_lines",
        "arabic_pdfs",
        "russian",
        "greek",
        "fraktur",
    ),
}

DEFAULT = "printed"


def choose(names: Sequence[str], folders: Sequence[str]) -> tuple[list[BenchSet], list[str]]:
    """The sets of these names (sets, groups, folders), each once, and the names that mean nothing."""
    chosen: dict[str, BenchSet] = {}
    unknown: list[str] = []
    for name in names or (DEFAULT,):
        if name in GROUPS:
            chosen |= {member: SETS[member] for member in GROUPS[name]}
        elif name in SETS:
            chosen[name] = SETS[name]
        elif name in folders:
            chosen[name] = BenchSet(name=name, folders=(name,), without_formulas=name.startswith("omnidocbench"))
        else:
            unknown.append(name)
    return list(chosen.values()), unknown
