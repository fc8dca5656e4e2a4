"""What the server says when a command on a case, a task or the bank's books is refused. Code: (Chinese, English).

``<code>.without_<parameters>`` stands in when those parameters are not known (see :class:`ui.kit.texts.book.TextBook`).
"""

_CASE: dict[str, tuple[str, str]] = {
    "case.not_found": ("没有这张受理单，请核对号码", "No such case: check the number"),
    "case.forbidden": ("这张受理单不归您看，请找经办坐席", "This case is not yours to see: ask the seat that has it"),
    "case.not_yours": ("受理单 {number} 正由坐席 {seat} 办理", "Case {number} is open at seat {seat}"),
    "case.not_yours.without_seat": ("受理单 {number} 现在不在您这里办理", "Case {number} is not open at your seat"),
    "case.stale": ("别人刚改过这一项，请看新内容再改", "Somebody changed this meanwhile: look at it, then change it"),
    "case.wrong_state": ("这一步现在不能做，请看步骤栏", "This cannot be done now: see the steps"),
    "case.not_settled": (
        "钱和凭证还没办完，不能结束，请先看步骤栏",
        "Money or voucher is not finished yet: see the steps before closing",
    ),
    "case.settled": ("业务已办成，不能取消，请结束办理", "The business is done and cannot be cancelled: finish it"),
    "step.not_now": ("现在还不到这一步，请看步骤栏", "Not at this step now: see the steps"),
    "prompt.not_now": (
        "现在不能请客户做这一步，请看步骤栏",
        "The customer cannot be asked for this now: see the steps",
    ),
    "consent.missing": (
        "客户还没有确认、输密码和签名，不能执行",
        "The customer has not confirmed, entered the PIN and signed yet: nothing is carried out",
    ),
    "teller.serving": ("受理单 {number} 还没结束，请先结束它", "Case {number} is still open: end it first"),
    "ticket.taken": ("受理单 {number} 正由坐席 {seat} 办理", "Case {number} is open at seat {seat}"),
    "ticket.taken.without_seat": ("受理单 {number} 已由别人接待", "Somebody else serves case {number} already"),
    "ticket.not_ringing_here": (
        "这位客户已转给别的坐席，请接下一位",
        "This customer now rings at another seat: take the next",
    ),
    "ticket.wrong_state": (
        "这位客户已经不在排队，请接下一位",
        "This customer is not in the queue any more: take the next",
    ),
    "kiosk.visit_open": (
        "上一位客户的卡或现金还没取走，请先处理",
        "The last customer's card or cash is still to be taken: see to it first",
    ),
    "summary.changed": ("内容已更新，请客户重新核对", "The content changed: the customer has to check it again"),
    "summary.unknown_line": ("确认单上没有这一行，请重新推送", "The summary has no such line: push it again"),
    "trouble.none": ("现在没有要选的，请看步骤栏", "There is nothing to choose now: see the steps"),
    "trouble.unknown_choice": ("没有这个选项，请从列出的里选", "No such choice: take one that is listed"),
    "trouble.choose_first": ("请先选怎么处理，再做下一步", "Choose what to do first, then go on"),
}

_CARD: dict[str, tuple[str, str]] = {
    "card.unreadable": (
        "卡读不出来，请客户擦一下、换一面再插",
        "The card cannot be read: wipe it, turn it, insert it again",
    ),
    "card.unknown": ("这不是本行的卡，请客户换一张", "This card is not from this bank: ask for another"),
    "card.expired": ("卡 {date} 过期，不能办理，请客户换卡", "Card expired {date}: cannot continue, ask for a new one"),
    "card.expired.without_date": (
        "卡已过期，不能办理，请客户换卡",
        "The card has expired: cannot continue, ask for a new one",
    ),
    "card.blocked": (
        "这张卡已锁定，请客户带身份证到柜台解锁",
        "This card is blocked: it is unlocked at a branch, with the ID",
    ),
    "card.other_than_before": (
        "不是刚才那张卡，请客户插回刚才的卡",
        "Not the card of before: ask for the same card again",
    ),
    "card.missing": (
        "卡不在机器里，没有动账，请客户插回",
        "The card is not in the machine, nothing was booked: ask for it",
    ),
    "card.wrong_state": ("卡的位置不对，请看设备栏再试", "The card is somewhere else: see the devices, then try again"),
    "account.not_active": (
        "账户不能办理现金业务，请核对账户状态",
        "The account cannot be used for cash: check its state",
    ),
    "account.insufficient": (
        "余额不足：可用 {available:money}，要取 {amount:money}，请改金额",
        "Insufficient balance: {available:money} available, {amount:money} wanted. Change the amount",
    ),
}

