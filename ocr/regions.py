"""Regions in identity numbers: GB/T 2260, every code since 1980, and the regions of specimens. Pure."""

import functools
from pathlib import Path

_TABLE = Path(__file__).parent / "data" / "gb2260.txt"

SPECIMEN = "999999"
"""Assigned to nobody; every invented number of ours begins with it."""

PROVINCES = {
    "11": "北京市", "12": "天津市", "13": "河北省", "14": "山西省", "15": "内蒙古自治区",
    "21": "辽宁省", "22": "吉林省", "23": "黑龙江省",
    "31": "上海市", "32": "江苏省", "33": "浙江省", "34": "安徽省", "35": "福建省", "36": "江西省", "37": "山东省",
    "41": "河南省", "42": "湖北省", "43": "湖南省", "44": "广东省", "45": "广西壮族自治区", "46": "海南省",
    "50": "重庆市", "51": "四川省", "52": "贵州省", "53": "云南省", "54": "西藏自治区",
    "61": "陕西省", "62": "甘肃省", "63": "青海省", "64": "宁夏回族自治区", "65": "新疆维吾尔自治区",
    "71": "台湾省", "81": "香港特别行政区", "82": "澳门特别行政区",
}  # fmt: skip


_SPECIAL = frozenset({"710000", "810000", "820000", "830000", "810099", "820099", "830099"})
"""Taiwan, Hong Kong and Macao; those of residence permits; and beside each a code of nobody's, for specimens."""


@functools.cache
def _codes() -> frozenset[str]:
    found = set(_SPECIAL)
    for line in _TABLE.read_text(encoding="ascii").splitlines():
        if not line.startswith("#"):
            head, *tails = line.split()
            found |= {head + tail for tail in tails}
    return frozenset(found)


def is_known_region(code: str) -> bool:
    """Whether six digits can begin a number: a code GB/T 2260 ever had, or the specimens' region."""
    return code == SPECIMEN or code in _codes()
