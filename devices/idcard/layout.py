"""What the chip of a resident identity card (居民身份证) holds: eight fields as 256 bytes UTF-16LE, and a portrait.

The order and lengths are those in which the readers' security module (SAM) hands them out. Real chips hold the
portrait in the ministry's own wavelet format of 1024 bytes; the simulated ones hold a JPEG or PNG file.
"""

import hashlib
import hmac
from dataclasses import dataclass

from common.errors import UserError

LENGTHS = (
    ("name", 30), ("sex", 2), ("nation", 4), ("birth", 16), ("address", 70), ("id_number", 36), ("authority", 30),
    ("valid_from", 16), ("valid_to", 16), ("spare", 36),
)  # fmt: skip
TEXT_BYTES = sum(length for _, length in LENGTHS)
SEXES = {"1": "男", "2": "女", "0": "未知", "9": "未说明"}
NATIONS = (
    "汉", "蒙古", "回", "藏", "维吾尔", "苗", "彝", "壮", "布依", "朝鲜", "满", "侗", "瑶", "白", "土家", "哈尼",
    "哈萨克", "傣", "黎", "傈僳", "佤", "畲", "高山", "拉祜", "水", "东乡", "纳西", "景颇", "柯尔克孜", "土", "达斡尔",
    "仫佬", "羌", "布朗", "撒拉", "毛南", "仡佬", "锡伯", "阿昌", "普米", "塔吉克", "怒", "乌孜别克", "俄罗斯",
    "鄂温克", "德昂", "保安", "裕固", "京", "塔塔尔", "独龙", "鄂伦春", "赫哲", "门巴", "珞巴", "基诺",
)  # fmt: skip
"""GB/T 3304: code 01 is the first."""
LONG_TERM = "长期"
_DATES = ("birth", "valid_from", "valid_to")
_ISSUER = b"a state that does not exist"
"""The simulated issuer's key is no secret: its seal proves nothing, it only lets a damaged chip be noticed."""


@dataclass(frozen=True, slots=True)
class ChipContent:
    """The eight fields (validity as two dates) under the names of the bank's form, and the portrait."""

    fields: dict[str, str]
    portrait: bytes


def encode(fields: dict[str, str], portrait: bytes) -> bytes:
    """The bytes of a simulated chip: text, portrait, the simulated issuer's seal (32 bytes)."""
    coded = dict(fields)
    coded["sex"] = next(code for code, word in SEXES.items() if word == fields["sex"])
    coded["nation"] = f"{NATIONS.index(fields['nation']) + 1:02d}"
    for name in _DATES:
        coded[name] = fields[name].replace("-", "")
    text = b"".join(_padded(coded.get(name, ""), length) for name, length in LENGTHS)
    content = text + portrait
    return content + hmac.new(_ISSUER, content, hashlib.sha256).digest()


def _padded(text: str, length: int) -> bytes:
    return text.ljust(length // 2)[: length // 2].encode("utf-16-le")


def unseal(chip: bytes) -> tuple[bytes, bytes, bool]:
    """Text, portrait, and whether the simulated issuer's seal holds.

    Raises:
        UserError: ``chip.unreadable`` when it is no chip at all.
    """
    content, seal = chip[:-32], chip[-32:]
    if len(content) <= TEXT_BYTES:
        raise UserError("chip.unreadable")
    good = hmac.compare_digest(seal, hmac.new(_ISSUER, content, hashlib.sha256).digest())
    return content[:TEXT_BYTES], content[TEXT_BYTES:], good


def decode(text: bytes, portrait: bytes) -> ChipContent:
    """The fields under the names of the bank's form; dates as YYYY-MM-DD.

    Raises:
        UserError: ``chip.unreadable``.
    """
    if len(text) != TEXT_BYTES:
        raise UserError("chip.unreadable")
    said: dict[str, str] = {}
    at = 0
    try:
        for name, length in LENGTHS:
            said[name] = text[at : at + length].decode("utf-16-le").rstrip(" \0")
            at += length
        del said["spare"]
        said["sex"] = SEXES[said["sex"]]
        said["nation"] = NATIONS[int(said["nation"]) - 1]
        for name in _DATES:
            said[name] = _date(said[name])
    except (UnicodeDecodeError, KeyError, ValueError, IndexError) as error:
        raise UserError("chip.unreadable") from error
    return ChipContent(said, portrait)


def _date(digits: str) -> str:
    if digits == LONG_TERM:
        return digits
    if len(digits) != 8 or not digits.isdecimal():
        raise ValueError(digits)
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"
