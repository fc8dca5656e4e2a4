"""The record of what was said, and the verdict over it: planted mistakes are found, a killed process is none."""

from pathlib import Path

import pytest

from devices.xfs import record
from devices.xfs.envelope import Dialect, Message, MessageType, Payload, encode
from tests.conformance import Verdict

NAME = "CardReader.Move"


def said(kind: MessageType, payload: Payload | None = None, number: int | None = 1, **more: str) -> str:
    return encode(Message(kind, NAME, "2.0", number, payload=payload, **more))  # type: ignore[arg-type]


ACK, DONE = said(MessageType.ACKNOWLEDGE), said(MessageType.COMPLETION)


def verdict(folder: Path, *texts: str, side: str = "service", dialect: str = "spec") -> Verdict:
    """What is thought of one connection on which this was written."""
    recorder = record.Recorder(folder)
    channel = record.Channel(recorder, side, dialect)
    channel.read(">", 'no "JSON" at all\n')
    for text in texts:
        channel.wrote(">" if side == "client" else "<", text)
    recorder.close()
    judged = Verdict()
    judged.folder(folder)
    return judged


def test_a_good_conversation_is_found_good(tmp_path: Path) -> None:
    failed = said(MessageType.COMPLETION, {"errorCode": "noMedia"}, 2, completion_code="commandErrorCode")
    judged = verdict(tmp_path, ACK, DONE, said(MessageType.ACKNOWLEDGE, None, 2), failed)
    assert (judged.wrong, judged.seen.total()) == ([], 4)
    [file] = tmp_path.iterdir()
    with file.open("a") as stream:
        stream.write('{"side":"service","dialect":"spec","conn":"1.9","dir":"<","msg":{"hea')
    judged = Verdict()
    judged.folder(tmp_path)
    assert judged.wrong == [], "a process that was killed while it wrote"


@pytest.mark.parametrize(
    ("texts", "what"),
    [
        ((DONE,), "was not acknowledged"),
        ((ACK, DONE, DONE), "is over"),
        ((ACK, ACK), "a second acknowledge"),
        ((ACK, said(MessageType.COMPLETION, {"extra": 1})), "extra is not known"),
        ((ACK, said(MessageType.COMPLETION, completion_code="commandErrorCode")), "errorCode"),
        ((ACK, said(MessageType.COMPLETION, completion_code="jammed")), "completionCode"),
        ((ACK, DONE.replace('"2.0"', '"9.0"')), "version"),
        ((ACK, DONE.replace('"requestId":1}', '"requestId":1,"completionCode":"success"}')), "another dialect"),
        ((ACK, DONE.replace(NAME, "CardReader.Fly")), "unknown"),
        (("{}",), "envelope"),
    ],
)
def test_a_mistake_is_found(tmp_path: Path, texts: tuple[str, ...], what: str) -> None:
    wrong = verdict(tmp_path, *texts).wrong
    assert any(what in each for each in wrong), wrong


def test_a_client_and_the_other_dialect_are_judged_by_their_own_rules(tmp_path: Path) -> None:
    command = said(MessageType.COMMAND, {"from": "transport", "to": "exit"})
    assert verdict(tmp_path / "a", command, side="client").wrong == []
    assert verdict(tmp_path / "b", said(MessageType.COMMAND, {"to": 7}), side="client").wrong
    kal = encode(Message(MessageType.COMPLETION, NAME, "2.0", 1), Dialect.KAL)
    assert verdict(tmp_path / "c", ACK, kal, dialect="kal").wrong == []
    assert verdict(tmp_path / "d", ACK, DONE, dialect="kal").wrong
