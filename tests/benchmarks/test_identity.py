"""The document benchmark's counting, and going on where a run was broken off."""

from pathlib import Path

from benchmarks.identity import Entry, Got, Record, Shot, measure, report, shots

TRUTH = {"name": "顾南枝", "sex": "女"}


def entry(picture: str, who: str = "guitai", **read: tuple[str, bool]) -> Entry:
    fields = {name: (value, False) for name, value in TRUTH.items()} | read
    return Entry(who, picture, TRUTH, fields, True, 400.0, 500.0)


def test_wrong_and_sure_is_told_from_wrong_and_unsure_and_from_what_nobody_printed() -> None:
    done = report(
        [
            entry("0/resident_id/front/1"),
            entry("0/resident_id/front/2", name=("顾南技", False)),
            entry("2/resident_id/front/3", sex=("", True)),
            entry("3/resident_id/front/4", nation=("汉", False)),
        ]
    )["guitai"]
    assert (done["all"]["fields"], done["all"]["fields_right"], done["all"]["cards_right"]) == (8, 0.75, 0.5)
    assert [one["field"] for one in done["wrong_and_sure"]] == ["name", "nation"]
    assert [one["field"] for one in done["wrong_and_unsure"]] == ["sex"]
    assert done["levels_0_1"]["wrong_and_sure"] == 0.25
    assert done["level_2/resident_id/front"]["cards"] == 1


def test_a_run_goes_on_where_it_was_broken_off(tmp_path: Path) -> None:
    file = tmp_path / "record.jsonl"
    read: list[bytes] = []

    def reader(data: bytes) -> Got:
        read.append(data)
        return Got("bank_card", "front", {"number": ("1", True)})

    wanted = [Shot(0, "bank_card", "front", number) for number in (1, 2)]
    measure({"a": reader}, iter(wanted[:1]), Record(file))
    measure({"a": reader}, iter(wanted), Record(file))
    assert len(read) == 2
    again = Record(file)
    assert [one.picture for one in again.entries] == ["0/bank_card/front/1", "0/bank_card/front/2"]
    assert again.entries[0].fields == {"number": ("1", True)}
    measure({"a": reader, "b": reader}, iter(wanted[:1]), again)
    assert len(read) == 3


def test_a_part_of_a_run_has_about_as_many_of_each() -> None:
    first = [shot.name for shot in shots(2, [0, 3], 7, ["resident_id"])]
    assert first[:4] == [
        "0/resident_id/front/7",
        "3/resident_id/front/7",
        "0/resident_id/back/7",
        "3/resident_id/back/7",
    ]
    assert first[4] == "0/resident_id/front/8"
