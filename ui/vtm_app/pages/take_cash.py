"""The cash is there: how much, in which notes, how long."""

from ui.kit.base import Label, named
from ui.kit.kit import Kit
from ui.kit.texts.formats import money
from ui.kit.texts.words import t
from ui.vtm_app.acts import Acts
from ui.vtm_app.agent.screen import Screen
from ui.vtm_app.pages.step import StepPage
from ui.vtm_app.scene import Local, Scene
from ui.vtm_app.scenes_cash import bundle_words


class TakeCashPage(StepPage):
    """Amount, notes, slot, countdown, and what happens if nobody takes it."""

    def __init__(self, kit: Kit, acts: Acts) -> None:
        super().__init__(kit, acts, lamp=t("kiosk.take_cash_lamp"), gap=32)
        self._amount = named(Label(kit, "", "amount", "ok"), "kiosk.amount")
        self._notes = named(Label(kit, "", "hint", wrap=True), "kiosk.notes")
        for place, widget in enumerate((self._amount, self._notes), 1):
            self.body.insertWidget(place, widget)

    def show_scene(self, scene: Scene, screen: Screen | None, local: Local) -> None:
        super().show_scene(scene, screen, local)
        cash = screen.case.cash if screen is not None and screen.case is not None else None
        self._amount.setVisible(cash is not None)
        self._notes.setVisible(cash is not None)
        if cash is not None:
            self._amount.set_words(money(cash.amount.minor, cash.amount.currency))
            separator = "，" if self.kit.language.current == "zh" else ", "
            self._notes.set_words(separator.join(self.kit.say(words) for words in bundle_words(cash)))
