"""Which signal of which part goes where. One function, so that the whole wiring can be read in one place."""

from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

from common.wire.cases import CaseView, CustomerStep
from ui.kit.kept_faces import KeptFaces
from ui.kit.texts.words import t
from ui.teller_app.books import wire_books
from ui.teller_app.machine_watch import wire_machine
from ui.teller_app.main_key import Act, Action

if TYPE_CHECKING:
    from ui.teller_app.window import TellerWindow


def wire(window: "TellerWindow") -> None:
    """Connect everything of a window."""
    _wire_state(window)
    _wire_desk(window)
    _wire_form(window)
    _wire_scenes(window)
    _wire_bars(window)


def _wire_state(window: "TellerWindow") -> None:
    parts = window.parts
    for changed in (parts.cases.changed, parts.desk.changed, parts.voucher.changed):
        changed.connect(window.repaint_soon)
    parts.pictures.arrived.connect(lambda _: window.repaint_soon())
    parts.pictures.broken.connect(lambda _: window.repaint_soon())
    parts.cases.opened.connect(lambda case: _opened(window, case))
    parts.cases.failed.connect(window.failed)
    parts.desk.failed.connect(window.failed)
    parts.voucher.failed.connect(window.failed)
    parts.desk.rang.connect(window.ring_at)
    parts.desk.missed.connect(lambda: window.alerts.warn(t("teller.missed_toast")))
    parts.call.begun.connect(window.body.right.video.wanted_again)
    parts.continuity.alarmed.connect(lambda what: window.alerts.warn(t(f"teller.alarm_{what}")))
    parts.call.screen.connect(lambda image: _mirror(window, image))
    parts.call.strokes.connect(window.body.middle.summary.set_strokes)
    parts.call.peer_lost.connect(lambda left: window.alerts.warn(t("teller.peer_lost", seconds=round(left))))
    parts.call.over.connect(lambda reason: _call_over(window, reason))
    window.kit.language.changed.connect(window.repaint_soon)


def _opened(window: "TellerWindow", case: CaseView | None) -> None:
    window.body.middle.summary.mirror.clear()
    window.body.middle.form.note.reset()
    window.repaint_soon()


def _mirror(window: "TellerWindow", image: QImage) -> None:
    case = window.parts.cases.case
    # A picture that was on its way when the PIN pad opened is never shown.
    if case is not None and case.customer_step is not CustomerStep.PIN:
        first = not window.body.middle.summary.mirror.has_picture
        window.body.middle.summary.mirror.set_picture(image)
        if first:
            window.repaint_soon()


def _call_over(window: "TellerWindow", reason: str) -> None:
    if window.parts.cases.case is not None and reason not in ("case_ended", "replaced"):
        window.alerts.warn(t("teller.call_over_gone" if reason == "peer_gone" else "teller.call_over"))


def _wire_desk(window: "TellerWindow") -> None:
    parts, body, actions = window.parts, window.body, window.actions_
    for left in (body.left, body.drawn):
        left.state.chosen.connect(parts.desk.set_state)
        left.case.facts.hold.pressed.connect(parts.reveal.show)
        left.case.facts.hold.released.connect(parts.reveal.hide)
    body.middle.queue.opened.connect(lambda case_id: parts.desk.act(Action(Act.TAKE, case_id)))
    body.middle.today.opened.connect(actions.open_case)
    body.middle.today.searched.connect(lambda query: parts.desk.find(query, body.middle.today.show_found))
    body.right.todos.opened.connect(actions.open_case)
    actions.find.connect(body.middle.today.start_search)


