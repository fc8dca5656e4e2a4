"""Everything the vision room may find, in plain Chinese for the command line (windows translate by code)."""

from ocr.api import Finding

_TEXTS = {
    "image.unreadable": "图片打不开，请重新拍照",
    "image.empty": "文件是空的，请重新拍照",
    "image.too_large": "图片太大，请缩小后再试",
    "image.unsupported": "这不是照片，请拍照或上传 JPEG、PNG 图片",
    "doc.none": "没有看到证件，请把证件放到画面中间",
    "doc.not_id": "这不是能识别的居民身份证",
    "doc.cut_off": "证件没有拍全，请把四个角都放进画面",
    "doc.glare": "证件反光，请把证件转一点角度",
    "doc.blur": "照片不清楚，请放平证件、手移开再拍",
    "doc.too_small": "证件太小，请靠近一点再拍",
    "doc.copy": "像是黑白复印件，请使用证件原件",
    "doc.expired": "证件已过有效期",
    "doc.number_check": "身份证号码校验不对，请核对",
    "doc.contradiction": "号码与出生日期或性别不一致，请核对",
    "doc.incomplete": "有内容没有读到，请对照证件补上",
    "face.none": "没有看到人脸",
    "face.many": "画面里不止一个人",
    "face.small": "人脸太小，请靠近一点",
}


def finding(code: str) -> Finding:
    """The finding of that code; an unknown code is a mistake in our own code."""
    return Finding(code, _TEXTS[code])


def codes() -> frozenset[str]:
    """Every code a reading or a match can carry."""
    return frozenset(_TEXTS)
