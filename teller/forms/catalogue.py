"""The dictionary of fields: each fact has one name, one kind, one place, whichever transactions ask for it."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from teller.forms.fields import FieldKind, FieldSpec, Section

LONG_TERM = "长期"
"""What an identity card prints instead of a last day."""
YES, NO = "是", "否"
SELF, AGENT = "本人", "代办"
REPRESENTATIVE, HANDLER = "法定代表人", "授权经办人"
SHOWN_NOW, ON_RECORD = "出示执照", "使用存档执照"
AGENT_BEGINS, AGENT_ENDS = "登记授权", "撤销授权"
RESIDENT_ID, HOUSEHOLD, PASSPORT = "居民身份证", "户口簿", "护照"
CHINA, USA = "中国", "美国"
CHINA_ONLY, ABROAD, BOTH = "仅为中国税收居民", "仅为非居民", "既是中国又是其他国家税收居民"

IDENTITY = Section("identity", "证件信息", "Identity card")
PARTIES = Section("parties", "代办与监护", "Agent or guardian")
CONTACT = Section("contact", "联系与职业", "Contact and work")
TAX = Section("tax", "税收", "Tax")
ACCOUNT = Section("account", "账户与资金", "Account and money")
CHANNEL = Section("channel", "渠道与限额", "Channels and limits")
SERVICE = Section("service", "业务事项", "Service")
TRANSACTION = Section("transaction", "交易", "Transaction")
COMPANY = Section("company", "单位信息", "Company")
SECTIONS = (
    IDENTITY, COMPANY, CONTACT, PARTIES, TAX, ACCOUNT, CHANNEL, SERVICE, TRANSACTION,
)  # fmt: skip

_K = FieldKind
_I, _P, _C, _X = IDENTITY.code, PARTIES.code, CONTACT.code, TAX.code
_A, _H = ACCOUNT.code, CHANNEL.code
_S, _F = SERVICE.code, TRANSACTION.code
_O = COMPANY.code


def _f(name: str, kind: FieldKind, section: str, zh: str, en: str, columns: int = 4, **more: object) -> FieldSpec:
    return replace(FieldSpec(name, kind, section, zh, en, columns), **more)  # type: ignore[arg-type]


_IDENTITY_FIELDS = (
    _f("name", _K.TEXT, _I, "姓名", "Name", 3, pii=True),
    _f("sex", _K.CHOICE, _I, "性别", "Sex", 2, choices=("男", "女")),
    _f("nation", _K.TEXT, _I, "民族", "Ethnic group", 2),
    _f("birth", _K.DATE, _I, "出生日期", "Date of birth", 5, pii=True, sense="past"),
    _f("address", _K.TEXT, _I, "住址", "Address", 12, pii=True),
    _f("id_number", _K.ID_NUMBER, _I, "公民身份号码", "ID number", 7, pii=True),
    _f("authority", _K.TEXT, _I, "签发机关", "Issuing authority", 5),
    _f("valid_from", _K.DATE, _I, "有效期自", "Valid from", 6),
    _f("valid_to", _K.DATE, _I, "有效期至", "Valid until", 6, long_term=True),
)
_BANKING = (
    _f("nationality", _K.CHOICE, _I, "国籍", "Nationality", 4, choices=(CHINA, USA, "其他"), preset=CHINA),
    _f("id_kind", _K.CHOICE, _I, "证件种类", "Kind of document", 4,
       choices=(RESIDENT_ID, HOUSEHOLD, PASSPORT), preset=RESIDENT_ID),
    _f("acting", _K.CHOICE, _C, "办理人", "Who is here", 4, choices=(SELF, AGENT), preset=SELF),
    _f("agent_name", _K.NAME, _P, "代办人姓名", "Agent's name", 4, pii=True),
    _f("agent_id", _K.ID_NUMBER, _P, "代办人身份号码", "Agent's ID number", 6, pii=True),
    _f("agent_phone", _K.PHONE, _P, "代办人手机", "Agent's phone", 4, pii=True),
    _f("agent_reason", _K.TEXT, _P, "代办原因与核实", "Why, and how it was checked", 8),
    _f("guardian_name", _K.NAME, _P, "监护人姓名", "Guardian's name", 4, pii=True),
    _f("guardian_id", _K.ID_NUMBER, _P, "监护人身份号码", "Guardian's ID number", 6, pii=True),
    _f("guardian_tie", _K.CHOICE, _P, "与客户关系", "Relation", 4, choices=("父亲", "母亲", "其他监护人")),
    _f("phone", _K.PHONE, _C, "手机号码", "Mobile phone", 4, pii=True),
    _f("occupation", _K.CHOICE, _C, "职业", "Occupation", 4,
       choices=("专业技术人员", "单位职员", "个体经营", "学生", "务农", "退休", "其他")),
    _f("employer", _K.TEXT, _C, "工作单位", "Employer", 4, required=False),
    _f("income", _K.CHOICE, _C, "月收入（元）", "Monthly income", 4,
       choices=("3,000 以下", "3,000–8,000", "8,000–15,000", "15,000–50,000", "50,000 以上")),
    _f("region", _K.REGION, _C, "常住地区代码", "Region code", 4),
    _f("home", _K.TEXT, _C, "常住地址", "Home address", 8, pii=True, like="address"),
    _f("email", _K.EMAIL, _C, "邮箱（选填）", "E-mail (optional)", 4, required=False, pii=True),
    _f("tax_residency", _K.CHOICE, _X, "税收居民身份", "Tax residency", 6,
       choices=(CHINA_ONLY, ABROAD, BOTH), preset=CHINA_ONLY),
    _f("tax_country", _K.TEXT, _X, "税收居民国", "Country of tax residence", 4),
    _f("tax_number", _K.TEXT, _X, "纳税人识别号", "Taxpayer number", 4, pii=True),
    _f("us_person", _K.CHOICE, _X, "是否美国人士", "US person", 4, choices=(NO, YES), preset=NO),
    _f("w9_tin", _K.DIGITS, _X, "W-9 纳税人识别号", "W-9 taxpayer number", 4, pii=True),
    _f("w9_address", _K.TEXT, _X, "W-9 美国地址", "W-9 address", 8, pii=True),
    _f("card_number", _K.CARD, _A, "新卡卡号（扫卡）", "Number of the new card", 6, pii=True),
    _f("bound_card", _K.CARD, _A, "绑定一类户卡号", "Bound class I card", 6, pii=True),
    _f("purpose", _K.CHOICE, _A, "开户用途", "What it is for", 4,
       choices=("储蓄", "工资代发", "消费支付", "投资理财", "社保医保")),
    _f("td_amount", _K.AMOUNT, _A, "存单金额", "Amount of the deposit", 4),
    _f("td_term", _K.CHOICE, _A, "存期", "Term", 4,
       choices=("3个月", "6个月", "1年", "2年", "3年", "5年"), preset="1年"),
    _f("td_rollover", _K.CHOICE, _A, "到期", "At maturity", 4, choices=("自动转存", "到期不转"), preset="自动转存"),
    _f("ti_amount", _K.AMOUNT, _A, "转入金额", "Amount coming in", 4),
    _f("ti_account", _K.DIGITS, _A, "付款账号", "From account", 4, pii=True),
    _f("ti_bank", _K.TEXT, _A, "付款银行", "From bank", 4),
    _f("mb_day", _K.AMOUNT, _H, "手机银行日限额", "Mobile: a day", 4, preset="50000.00"),
    _f("ob_day", _K.AMOUNT, _H, "网上银行日限额", "Online: a day", 4, preset="50000.00"),
    _f("atm_transfer_day", _K.AMOUNT, _H, "ATM 转账日限额", "ATM transfers: a day", 4, preset="50000.00"),
    _f("quick_once", _K.AMOUNT, _H, "快捷支付单笔限额", "Quick payment: each", 4, preset="5000.00"),
    _f("quick_day", _K.AMOUNT, _H, "快捷支付日限额", "Quick payment: a day", 4, preset="10000.00"),
    _f("atm_day", _K.AMOUNT, _H, "ATM 取现日限额", "ATM cash: a day", 4, preset="20000.00"),
    _f("pos_day", _K.AMOUNT, _H, "POS 消费日限额", "POS: a day", 4, preset="50000.00"),
    _f("ukey", _K.DIGITS, _H, "U 盾编号（扫码）", "Number of the U-key", 4),
    _f("own_account", _K.DIGITS, _A, "本人账户", "Own account", 6, pii=True),
    _f("td_number", _K.TEXT, _A, "存单号", "Certificate", 6),
    _f("td_part", _K.AMOUNT, _A, "支取金额（全部则留空）", "Amount (empty: all)", 4, required=False),
    _f("payee_name", _K.TEXT, _A, "收款人", "Payee", 4, pii=True),
    _f("payee_account", _K.DIGITS, _A, "收款账号", "To account", 5, pii=True),
    _f("payee_bank", _K.TEXT, _A, "收款银行", "At bank", 3),
    _f("tr_amount", _K.AMOUNT, _A, "转账金额", "Amount", 4),
    _f("tr_timing", _K.CHOICE, _A, "到账方式", "When", 4,
       choices=("实时到账", "普通到账", "次日到账"), preset="普通到账"),
    _f("tr_purpose", _K.TEXT, _A, "用途", "Purpose", 4),
    _f("tr_order", _K.TEXT, _A, "转账流水号", "Number of the transfer", 6),
    _f("loss_way", _K.CHOICE, _S, "挂失方式", "How", 4, choices=("书面挂失", "口头挂失"), preset="书面挂失"),
    _f("close_account", _K.DIGITS, _S, "转入本人账号", "Balance goes to", 5, pii=True),
    _f("close_bank", _K.TEXT, _S, "转入银行", "At bank", 4),
    _f("close_reason", _K.CHOICE, _S, "销户原因", "Reason", 3, choices=("不再使用", "合并账户", "服务不满意")),
    _f("cert_use", _K.CHOICE, _S, "证明用途", "What it is for", 4,
       choices=("签证", "留学", "投标", "其他"), preset="签证"),
    _f("cert_to", _K.TEXT, _S, "证明抬头", "Addressed to", 4),
    _f("st_from", _K.DATE, _S, "起始日期", "From", 4, sense="past"),
    _f("st_to", _K.DATE, _S, "截止日期", "To", 4, sense="past"),
    _f("passbook_number", _K.DIGITS, _S, "空白存折编号（扫码）", "Number of the blank book", 4),
    _f("passbook_reason", _K.CHOICE, _S, "更换原因", "Why", 4,
       choices=("写满换册", "损坏换册", "遗失补发"), preset="写满换册"),
    _f("key_number", _K.DIGITS, _S, "钥匙编号", "Key number", 4),
    _f("key_way", _K.CHOICE, _S, "交接方向", "Direction", 4, choices=("客户交存", "客户领回"), preset="客户交存"),
)  # fmt: skip

_COMPANY_FIELDS = (
    _f("co_code", _K.CREDIT_CODE, _O, "统一社会信用代码", "Unified social credit code", 6),
    _f("co_licence", _K.CHOICE, _O, "营业执照", "Business licence", 6, choices=(SHOWN_NOW, ON_RECORD)),
    _f("co_name", _K.TEXT, _O, "单位名称", "Name of the company", 12),
    _f("co_type", _K.TEXT, _O, "类型", "Type", 6),
    _f("co_capital", _K.TEXT, _O, "注册资本", "Registered capital", 6, required=False),
    _f("co_rep", _K.NAME, _O, "法定代表人", "Legal representative", 4, pii=True),
    _f("co_since", _K.DATE, _O, "成立日期", "Established", 4, sense="past"),
    _f("co_until", _K.DATE, _O, "营业期限至", "Licence valid until", 4, long_term=True, preset=LONG_TERM),
    _f("co_address", _K.TEXT, _O, "住所", "Address", 12),
    _f("co_qr", _K.TEXT, _O, "执照二维码", "QR code of the licence", 12, required=False),
    _f("co_role", _K.CHOICE, _O, "到场人身份", "Who is here", 4, choices=(REPRESENTATIVE, HANDLER)),
    _f("co_phone", _K.PHONE, _O, "单位联系手机", "Company's phone", 4, pii=True),
    _f("co_kind", _K.CHOICE, _A, "账户性质", "Kind of account", 4,
       choices=("基本存款账户", "一般存款账户", "专用存款账户"), preset="基本存款账户"),
    _f("co_use", _K.TEXT, _A, "资金用途", "What the money is for", 8),
    _f("co_day", _K.AMOUNT, _H, "企业网银日限额", "Online: a day", 4, preset="500000.00"),
    _f("co_maker", _K.DIGITS, _H, "经办 U 盾编号", "U-key of who enters", 4),
    _f("co_checker", _K.DIGITS, _H, "复核 U 盾编号", "U-key of who checks", 4),
    _f("co_st_cycle", _K.CHOICE, _H, "对账周期", "Statements", 4, choices=("按月", "按季"), preset="按月"),
    _f("co_st_mail", _K.EMAIL, _H, "电子对账邮箱", "Statements go to", 8),
    _f("co_agent_act", _K.CHOICE, _O, "授权事项", "Authorisation", 3, choices=(AGENT_BEGINS, AGENT_ENDS),
       preset=AGENT_BEGINS),
    _f("co_agent_name", _K.NAME, _O, "授权经办人姓名", "Handler's name", 3, pii=True),
    _f("co_agent_id", _K.ID_NUMBER, _O, "授权经办人身份号码", "Handler's ID number", 6, pii=True),
    _f("co_agent_until", _K.DATE, _O, "授权至（空：一年）", "Until (empty: a year)", 4, required=False),
    _f("appt_rep_id", _K.ID_NUMBER, _O, "法定代表人身份号码", "Representative's ID number", 6, pii=True),
    _f("appt_day", _K.DATE, _S, "预约日期", "Day", 4),
    _f("appt_time", _K.CHOICE, _S, "预约时间", "Time", 4,
       choices=("09:00", "09:30", "10:00", "10:30", "11:00", "11:30", "13:30", "14:00", "14:30", "15:00", "15:30",
                "16:00", "16:30")),
    _f("appt_number", _K.TEXT, _S, "预约编号（视频核实）", "Appointment (by video)", 6, required=False),
    _f("will_own", _K.CHOICE, _S, "问：是否本人自愿为本单位开户", "Asked: of own will", 6, choices=(YES, NO)),
    _f("will_use", _K.TEXT, _S, "答：开户用途", "Answered: what for", 6),
    _f("will_trade", _K.TEXT, _S, "答：主营业务与上下游", "Answered: its business", 6),
    _f("will_place", _K.CHOICE, _S, "问：是否在执照住所经营", "Asked: at that address", 6, choices=(YES, NO)),
    _f("will_duty", _K.CHOICE, _S, "问：是否知悉不得出租出借账户", "Asked: knows not to lend it", 6, choices=(YES, NO)),
    _f("will_outcome", _K.CHOICE, _S, "核实结果", "Outcome", 4, choices=("通过", "不通过")),
    _f("will_note", _K.TEXT, _S, "核实说明", "Note", 8, required=False),
    _f("review_result", _K.CHOICE, _S, "年检结果", "Outcome of the review", 4,
       choices=("通过", "限期补正", "暂停业务")),
    _f("review_note", _K.TEXT, _S, "年检说明", "Note", 8, required=False),
)  # fmt: skip

ACCOUNT_SHOWN = _f("account", _K.TEXT, _F, "账户", "Account", 6, read_only=True)
AMOUNT_OUT = _f("amount", _K.AMOUNT, _F, "取款金额", "Amount to withdraw", 6)
AMOUNT_IN = _f("amount", _K.AMOUNT, _F, "存款金额", "Amount to deposit", 6, read_only=True)
AMOUNT_AFTER = _f("out_amount", _K.AMOUNT, _F, "存后支取金额", "To withdraw after it", 6)
NOTES_IN = _f("notes", _K.NOTES, _F, "券别", "Notes counted", 12, read_only=True)

FIELDS: Mapping[str, FieldSpec] = MappingProxyType(
    {spec.name: spec for spec in (*_IDENTITY_FIELDS, *_BANKING, *_COMPANY_FIELDS, ACCOUNT_SHOWN)}
)
CARD_FACE = tuple(spec.name for spec in _IDENTITY_FIELDS)
"""What an identity card says: asked once in every case, whatever is done."""


def of(*names: str) -> tuple[FieldSpec, ...]:
    """Fields by name, as a transaction lists them."""
    return tuple(FIELDS[name] for name in names)


_PLACE = {section.code: place for place, section in enumerate(SECTIONS)}
_ORDER = {name: place for place, name in enumerate(FIELDS)}


def in_order(specs: tuple[FieldSpec, ...]) -> tuple[FieldSpec, ...]:
    """Each field once, by section, then as the dictionary has them; what it does not have keeps its order, last."""
    once = {spec.name: spec for spec in reversed(specs)}
    asked = list(dict.fromkeys(spec.name for spec in specs))
    last = len(_ORDER)
    names = sorted(asked, key=lambda name: (_PLACE[once[name].section], _ORDER.get(name, last)))
    return tuple(once[name] for name in names)
