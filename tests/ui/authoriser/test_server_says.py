"""What the server may say or not say while a task is on the screen: refusals, losses, altered evidence."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from common.errors import AppError, ServiceError, UserError
from common.wire.signalling import TaskClosed
from tests.ui.authoriser.conftest import MakeStage, Stage
from tests.ui.authoriser.world import DIGESTS, NOW, TASK, World, desk, task
from ui.authoriser_app.state import Phase

K = Qt.Key


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (UserError("task.decided", number="A-11", at="2036-03-12T11:07:11+00:00"), "这件已由 A-11 在"),
        (UserError("task.expired"), "已转给别人"),
        (UserError("task.withdrawn", at=None), "柜员已撤回"),
        (UserError("task.maker_is_checker"), "您是提交人，不能授权自己的业务"),
        (UserError("task.not_yours"), "这件不是派给您的"),
    ],
)
def test_a_task_that_is_not_ours_any_more_is_told_for_three_seconds(stage: Stage, error: AppError, words: str) -> None:
    stage.port.refusals["decide"] = error
    stage.assign()
    stage.approve()
    assert stage.text("authoriser.gone").startswith(words)
    stage.pass_(3.1)
    assert stage.phase() is Phase.IDLE


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (UserError("task.differences_unseen", count=1, first="address"), "还有 1 处不同没看，看完再同意"),
        (UserError("task.evidence_unseen", kind="id_back"), "还有一张资料没看，看完再同意"),
        (UserError("task.reason_missing"), "请选一条原因再提交"),
    ],
)
def test_a_refusal_says_what_to_do_and_the_task_stays(stage: Stage, error: AppError, words: str) -> None:
    stage.port.refusals["decide"] = error
    stage.assign()
    stage.approve()
    assert stage.window.alerts.toasts.toasts()[-1].label.text() == words
    assert stage.phase() is Phase.REVIEWING


def test_altered_evidence_refused_by_the_server_turns_the_middle_red(stage: Stage) -> None:
    stage.port.refusals["decide"] = UserError("task.evidence_altered")
    stage.port.tasks[TASK] = task(())
    stage.assign()
    stage.port.tasks[TASK] = task((), intact=False)
    stage.main()
    assert stage.shows("authoriser.altered")
    assert stage.text("authoriser.altered") == "资料被改动，不能决定，已上报"


def _server_says(world: World) -> None:
    world.port.tasks[TASK] = task(intact=False)


def _wrong_bytes(world: World) -> None:
    world.port.pictures[DIGESTS["id_back"]] = b"something else"


@pytest.mark.expects_log("evidence altered")
@pytest.mark.parametrize(
    ("spoil", "words"),
    [(_server_says, "资料被改动，不能决定，已上报"), (_wrong_bytes, "资料被改动（第 2 件），不能决定，已上报")],
)
def test_altered_evidence_greys_every_decision(
    make_stage: MakeStage, spoil: Callable[[World], None], words: str
) -> None:
    world = World()
    spoil(world)
    stage = make_stage(world)
    stage.assign()
    assert stage.text("authoriser.altered") == words
    assert stage.text("authoriser.note_line") == "资料被改动，已上报"
    for name in ("authoriser.main_key", "authoriser.return", "authoriser.reject"):
        assert not stage.child(name).isEnabled()
    stage.key(K.Key_F8)
    stage.main()
    assert stage.port.of("decide") == []


@pytest.mark.expects_log("evidence altered")
def test_a_broken_picture_is_reported_once_and_again_until_the_server_has_heard(make_stage: MakeStage) -> None:
    world = World()
    _wrong_bytes(world)
    world.port.refusals["report_altered"] = ServiceError("network.unreachable")
    stage = make_stage(world)
    stage.assign()
    [(task_id, digest, key)] = stage.port.of("report_altered")
    assert (task_id, digest) == (TASK, DIGESTS["id_back"])
    world.port.refusals.clear()
    for _ in range(2):
        stage.port.offline_changed.emit(stage.world.clock.now())
        stage.port.offline_changed.emit(None)
    assert stage.port.of("report_altered") == [(task_id, digest, key)] * 2, "heard the second time, under the same key"


@pytest.mark.parametrize(
    ("reason", "words"),
    [("expired", "已转给别人"), ("withdrawn", "柜员已撤回"), ("reassigned", "已转给别人"), ("decided", "这件已经决定")],
)
def test_a_task_that_closes_while_it_is_looked_at(stage: Stage, reason: str, words: str) -> None:
    stage.assign()
    stage.key(K.Key_F8)  # an open dialog goes with it
    stage.port.message.emit(TaskClosed.model_validate({"type": "task.closed", "task_id": TASK, "reason": reason}))
    stage.qtbot.waitUntil(lambda: stage.shows("authoriser.gone"))
    assert stage.text("authoriser.gone") == words
    assert not stage.window.popups.above()
    stage.main()
    assert stage.phase() is Phase.IDLE


def test_a_deadline_passes_even_when_the_server_says_nothing(stage: Stage) -> None:
    stage.assign()
    stage.pass_(183)
    assert stage.text("authoriser.gone") == "已转给别人"


def test_the_next_task_opens_after_the_notice(stage: Stage) -> None:
    stage.port.tasks["task-2"] = task((), id="task-2", number="0312-0052")
    stage.assign()
    stage.port.message.emit(TaskClosed(task_id=TASK, reason="expired"))
    stage.assign("task-2")
    assert stage.phase() is Phase.GONE
    stage.pass_(3.1)
    assert stage.text("authoriser.case_number") == "0312-0052"


def test_a_late_word_of_the_desk_does_not_bring_a_decided_task_back(stage: Stage) -> None:
    stage.assign()
    stage.port.now_desk = desk(current=TASK)
    stage.approve()
    stage.window.parts.desk.refresh()
    assert stage.phase() is Phase.IDLE


def test_a_task_that_cannot_be_fetched_can_be_fetched_again(stage: Stage) -> None:
    stage.port.refusals["task"] = ServiceError("network.timeout")
    stage.assign()
    assert stage.phase() is Phase.LOADING
    assert stage.text("authoriser.main_key") == "重新读取"
    stage.port.refusals.clear()
    stage.main()
    assert stage.phase() is Phase.REVIEWING


# --- the server is away -----------------------------------------------------------------------------------------


def test_a_decision_waits_for_the_server_and_goes_out_once_more_with_the_same_key(stage: Stage) -> None:
    stage.port.held.add("decide")
    stage.assign()
    stage.approve()
    stage.port.offline_changed.emit(NOW - timedelta(seconds=18))
    stage.pass_(0)
    assert stage.window.offline.isVisible()
    assert stage.text("authoriser.main_key") == "等待网络"
    stage.port.take("decide").error(ServiceError("network.unreachable"))
    stage.port.held.clear()
    stage.port.offline_changed.emit(None)
    (first, again) = stage.port.of("decide")
    assert first == again
    assert stage.phase() is Phase.IDLE
    stage.pass_(0)
    assert not stage.window.offline.isVisible()


def test_after_a_loss_the_open_task_is_asked_for_again(stage: Stage) -> None:
    stage.assign()
    stage.port.offline_changed.emit(NOW)
    stage.port.refusals["task"] = UserError("task.expired")
    stage.port.offline_changed.emit(None)
    stage.qtbot.waitUntil(lambda: stage.text("authoriser.gone") == "已转给别人")
