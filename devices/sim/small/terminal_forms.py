"""Forms of the second display: kept, laid out on the grid, filled in at its keys."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from devices.sim.interface import Handler, Running
from devices.sim.world.base import World
from devices.xfs.codes import refused
from devices.xfs.envelope import Payload

MOST_FORMS = 50
Fields = Mapping[str, Mapping[str, Any]]


class Display(Protocol):
    """The display with its keys, as its forms see it."""

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows."""

    def blank(self) -> None:
        """Clear everything."""

    def put(self, x: int, y: int, text: str) -> None:
        """Write from a place on."""

    async def ask(self, running: Running, most: int, shown: Callable[[str], None]) -> tuple[str, str]:
        """Up to ``most`` characters typed and the key that ended it; ``shown`` gets what stands there after each."""


class _Bad(Exception):
    """A field that cannot be written or read; ``failure`` is the standard's word."""

    def __init__(self, field: str, failure: str) -> None:
        super().__init__(failure)
        self.field, self.failure = field, failure


def good_form(form: Mapping[str, Any], size: tuple[int, int]) -> bool:
    """Whether a form fits the display: text only, every field on it and inside the form."""
    fields: Fields = form.get("fields", {})
    width, height = form.get("size", {}).get("width", 0), form.get("size", {}).get("height", 0)
    return (
        bool(fields)
        and 0 < width <= max(size)
        and height > 0
        and all(
            {"x", "y"} <= field.get("position", {}).keys()
            and {"width", "height"} <= field.get("size", {}).keys()
            and field["position"]["x"] + field["size"]["width"] <= width
            and field["position"]["y"] + field["size"]["height"] <= height
            and field.get("fieldType", "text") != "graphic"
            for field in fields.values()
        )
    )


def lines_of(name: str, field: Mapping[str, Any], text: str) -> list[str]:
    """A text as it stands in its field, line by line, aligned and padded.

    Raises:
        _Bad: ``overflow``, the text is too long for a field that does not cut it.
    """
    columns, rows = field["size"]["width"], field["size"]["height"]
    kind = field.get("fieldType", "text")
    shown = "" if kind == "invisible" else "*" * len(text) if kind == "password" else text
    if len(shown) > columns * rows and field.get("overflow", "terminate") == "terminate":
        raise _Bad(name, "overflow")
    align = {"right": str.rjust, "center": str.center}.get(field.get("horizontal", "left"), str.ljust)
    if field.get("overflow") == "overwrite" and len(shown) > columns * rows:
        return [shown]
    return [align(shown[at : at + columns], columns) for at in range(0, columns * rows, columns)]


