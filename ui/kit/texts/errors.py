"""Sentences for error codes, as :class:`common.errors.AppError` carries them. Code: (Chinese, English)."""

TEXTS: dict[str, tuple[str, str]] = {
    "error.internal": ("程序出了点问题，已记下，请再试一次", "Something went wrong and was recorded. Please try again"),
    "network.unreachable": (
        "连不上服务器，已填内容都在，请稍候再试",
        "The server cannot be reached. Your entries are kept; try again shortly",
    ),
    "network.timeout": ("服务器没有及时回答，可以再试一次", "The server did not answer in time. You can try again"),
    "network.bad_answer": ("服务器的回答读不懂，请再试一次", "The server's answer could not be read. Please try again"),
    "signalling.no_welcome": (
        "服务器没有应答，正在再试",
        "The server did not greet us; trying again",
    ),
    "network.session_ended": ("登录已过期，请重新登录", "Your session has ended. Please sign in again"),
    "signon.credentials": (
        "登录文件 {file} 里没有这个工号的密码，请检查文件",
        "The file {file} has no password for this number: check the file",
    ),
    "signon.wrong_role": (
        "工号 {number} 不能登录这个窗口，请换一个工号",
        "{number} cannot sign on to this window: use another number",
    ),
}
