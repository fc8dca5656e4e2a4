"""A bank's own scenario files in the running services: new ones, changed ones, broken ones, gone ones."""

import os
from pathlib import Path

import pytest

from common.wire.cases import StartCase
from server.scenarios import Shelf
from tests.fakes.counter import Counter, new_key

TEXT = """name = "savings_plan"
code = "ZZ01"
initials = "czjh"
title = { zh = "储蓄计划", en = "Savings plan" }
note = { zh = "五分钟", en = "Five minutes" }
group = "account"
icon = "card"
card = "none"

[[transaction]]
code = "customer_record"
need = "mandatory"
"""


@pytest.fixture
def folder(counter: Counter, tmp_path: Path) -> Path:
    made = tmp_path / "scenarios"
    made.mkdir()
    object.__setattr__(counter.parts, "shelf", Shelf(made))
    return made


def written(file: Path, text: str) -> None:
    """With another time than before, whatever the clock's grain."""
    before = file.stat().st_mtime_ns if file.exists() else 0
    file.write_text(text, encoding="utf-8")
    os.utime(file, ns=(before + 1_000_000_000, before + 1_000_000_000))


def titles(counter: Counter) -> dict[str, str]:
    return {one.name: one.title.en for one in counter.services.scenarios.all(counter.teller)}


def test_a_file_counts_from_the_next_case_on_and_an_open_case_keeps_its_text(counter: Counter, folder: Path) -> None:
    assert "savings_plan" not in titles(counter)
    written(folder / "plan.toml", TEXT)
    assert titles(counter)["savings_plan"] == "Savings plan"
    case_id = counter.services.scenarios.start(new_key(), counter.teller, StartCase(scenario="savings_plan"))
    written(folder / "plan.toml", TEXT.replace("Savings plan", "New plan"))
    assert titles(counter)["savings_plan"] == "New plan"
    seen = counter.seen(case_id).title
    assert seen is not None
    assert seen.en == "Savings plan"
    (folder / "plan.toml").unlink()
    assert "savings_plan" not in titles(counter)


@pytest.mark.expects_log("scenario refused")
def test_a_broken_file_is_refused_and_the_last_good_one_stays_also_after_a_restart(
    counter: Counter, folder: Path
) -> None:
    written(folder / "plan.toml", TEXT)
    assert "savings_plan" in titles(counter)
    written(folder / "plan.toml", TEXT.replace('code = "customer_record"', 'code = "no_such_transaction"'))
    assert titles(counter)["savings_plan"] == "Savings plan"
    refused = counter.parts.shelf.refused["plan.toml"]
    assert (refused.line, "no_such_transaction" in refused.reason) == (11, True)
    assert Shelf(folder).get("savings_plan").title.en == "Savings plan", "as a server that starts now sees it"
