"""The end of a case by its teller: of each thing still to be handed over he says whether the customer holds it."""

from collections.abc import Callable, Sequence

from common.wire.handing import Finish, ThingSettled, ThingToHand
from ui.kit.alerts import Alerts, Choice
from ui.kit.texts.words import t
from ui.teller_app.case_controller import CaseController

Said = tuple[ThingSettled, ...]


class Finishing:
    """Asks about one thing after the other, by name; nothing is sent before all are answered.

    Args:
        plain: ends a case with nothing left to hand over.
        follow: begins a scenario as the next business of this visit, with what was said of the things of the last one.
    """

    def __init__(
        self,
        cases: CaseController,
        alerts: Alerts,
        plain: Callable[[], object],
        follow: Callable[[str, str, Said], object],
    ) -> None:
        self._cases, self._alerts, self._plain, self._follow = cases, alerts, plain, follow

    def begin(self) -> None:
        """The teller wants to end the case."""
        case = self._cases.case
        if case is None or not case.to_hand_over:
            self._plain()
        else:
            self._ask(case.id, tuple(case.to_hand_over), (), self._finish)

    def next(self, scenario: str) -> None:
        """The customer wants another business: the case ends for it."""
        case = self._cases.case
        if case is None:
            return
        before = case.id
        if case.to_hand_over:
            self._ask(before, tuple(case.to_hand_over), (), lambda said: self._follow(scenario, before, said))
        else:
            self._follow(scenario, before, ())

    def _finish(self, said: Said) -> None:
        self._cases.store.command("finish", Finish(things=list(said)), on_error=self._cases.failed.emit)

    def _ask(self, case_id: str, left: Sequence[ThingToHand], said: Said, done: Callable[[Said], object]) -> None:
        thing = left[0]
        title = t("handing.finish_title", what=t(f"handing.thing_{thing.kind}"), number=thing.number)
        choices = (
            Choice("stay", t("teller.stay"), cap="Esc"),
            Choice("retained", t("handing.finish_retained"), "danger2"),
            Choice("taken", t("handing.finish_taken"), "primary"),
        )

        def answered(key: str) -> None:
            case = self._cases.case
            if key not in ("taken", "retained") or case is None or case.id != case_id:
                return
            told = ThingSettled.model_validate({"kind": thing.kind, "number": thing.number, "outcome": key})
            if left[1:]:
                self._ask(case_id, left[1:], (*said, told), done)
            else:
                done((*said, told))

        self._alerts.ask(title, t("handing.finish_text"), choices, answered)