_TASK: dict[str, tuple[str, str]] = {
    "task.decided": ("这件已由 {number} 在 {at:time} 决定", "Decided by {number} at {at:time}"),
    "task.decided.without_at": ("这件已由 {number} 决定", "Decided by {number}"),
    "task.expired": ("已超时，这件已转给别人", "Time is over: passed on to somebody else"),
    "task.withdrawn": ("柜员已撤回，不用决定", "Withdrawn by the teller: nothing to decide"),
    "task.not_yours": ("这件不是派给您的，请看下一件", "This task is not yours: go on to the next"),
    "task.maker_is_checker": ("您是提交人，不能授权自己的业务", "You submitted this: you cannot authorise it"),
}

_VOUCHER: dict[str, tuple[str, str]] = {
    "voucher.not_found": ("还没有凭证，办完后再看", "There is no voucher yet: look again when the case is done"),
    "voucher.bad_signature": (
        "签名读不出来，请客户重签",
        "The signature cannot be read: ask the customer to sign again",
    ),
    "voucher.invalid": (
        "凭证内容不全，没有盖章，请联系主管",
        "The voucher is incomplete and was not sealed: ask a supervisor",
    ),
    "voucher.no_font": (
        "服务器缺中文字体，凭证做不出来，请联系管理员",
        "The server has no Chinese font for vouchers: call the administrator",
    ),
    "voucher.bad_anchor": (
        "验证用的银行证书读不出来，请联系管理员",
        "The bank's certificate cannot be read: call the administrator",
    ),
}

_BOOKS: dict[str, tuple[str, str]] = {
    "money.unknown_currency": ("不支持币种 {currency}，请改用人民币", "Currency {currency} is not known: use CNY"),
    "money.currencies_differ": ("币种不同，没有入账，请核对", "Currencies differ, nothing was booked: check them"),
    "money.no_capitals": ("这个币种不能写成大写金额，请改用人民币", "No amount in words for this currency: use CNY"),
    "ledger.overdrawn": ("余额不足，没有入账，请改金额", "Insufficient balance, nothing was booked: change the amount"),
    "ledger.unbalanced": (
        "借贷不平，没有入账，请联系主管",
        "Debits and credits differ, nothing was booked: ask a supervisor",
    ),
    "ledger.too_few_postings": (
        "分录不完整，没有入账，请联系主管",
        "An entry is incomplete, nothing was booked: ask a supervisor",
    ),
    "ledger.empty_posting": (
        "分录金额为零，没有入账，请核对金额",
        "A posting of nothing was not booked: check the amount",
    ),
    "ledger.not_positive": (
        "金额要大于零，没有入账，请改金额",
        "The amount must be above zero, nothing was booked: change it",
    ),
    "ledger.naive_time": (
        "记账时间不明确，没有入账，请联系主管",
        "The booking time is not clear, nothing was booked: ask a supervisor",
    ),
    "ledger.reverses_reversal": ("冲正不能再冲正，没有入账", "A reversal is not reversed again: nothing was booked"),
    "ledger.unknown_account": (
        "没有这个科目，没有入账，请联系主管",
        "No such ledger account, nothing was booked: ask a supervisor",
    ),
    "ledger.unknown_entry": (
        "没有这笔分录，没有入账，请联系主管",
        "No such entry, nothing was booked: ask a supervisor",
    ),
    "ledger.hold_ended": ("这笔占款已经结束，没有再动钱", "This hold has ended already: no money moved again"),
}

TEXTS: dict[str, tuple[str, str]] = {**_CASE, **_CARD, **_TASK, **_VOUCHER, **_BOOKS}
