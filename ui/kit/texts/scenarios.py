"""Scenarios, transactions, why one cannot be done, and what is wrong with the fields they ask."""

_WORDS: dict[str, tuple[str, str]] = {
    "scenario.either": ("{zh}", "{en}"),
    "scenario.other": ("其他业务", "Other business"),
    "scenario.with_amount": ("{what} {amount}", "{what} {amount}"),
    "scenario.reject": ("拒绝这笔业务？", "Reject this business?"),
    "scenario.transaction": ("{number} {what}", "{number} {what}"),
    "scenario.chosen": ("已选 {n} / {total}", "{n} of {total} chosen"),
    "scenario.group_basic": ("基础", "Basics"),
    "scenario.group_account": ("账户", "Accounts"),
    "scenario.group_money": ("资金", "Money"),
    "scenario.group_channel": ("渠道", "Channels"),
    "scenario.group_limit": ("限额", "Limits"),
    "scenario.group_service": ("服务", "Services"),
    "scenario.notices": ("办理前须知", "To be told before"),
    "scenario.palette": ("业务", "Business"),
    "scenario.start_on_site": ("现场办理：{what}", "On site: {what}"),
    "scenario.turn_to": ("改办：{what}", "Change to: {what}"),
    "scenario.add": ("加办：{what}", "Add: {what}"),
    "scenario.take_preset": ("常用组合：{what}", "Usual choice: {what}"),
    "scenario.drop": ("不办：{what}", "Leave out: {what}"),
    "scenario.reverse": ("整单冲正", "Reverse the whole case"),
    "scenario.reverse_title": ("冲正这件业务？", "Reverse this case?"),
    "scenario.reverse_text": (
        "经授权员同意后，入账和登记全部用新分录冲回，原记录保留",
        "Once an authoriser agrees, all bookings and registrations are undone by new entries; the old ones stay",
    ),
    "scenario.reversal_waits": ("冲正待授权，尚未冲回", "Reversal asked for: nothing is undone yet"),
    "scenario.reversal_refused": ("冲正未同意 {at}，一切照旧", "Reversal refused {at}: all stays as it was"),
    "authoriser.reversal_of": ("冲正・{what}", "Reversal · {what}"),
    "rule.reversal": ("整单冲正：{reason}", "Reversal of the whole case: {reason}"),
    "rule.reversal_wrong_data": ("整单冲正：录入有误", "Reversal of the whole case: wrong entry"),
    "rule.reversal_customer": ("整单冲正：客户要求", "Reversal of the whole case: the customer asks for it"),
    "scenario.reverse_wrong_data": ("录入有误", "Wrong entry"),
    "scenario.reverse_customer": ("客户要求", "The customer asks for it"),
    "scenario.reversed": ("已冲正 {at}", "Reversed {at}"),
}

_TIMELINE: dict[str, tuple[str, str]] = {
    "timeline.transactions_chosen": ("选定交易", "Transactions chosen"),
    "timeline.scenario_changed": ("改办业务", "Other business"),
    "timeline.pin_again": ("新密码第一次", "New PIN, first time"),
    "timeline.pin_differs": ("两次密码不一致", "PIN entries differ"),
    "timeline.reversal_asked": ("申请冲正", "Reversal asked for"),
    "timeline.reversal_refused": ("冲正未同意", "Reversal refused"),
    "timeline.reversed": ("已冲正", "Reversed"),
    "rule.screening": ("{rule} {reason_zh}", "{rule} {reason_en}"),
    "authoriser.why_screening": ("{reason_zh}", "{reason_en}"),
}

