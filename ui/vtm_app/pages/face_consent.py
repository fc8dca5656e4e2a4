"""May the face be compared, and may a portrait stay? Yes and no look alike: the answer is the customer's own."""

from ui.kit.base import IconLabel, Label, frame, hbox, named, vbox
from ui.kit.kiosk import KioskButton
from ui.kit.kit import Kit
from ui.kit.texts.words import t
from ui.vtm_app.acts import Acts
from ui.vtm_app.agent.screen import Screen
from ui.vtm_app.pages.base import HeadedPage
from ui.vtm_app.parts import PictureBox
from ui.vtm_app.scene import Local, Scene

TEXT = "face-2026-11"
"""Version of the words of this page, kept with the answer: new words, new version."""
KEEP_TEXT = "keep-2026-11"
"""The same for the page that asks whether a portrait may stay for the next visit."""


class FaceConsentPage(HeadedPage):
    """What for, how long, what else; then two buttons of equal weight."""

    code = "face_consent"
    name = "face"

    def __init__(self, kit: Kit, acts: Acts) -> None:
        super().__init__(kit, acts)
        self._picture = PictureBox(kit, 360)
        column = vbox(gap=28, margins=(40, 32, 40, 32))
        for icon, said in (("camera", "what"), ("lock", "kept"), ("chat", "else")):
            row = hbox(IconLabel(kit, icon, "accent", 48), gap=24)
            row.addWidget(Label(kit, t(f"kiosk.{self.code}_{said}"), "body", wrap=True), 1)
            column.addLayout(row)
        self._yes = self._button("agree", "check", True)
        self._no = self._button("decline", "x", False)
        self.body.addSpacing(12)
        self.body.addWidget(self._picture, 3)
        self.body.addSpacing(24)
        self.body.addWidget(frame("kcard", column))
        self.body.addStretch(1)
        self.body.addSpacing(24)
        self.body.addWidget(self._yes)
        self.body.addSpacing(24)
        self.body.addWidget(self._no)

    def _button(self, name: str, icon: str, granted: bool) -> KioskButton:
        words = t(f"kiosk.{self.name}_{name}")
        button = KioskButton(self.kit, words, icon, "", lambda: self.answer(granted))
        return named(button, f"kiosk.{self.name}.{name}")

    def answer(self, granted: bool) -> None:
        """Tapped."""
        self.acts.face_consent(granted, TEXT)

    def show_scene(self, scene: Scene, screen: Screen | None, local: Local) -> None:
        super().show_scene(scene, screen, local)
        # In large print the words need the room: an empty name hides the box.
        self._picture.set_picture("" if local.large else scene.picture)
        for button in (self._yes, self._no):
            button.setEnabled(not local.busy)


class KeepFacePage(FaceConsentPage):
    """May the portrait of this visit stay for the comparison at the next one?"""

    code = "keep_face"
    name = "keep"

    def answer(self, granted: bool) -> None:
        """Tapped."""
        self.acts.face_keep(granted, KEEP_TEXT)
