"""Routing, failover within the time limit, breakers, contradictions: against real HTTP services."""

from datetime import UTC, datetime, time, timedelta, timezone
from pathlib import Path

import pytest

from common.demo_people import CUSTOMER
from common.errors import UserError
from common.wire.identity import Elements, Outcome
from server.verification.breaker import Breaker, BreakerState
from server.verification.platform import Platform, Refused, check_sources, read_answer
from teller.identity.verifying import Contract, route
from tests.fakes.counter import StillClock
from tests.server.verification.conftest import World

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
NIGHT = NOON + timedelta(hours=12)
ZONE = timezone(timedelta(hours=8))
TWO = {"name": CUSTOMER.name, "id_number": CUSTOMER.id_number}
FOUR = {**TWO, "valid_from": "2016-05-20", "valid_to": "2036-05-20"}


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def platform(world: World, clock: StillClock):  # type: ignore[no-untyped-def]
    made = Platform(world.file, clock, ZONE, 2.0)
    yield made
    made.close()


def outcomes(platform: Platform, elements: Elements, asked: dict[str, str], at: datetime = NOON) -> list[str]:
    said = platform.ask(elements, asked, at)
    return [said.outcome.value, *(f"{one.source}:{one.outcome}" for one in said.attempts)]


def test_the_cheapest_source_in_its_hours_answers(platform: Platform) -> None:
    assert outcomes(platform, Elements.TWO, TWO) == ["match", "pbc:match"]
    assert outcomes(platform, Elements.TWO, TWO, NIGHT) == ["match", "nciic:match"]


def test_what_is_asked_and_said(platform: Platform, world: World) -> None:
    said = platform.ask(Elements.FOUR, FOUR, NOON)
    assert said.answer is not None
    assert set(said.answer.fields.values()) == {"match"}
    assert said.answer.portrait is None
    three = platform.ask(Elements.THREE, TWO, NOON)
    assert three.answer is not None
    assert three.answer.portrait == world.portrait
    phone = platform.ask(Elements.PHONE, {**TWO, "phone": "19900004821"}, NOON)
    assert (phone.outcome, phone.costs) == (Outcome.MATCH, {"carriers": 100})


def test_a_no_is_asked_again_elsewhere(platform: Platform) -> None:
    wrong = {**FOUR, "valid_to": "2030-05-20"}
    assert outcomes(platform, Elements.FOUR, wrong) == ["mismatch", "pbc:mismatch", "nciic:mismatch"]
    said = platform.ask(Elements.FOUR, wrong, NOON)
    assert said.answer is not None
    assert said.answer.fields["valid_to"] == "mismatch"
    nobody = {"name": "无名氏", "id_number": "999999199003070000"}
    assert outcomes(platform, Elements.TWO, nobody)[0] == "not_found"


def test_sources_that_contradict_each_other_are_flagged(platform: Platform, world: World) -> None:
    world.fault("pbc", contrary=True)
    assert outcomes(platform, Elements.TWO, TWO) == ["contradiction", "pbc:mismatch", "nciic:match"]


def test_failover_and_the_breaker(platform: Platform, world: World, clock: StillClock) -> None:
    world.fault("pbc", errors=3)
    for _ in range(3):
        assert outcomes(platform, Elements.TWO, TWO) == ["match", "pbc:error", "nciic:match"]
    assert outcomes(platform, Elements.TWO, TWO) == ["match", "pbc:open", "nciic:match"]
    clock.pass_(31)
    assert outcomes(platform, Elements.TWO, TWO) == ["match", "pbc:match"]


def test_maintenance_is_believed_for_as_long_as_it_says(platform: Platform, world: World, clock: StillClock) -> None:
    world.fault("pbc", maintenance_s=600)
    assert outcomes(platform, Elements.TWO, TWO) == ["match", "pbc:maintenance", "nciic:match"]
    world.well()
    clock.pass_(300)
    assert outcomes(platform, Elements.TWO, TWO) == ["match", "pbc:open", "nciic:match"]
    clock.pass_(301)
    assert outcomes(platform, Elements.TWO, TWO) == ["match", "pbc:match"]


def test_nobody_answers_within_the_time_limit(world: World, clock: StillClock) -> None:
    for name in ("pbc", "nciic", "agency"):
        world.fault(name, down=True)
    platform = Platform(world.file, clock, ZONE, 0.3)
    said = platform.ask(Elements.TWO, TWO, NOON)
    platform.close()
    assert (said.outcome, said.answer) == (Outcome.UNAVAILABLE, None)
    assert next(one.outcome for one in said.attempts) == "timeout"
    assert sum(one.ms for one in said.attempts) < 2_000


@pytest.mark.parametrize("content", [b"", b"[]", b'{"result": "77"}', b'{"result": "00", "portrait": "?"}', b"\xff"])
def test_an_answer_that_is_none(content: bytes) -> None:
    with pytest.raises(Refused):
        read_answer("pbc", content)


@pytest.mark.parametrize("content", [b"\x00\xff\x13", b"", b"[]", b"{}", b'{"sources": [{"name": "pbc"}]}'])
@pytest.mark.parametrize("later", [False, True])
def test_sources_that_cannot_be_read_are_named_at_the_start(tmp_path: Path, content: bytes, later: bool) -> None:
    file = tmp_path / "sources.json"
    file.write_bytes(content)
    with pytest.raises(UserError) as refused:
        check_sources(file, later=later)
    assert (refused.value.code, refused.value.params["file"]) == ("verification.bad_sources", str(file))


@pytest.mark.expects_log("verification sources cannot be read")
def test_only_sources_said_to_come_later_may_be_missing_at_the_start(
    world: World, tmp_path: Path, clock: StillClock
) -> None:
    file = tmp_path / "sources.json"
    with pytest.raises(UserError, match=r"^file\.missing$"):
        check_sources(file, later=False)
    with pytest.raises(UserError, match=r"^file\.is_folder$"):
        check_sources(tmp_path, later=True)
    check_sources(file, later=True)
    platform = Platform(file, clock, ZONE, 2.0)
    assert outcomes(platform, Elements.TWO, TWO) == ["unavailable"]
    file.write_bytes(world.file.read_bytes())
    assert outcomes(platform, Elements.TWO, TWO) == ["match", "pbc:match"]
    platform.close()
    check_sources(file, later=False)


def test_hours_over_midnight_and_the_order_of_sources() -> None:
    def source(name: str, **terms: object) -> Contract:
        return Contract(name, frozenset({Elements.TWO}), **{"priority": 1, "cost_minor": 0, **terms})  # type: ignore[arg-type]

    night = time(22), time(6)
    late = source("late", opens=night[0], closes=night[1])
    dear, cheap = source("dear", cost_minor=9), source("cheap", cost_minor=1)
    assert [one.name for one in route([dear, late, cheap], Elements.TWO, NOON, ZONE)] == ["cheap", "dear"]
    assert [one.name for one in route([late], Elements.TWO, NIGHT, ZONE)] == ["late"]
    assert route([late], Elements.PHONE, NIGHT, ZONE) == ()


def test_a_half_open_breaker_lets_one_probe_through(clock: StillClock) -> None:
    breaker = Breaker(clock, failures=1, pause_s=10)
    breaker.failed()
    assert not breaker.allows()
    clock.pass_(11)
    assert breaker.allows()
    assert not breaker.allows()
    breaker.failed()
    assert breaker.state is BreakerState.OPEN
    assert not breaker.allows()
