"""How sure a reading is, as the share of such readings that are right."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def confidence_from(shares: npt.NDArray[np.float32]) -> float:
    return round(float(shares.mean()), 4)
