"""The whole voucher on paper at the machine: for customer, teller and registers. Code: (Chinese, English)."""

TEXTS: dict[str, tuple[str, str]] = {
    "kiosk.key_voucher": ("打印完整凭证（A4）", "Print the whole voucher (A4)"),
    "kiosk.print_voucher": ("正在打印完整凭证", "Printing the whole voucher"),
    "kiosk.print_voucher_hint": ("彩色 A4，印章和签名都在上面", "A4 in colour, with seal and signature"),
    "kiosk.print_voucher_out": ("请取走 A4 凭证", "Take the A4 voucher"),
    "kiosk.print_voucher_out_hint": ("不取会收回机器", "If left, it goes back into the machine"),
    "kiosk.voucher_taken": ("完整凭证已经给您了", "You have the whole voucher"),
    "kiosk.voucher_retained": (
        "凭证没取，已收回机器；凭条同样有效",
        "Not taken and pulled back; your receipt is valid",
    ),
    "kiosk.voucher_failed": (
        "完整凭证没打出来；凭条同样有效",
        "It could not be printed; your receipt is just as valid",
    ),
    "kiosk.voucher_unknown": ("完整凭证打印中断；凭条同样有效", "Printing was cut off; your receipt is just as valid"),
    "kiosk.voucher_no_paper": (
        "A4 纸用完了，打不了完整凭证；凭条同样有效",
        "Out of A4 paper: no whole voucher here. Your receipt is just as valid",
    ),
    "teller.wait_print_voucher": ("客户在打印完整凭证", "The customer prints the whole voucher"),
    "plan.print_voucher": ("打印完整凭证（A4）", "Print the whole voucher (A4)"),
    "plan.undo.voucher_sheets": ("不取则收回；凭条照样有效", "Pulled back if not taken; the receipt stands"),
    "timeline.voucher_wanted": ("客户要打印完整凭证", "The customer asks for the whole voucher"),
    "timeline.voucher_taken": ("完整凭证已取走", "Whole voucher taken"),
    "timeline.voucher_retained": ("完整凭证没取，机器已收回", "Whole voucher not taken: pulled back"),
    "timeline.voucher_not_printed": ("完整凭证没打出来", "Whole voucher not printed"),
    "timeline.voucher_print_unknown": ("完整凭证打印中断，结果不明", "Printing cut off: outcome unknown"),
    "voucher.printed_enough": ("完整凭证已打印，再要请柜员补打", "Printed already: the teller can make a copy"),
    "voucher.print_cut": ("打印时机器停过，请看出纸口", "The machine stood still while printing: look at the slot"),
    "voucher.machine_away": (
        "办结时机器不在线，打印结果不明，请看出纸口",
        "The machine was away when the case ended: look at the slot",
    ),
    "device.ink_out": ("墨粉或色带用完，请现场更换", "Out of toner or ribbon: it has to be replaced on site"),
}
