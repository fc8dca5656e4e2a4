"""The machine-readable line in a voucher's document properties (``/Keywords``): its code and its digest."""

import re

from teller.vouchers import Voucher, digest, is_verification_code

MARK = "guitai-voucher"
_LINE = re.compile(rf"{MARK} code=([0-9]{{12}}) digest=([0-9a-f]{{64}})\Z")


def write_keywords(voucher: Voucher) -> str:
    """``guitai-voucher code=… digest=…``."""
    return f"{MARK} code={voucher.code} digest={digest(voucher)}"


def read_keywords(line: str) -> tuple[str, str] | None:
    """Code and digest; None when the line is not a voucher's."""
    match = _LINE.match(line)
    if match is None or not is_verification_code(match[1]):
        return None
    return match[1], match[2]
