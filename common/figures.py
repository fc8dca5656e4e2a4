"""How a row of measurements is summed up."""

import math
from collections.abc import Sequence


def nearest_rank(ordered: Sequence[float], share: float) -> float:
    """The smallest value that at least ``share`` of them do not exceed; of two, p50 is the smaller one.

    Args:
        ordered: smallest first, at least one.
    """
    # 0.07 * 100 is a little more than 7: what is a whole number but for that is meant as one.
    return ordered[max(0, math.ceil(round(share * len(ordered), 9)) - 1)]
