"""The authoriser's window with real keys: every state, every decision, everything that can come between."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from common.errors import ServiceError
from common.wire.authorisation import AuthoriserDesk, DecideTask, Decision
from tests.ui.authoriser.conftest import MakeStage, Stage
from tests.ui.authoriser.world import DIGESTS, TASK, World, desk, task
from ui.authoriser_app.panels.comparison import LineView
from ui.authoriser_app.state import Phase
from ui.kit.keys import Face

K = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


def body(stage: Stage) -> DecideTask:
    """The decision that went out."""
    ((task_id, sent, _),) = stage.port.of("decide")
    assert task_id == TASK
    assert isinstance(sent, DecideTask)
    return sent


# --- between two tasks ------------------------------------------------------------------------------------------


def test_signing_on_begins_to_take_tasks(stage: Stage) -> None:
    assert stage.port.of("set_accepting") == [(True,)]
    assert stage.text("authoriser.idle_title") == "没有等您的任务"
    assert stage.text("authoriser.figure.decided") == "126"
    assert stage.text("authoriser.figure.returned") == "7.1"
    assert stage.text("authoriser.main_key") == "等新任务"


def test_the_first_day_has_no_figures(make_stage: MakeStage) -> None:
    world = World()
    world.port.now_desk = AuthoriserDesk(accepting=True)
    stage = make_stage(world)
    for key in ("decided", "median", "returned", "rejected"):
        assert stage.text(f"authoriser.figure.{key}") == "–"
    assert not stage.shows("authoriser.recent")


def test_f6_pauses_and_f9_goes_on(stage: Stage) -> None:
    stage.qtbot.waitUntil(stage.window.bar.key("accept").guard.open)
    stage.key(K.Key_F6)
    assert stage.port.of("set_accepting")[-1] == (False,)
    assert stage.text("authoriser.state") == "暂停"
    assert stage.text("authoriser.main_key") == "开始接单"
    stage.main()
    assert stage.port.of("set_accepting")[-1] == (True,)


def test_a_server_that_was_away_is_told_again_who_accepts(stage: Stage) -> None:
    stage.port.found.emit()
    assert stage.port.of("set_accepting") == [(True,), (True,)]


def test_keys_that_do_not_apply_are_greyed_in_place(stage: Stage) -> None:
    places = {id: stage.window.bar.key(id).x() for id in ("help", "zoom", "refresh", "accept")}
    for id in ("zoom", "return", "reject"):
        assert not stage.window.bar.key(id).isEnabled()
    stage.assign()
    for id in ("zoom", "return", "reject"):
        assert stage.window.bar.key(id).isEnabled()
    assert places == {id: stage.window.bar.key(id).x() for id in places}


# --- a task arrives ---------------------------------------------------------------------------------------------


def test_a_task_opens_by_itself_and_is_measured(make_stage: MakeStage) -> None:
    world = World()
    world.clock.passed = 1.5
    stage = make_stage(world)
    stage.assign()
    assert stage.shows("authoriser.task")
    assert stage.text("authoriser.what") == "现金取款 ¥20,000.00"
    assert "方予安 64 岁·尾号 3307·VTM K-07·坐席 03" in stage.text("authoriser.who")
    assert stage.port.of("open") == [(TASK,)]
    assert {args[0] for args in stage.port.of("picture")} == set(DIGESTS.values())
    figures = stage.window.parts.tasks.figures()
    assert figures["tasks"] == 1
    assert figures["measured"][0]["submit_to_screen_ms"] == 1500.0
    assert figures["measured"][0]["pictures_ms"] == 1500.0


def test_a_window_that_was_restarted_goes_on_with_its_task(make_stage: MakeStage) -> None:
    world = World()
    world.port.now_desk = desk(current=TASK)
    stage = make_stage(world)
    assert stage.phase() is Phase.REVIEWING
    assert stage.shows("authoriser.task")


def test_the_last_half_minute_is_said_in_a_word(stage: Stage) -> None:
    stage.assign()
    assert stage.text("authoriser.left") == "03:00"
    stage.pass_(151)
    assert stage.text("authoriser.left") == "00:29"
    assert stage.text("authoriser.left_word") == "快到时间"


def test_differing_characters_are_marked_and_equal_facts_are_quiet(stage: Stage) -> None:
    stage.assign()
    address = stage.child("authoriser.difference.address")
    assert isinstance(address, LineView)
    form = str(address.line.form.words)
    assert [form[a:b] for a, b in address.line.form.marks] == ["8号2", "401"]
    record = str(address.line.record.words)
    assert [record[a:b] for a, b in address.line.record.marks] == ["21号5", "102"]
    assert stage.text("authoriser.line.id_number").split("，")[1] == "999999********0359"
    assert "可用 ¥68,312.55" in stage.text("authoriser.line.amount")


# --- deciding ---------------------------------------------------------------------------------------------------


def test_f9_walks_the_differences_before_it_approves(stage: Stage) -> None:
    stage.assign()
    assert stage.text("authoriser.main_key") == "看下一处不同"
    stage.main()
    assert stage.text("authoriser.differences") == "2 处不同，已看 1 处"
    stage.key(K.Key_F9)  # the press that comes too soon does not count
    assert len(stage.window.parts.tasks.review.seen) == 1
    stage.main()
    assert stage.text("authoriser.main_key") == "同意"
    stage.key(K.Key_F9)
    assert stage.port.of("decide") == []
    stage.main()
    sent = body(stage)
    assert sent.decision is Decision.APPROVE
    assert sorted(sent.seen_differences) == ["address", "authority"]
    assert set(sent.evidence) == set(DIGESTS.values())
    assert stage.phase() is Phase.IDLE


def test_ctrl_j_and_a_press_on_the_line_look_too(stage: Stage) -> None:
    stage.assign()
    stage.key(K.Key_J, CTRL)
    assert stage.window.parts.tasks.review.seen == {"address"}
    stage.click("authoriser.difference.authority")
    assert stage.window.parts.tasks.review.seen == {"address", "authority"}


def test_nothing_is_approved_before_every_picture_is_there(make_stage: MakeStage) -> None:
    world = World()
    world.port.tasks[TASK] = task(())
    world.port.held.add("picture")
    stage = make_stage(world)
    stage.assign()
    assert stage.text("authoriser.main_key") == "等资料 0/4"
    assert stage.window.bar.main.face is Face.WAITING
    for _ in range(4):
        ask = world.port.take("picture")
        ask.ok(world.port.pictures[ask.args[0]])
    stage.qtbot.waitUntil(lambda: stage.text("authoriser.main_key") == "同意")


def test_a_picture_that_did_not_come_is_fetched_again(make_stage: MakeStage) -> None:
    world = World()
    world.port.tasks[TASK] = task(())
    world.port.refusals["picture"] = ServiceError("network.timeout")
    stage = make_stage(world)
    stage.assign()
    assert stage.text("authoriser.main_key") == "重新读取图片"
    world.port.refusals.clear()
    stage.main()
    stage.qtbot.waitUntil(lambda: stage.text("authoriser.main_key") == "同意")


def test_f8_rejects_with_a_numbered_reason_and_words(stage: Stage) -> None:
    stage.assign()
    stage.key(K.Key_F8)
    ok = stage.child("authoriser.reason_ok")
    assert not ok.isEnabled()
    stage.key(K.Key_4)
    edit = stage.child("authoriser.reason_text")
    assert isinstance(edit, QLineEdit)
    edit.setFocus()
    QTest.keyClicks(edit, "call back 10086")  # digits are words here
    dialog = stage.window.popups.reason
    assert dialog is not None
    stage.qtbot.waitUntil(dialog.guard.open)
    QTest.keyClick(edit, K.Key_Return)
    sent = body(stage)
    assert (sent.decision, sent.reason_code) == (Decision.REJECT, "reason.directed_by_others")
    assert sent.reason_text == "call back 10086"


def test_enter_without_a_reason_and_esc_decide_nothing(stage: Stage) -> None:
    stage.assign()
    stage.key(K.Key_F8)
    dialog = stage.window.popups.reason
    assert dialog is not None
    stage.qtbot.waitUntil(dialog.guard.open)
    stage.key(K.Key_Return)
    assert dialog.isVisible()
    stage.key(K.Key_F9)  # the keys of the window underneath do nothing
    stage.key(K.Key_Escape)
    assert stage.window.popups.reason is None
    assert stage.port.of("decide") == []
    assert not stage.window.parts.tasks.review.seen


def test_f7_returns_with_what_is_missing(stage: Stage) -> None:
    stage.assign()
    stage.key(K.Key_F7)
    for key in (K.Key_1, K.Key_5, K.Key_3, K.Key_3):  # the second 3 takes it back
        stage.key(key)
    dialog = stage.window.popups.reason
    assert dialog is not None
    stage.qtbot.waitUntil(dialog.guard.open)
    stage.key(K.Key_Return)
    sent = body(stage)
    assert sent.decision is Decision.RETURN
    assert sent.returned_items == ["id_front", "address"]
    assert sent.reason_code == "reason.return_several"


# --- looking closely, language, theme ---------------------------------------------------------------------------


def test_space_looks_closely_and_r_turns(stage: Stage) -> None:
    stage.assign()
    stage.key(K.Key_Space)
    viewer = stage.window.popups.viewer
    assert (viewer.isVisible(), viewer.current()) == (True, "portrait")
    stage.key(K.Key_R)
    stage.key(K.Key_1)
    assert viewer.current() == "id_front"
    stage.key(K.Key_R)
    assert viewer.view.quarter == 1
    stage.key(K.Key_Space)
    assert not viewer.isVisible()
    stage.child("authoriser.evidence.id_back").setFocus()
    stage.key(K.Key_R)
    assert (viewer.current(), viewer.view.quarter) == ("id_back", 1)


def test_v_shows_the_draft_and_f1_the_keys(stage: Stage) -> None:
    stage.assign()
    stage.key(K.Key_V)
    assert stage.window.popups.above()
    stage.close()
    stage.key(K.Key_F1)
    assert stage.window.popups.help.isVisible()
    stage.key(K.Key_F9)
    assert not stage.window.popups.help.isVisible()
    assert not stage.window.parts.tasks.review.seen


def test_language_and_theme_change_at_once(stage: Stage) -> None:
    stage.assign()
    stage.click("authoriser.language")
    stage.click("authoriser.theme")
    stage.pass_(0)
    assert stage.text("authoriser.main_key") == "Next difference"
    assert stage.text("authoriser.difference.address").startswith("Address, ")
    assert stage.window.kit.theme.name == "dark"
    stage.qtbot.waitUntil(stage.window.bar.key("reject").guard.open)
    stage.key(K.Key_F8)
    assert stage.text("authoriser.reason.1") == "Not the same person"
