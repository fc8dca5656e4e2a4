"""Signing on, staying on, signing off; guessing passwords gets slow."""

import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from common.errors import UserError
from server.edge.limits import TokenBucket
from server.edge.sessions import OVERLAP_S, Sessions, token_hash
from server.services.ports import FailedSignOns
from tests.fakes.clock import HandClock
from tests.fakes.services import HASHER, PASSWORD, FakeGuesses, FakeSessionStore, FakeUsers
from tests.fakes.wire import NO_TLS
from tests.server.edge.harness import Server, bearer


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def sessions(clock: HandClock) -> Sessions:
    return Sessions(FakeUsers(), FakeSessionStore(), FakeGuesses(), clock, minutes=15, hasher=HASHER)


def code_of(call: object, *args: object) -> str:
    with pytest.raises(UserError) as caught:
        call(*args)  # type: ignore[operator]
    return caught.value.code


def test_a_token_is_kept_only_as_its_hash(clock: HandClock) -> None:
    store = FakeSessionStore()
    sessions = Sessions(FakeUsers(), store, FakeGuesses(), clock, minutes=15, hasher=HASHER)
    token, session = sessions.sign_on("t-01", PASSWORD)
    assert store.rows.keys() == {token_hash(token)} == {session.token_hash}
    assert token not in repr(store.rows)
    assert session.principal.number == "T-01"


def test_a_session_ends_by_itself(sessions: Sessions, clock: HandClock) -> None:
    token, _ = sessions.sign_on("t-01", PASSWORD)
    clock.at = 15 * 60 - 1
    assert sessions.find(token).principal.number == "T-01"
    clock.at += 1
    assert code_of(sessions.find, token) == "auth.expired"
    assert code_of(sessions.find, token) == "auth.required"


def test_refreshing_prolongs_and_the_old_token_dies_soon(sessions: Sessions, clock: HandClock) -> None:
    old, session = sessions.sign_on("t-01", PASSWORD)
    clock.at = 14 * 60
    new, _ = sessions.refresh(session)
    assert sessions.find(old).principal == sessions.find(new).principal
    clock.at += OVERLAP_S
    assert code_of(sessions.find, old) == "auth.expired"
    clock.at = 28 * 60
    assert sessions.find(new).principal.number == "T-01"


def test_a_user_who_was_shut_out_is_out_at_once(clock: HandClock) -> None:
    users = FakeUsers()
    sessions = Sessions(users, FakeSessionStore(), FakeGuesses(), clock, minutes=15, hasher=HASHER)
    token, _ = sessions.sign_on("t-01", PASSWORD)
    users.deactivate("t-01")
    assert code_of(sessions.find, token) == "auth.required"
    assert code_of(sessions.sign_on, "t-01", PASSWORD) == "auth.bad_credentials"


class _Together(FakeGuesses):
    """Lets nobody pass the first look at the count before everybody is there."""

    def __init__(self, many: int) -> None:
        super().__init__()
        self._all, self._own = threading.Barrier(many), threading.local()

    def get(self, login_hash: str) -> FailedSignOns | None:
        known = super().get(login_hash)
        if not hasattr(self._own, "been"):
            self._own.been = True
            self._all.wait(20)
        return known


def test_a_burst_of_guesses_is_counted_one_by_one(clock: HandClock) -> None:
    many = 12
    sessions = Sessions(FakeUsers(), FakeSessionStore(), _Together(many), clock, minutes=15, hasher=HASHER)
    with ThreadPoolExecutor(many) as pool:
        codes = list(pool.map(lambda _: code_of(sessions.sign_on, "t-01", "wrong"), range(many)))
    assert codes.count("auth.bad_credentials") <= 4, "three free ones, and at most one beside the last of them"
    assert set(codes) == {"auth.bad_credentials", "auth.too_many"}


@pytest.mark.parametrize("login", ["t-01", "nobody"])
def test_guessing_gets_slower_whether_the_login_exists_or_not(sessions: Sessions, clock: HandClock, login: str) -> None:
    for _ in range(3):
        assert code_of(sessions.sign_on, login, "wrong") == "auth.bad_credentials"
    assert code_of(sessions.sign_on, login, PASSWORD) == "auth.too_many"
    waits = []
    for _ in range(12):
        waits.append(0)
        while code_of(sessions.sign_on, login, "wrong") == "auth.too_many":
            clock.at += 1
            waits[-1] += 1
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]


def test_the_right_password_starts_the_count_anew(sessions: Sessions, clock: HandClock) -> None:
    for _ in range(5):
        for _ in range(2):
            assert code_of(sessions.sign_on, "t-01", "wrong") == "auth.bad_credentials"
        sessions.sign_on("t-01", PASSWORD)


def test_a_bucket_lets_a_burst_through_and_then_its_rate(clock: HandClock) -> None:
    bucket = TokenBucket(clock, per_second=10, burst=5)
    assert [bucket.take() for _ in range(6)] == [True] * 5 + [False]
    clock.at += 0.1
    assert [bucket.take(), bucket.take()] == [True, False]


def test_over_http(server: Server) -> None:
    with httpx.Client(base_url=server.url, verify=NO_TLS) as http:
        wrong = http.post("/api/v1/sessions", json={"login": "t-01", "password": "no"})
        assert (wrong.status_code, wrong.json()["code"]) == (401, "auth.bad_credentials")
        right = http.post("/api/v1/sessions", json={"login": "t-01", "password": PASSWORD})
        assert right.status_code == 201
        assert right.json()["user"]["role"] == "teller"
        mine = bearer(right.json()["token"])
        fresh = http.post("/api/v1/sessions/refresh", headers=mine).json()
        assert fresh["token"] != right.json()["token"]
        now = bearer(fresh["token"])
        assert http.delete("/api/v1/sessions/current", headers=now).status_code == 204
        gone = http.post("/api/v1/sessions/refresh", headers=now)
        assert (gone.status_code, gone.json()["code"]) == (401, "auth.required")
        assert gone.headers["www-authenticate"] == "Bearer"
