"""Whatever can reach a person has words: every code that is said, in both languages, that fit where they stand."""

import re
from pathlib import Path
from typing import Any, get_args

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics

from cli.sentences import SENTENCES, in_words
from common.errors import AppError
from ocr import findings
from tests.ui.kit.contract import MESSAGES, PARAGRAPHS, Message
from tests.ui.kit.said_codes import Said, dotted, in_file, in_project
from ui.kit.kit import Kit
from ui.kit.texts import cases, devices, errors, forms, kiosk, record, trouble, vision
from ui.kit.texts.book import Lang, TextBook, all_texts
from ui.kit.texts.formats import placeholders
from ui.kit.theme import Theme
from ui.vtm_app.problems import problem_words

ROOMS = ("server", "teller", "devices", "video", "ocr", "ui", "common", "tools", "cli", "guitai.py")
TABLES_OF_CODES = (
    "common/paths.py", "devices/xfs/codes.py", "devices/client/status.py", "ocr/serving.py",
    "server/edge/http_errors.py",
)  # fmt: skip
AREAS = frozenset({"device", "file", "cash", "pin", "ocr", "request", "auth", "server", "command"})
TEXTS = all_texts()
BOOK = TextBook(strict=True)
LANGS: tuple[Lang, ...] = get_args(Lang)
PREFIXES = {
    "Choices in trouble": "teller.choice_",
    "Form sections": "teller.section_",
    "Timeline": "timeline.",
    "Why a case ended": "end.",
}
# Some things of a program are called like a sayer and say nothing to people.
NOT_SAID = {"settings.toml"}
SAMPLE: dict[str, Any] = {
    "number": "0312-0047", "seat": "05", "date": "2024-08-01", "count": 2, "amount": 2_000_000, "available": 1_000_000,
    "below": 1_800_000, "above": 2_100_000, "paid": 500_000, "limit": 5_000_000, "from_amount": 5_000_000,
    "score": 41.7, "threshold": 80, "from_age": 60, "reference": "S-0312-02", "machine": "K-02", "notes": 12,
    "at": "2036-05-20T11:07:11", "tries_left": 2, "tries": 2, "retry_after_s": 30, "places": 2,
    "number_says": "1990-01-01", "status": "lost", "rule": "S-101", "reason_zh": "收款账户在名单上", "least": 5_000,
    "reason_en": "the payee is on a list", "coming": 300_000, "title_zh": "二类户", "title_en": "Class II account",
    "currency": "CNY", "field": "body.amount", "missing": "CardReader", "parameter": "notes", "fault": "card.jam",
    "address": "ws://127.0.0.1:5846", "file": "passwords.toml", "what": "not a port", "where": "server.port",
    "directory": "keys/seal", "port": 8600, "host": "127.0.0.1", "part": "server", "errno": 98, "names": "Noto",
}  # fmt: skip