class TerminalForms:
    """Handlers that :class:`devices.sim.small.text_terminal.TextTerminal` offers; forms survive a power cut."""

    def __init__(self, world: World, display: Display) -> None:
        self._world = world
        self._display = display
        kept = world.remember("text_terminal_forms", lambda: self._forms or None)
        self._forms: dict[str, dict[str, Any]] = kept or {}

    def commands(self) -> Mapping[str, Handler]:
        """Handlers by command."""
        return {
            "GetFormList": self._list,
            "GetQueryForm": self._query_form,
            "GetQueryField": self._query_field,
            "SetForm": self._set,
            "WriteForm": self._write,
            "ReadForm": self._read,
        }

    def _form(self, running: Running) -> tuple[str, dict[str, Any]]:
        name = running.payload["formName"]
        if name not in self._forms:
            raise refused("formNotFound")
        return name, self._forms[name]

    async def _list(self, _: Running) -> Payload:
        return {"formList": list(self._forms)}

    async def _query_form(self, running: Running) -> Payload:
        return {"form": self._form(running)[1]}

    async def _query_field(self, running: Running) -> Payload:
        fields = self._form(running)[1]["fields"]
        wanted = running.payload.get("fieldName")
        if wanted is None:
            return {"fields": fields}
        if wanted not in fields:
            raise refused("fieldNotFound")
        return {"fields": {wanted: fields[wanted]}}

    async def _set(self, running: Running) -> None:
        name, form = running.payload.get("name", ""), running.payload.get("form")
        if form is None:
            if name not in self._forms:
                raise refused("formNotFound")
            del self._forms[name]
        elif not name or not good_form(form, self._display.size) or len(self._forms) >= MOST_FORMS:
            raise refused("formInvalid", "a name, a size, and fields of text within it are needed")
        else:
            self._forms[name] = form
        self._world.changed()

    # -- writing -------------------------------------------------------------------------------------

    def _fitting(self, running: Running) -> tuple[str, Fields]:
        """The form, if it fits the display as it is set now."""
        name, form = self._form(running)
        columns, rows = self._display.size
        if form["size"]["width"] > columns or form["size"]["height"] > rows:
            raise refused("mediaOverflow" if running.message.name.endswith("WriteForm") else "formInvalid")
        fields: Fields = form["fields"]
        return name, fields

    async def _write(self, running: Running) -> None:
        name, fields = self._fitting(running)
        given: Mapping[str, str] = running.payload["fields"]
        if not all(text.isprintable() for text in given.values()):
            raise refused("characterSetsData")
        for unknown in given.keys() - fields.keys():
            warning = {"formName": name, "fieldName": unknown, "failure": "notFound"}
            running.event("TextTerminal.FieldWarningEvent", warning)
        try:
            laid = [(field, self._laid(key, field, given)) for key, field in fields.items()]
        except _Bad as bad:
            raise self._told(running, name, bad) from bad
        if running.payload.get("clearScreen", True):
            self._display.blank()
        for field, lines in laid:
            for row, line in enumerate(lines):
                self._display.put(field["position"]["x"], field["position"]["y"] + row, line)
        self._world.changed()

    @staticmethod
    def _laid(name: str, field: Mapping[str, Any], given: Mapping[str, str]) -> list[str]:
        kind = field.get("class", "optional")
        if name in given and kind == "static":
            raise _Bad(name, "staticOverwrite")
        if name in given and field.get("access", "write") == "read":
            raise _Bad(name, "notWrite")
        if name not in given and kind == "required" and field.get("access", "write") != "read":
            raise _Bad(name, "required")
        text = given.get(name, field.get("initialValue"))
        return [] if text is None else lines_of(name, field, text)

    @staticmethod
    def _told(running: Running, form: str, bad: _Bad) -> Exception:
        event = {"formName": form, "fieldName": bad.field, "failure": bad.failure}
        running.event("TextTerminal.FieldErrorEvent", event)
        return refused("fieldError", bad.failure)

    # -- reading -------------------------------------------------------------------------------------

    @staticmethod
    def _readable(fields: Fields, wanted: Sequence[str]) -> list[str]:
        """The fields to be asked, in their order on the display when none are named."""
        if not wanted:
            wanted = [name for name, field in fields.items() if field.get("access") in ("read", "readWrite")]
            wanted.sort(key=lambda name: (fields[name]["position"]["y"], fields[name]["position"]["x"]))
        for name in wanted:
            if name not in fields:
                raise _Bad(name, "notFound")
            if fields[name].get("access", "write") == "write" or fields[name].get("class") == "static":
                raise _Bad(name, "notRead")
        return list(wanted)

    async def _read(self, running: Running) -> Payload:
        name, fields = self._fitting(running)
        try:
            wanted = self._readable(fields, running.payload.get("fields", ()))
        except _Bad as bad:
            raise self._told(running, name, bad) from bad
        if not wanted:
            raise refused("fieldSpecFailure", "no field of this form is read")
        read: dict[str, str] = {}
        for key in wanted:
            read[key] = await self._field(running, key, fields[key])
        return {"fields": read}

    async def _field(self, running: Running, name: str, field: Mapping[str, Any]) -> str:
        x, y, columns = field["position"]["x"], field["position"]["y"], field["size"]["width"]

        def shown(text: str) -> None:
            for row, line in enumerate(lines_of(name, field, text)):
                self._display.put(x, y + row, line)

        typed, key = await self._display.ask(running, columns * field["size"]["height"], shown)
        if key == "cancel":
            raise refused("keyCanceled")
        return typed
