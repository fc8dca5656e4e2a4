"""The population register of a state that does not exist."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from common.demo_people import CUSTOMER, NEWCOMER, OLDER_CUSTOMER, Person
from common.errors import UserError

_PHONES = {
    CUSTOMER.id_number: "19900004821",
    OLDER_CUSTOMER.id_number: "19900007765",
    NEWCOMER.id_number: "19900001234",
}
_EVERYBODY = (CUSTOMER, OLDER_CUSTOMER, NEWCOMER)


@dataclass(frozen=True)
class Entry:
    """What the state knows of a person; ``portrait``: file of the picture, if there is one."""

    facts: Mapping[str, str]
    phone: str | None = None
    portrait: Path | None = None

    def picture(self) -> str | None:
        """The portrait as base64."""
        if self.portrait is None or not self.portrait.is_file():
            return None
        return base64.b64encode(self.portrait.read_bytes()).decode()


def facts(person: Person) -> dict[str, str]:
    """A person's facts under the names that questions use."""
    return {**person.front(), **person.back()}


class Register:
    """People by number: the demo's three, or those of a file (``{"people": [{…facts, "phone", "portrait"}]}``)."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._people = {p.id_number: Entry(facts(p), _PHONES[p.id_number]) for p in _EVERYBODY}
        self._read = False

    def check(self) -> None:
        """Read the file now, which somebody named.

        Raises:
            UserError: ``authorities.bad_register`` (``file``).
        """
        assert self._file is not None
        try:
            self._people, self._read = _people(self._file), True
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            raise UserError("authorities.bad_register", file=str(self._file)) from error

    def find(self, number: str) -> Entry | None:
        """The person of a number; the file is read when it is first needed."""
        if not self._read and self._file is not None and self._file.is_file():
            self._people, self._read = _people(self._file), True
        return self._people.get(number)


def _people(file: Path) -> dict[str, Entry]:
    found = {}
    for line in json.loads(file.read_text(encoding="utf-8"))["people"]:
        portrait = Path(line.pop("portrait")) if line.get("portrait") else None
        phone = line.pop("phone", None)
        found[line["id_number"]] = Entry(line, phone, portrait)
    return found


def write_register(file: Path, portrait: Path) -> None:
    """The demo's people with a portrait, as :class:`Register` reads them."""
    people = [{**facts(p), "phone": _PHONES[p.id_number], "portrait": str(portrait)} for p in _EVERYBODY]
    file.write_text(json.dumps({"people": people}, ensure_ascii=False, indent=1), encoding="utf-8")
