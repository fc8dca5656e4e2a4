"""A portrait kept for the next visit: asked by itself, per customer, and gone with the word that takes it back."""

from datetime import timedelta

import pytest

from common.errors import UserError
from common.wire.cases import Cancel, CardState, CustomerStep, EvidenceKind, FieldSource
from common.wire.identity import ConsentState, FaceConsent, FaceUse
from server.retention import Retention
from server.services.ports import Principal
from server.vault import Digest, EvidenceVault
from teller.identity.consent import KEEP
from teller.identity.retention import KEPT_FACE
from tests.fakes.counter import Counter, new_key


def visited(counter: Counter) -> str:
    """Identified, and the server has compared the faces."""
    made = counter.visits.identified()
    counter.desk.submit(made)
    counter.desk.fill(made, FieldSource.TYPED, amount="4000")
    return made


def say(counter: Counter, case_id: str, granted: bool, who: Principal | None = None) -> None:
    body = FaceConsent(granted=granted, text="keep-1")
    counter.services.keeping.answer(new_key(), who or counter.kiosk, case_id, body)


def ended(counter: Counter, case_id: str) -> None:
    counter.services.closing.cancel(new_key(), counter.teller, case_id, Cancel(reason="teller"))
    counter.customer.card(case_id, CardState.TAKEN)


def kept(counter: Counter) -> str:
    """A visit after which one portrait stays; its digest."""
    made = visited(counter)
    counter.desk.prompt(made, CustomerStep.KEEP_FACE)
    say(counter, made, True)
    digest = next(one.digest for one in counter.seen(made).evidence if one.kind is EvidenceKind.LIVE_FRAME)
    ended(counter, made)
    return digest


def test_a_portrait_stays_by_a_word_of_its_own_and_serves_the_next_visit(counter: Counter) -> None:
    digest = kept(counter)
    again = visited(counter)
    seen = counter.seen(again)
    assert (seen.identity.kept.state, seen.identity.kept.count) == (ConsentState.GIVEN, 1)
    assert seen.identity.kept.until == counter.clock.now() + KEPT_FACE
    earlier = [check.known for check in seen.identity.faces if check.use is FaceUse.EARLIER]
    assert earlier == [digest]
    assert counter.services.identity.faces()[0].model_dump(include={"kind", "purpose", "count"}) == {
        "kind": "kept_face", "purpose": KEEP, "count": 1,
    }  # fmt: skip


def test_the_kept_portrait_is_shown_to_who_works_on_the_case_and_each_look_is_a_line(counter: Counter) -> None:
    digest = kept(counter)
    again = visited(counter)
    show = counter.services.reveals.kept_face
    assert show(counter.teller, again, digest) == counter.parts.vault.get(Digest(digest))
    with counter.database.read() as unit:
        looks = [(line.who, line.data) for line in unit.registers.of_case(again) if line.kind == "pii.shown"]
    assert looks == [("T-03", {"field": "kept_face", "digest": digest})]
    for who in (counter.authoriser, counter.kiosk):
        with pytest.raises(UserError, match=r"case\.forbidden"):
            show(who, again, digest)
    live = next(one.digest for one in counter.seen(again).evidence if one.kind is EvidenceKind.ID_FRONT)
    with pytest.raises(UserError, match=r"evidence\.not_found"):
        show(counter.teller, again, live)
    say(counter, again, False, counter.teller)
    with pytest.raises(UserError, match=r"evidence\.not_found"):
        show(counter.teller, again, digest)


@pytest.mark.parametrize("by", ["kiosk", "teller"])
def test_taken_back_at_any_visit_it_is_deleted_at_once(counter: Counter, by: str) -> None:
    digest = kept(counter)
    counter.clock.pass_(timedelta(days=91).total_seconds())
    Retention(counter.database, EvidenceVault(counter.folder), counter.clock, counter.parts.bank.day).sweep()
    assert digest in counter.parts.vault, "the visit's own pictures are gone, this one stays by consent"  # type: ignore[operator]
    again = counter.customer.arrive()
    counter.desk.answer(again)
    say(counter, again, False, counter.kiosk if by == "kiosk" else counter.teller)
    seen = counter.seen(again).identity.kept
    assert (seen.state, seen.text, seen.count) == (ConsentState.REVOKED, "keep-1", 0)
    assert digest not in counter.parts.vault  # type: ignore[operator]
    with counter.database.read() as unit:
        holder = unit.cases.get(again).holder
        assert holder is not None
        words = [(line.purpose, line.state) for line in unit.identity.consents_of(holder.customer_id)]
    assert words[-2:] == [(KEEP, "given"), (KEEP, "revoked")]


def test_nobody_but_the_customer_says_yes_and_only_when_asked(counter: Counter) -> None:
    made = visited(counter)
    for who in (counter.kiosk, counter.teller):
        with pytest.raises(UserError, match=r"step\.not_now"):
            say(counter, made, True, who)
    counter.desk.prompt(made, CustomerStep.KEEP_FACE)
    with pytest.raises(UserError, match=r"step\.not_now"):
        say(counter, made, True, counter.teller)
    say(counter, made, False)
    assert (counter.seen(made).customer_step, counter.seen(made).identity.kept.count) == (CustomerStep.TALK, 0)


def test_it_goes_by_itself_when_nobody_comes_back(counter: Counter) -> None:
    digest = kept(counter)
    counter.clock.pass_(KEPT_FACE.total_seconds())
    Retention(counter.database, EvidenceVault(counter.folder), counter.clock, counter.parts.bank.day).sweep()
    assert digest not in counter.parts.vault  # type: ignore[operator]


def test_a_face_that_does_not_fit_the_papers_is_never_kept(counter: Counter) -> None:
    counter.judge.otherwise = 20.0
    made = counter.customer.arrive()
    counter.desk.answer(made)
    counter.desk.identify(made)
    counter.desk.prompt(made, CustomerStep.KEEP_FACE)
    say(counter, made, True)
    assert counter.seen(made).identity.kept.count == 0
