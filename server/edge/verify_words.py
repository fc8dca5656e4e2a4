"""What the public page says, in both languages at once, and how it looks. No script, nothing from elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from starlette.responses import HTMLResponse

Row = tuple[str, str, str]

_STYLE = (
    "body{font:18px/1.6 'Noto Sans CJK SC','Noto Sans SC',sans-serif;margin:3rem auto;max-width:46rem;padding:0 1rem;"
    "color:#1d2733}h1{font-size:1.6rem;margin:0 0 1rem}small{display:block;font-size:.95rem;font-weight:400;"
    "color:#5b6875}dl{display:grid;grid-template-columns:11rem 1fr;gap:.5rem 1.5rem}dt small{font-size:.8rem}"
    "dd{margin:0;overflow-wrap:anywhere}.good{color:#0b6b3a}.bad{color:#a3231f}h1.bad{border-left:6px solid #a3231f;"
    "padding-left:1rem}h1.good{border-left:6px solid #0b6b3a;padding-left:1rem}form,section{border-top:1px solid "
    "#d8e0e6;margin-top:2rem;padding-top:1rem}input,button{font:inherit;margin:.5rem 0}button{background:#0f5f8c;"
    "color:#fff;border:0;border-radius:6px;padding:.4rem 1.2rem}"
)


@dataclass(frozen=True, slots=True)
class Saying:
    """One sentence in both languages; ``good`` decides its colour."""

    good: bool
    zh: str
    en: str


GENUINE = Saying(True, "这份凭证是真的，没有改动过", "This voucher is genuine and unchanged")
VOID = Saying(False, "这份凭证已作废", "This voucher is VOID")
BROKEN = Saying(False, "这份凭证的存档不能确认，请与银行联系", "This voucher cannot be confirmed: please ask the bank")
UNKNOWN = Saying(False, "没有带这个验证码的凭证", "No voucher bears this verification code")
MISTYPED = Saying(False, "验证码有误，请核对 12 位数字", "The code is mistyped: please check its 12 digits")
TOO_MANY = Saying(False, "查询的人太多，请稍后再试", "Too many requests: please try again in a moment")
NO_FILE = Saying(False, "没有收到文件，请选择 PDF 文件", "No file came: please choose a PDF file")
TOO_LARGE = Saying(False, "文件太大，凭证不会超过 2 MB", "The file is too large: no voucher exceeds 2 MB")
NOT_A_VOUCHER = Saying(False, "您的文件不是盖了章的电子凭证", "Your file is no sealed voucher")

_FORM = (
    '<form method="post" enctype="multipart/form-data"><label>把您手里的 PDF 与存档核对'
    "<small>Compare the PDF you have with the archive</small>"
    '<input type="file" name="file" accept="application/pdf" required></label><br>'
    '<button type="submit">核对 Compare</button></form>'
)


def page(
    status: int, saying: Saying, rows: Sequence[Row] = (), *, compared: Saying | None = None, form: bool = False
) -> HTMLResponse:
    """The page: what it says, the particulars, what a comparison gave, and the form for one."""
    lines = "".join(
        f"<dt>{escape(zh)} <small>{escape(en)}</small></dt><dd>{escape(value)}</dd>" for zh, en, value in rows
    )
    answer = f"<section>{_heading('h2', compared)}</section>" if compared is not None else ""
    return HTMLResponse(
        f'<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>{escape(saying.zh)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head>'
        f"<body>{_heading('h1', saying)}<dl>{lines}</dl>{answer}{_FORM if form else ''}</body></html>",
        status,
    )


def _heading(tag: str, saying: Saying) -> str:
    kind = "good" if saying.good else "bad"
    return f'<{tag} class="{kind}">{escape(saying.zh)}<small>{escape(saying.en)}</small></{tag}>'
