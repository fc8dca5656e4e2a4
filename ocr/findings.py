"""Everything the vision room may find, in plain Chinese for the command line (windows translate by code)."""

from ocr.api import Finding

_TEXTS = {
    "image.unreadable": "图片打不开，请重新拍照",
    "image.empty": "文件是空的，请重新拍照",
    "image.too_large": "图片太大，请缩小后再试",
    "image.unsupported": "这不是照片，请拍照或上传 JPEG、PNG 图片或 PDF",
    "image.locked": "这个 PDF 有密码，请改拍照片",
    "image.animated": "这是动图，只读了第一幅",
    "image.pages": "这个 PDF 不止一页，只读了第一页",
    "doc.none": "没有看到证件，请把证件放到画面中间",
    "doc.not_id": "这不是能识别的证件",
    "doc.two": "画面里不止一份证件，只读了其中一份，请一次放一份",
    "doc.cut_off": "证件没有拍全，请把四个角都放进画面",
    "doc.glare": "证件反光，请把证件转一点角度",
    "doc.covered": "证件有一角没拍到或被挡住，请放到中间、把手移开",
    "doc.dark": "光线太暗，请到亮一点的地方再拍",
    "doc.blur": "照片不清楚，请放平证件、手移开再拍",
    "doc.too_small": "证件太小，请靠近一点再拍",
    "doc.copy": "像是黑白复印件，请使用证件原件",
    "doc.screen": "像是翻拍屏幕，请使用证件原件",
    "doc.expired": "证件已过有效期",
    "doc.number_check": "号码校验不对，请核对",
    "doc.zone_check": "机读码的校验数字不对，请逐位核对",
    "doc.contradiction": "证件上的内容互相不一致，请核对",
    "doc.dates": "日期前后不合理，请核对",
    "doc.validity_age": "有效期与年龄不符，请核对",
    "doc.amounts_differ": "大小写金额不一致，请核对",
    "doc.code_differs": "二维码与印刷内容不一致，请核对",
    "doc.incomplete": "有内容没有读到，请对照证件补上",
    "face.none": "没有看到人脸",
    "face.many": "画面里不止一个人",
    "face.small": "人脸太小，请靠近一点",
}


_NAMED = {"doc.glare": "{fields}反光，请把证件转一点角度", "doc.expired": "证件已于 {date} 过期，不能使用"}
"""The same, where it is known which fields or which date it is about."""

_FIELDS = {
    "name": "姓名", "latin_name": "拼音姓名", "sex": "性别", "nation": "民族", "birth": "出生日期", "address": "住址",
    "id_number": "号码", "authority": "签发机关", "valid_from": "起始日期", "valid_to": "有效期",
    "permit_number": "通行证号码",
    "home_number": "港澳台身份证号码", "number": "号码", "nationality": "国籍", "issuer": "签发方", "card_type": "卡种",
    "personal_number": "个人号码", "credit_code": "信用代码", "type": "类型", "representative": "法定代表人",
    "capital": "注册资本", "established": "成立日期", "qr": "二维码", "household_type": "户别", "head": "户主",
    "household_number": "户号", "relation": "与户主关系", "birthplace": "出生地", "native_place": "籍贯",
    "account": "账号", "amount": "小写金额", "amount_capitals": "大写金额", "term": "存期", "rate": "利率",
    "start": "存入日", "due": "到期日", "code": "验证码",
}  # fmt: skip


def finding(code: str, *, fields: tuple[str, ...] = (), date: str | None = None) -> Finding:
    """The finding of that code; an unknown code, or field, is a mistake in our own code."""
    text = _TEXTS[code]
    if code in _NAMED and (fields or date):
        text = _NAMED[code].format(fields="、".join(_FIELDS[name] for name in fields), date=date)
    return Finding(code, text, fields, date)


def codes() -> frozenset[str]:
    """Every code a reading or a match can carry."""
    return frozenset(_TEXTS)


def field_names() -> frozenset[str]:
    """Every field that a document can have."""
    return frozenset(_FIELDS)
