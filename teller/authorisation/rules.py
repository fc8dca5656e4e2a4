"""The rules as a dated table. A case is judged by the rows that hold on its business day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from common.wire.cases import Scenario


class Level(StrEnum):
    """Who must agree, least first."""

    NONE = "none"
    REMOTE = "remote"


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: which check, with which parameters, for which days.

    Attributes:
        code: the row's number for people, R-104.
        check: name of the check in `policy.CHECKS`.
        level: who must agree when it fires.
        note: whether it makes the teller's note obligatory.
        basis: legal or internal source.
        valid_to: last day, None while it holds.
        scenarios: names; empty: every one.
    """

    code: str
    check: str
    level: Level
    basis: str
    valid_from: date
    valid_to: date | None = None
    note: bool = False
    scenarios: frozenset[str] = frozenset()
    parameters: Mapping[str, int] = field(default_factory=dict)

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


_SINCE = date(2020, 1, 1)
_OUT = frozenset({Scenario.WITHDRAWAL.value, "cash_in_out"})

RULES: Sequence[Rule] = (
    Rule("R-104", "amount_above_teller_limit", Level.REMOTE, "柜员授权权限表", _SINCE),
    Rule(
        "R-108",
        "face_below_threshold",
        Level.REMOTE,
        "人脸比对不作唯一方式，须人工复核",
        _SINCE,
        note=True,
        parameters={"threshold": 80},
    ),
    Rule("R-109", "face_compared_by_person", Level.REMOTE, "人脸识别不作唯一方式，须双人核对", _SINCE, note=True),
    Rule("R-112", "identity_unverified", Level.REMOTE, "联网核查系统不可用时双人核对证件", _SINCE, note=True),
    Rule("R-113", "identity_contradicted", Level.REMOTE, "联网核查结果不一致须复核", _SINCE, note=True),
    Rule("R-114", "chip_contradicted", Level.REMOTE, "证件芯片与录入信息不一致须复核", _SINCE, note=True),
    Rule(
        "R-110",
        "liveness_not_passed",
        Level.REMOTE,
        "人脸识别应有活体检测；未通过的转人工复核",
        _SINCE,
        note=True,
        parameters={"due": 1},
    ),
    Rule("R-115", "face_not_compared", Level.REMOTE, "人脸比对由服务器完成，未能完成的转人工复核", _SINCE, note=True),
    Rule("R-116", "face_contradicted", Level.REMOTE, "柜员端与服务器比对结果不一致须复核", _SINCE, note=True),
    Rule("R-118", "face_unlike_portrait", Level.REMOTE, "与核查照片或以往留存照片不符须复核", _SINCE, note=True),
    Rule("R-111", "face_alarm", Level.REMOTE, "办理过程中人脸须始终为同一人", _SINCE, note=True),
    Rule(
        "R-119",
        "representative_replaced",
        Level.REMOTE,
        "单位法定代表人变更，新执照须双人核对（本行规定）",
        _SINCE,
        note=True,
    ),
    Rule("R-120", "paper_by_phone", Level.REMOTE, "客户手机所拍材料未见原件，须双人审核（本行规定）", _SINCE),
    Rule("R-121", "original_doubted", Level.REMOTE, "疑似翻拍、复印的证件须双人核对（本行规定）", _SINCE, note=True),
    Rule(
        "R-117",
        "first_large_withdrawal_of_elder",
        Level.REMOTE,
        "老年客户大额取现提醒",
        _SINCE,
        scenarios=_OUT,
        parameters={"age": 60, "amount_minor": 1_000_000, "months": 12},
    ),
    Rule(
        "R-130",
        "large_cash_registration",
        Level.NONE,
        "金融机构客户尽职调查和客户身份资料及交易记录保存管理办法，2026-01-01 起",
        date(2026, 1, 1),
        note=True,
        parameters={"amount_minor": 5_000_000},
    ),
)


REVERSAL = Rule("R-150", "reversal", Level.REMOTE, "冲正须双人（本行规定）", _SINCE)
"""Not of a submission: whoever asks for a reversal is never the one who agrees to it."""


def in_force(rules: Sequence[Rule], scenario: str, day: date) -> tuple[Rule, ...]:
    """Rows that apply to a scenario on a day."""
    return tuple(rule for rule in rules if rule.holds_on(day) and (not rule.scenarios or scenario in rule.scenarios))
