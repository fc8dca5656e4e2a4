"""One sentence to do: picture, countdown, what the machine does now."""

from ui.kit.kiosk import StatusLine
from ui.kit.kit import Kit
from ui.kit.texts.words import Words
from ui.vtm_app.acts import Acts
from ui.vtm_app.agent.screen import Screen
from ui.vtm_app.pages.base import HeadedPage
from ui.vtm_app.parts import Countdown, Note, PictureBox
from ui.vtm_app.scene import Local, Scene


class StepPage(HeadedPage):
    """Most steps."""

    def __init__(self, kit: Kit, acts: Acts, *, lamp: Words = "", gap: int = 12) -> None:
        """``lamp``: what the light beside the slot means; ``gap``: pixels above the picture."""
        super().__init__(kit, acts)
        self._picture = PictureBox(kit)
        self._countdown = Countdown(kit, lamp)
        self._note = Note(kit)
        self._status = StatusLine(kit)
        self._status.label.setObjectName("kiosk.status")
        self.body.addSpacing(gap)
        self.body.addWidget(self._picture, 4)
        self.body.addStretch(1)
        for widget in (self._countdown, self._note, self._status):
            self.body.addSpacing(24)
            self.body.addWidget(widget)

    def show_scene(self, scene: Scene, screen: Screen | None, local: Local) -> None:
        super().show_scene(scene, screen, local)
        self._picture.set_picture(scene.picture)
        self._countdown.set_left(scene.left)
        self._note.set_note(None if local.large else scene.note)
        show_status(self._status, scene)


def show_status(line: StatusLine, scene: Scene) -> None:
    """The status line of a scene, or none."""
    status = scene.status
    line.setVisible(status is not None)
    if status is not None:
        line.set_status(status.words, status.icon, status.tone, waiting=status.waiting)
