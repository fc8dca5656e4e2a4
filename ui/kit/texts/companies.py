"""Companies: licence, representative's wish, appointments, review; at the machine, at the counter, in the register."""

_KIOSK: dict[str, tuple[str, str]] = {
    "kiosk.lay_licence": ("请放营业执照", "Lay the business licence down"),
    "kiosk.lay_licence_hint": ("正面朝上，放平后把手移开", "Face up, then take your hand away"),
}

_STATUS: dict[str, tuple[str, str]] = {
    "kiosk.status_paper_waiting": ("正在等执照，放好会自动拍照", "Waiting for the licence; the photo is automatic"),
}

_TELLER: dict[str, tuple[str, str]] = {
    "teller.key_ask_licence": ("请客户放营业执照", "Ask for the licence"),
    "teller.wait_licence": ("等客户放营业执照", "Waiting for the licence"),
    "teller.evidence_licence": ("营业执照", "Licence"),
    "teller.empty_licence": ("还没有拍", "Not taken yet"),
    "authoriser.evidence_licence": ("营业执照", "Business licence"),
    "authoriser.again_licence": ("营业执照重拍", "The licence again"),
    "reason.return_licence": ("营业执照要重拍", "Retake the licence"),
    "teller.section_company": ("单位信息", "Company"),
    "teller.section_short_company": ("单位", "Company"),
    "scenario.group_company": ("单位", "Company"),
    "timeline.asked_lay_licence": ("请放营业执照", "Asked for the licence"),
    "timeline.licence": ("营业执照", "Business licence"),
}

_REGISTER: dict[str, tuple[str, str]] = {
    "registers.companies": ("单位", "Companies"),
    "registers.kind_appointment.booked": ("预约", "Booked"),
    "registers.kind_appointment.kept": ("预约履行", "Call held"),
    "registers.kind_appointment.missed": ("预约爽约", "Call missed"),
    "registers.kind_appointment.moved": ("改约", "Call moved"),
    "registers.agenda": ("预约年检", "Calls, reviews"),
    "registers.kind_agenda.booked": ("视频核实", "Call"),
    "registers.kind_agenda.kept": ("已核实", "Call held"),
    "registers.kind_agenda.missed": ("爽约", "Call missed"),
    "registers.kind_agenda.due": ("待年检", "Review due"),
    "registers.kind_agenda.overdue": ("年检逾期", "Review late"),
    "registers.kind_agenda.suspended": ("已暂停", "Suspended"),
    "todo.company_call": ("{at} 视频核实意愿：{name}", "{at} call about the wish: {name}"),
    "todo.company_reviews": (
        "待年检单位 {count} 户，逾期 {late} 户（登记簿・预约年检）",
        "{count} {count:review|reviews} due, {late} late (registers, calls and reviews)",
    ),
    "registers.kind_willingness.passed": ("意愿通过", "Wish confirmed"),
    "registers.kind_willingness.failed": ("意愿不通过", "Wish refused"),
    "registers.kind_agent.recorded": ("授权登记", "Handler recorded"),
    "registers.kind_agent.ended": ("授权撤销", "Handler withdrawn"),
    "registers.word_company.not_signer": ("无签约权", "may not sign"),
    "registers.kind_company.opened": ("开户", "Opened"),
    "registers.kind_company.refused": ("拒绝开户", "Not opened"),
    "registers.kind_company.review_due": ("待年检", "Review due"),
    "registers.kind_company.reviewed": ("已年检", "Reviewed"),
    "registers.kind_company.suspended": ("暂停业务", "Suspended"),
    "registers.word_willingness.failed": ("意愿不通过", "wish refused"),
    "registers.word_willingness.other": ("不是法定代表人本人", "another representative"),
    "registers.word_company.suspended": ("业务已暂停", "suspended"),
    "registers.word_company.has_basic": ("已有基本户", "has a basic account"),
    "registers.word_review.overdue": ("年检逾期", "review overdue"),
    "registers.word_licence.expired": ("执照过期", "licence expired"),
}

