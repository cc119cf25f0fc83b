"""The two pictures of a report. Matplotlib lives in the bench's own environment; without it a report has no plots."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.calibration import bins_of
from bench.session import EngineRun
from bench.summary import rows_of_set, rows_together, set_names


class PlotsMissing(Exception):
    pass


def _figure() -> tuple[Any, Any]:
    try:
        import matplotlib
    except ImportError as error:
        raise PlotsMissing("No plots: matplotlib is not installed here (scripts/bench-setup).") from error
    matplotlib.use("svg")
    # The same figures give the same file, so that a changed plot is a changed figure.
    matplotlib.rcParams["svg.hashsalt"] = "bench"
    matplotlib.rcParams["svg.fonttype"] = "none"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 5), layout="constrained")
    return figure, axes


def _save(figure: Any, path: Path) -> None:
    figure.savefig(path, metadata={"Date": None})
    from matplotlib import pyplot

    pyplot.close(figure)


def draw_truth_over_cost(runs: Sequence[EngineRun], path: Path) -> None:
    """A small mark a set, a large one for all together: up and to the left is better."""
    figure, axes = _figure()
    for number, run in enumerate(runs):
        colour = f"C{number}"
        sets = [rows_of_set([run], name)[0] for name in set_names([run])]
        shown = [row for row in sets if row.cpu_seconds > 0 and "F1" in row.scores]
        axes.scatter([row.cpu_seconds_a_page for row in shown], [row.scores["F1"] for row in shown], s=18, color=colour)
        together = rows_together([run])[0]
        if together.cpu_seconds > 0 and "F1" in together.scores:
            axes.scatter(
                [together.cpu_seconds_a_page], [together.scores["F1"]], s=130, color=colour, label=run.engine.title
            )
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.xaxis.set_minor_formatter("{x:g}")
    axes.set_xlabel("core-seconds a page")
    axes.set_ylabel("F1 of words")
    axes.grid(visible=True, which="both", alpha=0.3)
    axes.legend()
    _save(figure, path)


def draw_calibration(runs: Sequence[EngineRun], path: Path) -> None:
    """On the diagonal, a word that is said to be 90 % sure is right nine times of ten."""
    figure, axes = _figure()
    axes.plot([0, 1], [0, 1], color="grey", linewidth=1)
    for number, run in enumerate(runs):
        bins = bins_of(one for result in run.results for one in result.judged)
        if bins:
            confidences, shares = [one.mean_confidence for one in bins], [one.share_right for one in bins]
            axes.plot(confidences, shares, color=f"C{number}", label=run.engine.title)
            largest = max(one.count for one in bins)
            sizes = [8 + 120 * one.count / largest for one in bins]
            axes.scatter(confidences, shares, s=sizes, color=f"C{number}")
    axes.set_xlabel("confidence (mark size: number of words)")
    axes.set_ylabel("share of words that are right")
    axes.grid(visible=True, alpha=0.3)
    if axes.get_legend_handles_labels()[0]:
        axes.legend()
    _save(figure, path)
