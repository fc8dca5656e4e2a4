"""The rules of accounts, presence and money as dated rows, each with its legal basis.

A case is judged by the rows in force on its business day. Numbers are minor units of CNY, years or pieces.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from teller.vouchers import Words


class Seen(StrEnum):
    """How far the legal basis of a row was checked before it was written down."""

    TEXT = "text"
    """The clause's own words were read."""
    TOLD = "told"
    """Only what others write of the clause was read."""
    UNSEEN = "unseen"
    """The document exists; its clause, or the figure, was not found."""
    OWN = "own"
    """No law says so: a rule of this bank."""


_MARKS: Mapping[Seen, str] = {Seen.TOLD: "（据转述）", Seen.UNSEEN: "（条文未核）"}


@dataclass(frozen=True, slots=True)
class Row:
    """One row. ``valid_to``: last day, None while it holds. ``seen``: how far ``basis`` was checked."""

    code: str
    topic: str
    says: Words
    basis: str
    valid_from: date
    valid_to: date | None = None
    parameters: Mapping[str, int] = field(default_factory=dict)
    seen: Seen = Seen.TEXT

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    @property
    def cited(self) -> str:
        """The basis as it is shown: what was not read itself says so."""
        return self.basis + _MARKS.get(self.seen, "")


ROWS: Sequence[Row] = (
    Row(
        "A-201",
        "class_1_presence",
        Words("一类户须由银行人员现场核验身份", "A class I account needs bank staff to check identity on site"),
        "银发〔2015〕392号",
        date(2016, 4, 1),
        seen=Seen.TOLD,
    ),
    Row(
        "A-202",
        "class_1_count",
        Words("每人在本行只能有一个一类户", "One class I account for each person at this bank"),
        "银发〔2016〕261号",
        date(2016, 12, 1),
        parameters={"count": 1},
        seen=Seen.TOLD,
    ),
    Row(
        "A-211",
        "class_2_count",
        Words("每人在本行的二类户不超过 5 个", "At most 5 class II accounts for each person"),
        "银发〔2018〕16号",
        date(2018, 1, 12),
        parameters={"count": 5},
        seen=Seen.UNSEEN,
    ),
    Row(
        "A-212",
        "class_2_limit",
        Words("二类户非绑定转入、转出和消费：每日 1 万元、每年 20 万元", "Class II: CNY 10,000 a day, 200,000 a year"),
        "银发〔2016〕302号",
        date(2016, 12, 1),
        parameters={"day": 1_000_000, "year": 20_000_000},
        seen=Seen.TOLD,
    ),
    Row(
        "A-213",
        "bound_own_class_1",
        Words("二、三类户绑定的须是客户本人的一类户", "Classes II, III are bound to one's own class I account"),
        "银发〔2015〕392号",
        date(2016, 4, 1),
        seen=Seen.TOLD,
    ),
    Row(
        "A-221",
        "class_3_count",
        Words("每人在本行的三类户不超过 5 个", "At most 5 class III accounts for each person"),
        "银发〔2018〕16号",
        date(2018, 1, 12),
        parameters={"count": 5},
        seen=Seen.UNSEEN,
    ),
    Row(
        "A-222",
        "class_3_limit",
        Words(
            "三类户余额不超过 2,000 元，每日 2,000 元、每年 5 万元",
            "Class III: balance 2,000, CNY 2,000 a day, 50,000 a year",
        ),
        "银发〔2018〕16号",
        date(2018, 1, 12),
        parameters={"balance": 200_000, "day": 200_000, "year": 5_000_000},
        seen=Seen.TOLD,
    ),
    Row(
        "A-231",
        "face_to_face_cash",
        Words("二类户存现金须先由银行人员面对面核验", "Cash into class II needs a check by staff face to face"),
        "银发〔2016〕302号",
        date(2016, 12, 1),
        seen=Seen.TOLD,
    ),
    Row(
        "A-241",
        "agent_count",
        Words("代办须核验双方证件，一人在一家银行代办不超过 3 户", "Both IDs are checked; an agent opens at most 3"),
        "银发〔2015〕392号；个人存款账户实名制规定 第七条",
        date(2016, 4, 1),
        parameters={"count": 3},
        seen=Seen.UNSEEN,
    ),
    Row(
        "A-243",
        "agent_presence",
        Words("代办须代办人到现场，双方证件由柜员当面核对", "An agent comes in person; staff look at both IDs on site"),
        "个人存款账户实名制规定 第七条；本行规定",
        date(2000, 4, 1),
        seen=Seen.OWN,
    ),
    Row(
        "A-242",
        "guardian_age",
        Words("不满 16 岁须由监护人代理，使用户口簿", "Under 16 a guardian acts, with the household book"),
        "个人存款账户实名制规定 第五条；银发〔2015〕392号",
        date(2016, 4, 1),
        parameters={"age": 16},
    ),
    Row(
        "A-251",
        "capture_reuse",
        Words("同一次来访 30 分钟内，证件、人脸采集一次共用", "One capture serves a whole visit, for 30 minutes"),
        "本行规定",
        date(2026, 1, 1),
        parameters={"minutes": 30},
        seen=Seen.OWN,
    ),
    Row(
        "A-301",
        "large_cash",
        Words(
            "现金 5 万元以上登记身份并留存证件影像，不再一律询问用途",
            "Cash of CNY 50,000 or more: identity is registered, the use is not asked in general",
        ),
        "金融机构客户尽职调查和客户身份资料及交易记录保存管理办法",
        date(2026, 1, 1),
        parameters={"amount": 5_000_000},
        seen=Seen.TOLD,
    ),
    Row(
        "A-311",
        "time_early",
        Words(
            "定期提前支取部分按支取日活期利率计息，其余按原利率",
            "What is drawn early earns the demand rate of that day; the rest keeps its rate",
        ),
        "储蓄管理条例 第二十四至二十六条",
        date(1993, 3, 1),
    ),
    Row(
        "A-321",
        "transfer_timing",
        Words(
            "转账可选实时、普通（2 小时）、次日；未发出前可以撤销",
            "Transfers: real time, ordinary (2 hours), next day; revocable until sent",
        ),
        "银发〔2016〕261号",
        date(2016, 12, 1),
        parameters={"ordinary_minutes": 120, "next_day_minutes": 1_440},
        seen=Seen.TOLD,
    ),
    Row(
        "A-322",
        "real_time_confirm",
        Words(
            "实时到账：屏幕显示收款人、账号、金额，由客户本人确认",
            "Real time 实时到账: payee, account and amount are shown and confirmed by the customer",
        ),
        "银发〔2019〕85号 第十一条",
        date(2019, 4, 1),
    ),
    Row(
        "A-331",
        "loss_written",
        Words("挂失须书面申请；口头挂失 5 日内补书面", "Loss is reported in writing, within 5 days of an oral report"),
        "储蓄管理条例 第三十至三十一条",
        date(1993, 3, 1),
        parameters={"days": 5},
    ),
    Row(
        "C-401",
        "company_willingness",
        Words(
            "开户须向法定代表人当面或视频核实开户意愿，结果 30 日内有效",
            "The representative's wish is checked face to face or by video; it holds for 30 days",
        ),
        "企业银行结算账户管理办法（银发〔2019〕41号附件）；30 日为本行规定",
        date(2019, 2, 25),
        parameters={"days": 30},
        seen=Seen.TOLD,
    ),
    Row(
        "C-402",
        "company_appointment",
        Words("视频核实须预约，前后 60 分钟内有效", "By video only by appointment, 60 minutes around its time"),
        "本行远程业务规程",
        date(2019, 2, 25),
        parameters={"minutes": 60},
        seen=Seen.OWN,
    ),
    Row(
        "C-403",
        "company_basic",
        Words("一个单位只能开立一个基本存款账户", "One basic account for each company"),
        "人民币银行结算账户管理办法（人行令〔2003〕第5号）第四条",
        date(2003, 9, 1),
        parameters={"count": 1},
    ),
    Row(
        "C-404",
        "company_signer",
        Words(
            "由法定代表人办理，或由其授权、证件已登记的经办人办理",
            "The representative signs, or a handler whom he authorised and whose ID is recorded",
        ),
        "人民币银行结算账户管理办法实施细则（银发〔2005〕16号）第三十八条；授权最长一年为本行规定",
        date(2019, 2, 25),
        parameters={"days": 366},
    ),
    Row(
        "C-411",
        "licence_reuse",
        Words(
            "存档执照未过期且一年内核对过的，可以再用",
            "A licence on record may be used again while it is valid and was seen within a year",
        ),
        "本行档案规程",
        date(2019, 2, 25),
        parameters={"days": 365},
        seen=Seen.OWN,
    ),
    Row(
        "C-421",
        "company_review",
        Words("单位账户每 12 个月年检，提前 30 日提示", "Reviewed every 12 months, told 30 days before"),
        "人民币银行结算账户管理办法（人行令〔2003〕第5号）第六十二条；提前天数为本行规定",
        date(2003, 9, 1),
        parameters={"months": 12, "before": 30},
    ),
    Row(
        "C-422",
        "company_suspension",
        Words(
            "年检逾期或执照过期满 90 日的，暂停业务",
            "Suspended once the review, or a new licence, is 90 days overdue",
        ),
        "金融机构客户身份识别和客户身份资料及交易记录保存管理办法（令〔2007〕第2号）第十九条；年检逾期及天数为本行规定",
        date(2019, 2, 25),
        valid_to=date(2025, 12, 31),
        parameters={"days": 90},
    ),
    Row(
        "C-422",
        "company_suspension",
        Words(
            "年检逾期或执照过期满 90 日的，暂停业务",
            "Suspended once the review, or a new licence, is 90 days overdue",
        ),
        "金融机构客户尽职调查和客户身份资料及交易记录保存管理办法（令〔2025〕第11号）；年检逾期及天数为本行规定",
        date(2026, 1, 1),
        parameters={"days": 90},
        seen=Seen.UNSEEN,
    ),
)

