"""Who signs for a company: its legal representative, or a handler whom he authorised and whose ID is on record."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date

from teller.companies import ACTIVE, PASSED, Cells
from teller.forms import credit_code
from teller.forms.catalogue import HANDLER, ON_RECORD, REPRESENTATIVE
from teller.forms.id_number import normal
from teller.forms.validators import read_date

Lookup = Callable[[str, str], Cells | None]
"""A record of the bank by kind and key."""


@dataclass(frozen=True, slots=True)
class Signing:
    """The person of a case before what the bank knows of the company.

    Attributes:
        role: what he may sign as; empty: he may not.
        representative: as the licence says that counts: the one shown now, else the one on record.
        representative_id: his number, where the bank has asked him itself; empty: not yet.
        replaces: the representative on record where the licence shown now names another one.
        agent: name of the authorised handler on record under this person's number; empty: none.
    """

    role: str
    representative: str
    representative_id: str = ""
    replaces: str = ""
    agent: str = ""


def agent_key(code: str, number: str) -> str:
    """Of the record of an authorised handler."""
    return f"{credit_code.normal(code)}:{normal(number)}"


def signing(record: Lookup, values: Mapping[str, str], chosen: Collection[str], day: date) -> Signing | None:
    """Whether the person of the form may sign for the company of the form; None while either is not known.

    ``chosen``: codes of what is done; only a check of the licence may go by the one on record.
    """
    code, name, number = (values.get(one, "").strip() for one in ("co_code", "name", "id_number"))
    filed = "company_licence" in chosen and values.get("co_licence") == ON_RECORD
    shown = "" if filed else values.get("co_rep", "").strip()
    company = record("company", credit_code.normal(code)) if code else None
    known = "" if company is None or company.get("status") == "reversed" else str(company.get("representative") or "")
    if not name or not number or not (shown or known):
        return None
    changed = bool(shown and known) and _plain(shown) != _plain(known)
    representative = shown or known
    own = "" if company is None or changed else str(company.get("representative_id") or "")
    own = own or _asked(record("willingness", credit_code.normal(code)), representative)
    agent = _agent(record("company_agent", agent_key(code, number)), representative, day)
    role = ""
    if _plain(name) == _plain(representative) and own in ("", normal(number)):
        role = REPRESENTATIVE
    elif agent and _plain(agent) == _plain(name):
        role = HANDLER
    return Signing(role, representative, own, known if changed else "", agent)


def _asked(wish: Cells | None, representative: str) -> str:
    """Number of the representative who was asked for his wish."""
    if wish is None or wish.get("status") != PASSED:
        return ""
    if _plain(str(wish.get("representative"))) != _plain(representative):
        return ""
    return normal(str(wish.get("rep_id") or ""))


def _agent(record: Cells | None, representative: str, day: date) -> str:
    """An authorisation ends with its last day, and with the representative who gave it."""
    if record is None or record.get("status") != ACTIVE or _plain(str(record.get("by"))) != _plain(representative):
        return ""
    until = read_date(str(record.get("until") or ""))
    return str(record["name"]) if until is not None and day <= until else ""


def _plain(text: str) -> str:
    return "".join(text.split())