_PLAN: dict[str, tuple[str, str]] = {
    "plan.transaction": ("{number} {title_zh}", "{number} {title_en}"),
    "plan.undo.card": ("卡没交到手：作废该卡，整单冲正", "Card not handed over: void it, reverse the case"),
    "plan.undo.ukey": ("U 盾没交到手：作废登记，整单冲正", "U-key not handed over: void it, reverse the case"),
    "plan.undo.certificate": ("存单打不出：重打或整单冲正", "Certificate not printed: print again or reverse"),
    "plan.undo.passbook": ("存折打不出：换册重打或整单冲正", "Passbook not printed: take another or reverse"),
    "plan.undo.paper": ("证明打不出：重打，编号作废登记", "Paper not printed: print again, void the number"),
    "teller.key_execute_all": ("执行 {n} 项", "Carry out {n}"),
    "kiosk.confirm_more": ("下面还有，接着看", "There is more: go on"),
    "kiosk.talk_business": ("请告诉柜员您要办什么", "Tell the teller what you need"),
    "kiosk.pin_set": ("请设 6 位新密码", "Choose a new six-digit PIN"),
    "kiosk.pin_again": ("请再输入一次新密码", "Enter the new PIN once more"),
    "kiosk.pin_set_hint": (
        "不要用生日或连续数字，用手遮住键盘",
        "No birthday, no 123456; cover the pad with your hand",
    ),
    "kiosk.problem.pin_differs": ("两次不一样，请从头再设一次", "The two entries differ: start again"),
    "kiosk.problem.pin_weak": ("密码太简单，请换一个再输", "Too simple: choose another PIN"),
}

_SECTIONS: dict[str, tuple[str, str]] = {
    "teller.section_parties": ("代办与监护", "Agent or guardian"),
    "teller.section_short_parties": ("代办", "Agent"),
    "teller.section_contact": ("联系与职业", "Contact and work"),
    "teller.section_short_contact": ("联系", "Contact"),
    "teller.section_tax": ("税收", "Tax"),
    "teller.section_short_tax": ("税收", "Tax"),
    "teller.section_account": ("账户与资金", "Account and money"),
    "teller.section_short_account": ("账户", "Account"),
    "teller.section_channel": ("渠道与限额", "Channels and limits"),
    "teller.section_short_channel": ("渠道", "Limits"),
    "teller.section_service": ("业务事项", "Service"),
    "teller.section_short_service": ("事项", "Service"),
}

_BARS: dict[str, tuple[str, str]] = {
    "bar.customer_first": ("先建立客户信息，再办这一项", "Register the customer first"),
    "bar.account_first": ("先选一个账户，再办这一项", "Choose an account first"),
    "bar.on_site_only": (
        "一类户须现场核验身份，请改办二、三类户",
        "Class I is opened on site only: choose class II or III",
    ),
    "bar.count": ("本行最多 {count} 个，已经满了，请先销户", "At most {count} at this bank: close one first"),
    "bar.face_to_face_cash": (
        "二类户存现金须面对面核验，请到网点办理",
        "Cash into class II needs staff face to face: at a branch",
    ),
}

