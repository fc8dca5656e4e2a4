"""Copies, voids and permission to seal: each marked, each registered, each refused to whom it is not given."""

import pytest

from common.errors import UserError
from common.wire.registers import PaperReason, SealPermit
from server.services.registers import Asked
from teller.cases import papers
from teller.cases.model import Case
from teller.registers import Register
from teller.scenarios.execution import Effects
from teller.seals import CENTRE, MarkKind, Place, SealText, seal_for
from teller.transactions.base import Change, Done
from teller.vouchers import Words
from tests.fakes.counter import Counter, new_key

WHY = PaperReason(reason="客户索要 asked for")


@pytest.fixture
def settled(counter: Counter) -> str:
    case_id = counter.visits.payout_begun()
    counter.machine.outcome(case_id, taken={"100": 50})
    assert counter.seen(case_id).voucher is not None
    return case_id


def lines(counter: Counter, register: Register) -> list[tuple[str, str, str]]:
    page = counter.services.registers.page(counter.teller, register, Asked(), None, 50)
    return [(row.kind, row.who, str(row.details.get("text") or row.details.get("ordinal"))) for row in page.rows]


def permit(counter: Counter, text: str, place: str | None, role: str = "teller", branch: str = "*") -> None:
    body = SealPermit.model_validate({"role": role, "branch": branch, "text": text, "place": place})
    counter.services.seals.permit(new_key(), counter.person("ADMIN"), body)


def test_every_seal_is_in_the_register(counter: Counter, settled: str) -> None:
    assert lines(counter, Register.SEALS) == [("seal.used", "T-03", "voucher")]
    assert counter.press.seals[-1].owner.zh == counter.teller.branch


def test_copies_are_counted_marked_and_registered(counter: Counter, settled: str) -> None:
    desk, number = counter.services.papers, counter.seen(settled).voucher
    assert number is not None
    key = new_key()
    for _ in range(2):
        desk.reprint(key, counter.teller, settled, WHY)
    desk.reprint(new_key(), counter.person("T-05"), settled, WHY)
    voucher = counter.seen(settled).voucher
    assert voucher is not None
    assert [(copy.kind, copy.ordinal, copy.who) for copy in voucher.copies] == [
        ("reprint", 1, "T-03"), ("reprint", 2, "T-05"),
    ]  # fmt: skip
    assert voucher.digest == number.digest, "the first paper still speaks for the case"
    assert b"REPRINT" in desk.copy(counter.teller, settled, 2)
    assert lines(counter, Register.PAPERS) == [("voucher.reprinted", "T-05", "2"), ("voucher.reprinted", "T-03", "1")]
    assert len(lines(counter, Register.SEALS)) == 3
    with pytest.raises(UserError, match=r"^voucher\.not_found$"):
        desk.copy(counter.teller, settled, 3)


def test_a_void_voucher_says_so_everywhere_and_is_void_once(counter: Counter, settled: str) -> None:
    desk, other = counter.services.papers, counter.person("T-05")
    with pytest.raises(UserError, match=r"^voucher\.own_case$"):
        desk.void(new_key(), counter.teller, settled, WHY)
    desk.void(new_key(), other, settled, WHY)
    voucher = counter.seen(settled).voucher
    assert voucher is not None
    assert voucher.void
    assert b"VOID" in counter.services.vouchers.pdf(counter.teller, settled)
    published = desk.published(voucher.code)
    assert published is not None
    assert published.void is not None
    assert (published.void.who, published.void.reason) == ("T-05", WHY.reason)
    for again in (desk.void, desk.reprint):
        with pytest.raises(UserError, match=r"^voucher\.void$"):
            again(new_key(), other, settled, WHY)
    assert lines(counter, Register.PAPERS) == [("voucher.voided", "T-05", "1")]


def test_what_is_printed_again_is_what_was_sealed(counter: Counter, settled: str) -> None:
    counter.services.papers.reprint(new_key(), counter.teller, settled, WHY)
    first, again = counter.press.issued[-2:]
    assert again == first, "handwriting included"
    assert again.signature is not None