def _rows(project: Path) -> list[tuple[str, str, str]]:
    """Text key, Chinese and parameters of every row of the list of codes."""
    rows, prefix = [], ""
    for line in (project / "docs" / "codes.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            prefix = next((put for title, put in PREFIXES.items() if line[3:].startswith(title)), "")
        elif line.startswith("| `"):
            code, params, zh, _ = (cell.strip() for cell in line.strip("|").split("|"))
            rows.append((prefix + code.strip("`"), zh, params))
    return rows


@pytest.fixture(scope="module")
def said(project: Path) -> list[Said]:
    found = [one for one in in_project(project, ROOMS) if one.code not in NOT_SAID]
    assert len({one.code for one in found}) > 250, "the search finds what is said"
    return found


def test_every_code_that_is_said_has_words(said: list[Said]) -> None:
    missing = {f"{one.code} ({one.where})" for one in said if one.code not in TEXTS}
    assert sorted(missing) == []


def test_the_search_follows_how_a_code_is_put_together(tmp_path: Path) -> None:
    file = tmp_path / "some.py"
    file.write_text(
        "def f(a, kind):\n"
        "    code = 'x.one' if a else 'x.two'\n"
        "    if a: raise UserError(code, n=1)\n"
        "    sentence(f'say.{kind}')\n"
        "    raise ServiceError('x.three' if a else 'x.four', **a)\n"
    )
    found = {one.code: one.params for one in in_file(file)}
    assert found.keys() >= {"x.one", "x.two", "x.three", "x.four", "say.payout_jam"}
    assert found["x.one"] == frozenset({"n"})
    assert found["x.three"] is None


def test_whatever_the_vision_room_finds_has_words() -> None:
    assert sorted(findings.codes() - TEXTS.keys()) == []
    assert findings.codes()


def test_every_code_in_a_table_of_codes_has_words(project: Path) -> None:
    found = {code for file in TABLES_OF_CODES for code in dotted(project / file, AREAS)}
    assert len(found) > 40
    assert sorted(found - TEXTS.keys()) == []


def test_every_listed_code_has_words_with_the_same_parameters(project: Path) -> None:
    rows = _rows(project)
    assert len(rows) > 240
    for key, zh, params in rows:
        assert key in TEXTS, key
        listed = {name.strip(" ?") for name in params.split(",")}
        assert placeholders(TEXTS[key][0]) <= listed, key
        if not key.startswith("customer."):  # the customer's sentence leaves out what the three boxes show
            assert placeholders(TEXTS[key][0]) == placeholders(zh), key


def test_what_may_be_unknown_has_words_that_go_without(project: Path) -> None:
    for key, _, params in _rows(project):
        unknown = sorted(name.strip(" ?") for name in params.split(",") if name.strip().endswith("?"))
        needed = [name for name in unknown if name in placeholders(TEXTS[key][0])]
        for absent in [{name} for name in needed] + ([set(needed)] if needed else []):
            values = {name: value for name, value in SAMPLE.items() if name not in absent}
            assert BOOK.fits(key, values), (key, absent)


def test_words_that_go_without_belong_to_a_code() -> None:
    for key in TEXTS:
        code, without, names = key.partition(".without_")
        if without:
            left = placeholders(TEXTS[code][0]) - placeholders(TEXTS[key][0])
            assert names == "_".join(sorted(left)), key


# --- how they are written ------------------------------------------------------------------------------------------


def test_chinese_has_full_width_punctuation() -> None:
    half = re.compile(r"[\u4e00-\u9fff”）][,;:?!()]|[,;?!()][\u4e00-\u9fff“（]|[\u4e00-\u9fff]\.|[“”]{2}| · ")
    wrong = {key: zh for key, (zh, _) in TEXTS.items() if half.search(re.sub(r"\{[^}]*\}", "0", zh))}
    assert wrong == {}


def test_nobody_is_shouted_at_and_quotes_are_straight() -> None:
    for key, (zh, en) in TEXTS.items():
        assert not re.search("[!！]", zh + en), key
        assert not re.search("[“”‘’，。：；？（）]", en), key


def test_amounts_are_written_as_money() -> None:
    names = {"amount", "paid", "below", "above", "available", "limit", "from_amount"}
    for module in (cases, forms, devices, trouble, record, errors):
        for key, pair in module.TEXTS.items():
            for text in pair:
                assert not any(f"{{{name}}}" in text for name in names), key


# --- the contract --------------------------------------------------------------------------------------------------


def _said(message: Message, lang: Lang) -> list[str]:
    return [BOOK.text(lang, code, params) for code, params in message.pieces]


@pytest.mark.parametrize("number", sorted(MESSAGES))
def test_the_25_messages_stand_in_the_tables(number: int) -> None:
    message = MESSAGES[number]
    assert sorted(MESSAGES) == list(range(1, 26))
    for lang, wanted in zip(LANGS, (message.zh, message.en), strict=True):
        words = " ".join(_said(message, lang))
        assert [part for part in wanted if part not in words] == [], words
        if len(message.pieces) == len(wanted) == 1 and message.pieces[0][0] not in PARAGRAPHS:
            assert words.startswith(wanted[0])


@pytest.mark.parametrize("number", [number for number, message in MESSAGES.items() if message.to == "staff"])
def test_staff_messages_fit_one_line(kit: Kit, number: int) -> None:
    metrics = QFontMetrics(kit.theme.font_px(14))
    for lang in LANGS:
        for (code, _), words in zip(MESSAGES[number].pieces, _said(MESSAGES[number], lang), strict=True):
            assert code in PARAGRAPHS or metrics.horizontalAdvance(words) <= 720, words


def test_every_refusal_fits_one_line(kit: Kit) -> None:
    metrics = QFontMetrics(kit.theme.font_px(14))
    for module in (errors, cases, forms, devices, vision, trouble, record):
        for code in module.TEXTS:
            known = {name: SAMPLE.get(name, "K-02") for name in placeholders(TEXTS[code][0])}
            for lang in LANGS:
                words = BOOK.text(lang, code, known)
                assert metrics.horizontalAdvance(words) <= 720, words


def _kiosk_kind(code: str) -> str | None:
    """The step of the type scale in which a customer's sentence is drawn; None for keys, labels and facts."""
    if code.endswith("_hint") and ".fact_" not in code:
        return "label"  # the hint under a step is drawn one notch above body
    if f"{code}_hint" in TEXTS and ".fact_" not in code:
        return "step"
    said = ("kiosk.problem.", "customer.", "kiosk.status_")
    return "body" if code.startswith(said) else None


@pytest.mark.parametrize("large", [False, True])
def test_customers_sentences_fit_two_lines(qapp: object, large: bool) -> None:
    theme = Theme("large" if large else "light", "kiosk")
    sample = {**SAMPLE, "n": 2, "waited": 98, "left": 30, "line": "金额", "name": "林", "digits": 4}
    for code in kiosk.TEXTS:
        kind = _kiosk_kind(code)
        if kind is None:
            continue
        metrics = QFontMetrics(theme.font(kind))
        for lang in LANGS:
            words = BOOK.text(lang, code, {name: sample.get(name, "K-02") for name in placeholders(TEXTS[code][0])})
            drawn = metrics.boundingRect(QRect(0, 0, 952, 4000), Qt.TextFlag.TextWordWrap, words)
            assert drawn.height() < 2.5 * metrics.lineSpacing(), words


# --- customers and the terminal ------------------------------------------------------------------------------------


def test_customers_are_told_calmly_of_whatever_happens(said: list[Said]) -> None:
    for one in said:
        for known in ({}, {name: SAMPLE.get(name, "x") for name in one.params or ()}):
            error = AppError(one.code, **known)
            words = problem_words(error)
            assert words.code.startswith("kiosk.problem.")
            for lang in LANGS:
                assert one.code not in BOOK.words(lang, words)


# Modules whose errors end a command: before a window opens, before a server listens, or in a tool.
COMMANDS = (
    "guitai.py", "common/settings.py", "server/main.py", "server/keyfiles.py", "server/vouchers/authority.py",
    "server/vouchers/fonts.py", "server/vouchers/verify.py", "server/store/database.py", "devices/sim/host.py",
    "devices/sim/main.py", "ocr/cli.py", "ocr/client.py", "ocr/process.py", "ocr/engines/models.py",
    "tools/demo",
    "ui/kit/app.py", "ui/kit/sign_on.py", "ui/kit/local_machine.py", "ui/vtm_app/hands/props.py",
    "server/edge/limits.py", "server/edge/sessions.py",
)  # fmt: skip


def test_whatever_ends_a_command_has_a_line_for_the_terminal(project: Path) -> None:
    ends = in_project(project, COMMANDS)
    assert len(ends) > 25
    for one in ends:
        line = in_words(AppError(one.code, **{name: SAMPLE.get(name, "x") for name in one.params or ()}))
        assert one.code not in line, (one, line)
        assert line.isascii(), line


def test_the_terminals_own_lines_are_about_codes_that_exist(project: Path, said: list[Said]) -> None:
    known = {one.code for one in said}.union(*(dotted(project / file, AREAS) for file in TABLES_OF_CODES))
    assert sorted(SENTENCES.keys() - known) == []
