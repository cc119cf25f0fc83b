"""Where reports print the figures that people ask for by other names: an operating margin is computed from the income
statement, which does not contain the word. Data, and the look at a page's head that finds the statement.
"""

from __future__ import annotations

from collections.abc import Sequence

from ocrchat.chat.lines import PageText
from ocrchat.chat.terms import terms_of

# Asked for | … => titles of the statement, as printed at the head of its page.
_STATEMENTS = """
p&l statement | profit and loss | income statement | statement of income | statements of income | statement of operations | revenue | net sales | cogs | cost of goods sold | cost of sales | gross margin | gross profit | operating margin | operating income | operating profit | net income | net profit | net margin | ebitda | effective tax rate | interest expense | eps | earnings per share | sg&a => statements of income | statements of operations | statement of operations | statements of earnings | statement of income | income statement | statements of consolidated income | statements of comprehensive income | profit and loss account
balance sheet | statement of financial position | total assets | current assets | current liabilities | working capital | quick ratio | current ratio | inventory turnover | accounts payable | accounts receivable | days payable outstanding | days sales outstanding | dpo | dso | ppne | pp&e | property plant and equipment | total liabilities | total debt | return on assets | roa | fixed asset turnover => balance sheets | balance sheet | statements of financial position | statement of financial position
cash flow statement | statement of cash flows | cash flow | cash flows | cashflow | capex | capital expenditure | free cash flow | fcf | depreciation and amortization | dividends paid | operating cash flow => statements of cash flows | statement of cash flows | cash flow statement | cash flows statements
"""

# Lines at the head of a page among which a title stands, and the longest line that is one.
_HEAD_LINES = 25
_TITLE_LENGTH = 90


def _phrases(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(terms_of(phrase)) for phrase in text.split(" | "))


STATEMENTS = tuple(
    (_phrases(asked), _phrases(titles))
    for asked, titles in (line.split(" => ") for line in _STATEMENTS.strip().splitlines())
)


def statements_asked(terms: Sequence[str]) -> frozenset[int]:
    text = f" {' '.join(terms)} "
    return frozenset(
        number
        for number, (asked, _) in enumerate(STATEMENTS)
        if any(f" {' '.join(phrase)} " in text for phrase in asked)
    )


def statements_on(page: PageText) -> frozenset[int]:
    """What the page's head says it is; only where the page is mostly rows of figures."""
    figures = sum(1 for line in page.lines if line.text[:1].isdigit() or line.text[:1] in "($€£¥")
    if figures < 20:
        return frozenset()
    rows = sorted({page.row_of[line.order] for line in page.lines})[:_HEAD_LINES]
    found = set()
    for row in rows:
        for line in page.rows[row]:
            if len(line.text) > _TITLE_LENGTH:
                continue
            text = f" {' '.join(terms_of(line.text))} "
            found |= {
                number
                for number, (_, titles) in enumerate(STATEMENTS)
                if any(f" {' '.join(title)} " in text for title in titles)
            }
    # A page that names all of them lists them: contents, or an auditor's opinion.
    return frozenset(found) if len(found) < len(STATEMENTS) else frozenset()
