"""Finding palette entries by words, pinyin initials or code. Pure; nothing is computed from Chinese while typing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Candidate:
    """What can be found: the shown title, its pinyin initials (``dqckkl``), its code, other words."""

    key: str
    title: str
    initials: str = ""
    code: str = ""
    other: str = ""


@dataclass(frozen=True)
class Hit:
    """A candidate that fits, how well (higher is better), and the characters of the title to show in bold."""

    candidate: Candidate
    score: int
    marks: tuple[int, ...] = ()


def _subsequence(query: str, text: str) -> tuple[int, ...] | None:
    """Positions in ``text`` of the letters of ``query`` in order, or None."""
    found: list[int] = []
    at = 0
    for letter in query:
        at = text.find(letter, at)
        if at < 0:
            return None
        found.append(at)
        at += 1
    return tuple(found)


def match_one(query: str, candidate: Candidate) -> Hit | None:
    """How a query fits: code, then initials from the start, then words inside, then letters in order."""
    asked = query.strip().lower().replace(" ", "")
    if not asked:
        return Hit(candidate, 0)
    title, initials = candidate.title.lower(), candidate.initials.lower()
    if candidate.code and candidate.code.lower().replace("-", "").startswith(asked.replace("-", "")):
        return Hit(candidate, 1000 - len(candidate.code))
    # Initials map one to one to the characters of the title when both have the same length.
    same = len(initials) == len(title)
    if initials.startswith(asked):
        return Hit(candidate, 900 - len(initials), tuple(range(len(asked))) if same else ())
    at = title.find(asked)
    if at >= 0:
        return Hit(candidate, 800 - at, tuple(range(at, at + len(asked))))
    if asked in initials:
        at = initials.find(asked)
        return Hit(candidate, 700 - at, tuple(range(at, at + len(asked))) if same else ())
    for text, base, marked in ((initials, 500, same), (title, 400, True)):
        found = _subsequence(asked, text)
        if found is not None:
            return Hit(candidate, base - (found[-1] - found[0]), found if marked else ())
    return Hit(candidate, 300) if asked in candidate.other.lower() else None


def match(query: str, candidates: Iterable[Candidate], limit: int = 50) -> Sequence[Hit]:
    """The best fits first; among equals the order given."""
    hits = [hit for candidate in candidates if (hit := match_one(query, candidate)) is not None]
    return sorted(hits, key=lambda hit: -hit.score)[:limit]