_BARS: dict[str, tuple[str, str]] = {
    "bar.company_first": ("先办单位建立或执照核对", "Take the company or its licence first"),
}

_ERRORS: dict[str, tuple[str, str]] = {
    "credit_code.invalid": ("信用代码是 18 位，请逐位核对", "A credit code has 18 characters: check it"),
    "credit_code.check_digit": ("信用代码校验不通过，请逐位核对", "Check character is wrong: compare each one"),
    "company.unknown": ("没有这个单位，请核对信用代码", "No such company: check the credit code"),
    "company.suspended": ("单位业务已暂停，请先办年检", "Its business is suspended: do the review first"),
    "company.not_representative": (
        "到场人不是执照上的法定代表人，请核对",
        "Not the representative on the licence: check",
    ),
    "company.not_signer": (
        "到场人不是法定代表人（{representative}），也没有有效授权，不能办理",
        "Neither the representative ({representative}) nor an authorised handler: it cannot be done",
    ),
    "company.other_role": ("登记的身份是{role}，请改到场人身份", "On record: {role}. Correct who is here"),
    "company_agent.representative_only": (
        "授权只能由法定代表人本人登记或撤销",
        "Only the representative may authorise a handler, or withdraw it",
    ),
    "company_agent.same_person": ("授权经办人不能是法定代表人本人", "The handler must be somebody else"),
    "company_agent.too_long": ("授权最长一年，请改日期", "A year at most: change the day"),
    "company_agent.unknown": ("没有这个人的有效授权", "This person has no authorisation to withdraw"),
    "rule.representative_replaced": (
        "执照上的法定代表人已变更（原：{before}）",
        "The licence names another representative (before: {before})",
    ),
    "company.has_basic": ("该单位已有基本存款账户，请改账户性质", "It has a basic account: choose another kind"),
    "licence.none": ("没有存档的执照，请客户出示", "No licence on record: ask for it"),
    "licence.expired": ("营业执照已过期，请换新照再办", "The licence has expired: a new one is needed"),
    "licence.too_old": ("存档执照超过一年没核对，请客户出示", "Seen more than a year ago: ask for the licence"),
    "willingness.missing": (
        "还没有核实法定代表人意愿，请先预约或当面核实",
        "The wish is not checked yet: do it or book a call",
    ),
    "willingness.failed": ("法定代表人意愿核实不通过，不能开户", "The representative's wish was refused: no account"),
    "willingness.other": ("核实意愿的不是这位法定代表人，请重新核实", "Another representative was asked: ask this one"),
    "willingness.too_old": ("意愿核实已过有效期，请重新核实", "The wish was checked too long ago: ask again"),
    "willingness.contradicted": ("有回答为“否”，不能选通过", "With a no among the answers it cannot pass"),
    "willingness.note_missing": ("不通过请写明原因", "Say why it was refused"),
    "appointment.none": ("没有有效的预约，请先预约", "There is no such appointment: book one"),
    "appointment.other": ("预约的不是这个单位或这位法定代表人", "The appointment is of another company or person"),
    "appointment.not_now": ("预约时间是 {at}，现在不能核实", "The appointment is at {at}: not now"),
    "appointment.past": ("这个时间已经过去，请另选", "This time has passed: choose another"),
    "appointment.twice": (
        "该法定代表人这个时间已有另一家单位的预约，请另选",
        "The representative has another company's call at that time: choose another",
    ),
    "appointment.full": ("这个时间已约满，请另选", "This time is full: choose another"),
    "review.no_account": ("这个单位没有账户，不用年检", "It has no account: no review is due"),
    "review.note_missing": ("没有通过请写说明", "Say what is to be mended"),
    "ukey.number_used": ("这把 U 盾已经发出，请换一把新的", "This U-key is in use already: take another"),
    "ukey.same_twice": ("经办和复核要用两把 U 盾", "Who enters and who checks need a key each"),
}

TEXTS: dict[str, tuple[str, str]] = {**_KIOSK, **_STATUS, **_TELLER, **_REGISTER, **_BARS, **_ERRORS}
