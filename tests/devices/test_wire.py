"""Envelope, catalogue and schema checker."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.xfs.catalogue import load
from devices.xfs.codes import CompletionCode, device_error
from devices.xfs.envelope import BadMessage, Dialect, Message, MessageType, decode, encode

MOVE = {"from": "transport", "to": "exit"}


def command(**changes: object) -> str:
    header: dict[str, object] = {"type": "command", "name": "CardReader.Move", "version": "2.0", "requestId": 3}
    header.update(changes)
    return json.dumps({"header": {key: value for key, value in header.items() if value != "absent"}, "payload": MOVE})


@given(
    st.sampled_from([MessageType.COMMAND, MessageType.EVENT, MessageType.COMPLETION]),
    st.integers(1, 2**31),
    st.dictionaries(st.text(max_size=8), st.integers() | st.text(max_size=20) | st.booleans(), max_size=4),
)
def test_what_is_written_is_read_again(kind: MessageType, number: int, payload: dict[str, object]) -> None:
    message = Message(kind, "CardReader.Move", "2.0", number, payload=payload)
    assert decode(encode(message)) == message


@given(st.text() | st.binary().map(lambda b: b.decode("latin-1")))
def test_any_text_is_a_message_or_a_bad_message(text: str) -> None:
    try:
        decode(text)
    except BadMessage:
        return


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"header": []}',
        '{"header": {"type": "command"}, "more": 1}',
        '{"header": {}, "payload": []}',
        command(type="request"),
        command(name="Move"),
        command(version="2"),
        command(version=2.0),
        command(timeout=-1),
        command(timeout=True),
        command(vendor=1),
        command(completionCode=7),
        "[" * 5000,
        '{"header": NaN}',
    ],
)
def test_broken_envelopes_are_refused(text: str) -> None:
    with pytest.raises(BadMessage):
        decode(text)


def test_a_bad_message_still_gives_away_whose_it_was() -> None:
    with pytest.raises(BadMessage) as caught:
        decode(command()[:-2] + ",")
    assert (caught.value.name, caught.value.request_id) == ("CardReader.Move", 3)


def test_kal_spelling_is_understood_and_can_be_written() -> None:
    done = decode(
        '{"header":{"type":"completion","name":"A.B","version":"1.0","requestId":1,"completionCode":"success"}}'
    )
    assert done.completion_code is None
    told = decode('{"header":{"type":"event","name":"CardReader.MediaRemovedEvent","version":"2.0"}}')
    assert told.type is MessageType.UNSOLICITED
    header = json.loads(encode(done, Dialect.KAL))["header"]
    assert header["completionCode"] == "success"
    assert json.loads(encode(told, Dialect.KAL))["header"]["type"] == "event"


@pytest.mark.parametrize(
    ("name", "ours", "theirs"),
    [
        ("Common.Capabilities", {"interfaces": [{"name": "CardReader"}]}, {"interfaces": [{"name": "cardReader"}]}),
        (
            "Common.Capabilities",
            {"keyManagement": {"keyBlockImportFormats": {"D": True}}},
            {"keyManagement": {"keyBlockImportFormats": {"d": True}}},
        ),
        ("Common.Status", {"auxiliaries": {"UPS": {"low": True}}}, {"auxiliaries": {"ups": {"low": True}}}),
        ("Common.StatusChangedEvent", {"check": {"mICRReader": "ok"}}, {"check": {"micrReader": "ok"}}),
        (
            "Auxiliaries.SetAutoStartupTime",
            {"startTime": {"dayOfWeek": "Monday"}},
            {"startTime": {"dayOfWeek": "monday"}},
        ),
        ("Keyboard.SecureKeyEntry", {"keyLen": 32}, {"keyLen": "number32"}),
        ("Printer.PrintForm", {"formName": "UPS"}, {"formName": "UPS"}),
    ],
)
def test_payloads_in_kals_spelling(name: str, ours: dict[str, object], theirs: dict[str, object]) -> None:
    message = Message(MessageType.COMMAND, name, "2.0", 1, payload=ours)
    written = encode(message, Dialect.KAL)
    assert json.loads(written)["payload"] == theirs
    assert decode(written) == message


def test_half_a_character_is_refused() -> None:
    with pytest.raises(BadMessage):
        decode(command()[:-1] + ', "x": "\\ud800"}')


@pytest.mark.parametrize(
    ("name", "payload", "kind"),
    [
        ("CardReader.Move", {"from": "transport", "to": "nowhere"}, "pattern"),
        ("CardReader.Move", {"From": "transport"}, "additionalProperties"),
        ("CardReader.ReadRawData", {"track2": "yes"}, "type"),
        ("Camera.TakePicture", {}, "required"),
        ("Camera.TakePicture", {"camera": "glass"}, "enum"),
        ("Common.Cancel", {"requestIds": [0]}, "minimum"),
        ("Printer.PrintRaw", {"inputData": "no", "data": "!"}, "contentEncoding"),
        ("Printer.PrintForm", {"fields": {"a": 1}}, "type"),
        ("CashAcceptor.CashIn", {"x": 1}, "additionalProperties"),
    ],
)
def test_the_catalogue_finds_planted_problems(name: str, payload: dict[str, object], kind: str) -> None:
    version = load().version(name, MessageType.COMMAND)
    problems = load().problems(Message(MessageType.COMMAND, name, version, 1, payload=payload))
    assert [problem.kind for problem in problems] == [kind]


def test_the_catalogue_knows_names_versions_and_codes() -> None:
    def kinds(message: Message) -> list[str]:
        return [problem.kind for problem in load().problems(message)]

    assert kinds(Message(MessageType.COMMAND, "CardReader.Eject", "2.0", 1)) == ["name"]
    assert kinds(Message(MessageType.COMMAND, "CashDispenser.Reject", "3.0", 1)) == ["version"]
    assert kinds(Message(MessageType.UNSOLICITED, "CardReader.InsertCardEvent", "2.0")) == ["kind"]
    assert kinds(Message(MessageType.COMPLETION, "CardReader.Move", "2.0", 1, completion_code="late")) == ["enum"]
    assert kinds(Message(MessageType.COMPLETION, "CardReader.Move", "2.0", 1, completion_code="commandErrorCode")) == [
        "errorCode"
    ]


def test_every_completion_code_becomes_an_error_with_a_code() -> None:
    for code in CompletionCode:
        error = device_error(Message(MessageType.COMPLETION, "CardReader.Move", "2.0", 1, completion_code=code.value))
        assert error.code.startswith("device.")
        assert error.completion == code.value
