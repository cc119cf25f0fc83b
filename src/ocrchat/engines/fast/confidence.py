"""How sure a reading is: the share of words with such a reading that are right."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

# The recogniser's mean share of a word's letters, and how many of such words stood in the truth: 9,441 words of 38
# printed pages (books, receipts, typescripts, tables), read by the whole cascade. A share of .9 sounds sure and is
# wrong every second time. The truth has faults of its own, one or two words in a hundred, so nothing reaches 1.
_SHARES = (0.0, 0.5, 0.75, 0.85, 0.91, 0.95, 0.975, 0.99, 0.997, 1.0)
_RIGHT = (0.02, 0.2, 0.28, 0.4, 0.46, 0.62, 0.78, 0.88, 0.93, 0.98)


def confidences_from(mean_shares: npt.NDArray[np.floating]) -> list[float]:
    """Of words, from the mean share of each one's letters."""
    return [round(float(one), 3) for one in np.interp(mean_shares, _SHARES, _RIGHT)]
