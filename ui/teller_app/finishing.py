"""The end of a case by its teller: of each thing still to be handed over he says whether the customer holds it."""

from collections.abc import Callable, Sequence

from common.wire.handing import Finish, ThingSettled, ThingToHand
from ui.kit.alerts import Alerts, Choice
from ui.kit.texts.words import t
from ui.teller_app.case_controller import CaseController


class Finishing:
    """Asks about one thing after the other, by name; nothing is sent before all are answered.

    Args:
        plain: ends a case with nothing left to hand over.
    """

    def __init__(self, cases: CaseController, alerts: Alerts, plain: Callable[[], object]) -> None:
        self._cases, self._alerts, self._plain = cases, alerts, plain

    def begin(self) -> None:
        """The teller wants to end the case."""
        case = self._cases.case
        if case is None or not case.to_hand_over:
            self._plain()
        else:
            self._ask(case.id, tuple(case.to_hand_over), ())

    def _ask(self, case_id: str, left: Sequence[ThingToHand], said: tuple[ThingSettled, ...]) -> None:
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
                self._ask(case_id, left[1:], (*said, told))
            else:
                body = Finish(things=[*said, told])
                self._cases.store.command("finish", body, on_error=self._cases.failed.emit)

        self._alerts.ask(title, t("handing.finish_text"), choices, answered)