_BY_TOPIC: Mapping[str, tuple[Row, ...]] = {
    topic: tuple(row for row in ROWS if row.topic == topic) for topic in {row.topic for row in ROWS}
}


@dataclass(frozen=True, slots=True)
class Rate:
    """Yearly interest in millionths, from a day on."""

    term: str
    millionths: int
    valid_from: date


RATES: Sequence[Rate] = tuple(
    Rate(term, millionths, day)
    for day, rates in (
        (date(2020, 1, 1), {"": 3500, "3个月": 13500, "6个月": 15500, "1年": 17500, "2年": 22500, "3年": 27500,
                            "5年": 27500}),
        (date(2025, 5, 20), {"": 500, "3个月": 6500, "6个月": 8500, "1年": 9500, "2年": 10500, "3年": 12500,
                             "5年": 13000}),
    )
    for term, millionths in rates.items()
)  # fmt: skip
"""Listed rates of the demonstration bank; the empty term is the demand rate."""


def rate(term: str, day: date) -> int:
    """Millionths a year for a term (empty: demand) listed on a day."""
    listed = [one for one in RATES if one.term == term and one.valid_from <= day]
    return max(listed, key=lambda one: one.valid_from).millionths


def in_force(topic: str, day: date) -> Row | None:
    """The row of a topic on a day; None: the rule does not hold then."""
    return next((row for row in _BY_TOPIC[topic] if row.holds_on(day)), None)


def by_code(code: str) -> Row:
    """The newest row of a number."""
    return next(row for row in reversed(ROWS) if row.code == code)
