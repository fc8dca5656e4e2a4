"""Pictures that may show a screen or a copy where the original should lie.

The teller's window finds it and is believed only towards caution: what was told of a picture stays with it, whoever has
the case and whatever is told later. Only another picture counts instead, and what was read from the doubtful one
and still stands in the form keeps the doubt alive.
"""

from collections.abc import Collection
from datetime import datetime

from common.errors import UserError
from common.wire.cases import CaseState, EvidenceKind
from common.wire.doubts import Doubt
from teller.cases.gathering import reopened
from teller.cases.model import Case, EvidenceRef
from teller.cases.sourcing import PAPERS


def told(case: Case, digest: str, doubts: Collection[Doubt], at: datetime) -> Case:
    """A doubt about a picture of this case; one that was told before changes nothing.

    It may come while a second person looks already: then it stands beside the picture. A case that was agreed to, and
    not carried out yet, is a draft again.

    Raises:
        UserError: ``evidence.unknown``; ``case.wrong_state`` when the case is over.
    """
    if case.terminal:
        raise UserError("case.wrong_state", state=case.state.value, wanted="edit")
    about = [piece for piece in case.evidence if piece.digest == digest and piece.kind in PAPERS]
    if not about:
        raise UserError("evidence.unknown")
    if all(set(doubts) <= set(piece.doubts) for piece in about):
        return case
    if case.state is CaseState.AUTHORISED:
        case = reopened(case, at)
    pieces = tuple(piece.doubted(doubts) if piece in about else piece for piece in case.evidence)
    return case.evolve(evidence=pieces, form_version=case.version + 1).marked("original_doubted", at)


def doubted(case: Case, asked: Collection[str]) -> tuple[EvidenceRef, ...]:
    """Pictures with a doubt on which the case rests: the newest of the papers it needs, and those that values of the
    form were read from."""
    newest = {piece for kind in asked if (piece := case.latest(EvidenceKind(kind))) is not None}
    read = {value.evidence for value in case.values.values()}
    return tuple(piece for piece in case.evidence if piece.doubts and (piece in newest or piece.digest in read))
