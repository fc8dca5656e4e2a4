"""How sure a measured share is: the exact (Clopper-Pearson) bounds of a binomial proportion."""

from math import comb


def _at_most(k: int, n: int, share: float) -> float:
    """Probability of at most k of n."""
    return sum(comb(n, i) * share**i * (1 - share) ** (n - i) for i in range(k + 1))


def _solve(k: int, n: int, wanted: float) -> float:
    """The share at which at most k of n has the wanted probability; it falls as the share rises."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _at_most(k, n, middle) > wanted else (low, middle)
    return low


def bounds(k: int, n: int, sure: float = 0.95) -> tuple[float, float]:
    """Between which shares the true one lies with that certainty, two-sided; nothing measured: between 0 and 1."""
    rest = (1 - sure) / 2
    lower = 0.0 if k == 0 else _solve(k - 1, n, 1 - rest)
    upper = 1.0 if k == n else _solve(k, n, rest)
    return round(lower, 4), round(upper, 4)


def at_most(k: int, n: int, sure: float = 0.95) -> float:
    """The share below which the true one lies with that certainty, one-sided."""
    return 1.0 if k == n else round(_solve(k, n, 1 - sure), 4)
