"""The vision room to staff: what it found on a document, and how it is itself. Code: (Chinese, English).

The findings that ask for another picture stand beside the teller's own texts.
"""

TEXTS: dict[str, tuple[str, str]] = {
    "doc.expired": ("证件已过有效期，不能办理，请客户换证", "The ID has expired: cannot continue, ask for a new one"),
    "doc.number_check": ("号码校验不通过，请逐位核对", "Check digit is wrong: compare digit by digit"),
    "doc.contradiction": (
        "号码与出生日期或性别不一致，请对照原图",
        "Number and birth date or sex do not agree: compare with the picture",
    ),
    "doc.incomplete": ("有内容没有读到，请对照原图补上", "Something was not read: fill it in from the picture"),
    "ocr.busy": ("识别程序正忙，请稍等再试，可以先手工填写", "Recognition is busy: try again shortly, or type it in"),
    "ocr.timeout": ("识别太久没有结果，请再试或手工填写", "Recognition took too long: try again or type it in"),
    "ocr.failed": ("这张图片识别出错，请再试或手工填写", "This picture could not be read: try again or type it in"),
    "ocr.closed": ("识别程序没有启动，请手工填写", "Recognition is not running: type it in"),
    "ocr.worker_died": (
        "识别程序出错，正在重启，可以先手工填写",
        "Recognition failed and restarts: type it in meanwhile",
    ),
    "ocr.models_missing": (
        "缺少识别模型，请手工填写并联系管理员",
        "The recognition models are missing: type it in and call the administrator",
    ),
}
