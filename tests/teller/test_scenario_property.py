"""Whatever is combined: the merged form has exactly the needed fields, books balance, undoing restores."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.errors import UserError
from teller.forms.catalogue import CARD_FACE
from teller.scenarios import composition
from teller.scenarios.execution import carry_out, undo
from teller.scenarios.loader import parse
from teller.transactions import limits
from teller.transactions.base import Facts, Presence, Work
from teller.transactions.registry import REGISTRY
from tests.fakes.books import MemoryBooks

DAY = date(2026, 11, 22)
FILE = Path(composition.__file__).parent / "files" / "personal_opening.toml"
OPENING = parse(FILE.read_text(encoding="utf-8"), FILE.name)
VALUES = {
    "name": "顾南枝", "sex": "女", "nation": "汉", "birth": "1990-03-07", "address": "云溪市青禾区梧桐路17号",
    "id_number": "999999199003070426", "phone": "19900004821", "acting": "本人", "us_person": "否",
    "tax_residency": "仅为中国税收居民", "card_number": "9999004182394821", "bound_card": "9999004182394821",
    "amount": "50000.00", "ti_amount": "10000.00", "ti_account": "6222000000001", "ti_bank": "示范银行",
    "td_amount": "30000.00", "td_term": "1年", "td_rollover": "自动转存", "mb_day": "50000.00", "ob_day": "50000.00",
    "atm_transfer_day": "50000.00", "quick_once": "5000.00", "quick_day": "10000.00", "atm_day": "20000.00",
    "pos_day": "50000.00", "ukey": "900100200300", "purpose": "储蓄",
}  # fmt: skip
choices = st.sets(st.sampled_from(sorted(OPENING.offered)))


def allowed(wanted: set[str], presence: Presence = Presence.ON_SITE) -> frozenset[str]:
    """What of a wish may be done at all."""
    chosen = OPENING.mandatory | wanted
    if "cash_deposit" not in chosen:
        chosen -= {"time_certificate"}
    while True:
        barred = composition.bars(OPENING, Facts(DAY, presence, chosen)).keys() & chosen
        if not barred:
            return chosen
        chosen -= barred


def work_for(books: MemoryBooks, chosen: frozenset[str]) -> Work:
    facts = Facts(DAY, Presence.ON_SITE, chosen, age=36)
    return Work(books, facts, VALUES, case_id="c-1", number="1122-0001", machine="K-02", pin_hash="hash")


@given(choices)
def test_the_merged_form_asks_exactly_what_is_needed_and_each_thing_once(wanted: set[str]) -> None:
    chosen = allowed(wanted)
    names = [spec.name for spec in composition.form(OPENING, chosen, VALUES, DAY)]
    needed = set(CARD_FACE)
    for code in chosen:
        atomic = REGISTRY[code]
        needed |= {spec.name for spec in atomic.fields if atomic.omitted.get(spec.name) not in chosen}
    assert set(names) == needed
    assert len(names) == len(set(names))


@settings(max_examples=60)
@given(choices)
def test_any_combination_balances_and_is_undone_to_the_last_cent(wanted: set[str]) -> None:
    books, chosen = MemoryBooks(), allowed(wanted)
    before = books.balances_kept(), books.kept()
    work = work_for(books, chosen)
    if any(limits.problems(composition.transactions(OPENING, chosen), VALUES, work.facts)):
        with pytest.raises(UserError, match=r"class_limit"):
            carry_out(OPENING, chosen, work)
        assert (books.balances_kept(), books.kept()) == before
        return
    effects = carry_out(OPENING, chosen, work)
    assert sum(books.balances.values()) == 0
    assert sorted(one.code for one in effects.done) == sorted(chosen)
    undo(effects, books)
    assert (books.balances_kept(), books.kept()) == before


def test_all_sixteen_at_once() -> None:
    books, chosen = MemoryBooks(), allowed(set(OPENING.offered))
    assert len(chosen) == 16
    effects = carry_out(OPENING, chosen, work_for(books, chosen))
    assert books.balances["2011:9999004182394821"] == -(50_000_00 + 10_000_00 - 30_000_00)
    assert len(effects.entries) == 3


def test_by_video_there_is_no_class_one_account() -> None:
    chosen = allowed(set(OPENING.offered), Presence.REMOTE)
    assert "open_class_1" not in chosen
    assert {"open_class_2", "open_class_3", "mobile_banking"} <= chosen
    barred = composition.bars(OPENING, Facts(DAY, Presence.REMOTE, chosen))
    assert barred["open_class_1"].rule == "A-201"
