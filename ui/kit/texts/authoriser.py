"""Texts of the authoriser's window. Code: (Chinese, English)."""

TEXTS: dict[str, tuple[str, str]] = {
    "authoriser.window": ("柜台·授权", "Guitai authoriser"),
}
