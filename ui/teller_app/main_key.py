"""The main key as data: what it does, says and waits for. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ui.kit.texts.words import T, t


class Face(StrEnum):
    """The three faces of the main key."""

    DO = "do"
    WAITING = "waiting"
    BUSY = "busy"


class Act(StrEnum):
    """What the main key, a function key or the palette can set going."""

    READY = "ready"
    ANSWER = "answer"
    TAKE_NEXT = "take_next"
    TAKE = "take"
    PROMPT = "prompt"
    PHONE = "phone"
    PHONE_BACK = "phone_back"
    READ_AGAIN = "read_again"
    SNAPSHOT = "snapshot"
    PERSON_CHECK = "person_check"
    LOOK = "look"
    FOCUS = "focus"
    NOTE = "note"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"
    OPEN = "open"
    EXECUTE = "execute"
    RESOLVE = "resolve"
    CALL_AGAIN = "call_again"
    CANCEL = "cancel"
    FINISH = "finish"
    CLOSE = "close"


@dataclass(frozen=True)
class Action:
    """Something to do, with at most one argument (a step, a field, a choice, a case)."""

    act: Act
    arg: str = ""


@dataclass(frozen=True)
class MainKey:
    """Face and words of the main key; ``since`` is when the waiting began, ``after`` what comes next or why."""

    face: Face
    text: T
    action: Action | None = None
    icon: str = "arrow-r"
    cap: str = "F9"
    since: datetime | None = None
    after: T | None = None
    note: T | None = None


def do(
    code: str, act: Act, arg: str = "", *, icon: str = "arrow-r", after: str | None = None, **params: object
) -> MainKey:
    """The key does something."""
    return MainKey(Face.DO, t(code, **params), Action(act, arg), icon, after=t(after) if after else None)


def wait(code: str, since: datetime | None, after: str | None = None, **params: object) -> MainKey:
    """The key waits for somebody, with a clock."""
    return MainKey(Face.WAITING, t(code, **params), since=since, after=t(after) if after else None)


def busy(code: str, **params: object) -> MainKey:
    """The key is at work."""
    return MainKey(Face.BUSY, t(code, **params))
