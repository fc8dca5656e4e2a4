"""The record of a case: why a second person had to agree, what was signed, what happened when, how it ended.

Code: (Chinese, English).
"""

_RULES: dict[str, tuple[str, str]] = {
    "rule.amount_above_teller_limit": (
        "取现超过柜员限额：{amount:money}，限额 {limit:money}",
        "Above the teller's limit: {amount:money}, limit {limit:money}",
    ),
    "rule.face_below_threshold": ("人脸比对 {score}，低于 {threshold}", "Face score {score}, below {threshold}"),
    "rule.first_large_withdrawal_of_elder": (
        "{from_age} 岁以上首次大额取现",
        "First large withdrawal from age {from_age}",
    ),
    "rule.large_cash_registration": (
        "现金 {from_amount:money} 以上，登记身份",
        "Cash from {from_amount:money}: identity registered",
    ),
}

_SUMMARY: dict[str, tuple[str, str]] = {
    "summary.business": ("业务", "Business"),
    "summary.amount": ("金额", "Amount"),
    "summary.amount_words": ("大写", "In words"),
    "summary.notes": ("券别", "Notes"),
    "summary.holder": ("户名", "Name"),
    "summary.account": ("账户", "Account"),
    "summary.fee": ("手续费", "Fee"),
    "summary.place": ("地点", "Place"),
    "summary.case": ("受理单号", "Case"),
    "summary.all": ("全部内容", "everything"),
}

_TIMELINE: dict[str, tuple[str, str]] = {
    "timeline.opened": ("来到机器前", "Arrived"),
    "timeline.card_read": ("读卡", "Card read"),
    "timeline.card_back": ("卡已插回", "Card inserted again"),
    "timeline.answered": ("接入", "Answered"),
    "timeline.asked_talk": ("与客户交谈", "Talk to the customer"),
    "timeline.asked_lay_id_front": ("请放身份证人像面", "Asked for the ID front"),
    "timeline.asked_lay_id_back": ("请放身份证国徽面", "Asked for the ID back"),
    "timeline.asked_insert_cash": ("请放入现金", "Asked for cash"),
    "timeline.asked_confirm": ("请客户再确认", "Asked to confirm again"),
    "timeline.asked_pin": ("请客户再输密码", "Asked for the PIN again"),
    "timeline.asked_sign": ("请客户再签名", "Asked to sign again"),
    "timeline.id_front": ("身份证人像面", "ID front"),
    "timeline.id_back": ("身份证国徽面", "ID back"),
    "timeline.portrait": ("证件照", "Portrait"),
    "timeline.live_frame": ("现场抓拍", "Live picture"),
    "timeline.face_match": ("人脸比对", "Face match"),
    "timeline.cash_counted": ("现金清点", "Cash counted"),
    "timeline.submitted": ("提交", "Submitted"),
    "timeline.authorised": ("无须授权", "No authorisation needed"),
    "timeline.task_assigned": ("已派授权员", "Dealt to an authoriser"),
    "timeline.task_opened": ("授权员在看", "Authoriser looking"),
    "timeline.evidence_altered": ("授权员上报资料被改动", "Evidence reported as altered"),
    "timeline.task_passed_on": ("转给别的授权员", "Passed on"),
    "timeline.approved": ("授权同意", "Approved"),
    "timeline.rejected": ("授权拒绝", "Rejected"),
    "timeline.returned": ("退回补充", "Returned"),
    "timeline.withdrawn": ("柜员撤回", "Withdrawn"),
    "timeline.reopened": ("重新填写", "Reopened"),
    "timeline.confirmed": ("客户确认", "Confirmed"),
    "timeline.disputed": ("客户指出有误", "Disputed"),
    "timeline.pin_ok": ("密码正确", "PIN right"),
    "timeline.pin_wrong": ("密码不对", "PIN wrong"),
    "timeline.pin_blocked": ("密码锁定，卡已留", "PIN blocked, card kept"),
    "timeline.signed": ("签名", "Signed"),
    "timeline.executed": ("执行", "Executed"),
    "timeline.card_inside": ("卡在机内", "Card inside"),
    "timeline.card_returned": ("退卡", "Card returned"),
    "timeline.card_taken": ("卡已取走", "Card taken"),
    "timeline.card_retained": ("卡已留下", "Card kept"),
    "timeline.card_pulled": ("卡被提前拔出", "Card pulled early"),
    "timeline.cash_moving": ("现金出入中", "Notes moving"),
    "timeline.cash_settled": ("现金已交割", "Cash settled"),
    "timeline.cash_reversed": ("已冲正", "Reversed"),
    "timeline.cash_returned": ("现金已退还", "Cash given back"),
    "timeline.cash_suspense": ("挂账", "In suspense"),
    "timeline.retry_payout": ("重新出钞", "Paid out again"),
    "timeline.change_amount": ("改金额", "Amount changed"),
    "timeline.part_accepted": ("按实付办结", "Closed with the part paid"),
    "timeline.voucher_sealed": ("凭证已盖章", "Voucher sealed"),
    "timeline.receipt_printed": ("凭条已打印", "Receipt printed"),
    "timeline.receipt_failed": ("凭条没打出来", "Receipt not printed"),
    "timeline.rated": ("客户评价", "Rated"),
    "timeline.completed": ("办结", "Completed"),
    "timeline.cancelled": ("取消", "Cancelled"),
    "timeline.failed": ("未办成，有挂账", "Failed, suspense open"),
}

_ENDS: dict[str, tuple[str, str]] = {
    "end.customer_left": ("客户离开", "The customer left"),
    "end.customer_refused": ("客户不办了", "The customer changed their mind"),
    "end.teller": ("柜员结束", "Ended by the teller"),
    "end.pin.blocked": ("密码三次不对，卡已留", "Three wrong PINs, card kept"),
    "end.cash.suspense": ("现金结果不明，已挂账", "Cash not known, in suspense"),
    "end.cash.payout_jam": ("出钞卡钞，没有扣款", "Jam, nothing debited"),
    "end.cash.cash_not_taken": ("现金没取，没有扣款", "Not taken, nothing debited"),
    "end.cash.payout_failed": ("没有出钞，没有扣款", "No payout, nothing debited"),
    "end.cash.deposit_returned": ("现金已退还", "Cash given back"),
}

_TODOS: dict[str, tuple[str, str]] = {
    "todo.suspense": (
        "{amount:money} 已记挂账 {reference}，等现场开箱·{machine}",
        "{amount:money} in suspense {reference} until the machine is opened · {machine}",
    ),
}

TEXTS: dict[str, tuple[str, str]] = {**_RULES, **_SUMMARY, **_TIMELINE, **_ENDS, **_TODOS}
