"""Cash trouble, to the teller: what happened, what to say to the customer, what the system did; and the execution plan.

The customer's own words (``customer.*``) stand with the kiosk's texts. Code: (Chinese, English).
"""

_TROUBLE: dict[str, tuple[str, str]] = {
    "trouble.payout_jam": (
        "出钞口卡钞，出钞已停。客户没有拿到钱，账户没有扣款",
        "Notes jammed, payout stopped. Nothing paid, nothing debited",
    ),
    "trouble.cash_not_taken": (
        "客户没有取走现金，已收回，账户没有扣款",
        "Cash was not taken and is back inside. Nothing debited",
    ),
    "trouble.payout_failed": (
        "没有出钞，账户没有扣款，请选怎么办",
        "No notes came out, nothing was debited. Choose what to do",
    ),
    "trouble.payout_partial": (
        "只出了 {paid:money}，其余已退回账户",
        "Only {paid:money} was paid, the rest is back on the account",
    ),
    "trouble.cash_unknown": (
        "出钞结果还不清楚，{amount:money} 已记挂账 {reference}，等现场开箱",
        "Not known yet what was paid: {amount:money} in suspense {reference} until the machine is opened",
    ),
    "trouble.deposit_unknown": (
        "存入结果还不清楚，{amount:money} 已记挂账 {reference}，等现场开箱",
        "Not known yet what was stored: {amount:money} in suspense {reference} until the machine is opened",
    ),
    "trouble.deposit_returned": (
        "现金没有存进去，已退给客户，账户没有入账",
        "The cash was not stored and went back to the customer. Nothing credited",
    ),
    "trouble.deposit_partial": (
        "存进 {paid:money}，其余已退给客户",
        "{paid:money} was stored, the rest went back to the customer",
    ),
    "trouble.voucher_failed": (
        "钱已办好，凭证没有做出来，请再做一次",
        "The money part is done, the voucher could not be made. Make it again",
    ),
}

_SAY: dict[str, tuple[str, str]] = {
    "say.payout_jam": (
        "机器卡了一下，您的钱没有少，账户没有扣",
        "The machine jammed. Your money is all there, nothing was debited",
    ),
    "say.cash_not_taken": (
        "现金已收回机器，没有扣您的钱",
        "The cash went back into the machine. You were not charged",
    ),
    "say.payout_failed": (
        "机器没有出钞，账户没有扣，我再为您办",
        "No notes came out and nothing was debited. I will see to it",
    ),
    "say.payout_partial": (
        "您拿到了一部分，其余还在您的账户里",
        "You have a part of it, the rest is still on your account",
    ),
    "say.cash_unknown": (
        "请稍等，机器正在清点，您的钱不会少",
        "Please wait while the machine counts. Your money is safe",
    ),
    "say.deposit_returned": ("这次没有存进去，请把现金收好", "It was not stored this time. Please keep your cash"),
    "say.deposit_partial": ("存进了一部分，其余请收好", "A part was stored. Please keep the rest"),
    "say.voucher_failed": ("钱已经办好，凭证请稍等一下", "The money part is done. The voucher takes a moment"),
}

_DID: dict[str, tuple[str, str]] = {
    "did.payout_stopped": ("停止出钞，关闭挡板", "Payout stopped, shutter closed"),
    "did.deposit_stopped": ("停止存入", "Deposit stopped"),
    "did.cash_retracted": ("收回 {notes} 张", "{notes} {notes:note|notes} taken back"),
    "did.counts_checked": ("前后计数已核对", "Counts before and after compared"),
    "did.part_settled": ("客户取走的 {amount:money} 已入账", "{amount:money} taken by the customer is booked"),
    "did.booked_back": ("{amount:money} 已退回账户", "{amount:money} booked back to the account"),
    "did.suspense_booked": ("{amount:money} 已记挂账 {reference}", "{amount:money} in suspense {reference}"),
    "did.cash_given_back": ("{amount:money} 已退给客户", "{amount:money} given back to the customer"),
    "did.books_right": ("账已记好，不用再动钱", "The books are right, no money moves again"),
}

_PLAN: dict[str, tuple[str, str]] = {
    "plan.book_withdrawal": ("记账：取款 {amount:money}", "Book the withdrawal of {amount:money}"),
    "plan.return_card": ("退卡", "Return the card"),
    "plan.pay_out": ("出钞 {amount:money}", "Pay out {amount:money}"),
    "plan.store_cash": ("存入钞箱 {amount:money}", "Store {amount:money}"),
    "plan.book_deposit": ("记账：存款 {amount:money}", "Book the deposit of {amount:money}"),
    "plan.seal_voucher": ("生成凭证，加盖电子印章", "Make and seal the voucher"),
    "plan.print_receipt": ("打印凭条", "Print the receipt"),
    "plan.undo.book_back": ("不成则冲正", "Booked back if it fails"),
    "plan.undo.retract": ("不取则收回", "Taken back if it is not collected"),
    "plan.undo.give_back": ("不成则退还", "Given back if it fails"),
}

TEXTS: dict[str, tuple[str, str]] = {**_TROUBLE, **_SAY, **_DID, **_PLAN}
