"""A minute of wrong input, hands' mischief and faults, in a process beside the suite (`tests/fuzzing.py`)."""

import pytest

from tests.fuzzing import fuzzing


@pytest.mark.timeout(240)
def test_whatever_a_client_sends_every_promise_is_kept(request: pytest.FixtureRequest) -> None:
    figures = fuzzing(request.config).wait(200)
    assert figures["crash"] is None
    assert figures["texts"] > 200
    for answer in ("success", "invalidMessage", "invalidRequestID", "invalidData", "commandErrorCode", "canceled"):
        assert figures["answers"].get(answer), answer
