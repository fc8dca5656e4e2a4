"""Passbooks, at the machine and at the counter."""

_KIOSK: dict[str, tuple[str, str]] = {
    "kiosk.passbook_insert": ("请插入存折", "Put your passbook in"),
    "kiosk.passbook_insert_hint": ("翻到最后打印的那一页，朝上插入", "Open at the last printed page, face up"),
    "kiosk.passbook_reading": ("正在读取存折", "Reading your passbook"),
    "kiosk.passbook_reading_hint": ("请不要抽出", "Leave it in, please"),
    "kiosk.passbook_printing": ("正在打印存折", "Printing your passbook"),
    "kiosk.passbook_printing_hint": ("机器会自己翻页", "The machine turns the pages"),
    "kiosk.passbook_take": ("请取走存折", "Take your passbook"),
    "kiosk.passbook_take_hint": ("请核对最后一行余额", "Check the last balance, please"),
}

_PROBLEMS: dict[str, tuple[str, str]] = {
    "kiosk.problem.passbook_other": ("不是这本存折，请换一本", "Another book: please use the right one"),
    "kiosk.problem.passbook_unreadable": ("读不出，请重新插入存折", "Not readable: put the book in again"),
    "kiosk.problem.passbook_missing": ("这台机器打不了存折，请下次补登", "No passbooks here: update it another day"),
}

_TELLER: dict[str, tuple[str, str]] = {
    "teller.wait_passbook": ("客户放入存折，机器打印", "The customer's passbook is being printed"),
    "plan.print_passbook": ("打印存折", "Print the passbook"),
    "plan.undo.passbook_lines": ("没打上的留到下次补登", "What is not printed stays for the next update"),
    "timeline.passbook_printed": ("存折已打印", "Passbook printed"),
    "timeline.passbook_failed": ("存折没打完", "Passbook not finished"),
    "registers.kind_passbook.printed": ("打印", "Printed"),
}

_ERRORS: dict[str, tuple[str, str]] = {
    "passbook.none": ("这个账户没有存折，请先开立", "The account has no passbook: issue one first"),
    "passbook.has_one": ("这个账户已有存折，请办理更换", "It has a passbook: replace it instead"),
    "passbook.number_used": ("这本存折已经用过，请换一本空白的", "This book is in use: take another blank one"),
    "passbook.up_to_date": ("没有要补登的明细，不用打印", "Nothing to print: the book is up to date"),
    "passbook.full": ("存折写满了，请办理换册", "The book is full: replace it"),
    "passbook.not_full": ("存折还没写满，请改选更换原因", "It is not full yet: choose another reason"),
    "passbook.is_account": ("这是账号，请扫存折上的编号", "That is the account: scan the book's number"),
    "passbook.not_now": ("现在不打印存折，请看办理步骤", "No passbook is printed now: see the step"),
    "passbook.unreadable": ("存折磁条读不出，请重新插入", "The stripe cannot be read: put it in again"),
    "passbook.other": ("不是这本存折，请换成要办的那本", "This is another book: take the one of this case"),
    "passbook.too_many": ("打印行数多于应打行数，请报修", "More lines than were due: call the engineer"),
}

TEXTS: dict[str, tuple[str, str]] = {**_KIOSK, **_PROBLEMS, **_TELLER, **_ERRORS}