_ERRORS: dict[str, tuple[str, str]] = {
    "transaction.none": ("还没有选要办的交易，请先选一项", "Nothing is chosen yet: choose a transaction"),
    "bar.known_customer": ("没有找到这位客户，请核对身份号码", "No such customer: check the ID number"),
    "account.not_own": ("这不是客户本人的账户，请核对账号", "Not the customer's own account: check the number"),
    "account.other_state": (
        "账户状态不对（{status}），不能办这一项",
        "The account's state is {status}: not possible now",
    ),
    "account.has_deposits": ("账户下还有定期，请先支取再销户", "Time deposits stand under it: draw them first"),
    "card.number_used": ("这张卡已经发出，请换一张新卡", "This card is in use already: take another"),
    "key.not_own": ("这把钥匙不是客户交存的，请核对编号", "The customer did not leave this key: check the number"),
    "key.same_holder": ("登记簿上钥匙已在对方手里，请核对", "The key is there already: check the register"),
    "time_deposit.unknown": ("没有这张存单，请核对存单号", "No such certificate: check its number"),
    "time_deposit.too_much": ("最多支取 {amount:money}，请改金额", "At most {amount:money}: change the amount"),
    "transfer.same_account": ("收款账号就是本账户，请核对", "That is this very account: check the number"),
    "transfer.unknown": ("没有这笔转账，请核对流水号", "No such transfer: check its number"),
    "transfer.sent": ("这笔转账已经发出，不能撤销", "This transfer has been sent: it cannot be taken back"),
    "screening.stopped": (
        "已停止转账（{rule}）：{reason_zh}。请客户核实，可凭材料申诉",
        "Stopped ({rule}): {reason_en}. The customer may appeal with papers",
    ),
    "scenario.unknown": ("没有这种业务，请重新选择", "No such business: choose again"),
    "scenario.needs_card": ("这项业务要用卡，请客户先插卡", "This business needs the card: ask for it first"),
    "transaction.unknown": ("这个场景没有这项交易，请重新选择", "This scenario has no such transaction: choose again"),
    "kiosk.none_free": ("本网点没有空闲的机器，请等一下再试", "No machine of this branch is free: try again soon"),
    "record.unknown": ("没有找到这条登记，请核对编号", "No such registration: check the number"),
    "account.missing": ("还没有可用的账户，请先选账户", "There is no account yet: choose one first"),
    "reversal.waits": ("冲正已在等授权员，请稍候", "The reversal waits for an authoriser already"),
    "reversal.nothing": ("这件没有可冲正的内容，请核对", "There is nothing to reverse: check the case"),
    "reversal.cash_moved": (
        "现金已经收付，不能整单冲正，请反向办理",
        "Notes have changed hands: do the opposite business instead",
    ),
    "reversal.next_day": ("隔日不能冲正，请联系主管", "Not on another day: ask a supervisor"),
    "reversal.superseded": (
        "后来又有变更，不能冲正，请先冲正后一件",
        "Something changed since: reverse the later case first",
    ),
    "cash.by_hand": ("这笔挂账要人工核对，请按编号处理", "This suspense item is settled by hand: see its number"),
    "pin.six_digits": ("密码要 6 位数字，请重新输入", "A PIN has six digits: enter it again"),
    "pin.weak": ("密码太简单，请换一个再输", "This PIN is too simple: choose another"),
    "pin.differs": ("两次输入不一样，请从头再设一次", "The two entries differ: set it again from the start"),
}

_FIELDS: dict[str, tuple[str, str]] = {
    "card_number.length": ("卡号是 15 至 19 位数字，请核对", "A card number has 15 to 19 digits: check it"),
    "card_number.check_digit": ("卡号校验不通过，请逐位核对", "Check digit is wrong: compare digit by digit"),
    "region.invalid": ("地区代码是 6 位数字，请核对", "A region code has 6 digits: check it"),
    "email.invalid": ("邮箱格式不对，请核对 @ 和后缀", "Not an e-mail address: check @ and the ending"),
    "digits.invalid": ("请输入 4 至 32 位数字", "Enter 4 to 32 digits"),
    "name.invalid": ("姓名里不能有数字，请核对", "A name has no digits: check it"),
    "passport.invalid": ("护照号是 6 至 15 位字母和数字", "A passport number has 6 to 15 letters and digits"),
    "date.in_future": ("日期不能晚于今天，请核对", "The date cannot be after today: check it"),
    "date.in_past": ("日期要晚于今天，请核对", "The date must be after today: check it"),
    "party.same_person": ("代办人或监护人不能是客户本人", "Agent or guardian cannot be the customer"),
    "scenario.usual_payee": ("收款人 {name}，{bank} 尾号 {account}", "Payee {name}, {bank} …{account}"),
    "adult.identity_card": ("满 {age} 岁请用居民身份证办理", "From {age} on: use the identity card"),
    "minor.household_book": ("不满 16 岁请用户口簿办理", "Under 16: use the household book"),
    "minor.guardian_acts": ("不满 16 岁由监护人办理，不能代办", "Under 16 the guardian acts, not an agent"),
    "tax.us_person": ("美国人士不能只选中国税收居民", "A US person is not tax resident of China only"),
    "limit.once_above_day": ("单笔限额不能高于日限额，请改小", "Each cannot be above a day: lower it"),
    "time_deposit.least": ("整存整取 {least:money} 起存，请改大", "At least {least:money}: raise it"),
    "time_deposit.not_covered": (
        "本次只存入 {coming:money}，存单金额请改小",
        "Only {coming:money} comes in: lower the amount",
    ),
}

TEXTS: dict[str, tuple[str, str]] = {**_WORDS, **_TIMELINE, **_PLAN, **_SECTIONS, **_BARS, **_ERRORS, **_FIELDS}
