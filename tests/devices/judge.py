"""Every message of the device tests is checked against the catalogue as it is written; the sum is told at the end."""

from collections import Counter
from dataclasses import dataclass, field

from devices.xfs.catalogue import load
from devices.xfs.envelope import Message


@dataclass
class Verdict:
    """How many messages there were, by name, and what was wrong with which."""

    seen: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


VERDICT = Verdict()


def judge(message: Message) -> None:
    """Check one message that a service has written."""
    VERDICT.seen[f"{message.type.value} {message.name}"] += 1
    problems = load().problems(message)
    if problems:
        VERDICT.wrong.append(f"{message.type.value} {message.name}: {problems[0]}")
        raise AssertionError(VERDICT.wrong[-1])