def _wire_form(window: "TellerWindow") -> None:
    parts, scene = window.parts, window.body.middle.form
    scene.form.edited.connect(parts.form.edit)
    scene.form.looked.connect(lambda name: _looked(window, name))
    scene.form.left.connect(lambda _: parts.form.save())
    scene.form.entered.connect(parts.form.entered)
    scene.form.undone.connect(parts.form.undo_edit)
    scene.note.changed.connect(parts.form.note)
    for form in (scene.form, window.body.middle.record.form):
        form.made.connect(window.repaint_soon)
    faces = KeptFaces(window.kit, parts.reveal, lambda: parts.cases.case, parts.cases.report, window)
    parts.cases.opened.connect(lambda _: faces.let_go())
    for evidence in (scene.evidence, window.body.middle.record.evidence):
        evidence.opened.connect(window.popups.open_viewer)
        for button in evidence.kept_buttons():
            faces.wire(button)
    scene.evidence.retake.connect(lambda: window.actions_.do("snapshot"))
    scene.evidence.go_on.connect(parts.capture.go_on_with_note)
    scene.evidence.go_on.connect(parts.liveness.skip)
    scene.evidence.go_on_as_is.connect(parts.capture.go_on_as_is)
    scene.evidence.read_again.connect(parts.capture.read_again)
    scene.evidence.recapture.connect(lambda kind: parts.commands.act(Action(Act.PROMPT, f"lay_{kind}")))
    parts.cases.focus.connect(lambda name: _focus(window, name))
    for left in (window.body.left, window.body.drawn):
        left.case.transactions.chosen.connect(parts.commands.choose)


def _looked(window: "TellerWindow", name: str) -> None:
    window.parts.form.accept(name)
    window.parts.form.next_look()


def _focus(window: "TellerWindow", name: str) -> None:
    scene = window.body.middle.form
    window.painter_.bring_middle()  # the form may only now come to the front
    if name == "note":
        scene.note.ask()
    else:
        scene.form.focus_field(name)


def _wire_scenes(window: "TellerWindow") -> None:
    parts, middle = window.parts, window.body.middle
    middle.authorisation.withdraw.connect(lambda: window.actions_.do("withdraw"))
    middle.authorisation.opened.connect(window.popups.open_viewer)
    middle.trouble.chosen.connect(lambda choice: parts.cases.set_local(choice=choice))
    middle.summary.confirm_again.connect(lambda: parts.commands.prompt(CustomerStep.CONFIRM.value))
    middle.summary.mirror.sign_again.connect(lambda: parts.commands.prompt(CustomerStep.SIGN.value))
    middle.record.voucher.open_pdf.connect(parts.voucher.open)


def _wire_bars(window: "TellerWindow") -> None:
    actions, top, bar = window.actions_, window.top, window.bar
    bar.pressed.connect(lambda cap: _bar_pressed(window, cap))
    window.body.right.video.mute_pressed.connect(lambda: actions.do("mute"))
    top.search.connect(lambda: actions.do("palette"))
    top.language.connect(lambda: actions.do("language"))
    top.theme.connect(lambda: actions.do("theme"))
    top.drawer.connect(window.body.open_drawer)
    actions.palette.connect(window.popups.open_palette)
    actions.help.connect(window.popups.help.open)
    actions.evidence.connect(lambda: window.popups.open_viewer())
    actions.language.connect(lambda: _switch_language(window))
    actions.theme.connect(lambda: _switch_theme(window))
    window.popups.palette.chosen.connect(actions.do)
    wire_books(window)
    wire_machine(window)


def _bar_pressed(window: "TellerWindow", cap: str) -> None:
    if cap == "main":
        parts = window.parts
        key = parts.desk.key() if parts.cases.case is None else parts.cases.key()
        if key is not None and key.action == window.bar.shown:
            window.actions_.main(key)  # never what it has come to mean since it was painted
    elif cap == "F10":
        window.actions_.do("palette")
    else:
        window.actions_.do(window.bar.id_of(cap))


def _switch_language(window: "TellerWindow") -> None:
    language = window.kit.language
    language.set_current("en" if language.current == "zh" else "zh")


def _switch_theme(window: "TellerWindow") -> None:
    theme = window.kit.theme
    theme.set_name("dark" if theme.name == "light" else "light")
