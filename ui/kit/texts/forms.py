"""What stands beside a field, and why a form, an ID or a piece of evidence is refused. Code: (Chinese, English)."""

TEXTS: dict[str, tuple[str, str]] = {
    "form.incomplete": (
        "还有 {count} 项没填好，请补上再提交",
        "{count} {count:field|fields} to fill in before submitting",
    ),
    "form.unsure": (
        "还有 {count} 项要对照原图，看过再提交",
        "{count} {count:field|fields} to compare with the picture before submitting",
    ),
    "form.unknown_field": ("表单里没有这一项，请刷新再填", "The form has no such field: refresh and fill it in again"),
    "form.read_only": ("这一项由机器填写，不能改", "This field is filled in by the machine and cannot be changed"),
    "id.expired": (
        "证件 {date} 过期，不能办理，请客户换证",
        "ID expired {date}: cannot continue, ask for a new one",
    ),
    "id.not_yet_valid": ("证件 {date} 才生效，现在不能办理", "ID valid from {date}: cannot continue today"),
    "id.not_holder": ("证件不是持卡人本人的，请核对本人", "The ID does not belong to the card holder: check who it is"),
    "face.missing": ("还没有人脸比对，请抓拍", "No face match yet: take a snapshot"),
    "note.missing": ("请写一句说明再提交", "Add a note, then submit"),
    "evidence.missing": ("还差证件照片，请客户放证件", "A picture of the ID is missing: ask for it"),
    "evidence.unknown": ("这张图片不属于本单，请重新采集", "This picture is not part of the case: capture it again"),
    "evidence.kind_forbidden": ("这种图片不能从这里上传", "This kind of picture cannot come from here"),
    "evidence.not_a_picture": ("图片打不开，请重拍", "The picture cannot be opened: take it again"),
    "evidence.not_found": ("没有这份资料，请刷新再看", "No such evidence: refresh and look again"),
    "evidence.empty": ("图片是空的，请重拍", "The picture is empty: take it again"),
    "evidence.too_large": ("图片太大，请重拍", "The picture is too large: take it again"),
    "evidence.bad_media_type": ("文件类型不对，请重拍", "The wrong type of file: take the picture again"),
    "evidence.bad_digest": (
        "资料编号不对，请刷新再看",
        "Not the number of a piece of evidence: refresh and look again",
    ),
    "evidence.altered": ("资料被改动，不能使用，已上报", "Evidence was altered and cannot be used, reported"),
    "evidence.unreadable": ("资料暂时读不出，请重试", "Evidence cannot be read now: try again"),
    "evidence.key_unknown": (
        "资料的密钥不在这台服务器，请联系管理员",
        "Evidence is under another key: call the administrator",
    ),
    "field.required": ("必填", "Required"),
    "field.unsure": ("识别不清，请对照原图", "Unclear: compare with the picture"),
    "id_number.too_short": (
        "还差 {count} 位，身份证号是 18 位",
        "{count} {count:digit|digits} missing: an ID number has 18",
    ),
    "id_number.too_long": (
        "多了 {count} 位，身份证号是 18 位",
        "{count} {count:digit|digits} too many: an ID number has 18",
    ),
    "id_number.characters": ("只能是数字，最后一位可以是 X", "Digits only, the last may be X"),
    "id_number.birth": (
        "号码里的出生日期不存在，请逐位核对",
        "The birth date inside does not exist: compare digit by digit",
    ),
    "id_number.check_digit": ("号码校验不通过，请逐位核对", "Check digit is wrong: compare digit by digit"),
    "birth.differs_from_number": (
        "与号码不符，号码里是 {number_says}，请核对",
        "Differs from the number, which says {number_says}: check both",
    ),
    "sex.differs_from_number": (
        "与号码不符，号码里是{number_says}，请核对",
        "Differs from the number, which says {number_says}: check both",
    ),
    "date.invalid": ("日期写法不对，例如 2036-05-20", "Not a date, for example 2036-05-20"),
    "date.before_start": ("早于有效期起始日，请核对", "Before the first day of validity: check it"),
    "amount.invalid": ("金额写法不对，例如 20,000.00", "Not an amount, for example 20,000.00"),
    "amount.decimals": ("小数最多 {places} 位", "At most {places} {places:decimal|decimals}"),
    "amount.not_positive": ("金额要大于零", "The amount must be above zero"),
    "amount.too_large": ("金额太大，请核对", "The amount is too large: check it"),
    "choice.unknown": ("请从列表里选", "Choose from the list"),
    "notes.invalid": ("券别或张数不对，请核对", "Wrong notes or count: check them"),
    "phone.invalid": ("手机号码不对，请核对", "Not a phone number: check it"),
    "text.control_characters": ("有不能用的字符，请重新填写", "Contains characters that cannot be used: type it again"),
}
