"""Texts of the kiosk. Code: (Chinese, English). Customers are 您; no jargon, no codes, no exclamation marks."""

TEXTS: dict[str, tuple[str, str]] = {
    "kiosk.window": ("柜台自助机", "Guitai kiosk"),
    "kiosk.other_language": ("English", "中文"),
    "kiosk.large_print": ("大字版", "Large"),
    "kiosk.standard_print": ("标准版", "Standard"),
    "kiosk.pin_typed": ("已输入 {n} 位", "{n} {n:digit|digits} entered"),
    "kiosk.keypad_back": ("退格", "Back"),
}
