"""What the customer taps on the pages."""

from common.wire.cases import StrokePoint
from ui.vtm_app.controller import Controller


class Acts:
    """Each tap becomes one thing the agent does."""

    def __init__(self, controller: Controller) -> None:
        self._controller, self._agent = controller, controller.agent

    def wake(self) -> None:
        """Touched at rest."""
        self._controller.wake()

    def touch(self) -> None:
        """Somebody is there."""
        self._controller.touch()

    def choose(self, scenario: str, language: str) -> None:
        """A tile."""
        self._controller.do(lambda: self._agent.choose(scenario, language))

    def confirm(self) -> None:
        """All lines are right."""
        self._controller.do(lambda: self._agent.confirm(True))

    def point_at(self, line: str) -> None:
        """This line is wrong."""
        self._controller.do(lambda: self._agent.confirm(False, line))

    def sign(self, strokes: list[list[StrokePoint]], width: int, height: int) -> None:
        """Signed."""
        self._controller.do(lambda: self._agent.sign(strokes, width, height))

    def face_consent(self, granted: bool, text: str) -> None:
        """May the face be compared; or not any more."""
        self._controller.do(lambda: self._agent.face_consent(granted, text))

    def face_keep(self, granted: bool, text: str) -> None:
        """May a portrait stay for the next visit."""
        self._controller.do(lambda: self._agent.face_keep(granted, text))

    def take_back(self, text: str) -> None:
        """No use of the face any more."""
        self._controller.do(lambda: self._agent.take_back(text))

    def count(self, wish: str) -> None:
        """``right``, ``more`` or ``back``."""
        agent = self._agent
        self._controller.do(
            {"right": agent.count_is_right, "more": agent.insert_more, "back": agent.give_cash_back}[wish]
        )

    def document(self, wish: str) -> None:
        """``as_is`` or ``again``."""
        agent = self._agent
        self._controller.do({"as_is": agent.take_as_it_is, "again": agent.lay_again}[wish])

    def rate(self, stars: int) -> None:
        """1 to 5."""
        self._controller.do(lambda: self._agent.rate(stars))

    def print_voucher(self) -> None:
        """The whole voucher, on paper."""
        self._controller.do(self._agent.print_voucher)
