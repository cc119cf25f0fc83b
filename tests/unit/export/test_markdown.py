from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import ocrchat
from ocrchat.document.model import PLAIN, Box, Document, FigureBlock, FormulaBlock, Line, Style, TableBlock, TextBlock
from ocrchat.document.text import Run
from ocrchat.export.markdown import styled
from ocrchat.export.spec import ExportOptions
from tests import factories
from tests.factories import block_of, line_at, table_of


class _Texts(HTMLParser):
    """What a reader sees of rendered HTML, a line a block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self.tags: list[str] = []

    def handle_data(self, data: str) -> None:
        self.out.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag in ("td", "th", "li"):
            self.out.append(" ")


def _rendered(markdown: str) -> _Texts:
    parser = _Texts()
    parser.feed(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(markdown))
    parser.close()
    return parser


def _folded(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _markdown_of(*blocks: TextBlock | TableBlock | FormulaBlock | FigureBlock, furniture: bool = False) -> str:
    page = replace(factories.page("empty"), blocks=blocks)
    data = ocrchat.export(Document(pages=(page,)), "md", options=ExportOptions(furniture=furniture))
    assert data is not None
    return data.decode()


LOOKS_LIKE_MARKDOWN = [
    "# not a heading",
    "#hashtag stays",
    "ends with # signs ##",
    "- not an item",
    "+ nor this",
    "* nor this",
    "1. nor that",
    "12) nor that",
    "2024. was a year",
    "> no quote",
    "---",
    "- - -",
    "***",
    "___",
    "===",
    "| no | table |",
    "*no* **emphasis** __at__ _all_ snake_case",
    "`no code` ```nor this```",
    "~~not struck~~ ~50",
    "[no](link) ![no](image) [no][ref] [no]: reference",
    "[x] is no task",
    "<b>no tag</b> <http://no.link> a < b > c",
    "&amp; &#35; AT&T R&D;",
    "back\\slash \\* end\\",
    "$5 and $6, $x$",
    "https://example.org/a_b_c*d",
    "[^1] no footnote",
    "~~~",
    "a  b\u00a0c",
]


@pytest.mark.parametrize("text", LOOKS_LIKE_MARKDOWN)
@pytest.mark.parametrize("role", ["paragraph", "heading", "list_item", "footnote", "code", "caption"])
def test_markdown_when_text_looks_like_markdown_renders_back_to_the_text(text: str, role: str) -> None:
    markdown = _markdown_of(block_of(text, role=role))  # type: ignore[arg-type]
    assert _folded("".join(_rendered(markdown).out)) == _folded(text)


@pytest.mark.parametrize("text", LOOKS_LIKE_MARKDOWN)
def test_markdown_when_a_cell_looks_like_markdown_renders_back_to_the_text(text: str) -> None:
    markdown = _markdown_of(table_of([["Name", text], [text, "x"]]))
    assert _folded("".join(_rendered(markdown).out)) == _folded(f"Name {text} {text} x")


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab1 #*_-+>|`~[](){}<!&;:.$\\^=/\"'é中ש"), max_size=30), st.booleans())
def test_markdown_when_text_is_any_mixture_renders_back_to_the_text(text: str, bold: bool) -> None:
    style = Style(bold=True) if bold else Style()
    markdown = _markdown_of(block_of(text, style=style), block_of("end"))
    assert _folded("".join(_rendered(markdown).out)) == _folded(text + " end")


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.text(alphabet="ab*_(.`é中。€", min_size=1, max_size=4),
            st.builds(
                Style,
                bold=st.booleans(),
                italic=st.booleans(),
                monospace=st.booleans(),
                script=st.sampled_from(["", "sub", "super"]),
            ),
            st.sampled_from(["", " "]),
        ),
        max_size=5,
    )
)
def test_markdown_when_styles_mix_within_words_renders_back_to_the_text(parts: list[tuple[str, Style, str]]) -> None:
    text = "".join(piece + gap for piece, _, gap in parts)
    line = line_at(text, (0, 0, 500, 20), words=[piece for piece, _, _ in parts])
    words = tuple(replace(word, style=style) for word, (_, style, _) in zip(line.words, parts, strict=True))
    rendered = _rendered(_markdown_of(TextBlock(box=line.box, lines=(replace(line, words=words),))))
    assert _folded("".join(rendered.out)) == _folded(text)
    for tag, on in (("strong", "bold"), ("em", "italic"), ("code", "monospace")):
        assert (tag in rendered.tags) == any(getattr(style, on) for _, style, _ in parts)


ITALIC, BOLD = Style(italic=True), Style(bold=True)


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ([("re", PLAIN), ("ad", ITALIC), ("ing", PLAIN)], "re*ad*ing"),
        ([("see ", PLAIN), ("here,", BOLD), (" then", PLAIN)], "see **here,** then"),
        ([("see ", PLAIN), ("(here)", ITALIC)], "see *(here)*"),
        ([("see", PLAIN), ("(here)", ITALIC), ("now", PLAIN)], "see<em>(here)</em>now"),
        ([("Hm", Style(bold=True, italic=True))], "***Hm***"),
        ([("a", ITALIC), ("b", BOLD)], "*a*<strong>b</strong>"),
        ([("a ", ITALIC), ("b", BOLD)], "*a* **b**"),
        ([("「中」", BOLD), ("文", PLAIN)], "<strong>「中」</strong>文"),
        ([("H", PLAIN), ("2", Style(script="sub")), ("O", PLAIN)], "H<sub>2</sub>O"),
        ([("x*", ITALIC)], "*x\\**"),
    ],
)
def test_styled_when_asterisks_would_be_emphasis_uses_them_else_tags(
    runs: list[tuple[str, Style]], expected: str
) -> None:
    assert styled([Run(text, style) for text, style in runs]) == expected


def test_markdown_when_blocks_have_roles_renders_their_elements() -> None:
    data = ocrchat.export(factories.document("styles"), "md")
    assert data is not None
    tags = _rendered(data.decode()).tags
    assert {"h1", "strong", "em", "ol", "ul", "pre"} <= set(tags)
    assert "Page 7 of 9" not in data.decode()


def test_markdown_when_furniture_is_asked_for_keeps_it() -> None:
    furniture = block_of("Page 7 of 9", role="furniture")
    assert "Page 7 of 9" in _markdown_of(furniture, furniture=True)
    assert _markdown_of(furniture) == ""


def test_markdown_when_a_heading_is_bold_does_not_mark_it_twice() -> None:
    assert _markdown_of(block_of("Bold head", role="heading", level=3, style=factories.BOLD)) == "### Bold head\n"


def test_markdown_when_list_items_are_numbered_and_nested_keeps_numbers_and_levels() -> None:
    items = [
        block_of("five", role="list_item", marker="5)"),
        block_of("inner", role="list_item", marker="(a)", level=1),
        block_of("deeper", role="list_item", marker="–", level=2),
        block_of("six", role="list_item", marker="6)"),
        block_of("other list", role="list_item", marker="•"),
    ]
    expected = "5) five\n   - (a) inner\n     - deeper\n6) six\n\n- other list\n"
    assert _markdown_of(*items) == expected


def test_markdown_when_cells_span_writes_a_table_that_renders() -> None:
    data = ocrchat.export(factories.document("spans"), "md")
    assert data is not None
    assert '<th colspan="2">Both</th>' in data.decode()
    rendered = _rendered(data.decode())
    assert rendered.tags.count("tr") == 3
    assert _folded("".join(rendered.out)) == "Both One Tall b1 c1 | d b2"


def test_markdown_when_a_table_runs_from_the_right_says_so() -> None:
    data = ocrchat.export(factories.document("arabic table"), "md")
    assert data is not None
    assert '<table dir="rtl">\n<tr><th>الصنف</th>' in data.decode()


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        (r"\frac{a}{b}", "$$\n\\frac{a}{b}\n$$\n"),
        ("a</script>b", "$$\na\\lt /script>b\n$$\n"),
        ("a $ b", "a \\$ b\n"),
        ("", ""),
    ],
)
def test_markdown_when_a_formula_stands_alone_is_between_dollars(latex: str, expected: str) -> None:
    assert _markdown_of(FormulaBlock(box=Box(0, 0, 1, 1), latex=latex)) == expected


def test_markdown_when_a_line_is_a_formula_is_inline() -> None:
    lines = (
        line_at("where", (0, 0, 50, 10)),
        Line(text="x2", box=Box(50, 0, 70, 10), latex="x^2"),
        line_at("holds", (0, 20, 50, 30)),
    )
    assert _markdown_of(TextBlock(box=Box(0, 0, 70, 30), lines=lines)) == "where $x^2$ holds\n"


def test_markdown_when_everything_is_hostile_has_no_live_html() -> None:
    data = ocrchat.export(factories.hostile_document(), "md")
    assert data is not None
    rendered = _rendered(data.decode())
    assert not {"script", "a", "img"} & set(rendered.tags)
    assert "x" * 1_000_000 in "".join(rendered.out)
    assert "[Page 2 could not be read: Reading took longer than 120 seconds.]" in "".join(rendered.out)


def test_markdown_when_there_is_a_figure_marks_its_place_beside_its_caption() -> None:
    box = Box(0, 0, 9, 9)
    caption = block_of("Figure 3: Rope in 2019", role="caption")
    assert _markdown_of(FigureBlock(box=box), caption) == "<!-- figure -->\n\nFigure 3: Rope in 2019\n"
    assert _markdown_of(FigureBlock(box=box, alt="A rope")) == "[Figure: A rope]\n"
