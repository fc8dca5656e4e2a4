"""What every page is."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.kit.base import vbox
from ui.kit.kit import Kit
from ui.vtm_app.acts import Acts
from ui.vtm_app.agent.screen import Screen
from ui.vtm_app.parts import StepHead
from ui.vtm_app.scene import Local, Scene


class Page(QWidget):
    """A page. ``body`` is its column; ``acts`` is what the customer can do."""

    def __init__(self, kit: Kit, acts: Acts) -> None:
        super().__init__()
        self.kit, self.acts = kit, acts
        self.setProperty("role", "plain")
        self.body: QVBoxLayout = vbox(gap=0)
        self.setLayout(self.body)
        self.fit()
        kit.theme.changed.connect(self.fit)

    def fit(self) -> None:
        """Margins of the present print."""
        margin = self.kit.theme.size("margin")
        self.body.setContentsMargins(margin, 40, margin, 32)

    def show_scene(self, scene: Scene, screen: Screen | None, local: Local) -> None:
        """Show what is to be seen now."""
        raise AssertionError(f"{type(self).__name__} shows nothing")


class HeadedPage(Page):
    """A page that begins with progress, sentence and hint."""

    def __init__(self, kit: Kit, acts: Acts) -> None:
        super().__init__(kit, acts)
        self.head = StepHead(kit)
        self.body.addWidget(self.head)

    def show_scene(self, scene: Scene, screen: Screen | None, local: Local) -> None:
        self.head.show_scene(scene)
