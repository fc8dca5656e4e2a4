"""The 25 messages that the design of the windows fixed word by word, and where they stand in the tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ui.kit.texts.words import T

Piece = tuple[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Message:
    """One message: the words of the contract, and the texts that say it; several stand beside each other."""

    to: str
    zh: tuple[str, ...]
    en: tuple[str, ...]
    pieces: tuple[Piece, ...]


def _one(to: str, zh: str, en: str, code: str, **params: Any) -> Message:
    return Message(to, (zh,), (en,), ((code, params),))


def _staff(zh: str, en: str, code: str, **params: Any) -> Message:
    return _one("staff", zh, en, code, **params)


def _customer(zh: str, en: str, code: str, **params: Any) -> Message:
    return _one("customer", zh, en, code, **params)


CASH: Mapping[str, Any] = {"amount": 2_000_000, "below": 1_800_000, "above": None}
AT = "2036-05-20T11:07:11"

MESSAGES: Mapping[int, Message] = {
    1: _staff(
        "有 1 个字识别不清，请对照原图",
        "1 character is unclear: compare with the picture",
        "common.field_characters_unclear",
        n=1,
    ),
    2: _staff("还差 2 位，身份证号是 18 位", "2 digits missing: an ID number has 18", "id_number.too_short", count=2),
    3: _staff("号码校验不通过，请逐位核对", "Check digit is wrong: compare digit by digit", "id_number.check_digit"),
    4: _staff(
        "证件 2024-08-01 过期，不能办理，请客户换证",
        "ID expired 2024-08-01: cannot continue, ask for a new one",
        "id.expired",
        date="2024-08-01",
    ),
    5: _staff("照片反光，请客户把证件转一点角度", "Glare: ask the customer to tilt the card", "doc.glare"),
    6: _staff(
        "画面里有两个人，请其他人离开后再抓拍",
        "Two people in view: ask the other to step aside, then retake",
        "face.many",
    ),
    8: Message(
        "staff",
        ("授权员 A-07 正在看", "已用"),
        ("Authoriser A-07 is looking", "Used"),
        (("teller.auth_opened", {"number": "A-07"}), ("teller.used", {})),
    ),
    9: Message(
        "staff",
        ("现在没有能授权的人", "已等"),
        ("Nobody can authorise now", "Waiting"),
        (("teller.auth_nobody", {}), ("teller.waited", {})),
    ),
    10: Message(
        "staff",
        ("已退回：", "重新抓拍"),
        ("Returned: ", "Retake"),
        (("teller.returned_title", {"what": T("reason.return_live_frame")}),),
    ),
    11: Message(
        "staff",
        ("已拒绝：疑似受他人指使", "请改日再办"),
        ("Rejected: Customer may be directed by others", "Another day"),
        (
            ("teller.auth_rejected", {"reason": T("reason.directed_by_others")}),
            ("teller.auth_rejected_text", {}),
        ),
    ),
    12: _staff(
        "出钞口卡钞，出钞已停。客户没有拿到钱，账户没有扣款",
        "Notes jammed, payout stopped. Nothing paid, nothing debited",
        "trouble.payout_jam",
    ),
    13: Message(
        "staff",
        ("¥100.00 已记挂账 S-0312-02，等现场开箱",),
        ("¥100.00 in suspense S-0312-02 until the machine is opened",),
        (("todo.suspense", {"machine": "K-02", "reference": "S-0312-02", "amount": 10_000}),),
    ),
    14: Message(
        "staff",
        ("不够付", "可付 ¥18,000.00 或换面额"),
        ("Not enough", "pay ¥18,000.00 or change notes"),
        (("cash.not_payable", CASH),),
    ),
    15: _staff(
        "连不上服务器 00:18，已填内容都在，连上自动续传",
        "Server lost for 00:18. Your entries are kept and will be sent",
        "common.offline",
        waited=18,
    ),
    16: _staff(
        "受理单 0312-0047 正由坐席 05 办理",
        "Case 0312-0047 is open at seat 05",
        "case.not_yours",
        number="0312-0047",
        seat="05",
    ),
    17: _staff("这件已由 A-11 在 11:07:11 决定", "Decided by A-11 at 11:07:11", "task.decided", number="A-11", at=AT),
    18: _staff(
        "您是提交人，不能授权自己的业务",
        "You submitted this: you cannot authorise it",
        "task.maker_is_checker",
    ),
    19: _staff(
        "资料被改动（第 3 件），不能决定，已上报",
        "Item 3 was altered: no decision possible, reported",
        "authoriser.altered",
        number=3,
    ),
    20: _customer("请把身份证放在玻璃上", "Lay your ID card on the glass", "kiosk.lay_id_front"),
    21: _customer(
        "没看清，请把卡片放平，手移开",
        "Not clear. Lay the card flat and take your hand away",
        "kiosk.problem.picture",
    ),
    22: _customer("密码不对，还能试 2 次", "Wrong PIN, 2 tries left", "kiosk.problem.pin_wrong", tries_left=2),
    23: _customer(
        "卡已收好。请柜员帮您，或带身份证到柜台领",
        "Your card is kept safe. Ask the teller, or collect it with your ID",
        "customer.card_kept",
    ),
    24: _customer(
        "现金已收回机器，没有扣您的钱",
        "The cash went back into the machine. You were not charged",
        "customer.cash_not_taken",
    ),
    25: _customer(
        "画面断了，正在接回，请不要离开", "Connection lost, reconnecting. Please stay", "kiosk.status_broken"
    ),
    7: Message(
        "staff",
        ("比对 41.7，低于 80：不是同一人，请核对本人",),
        ("Score 41.7, below 80: not the same person, check who it is",),
        (("teller.face_low", {"score": "41.7", "threshold": "80"}),),
    ),
}
PARAGRAPHS = frozenset({"teller.face_low"})
"""Texts with a second sentence: they wrap in their box."""
