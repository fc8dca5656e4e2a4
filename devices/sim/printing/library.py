"""The forms and media that a printer knows, shown and changed in the standard's own JSON."""

from collections.abc import Callable, Mapping
from typing import Any

from devices.sim.interface import Handler, Running
from devices.sim.printing.forms import Form, good_form
from devices.sim.printing.mechanism import Mechanism
from devices.xfs.codes import CommandFailed, CompletionCode, refused
from devices.xfs.envelope import Payload

MOST = 200


class FormLibrary:
    """Handlers that :class:`devices.sim.printing.printer.Printer` offers; what is set survives a power cut."""

    def __init__(self, machine: Mechanism, broadcast: Callable[[str, Payload | None], None]) -> None:
        self._machine = machine
        self._broadcast = broadcast
        self._built_in = machine.profile
        self._set: dict[str, dict[str, Any]] = {"form": {}, "media": {}}
        kept = machine.world.remember(f"{machine.profile.name}_forms", lambda: self._set)
        if kept is not None:
            self._set = kept

    def commands(self) -> Mapping[str, Handler]:
        """Handlers by command."""
        return {
            "GetFormList": self._forms,
            "GetMediaList": self._media,
            "GetQueryForm": self._query_form,
            "GetQueryMedia": self._query_media,
            "GetQueryField": self._query_field,
            "SetForm": self._set_form,
            "SetMedia": self._set_media,
        }

    @property
    def _all_forms(self) -> dict[str, Form]:
        return {**self._built_in.forms, **self._set["form"]}

    @property
    def _all_media(self) -> dict[str, Payload]:
        return {**self._built_in.media, **self._set["media"]}

    def form(self, name: str) -> Form:
        """A form by name.

        Raises:
            CommandFailed: ``formNotFound``.
        """
        found = self._all_forms.get(name)
        if found is None:
            raise refused("formNotFound")
        return found

    def medium(self, name: str) -> Payload:
        """A medium by name.

        Raises:
            CommandFailed: ``mediaNotFound``.
        """
        found = self._all_media.get(name)
        if found is None:
            raise refused("mediaNotFound")
        return found

    async def _forms(self, _: Running) -> Payload:
        return {"formList": list(self._all_forms)}

    async def _media(self, _: Running) -> Payload:
        return {"mediaList": list(self._all_media)}

    async def _query_form(self, running: Running) -> Payload:
        return {"form": dict(self.form(running.payload.get("formName", "")))}

    async def _query_media(self, running: Running) -> Payload:
        return {"media": self.medium(running.payload.get("name", ""))}

    async def _query_field(self, running: Running) -> Payload:
        fields = self.form(running.payload.get("formName", "")).get("fields", {})
        wanted = running.payload.get("fieldName")
        if wanted is None:
            return {"fields": dict(fields)}
        if wanted not in fields:
            raise refused("fieldNotFound")
        return {"fields": {wanted: fields[wanted]}}

    async def _set_form(self, running: Running) -> None:
        shape = running.payload.get("form")
        if shape is not None and not good_form(shape):
            raise refused("formInvalid", "a size, a unit, and fields of text are needed")
        self._put("form", running.payload.get("name", ""), shape, "formNotFound")

    async def _set_media(self, running: Running) -> None:
        shape = running.payload.get("media")
        if shape is not None and ("size" not in shape or "unit" not in shape):
            raise refused("mediaInvalid", "a size and a unit are needed")
        self._put("media", running.payload.get("name", ""), shape, "mediaNotFound")

    def _put(self, kind: str, name: str, shape: Payload | None, missing: str) -> None:
        """Keep a definition, or forget it when none is given."""
        known = self._set[kind]
        if shape is None:
            if name not in known:
                raise refused(missing)
            del known[name]
        elif not name or (len(known) >= MOST and name not in known):
            raise CommandFailed(CompletionCode.INVALID_DATA, "a name is needed, and room for it")
        else:
            known[name] = shape
            self._broadcast("DefinitionLoadedEvent", {"name": name, "type": kind})
        self._machine.changed()
