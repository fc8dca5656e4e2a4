"""Companies by the calendar: ``/api/v1/companies``."""

from pydantic import Field

from common.wire.base import Moment, View


class AgendaCall(View):
    """A representative's call by appointment."""

    number: str
    company: str = Field(description="unified social credit code")
    name: str
    representative: str = Field(description="masked")
    at: Moment
    state: str = Field(description="booked | kept | missed")


class AgendaReview(View):
    """A yearly review that is due, or was missed."""

    company: str = Field(description="unified social credit code")
    name: str
    due: str
    state: str = Field(description="due | overdue | suspended")


class Agenda(View):
    """``GET /companies/agenda``: calls of today and the days to come, reviews that are due; each by its day."""

    calls: list[AgendaCall] = []
    reviews: list[AgendaReview] = []
