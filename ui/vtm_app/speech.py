"""Each step's one sentence, said on entry, on "say again", and after 12 s without action (at most twice)."""

import shutil
from collections.abc import Callable

from PySide6.QtCore import QObject, QProcess
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QWidget

from ui.kit.tokens import duration
from ui.vtm_app.ports import Voice

ENGINE = "espeak-ng"
_VOICES = {"zh": "cmn", "en": "en"}
_WORDS_A_MINUTE = "150"
REPEATS = 2


class NoVoice:
    """A machine without speech."""

    audible = False

    def say(self, text: str, language: str) -> None:
        """Nobody hears it."""

    def stop(self) -> None:
        """Nothing to stop."""


class EngineVoice(QObject):
    """A speech engine of the machine, in a process of its own."""

    audible = True

    def __init__(self, program: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._program = program
        self._process = QProcess(self)

    def say(self, text: str, language: str) -> None:
        """Begin to speak; what was being said ends."""
        self.stop()
        self._process.start(self._program, ["-v", _VOICES[language], "-s", _WORDS_A_MINUTE, "--", text])

    def stop(self) -> None:
        """Be quiet."""
        if self._process.state() is not QProcess.ProcessState.NotRunning:
            self._process.kill()
            self._process.waitForFinished(500)


def find_voice(wanted: bool, parent: QObject | None = None) -> Voice:
    """The machine's engine, if one is wanted and there is one."""
    program = shutil.which(ENGINE) if wanted else None
    return EngineVoice(program, parent) if program is not None else NoVoice()


def announce(widget: QWidget) -> None:
    """Tell assistive technology that the widget says something new."""
    QAccessible.updateAccessibility(QAccessibleEvent(widget, QAccessible.Event.Alert))


class Prompter:
    """Knows what was said, and when to say it again.

    Args:
        alert: raises the accessible alert for the sentence.
    """

    def __init__(self, voice: Voice, alert: Callable[[str], object]) -> None:
        self.voice, self._alert = voice, alert
        self._said: tuple[str, str, str] | None = None
        self._text, self._language = "", "zh"
        self._at, self._times = 0.0, 0

    def follow(self, name: str, text: str, language: str, now: float) -> None:
        """The step's sentence now; a new one is said."""
        if (name, text, language) == self._said:
            return
        self._said = (name, text, language)
        self._text, self._language = text, language
        self._at, self._times = now, 0
        self.again()

    def again(self) -> None:
        """Say it once more."""
        if self._text:
            self._alert(self._text)
            self.voice.say(self._text, self._language)

    def acted(self, now: float) -> None:
        """The person did something: no need to repeat yet."""
        self._at = now

    def tick(self, now: float, *, waiting_for_person: bool) -> None:
        """Repeat when nothing happens."""
        if (
            not waiting_for_person
            or self._times >= REPEATS
            or (now - self._at) * 1000 < duration("spoken_prompt_repeat")
        ):
            return
        self._times += 1
        self._at = now
        self.again()
