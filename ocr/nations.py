"""The 56 ethnic groups as resident identity cards name them (GB/T 3304)."""

NATIONS = frozenset({
    "汉", "蒙古", "回", "藏", "维吾尔", "苗", "彝", "壮",
    "布依", "朝鲜", "满", "侗", "瑶", "白", "土家", "哈尼",
    "哈萨克", "傣", "黎", "傈僳", "佤", "畲", "高山", "拉祜",
    "水", "东乡", "纳西", "景颇", "柯尔克孜", "土", "达斡尔", "仫佬",
    "羌", "布朗", "撒拉", "毛南", "仡佬", "锡伯", "阿昌", "普米",
    "塔吉克", "怒", "乌孜别克", "俄罗斯", "鄂温克", "德昂", "保安", "裕固",
    "京", "塔塔尔", "独龙", "鄂伦春", "赫哲", "门巴", "珞巴", "基诺",
})  # fmt: skip

OTHERS = frozenset({"穿青人", "其他", "外国血统中国籍人士"})
"""Printed on real cards beside the 56."""


def is_nation(name: str) -> bool:
    """Whether a card can say this."""
    return name in NATIONS or name in OTHERS


_OLDER_FORMS = str.maketrans(
    "漢滿維爾壯鮮東納錫達羅獨倫烏別門諾龍薩",
    "汉满维尔壮鲜东纳锡达罗独伦乌别门诺龙萨",
)


def simplified(text: str) -> str:
    """Letters of labels and of ethnic groups' names in the form cards use; others come back as they are."""
    return text.translate(_OLDER_FORMS)
