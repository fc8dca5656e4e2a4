"""Forms of the second display: kept, laid out, filled in at its keys."""

from pathlib import Path
from typing import Any

from tests.devices.workbench import Line, Workbench, workbench

FORM: dict[str, Any] = {
    "size": {"width": 20, "height": 3},
    "fields": {
        "title": {
            "position": {"x": 0, "y": 0},
            "size": {"width": 20, "height": 1},
            "class": "static",
            "initialValue": "REPLENISHMENT",
            "horizontal": "center",
        },
        "unit": {
            "position": {"x": 0, "y": 1},
            "size": {"width": 6, "height": 1},
            "class": "required",
            "overflow": "terminate",
        },
        "count": {
            "position": {"x": 8, "y": 1},
            "size": {"width": 4, "height": 1},
            "access": "readWrite",
            "horizontal": "right",
        },
        "code": {
            "position": {"x": 0, "y": 2},
            "size": {"width": 6, "height": 1},
            "access": "read",
            "fieldType": "password",
        },
    },
}


async def typed(bench: Workbench, *keys: str) -> None:
    await bench.world.until(lambda: bench.world.possible()["press_terminal_key"] is None)
    for key in keys:
        bench.hand("press_terminal_key", key=key)


async def failures(line: Line, command: str, payload: dict[str, Any]) -> tuple[str, str]:
    """The command's error code, and what the event before it said of the field."""
    code = await line.fails(command, payload)
    told = line.events("TextTerminal.FieldErrorEvent")[-1]
    return code, f"{told['fieldName']} {told['failure']}"


async def test_a_form_is_written_and_filled_in(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line = bench.line("TextTerminal")
        await line.ok("TextTerminal.SetForm", {"name": "refill", "form": FORM})
        write = {"formName": "refill", "clearScreen": True, "fields": {"unit": "unit3", "count": "7", "x": ""}}
        await line.ok("TextTerminal.WriteForm", write)
        shown = bench.world.view()["terminal_keys"]["screen"]
        assert shown[0].rstrip() == "   REPLENISHMENT"
        assert shown[1].rstrip() == "unit3      7"
        assert line.events("TextTerminal.FieldWarningEvent")[0]["fieldName"] == "x"
        reading = line.begin("TextTerminal.ReadForm", {"formName": "refill"})
        await typed(bench, "one", "two", "zero", "backspace", "enter")
        await bench.world.until(lambda: bench.world.possible()["press_terminal_key"] is not None)
        await typed(bench, "four", "five", "enter")
        assert ((await reading).payload or {})["fields"] == {"count": "12", "code": "45"}
        assert bench.world.view()["terminal_keys"]["screen"][2].startswith("**  ")
        reading = line.begin("TextTerminal.ReadForm", {"formName": "refill", "fields": ["code"]})
        await typed(bench, "cancel")
        assert (await reading).error_code == "keyCanceled"
    async with workbench(tmp_path) as bench:
        assert (await bench.line("TextTerminal").ok("TextTerminal.GetFormList"))["formList"] == ["refill"]


async def test_what_does_not_fit_a_form_is_said_by_field(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line = bench.line("TextTerminal")
        await line.ok("TextTerminal.SetForm", {"name": "refill", "form": FORM})
        for given, what in (
            ({}, "unit required"),
            ({"unit": "unit345"}, "unit overflow"),
            ({"unit": "1", "title": "x"}, "title staticOverwrite"),
            ({"unit": "1", "code": "1"}, "code notWrite"),
        ):
            payload = {"formName": "refill", "clearScreen": True, "fields": given}
            assert await failures(line, "TextTerminal.WriteForm", payload) == ("fieldError", what)
        for name, what in (("unit", "unit notRead"), ("x", "x notFound")):
            asked = {"formName": "refill", "fields": [name]}
            assert await failures(line, "TextTerminal.ReadForm", asked) == ("fieldError", what)
        wide = {**FORM, "size": {"width": 32, "height": 3}}
        await line.ok("TextTerminal.SetForm", {"name": "wide", "form": wide})
        await line.ok("TextTerminal.SetResolution", {"resolution": {"sizeX": 20, "sizeY": 4}})
        assert await line.fails("TextTerminal.WriteForm", {"formName": "wide", "fields": {}}) == "mediaOverflow"
        small = {**FORM, "size": {"width": 10, "height": 3}}
        assert await line.fails("TextTerminal.SetForm", {"name": "small", "form": small}) == "formInvalid"
        await line.ok("TextTerminal.SetForm", {"name": "refill"})
        assert await line.fails("TextTerminal.GetQueryForm", {"formName": "refill"}) == "formNotFound"
