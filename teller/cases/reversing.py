"""冲正 takes two persons: one asks that all a case did be undone, another one decides. All a case ever asked for."""

from dataclasses import replace
from datetime import datetime

from common.errors import UserError
from teller.authorisation.policy import Reason
from teller.authorisation.request import Request
from teller.authorisation.rules import REVERSAL
from teller.cases.model import Case, Reversal

REASONS = ("wrong_data", "customer")
"""Reasons that have words of their own; any other is shown as it was written."""


def request_of(case: Case, task_id: str) -> Request | None:
    """The request of that number, for the case or for its reversal; None: the case has another one by now."""
    return next((one for one in case.requests if one.task_id == task_id), None)


def with_request(case: Case, request: Request) -> Case:
    """The next state of one of the case's requests."""
    if is_reversal(case, request.task_id):
        assert case.reversal is not None, "it was found there"
        return case.evolve(reversal=replace(case.reversal, request=request))
    return case.evolve(request=request)


def is_reversal(case: Case, task_id: str) -> bool:
    """Whether that request asks for the reversal."""
    return case.reversal is not None and case.reversal.request.task_id == task_id


def asked(case: Case, task_id: str, maker: str, reason: str, at: datetime) -> Case:
    """The first person's part.

    Raises:
        UserError: ``reversal.waits`` for its second person already.
    """
    if case.reversal is not None and case.reversal.request.open:
        raise UserError("reversal.waits")
    code = f"rule.reversal_{reason}" if reason in REASONS else "rule.reversal"
    why = Reason(code, (("rule", REVERSAL.code), ("reason", reason)))
    request = Request(task_id, REVERSAL.level, (why,), maker, "", at)
    return case.evolve(reversal=Reversal(reason, request)).marked("reversal_asked", at)


def undone(case: Case, request: Request, at: datetime) -> Case:
    """The second person agreed, and it is done."""
    return with_request(case, request).evolve(reversed_at=at).marked("reversed", at)


def refused(case: Case, request: Request, at: datetime) -> Case:
    """The second person did not agree: everything stays as it was."""
    return with_request(case, request).marked("reversal_refused", at)
