"""For the tests of all windows."""

import pytest

from ui.kit import pictures


@pytest.fixture(autouse=True)
def small_pictures_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures of tests are there when they came; the thread beside has tests of its own."""
    monkeypatch.setattr(pictures, "AT_ONCE", 150_000)
    return
