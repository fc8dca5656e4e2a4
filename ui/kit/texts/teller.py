"""Texts of the teller's window. Code: (Chinese, English)."""

TEXTS: dict[str, tuple[str, str]] = {
    "teller.window": ("柜台·柜员", "Guitai teller"),
    "teller.say_caption": ("可以对客户说", "You can say"),
    "teller.show_on_customer_screen": ("显示在客户屏", "Show on kiosk"),
}