def test_the_seal_moves_from_branch_to_centre_at_once(counter: Counter, settled: str) -> None:
    permit(counter, "*", "centre")
    counter.services.papers.reprint(new_key(), counter.teller, settled, WHY)
    assert counter.press.seals[-1].owner == CENTRE
    kinds = [kind for kind, *_ in lines(counter, Register.SEALS)]
    assert kinds == ["seal.used", "seal.permission", "seal.used"]


def test_without_permission_nothing_is_sealed(counter: Counter, settled: str) -> None:
    permit(counter, "reprint", None)
    with pytest.raises(UserError, match=r"^seal\.forbidden$") as refused:
        counter.services.papers.reprint(new_key(), counter.teller, settled, WHY)
    assert refused.value.params["text"] == "reprint"
    permit(counter, "reprint", "branch", branch=counter.teller.branch)
    counter.services.papers.reprint(new_key(), counter.teller, settled, WHY)


@pytest.mark.expects_log("voucher failed")
def test_a_voucher_that_may_not_be_sealed_is_trouble_that_can_be_mended(counter: Counter) -> None:
    permit(counter, "voucher", None)
    case_id = counter.visits.payout_begun()
    view = counter.machine.outcome(case_id, taken={"100": 50})
    assert view.voucher is None
    assert view.trouble is not None
    assert view.trouble.code == "trouble.voucher_failed"
    permit(counter, "voucher", "centre")
    assert counter.desk.resolve(case_id, "retry_voucher").voucher is not None


def test_another_branch_keeps_its_hands_off(counter: Counter, settled: str) -> None:
    stranger = counter.teller.__class__("x", "T-99", "某人", counter.teller.role, "别的支行")
    for act in (counter.services.papers.reprint, counter.services.papers.void):
        with pytest.raises(UserError, match=r"^case\.forbidden$"):
            act(new_key(), stranger, settled, WHY)


@pytest.mark.parametrize("kind", list(MarkKind))
def test_a_failed_seal_leaves_no_line(counter: Counter, settled: str, kind: MarkKind) -> None:
    counter.press.fails = UserError("seal.forbidden")
    act = {MarkKind.REPRINT: counter.services.papers.reprint, MarkKind.VOID: counter.services.papers.void}[kind]
    with pytest.raises(UserError):
        act(new_key(), counter.person("T-05"), settled, WHY)
    assert lines(counter, Register.PAPERS) == []
    assert len(lines(counter, Register.SEALS)) == 1


def carried_out(counter: Counter, case_id: str, codes: tuple[str, ...], *changes: Change) -> Case:
    """The case as if these transactions had been carried out in it."""
    with counter.database.read() as unit:
        case = unit.cases.get(case_id)
    done = tuple(Done(code, "0000", Words(code, code), f"x/{at}") for at, code in enumerate(codes))
    return case.evolve(effects=Effects(changes=changes, done=done))


def test_the_text_decides_the_seal(counter: Counter, settled: str) -> None:
    for codes, text in (
        (("statement",), SealText.STATEMENT),
        (("statement", "balance_certificate"), SealText.CERTIFICATE),
        (("statement", "sms_notice"), SealText.VOUCHER),
    ):
        assert papers.seal_text(carried_out(counter, settled, codes)) is text
    seal = seal_for(SealText.CERTIFICATE, Place.CENTRE, Words("甲", "A"), Words("乙", "B"))
    assert (seal.purpose.zh, seal.ring) == ("资信证明专用章", "甲运营中心")


def test_things_that_change_hands_in_a_case_are_key_items(counter: Counter, settled: str) -> None:
    case = carried_out(
        counter, settled, (),
        Change("ukey", "880012", None, {}), Change("card", "9999004182390000", None, {}),
        Change("card", "9999004182391111", {"status": "active"}, {"status": "lost"}),
        Change("key", "0417", None, {"holder": "bank"}), Change("key", "0417", {}, {"holder": "customer"}),
        Change("customer", "c1", None, {}),
    )  # fmt: skip
    assert [(act.value, item.value, number) for act, item, number in papers.items_moved(case)] == [
        ("issued", "ukey", "880012"), ("issued", "card", "9999 **** **** 0000"),
        ("received", "safe_key", "0417"), ("returned", "safe_key", "0417"),
    ]  # fmt: skip
