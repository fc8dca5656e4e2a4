"""Sentences for error codes of the connection, the call, sign-on and the processes themselves, as
:class:`common.errors.AppError` carries them. Code: (Chinese, English).

Those of a case stand in ``cases``, of a form in ``forms``, of the machine in ``devices``, of the vision room in
``vision``, of cash trouble in ``trouble``, of the record of a case in ``record``.
"""

_NETWORK: dict[str, tuple[str, str]] = {
    "error.internal": ("程序出了点问题，已记下，请再试一次", "Something went wrong and was recorded. Please try again"),
    "network.unreachable": (
        "连不上服务器，已填内容都在，请稍候再试",
        "The server cannot be reached. Your entries are kept; try again shortly",
    ),
    "network.not_trusted": (
        "服务器的证书不可信，没有连接，请找管理员",
        "The server's certificate is not trusted: not connected. Ask the administrator",
    ),
    "tls.no_certificate": (
        "要用 TLS，但没有设置证书，请找管理员",
        "TLS is wanted, but there is no certificate: ask the administrator",
    ),
    "tls.unreadable": (
        "证书文件 {file} 用不了，请找管理员",
        "The certificate file {file} cannot be used: ask the administrator",
    ),
    "network.timeout": ("服务器没有及时回答，可以再试一次", "The server did not answer in time. You can try again"),
    "network.bad_answer": ("服务器的回答读不懂，请再试一次", "The server's answer could not be read. Please try again"),
    "network.session_ended": ("登录已过期，请重新登录", "Your session has ended. Please sign in again"),
    "signalling.no_welcome": ("服务器没有应答，正在再试", "The server did not greet us; trying again"),
    "signalling.replaced": (
        "这个工号在别处登录了，这里已停用",
        "This number signed on elsewhere; this window is out of use",
    ),
    "signalling.already_signed_on": (
        "这个工号已在别处登录，请先退出那里",
        "This number is signed on elsewhere: sign off there first",
    ),
    "signalling.hello_first": ("连接没有按次序开始，正在重连", "The connection did not begin in order; reconnecting"),
    "signalling.version": (
        "这个窗口和服务器版本不同，请更新后重开",
        "This window and the server differ in version: update and reopen it",
    ),
    "signalling.unknown_type": (
        "服务器不认识这条消息，请更新后重开",
        "The server does not know this message: update and reopen",
    ),
    "signalling.bad_payload": (
        "消息内容不对，没有处理，请再试一次",
        "The message was not understood and not acted on: try again",
    ),
    "signalling.bad_envelope": (
        "消息格式不对，没有处理，请再试一次",
        "The message was not understood and not acted on: try again",
    ),
    "signalling.not_json": (
        "消息读不懂，没有处理，请再试一次",
        "The message could not be read and was not acted on: try again",
    ),
    "signalling.not_text": (
        "消息读不懂，没有处理，请再试一次",
        "The message could not be read and was not acted on: try again",
    ),
    "signalling.too_long": ("消息太长，没有处理，请再试一次", "The message was too long and not acted on: try again"),
    "signalling.too_many": ("消息太密，连接已断，正在重连", "Too many messages at once, cut off; reconnecting"),
    "request.invalid": (
        "请求内容不对（{field}），没有处理，请核对再试",
        "Not accepted ({field}), nothing was done: check and try again",
    ),
    "request.not_found": (
        "服务器没有这个功能，请更新后重开窗口",
        "The server does not know this: update and reopen the window",
    ),
    "request.method_not_allowed": (
        "服务器不接受这个动作，请更新后重开窗口",
        "The server does not take this action: update and reopen the window",
    ),
    "request.too_large": (
        "内容太大，没有送出，请缩小再试",
        "Too large, nothing was sent: make it smaller and try again",
    ),
    "request.refused": ("服务器没有接受，没有处理，请再试一次", "Refused by the server, nothing was done: try again"),
    "server.bug": (
        "服务器出了点问题，已记下，请再按一次",
        "The server failed and recorded it. Press again; nothing is done twice",
    ),
    "command.key_missing": (
        "请求缺少编号，没有处理，请再按一次",
        "The command had no key, nothing was done: press again",
    ),
    "command.key_reused": ("这个请求已处理过，请刷新再看", "This command was handled before: refresh and look"),
    "store.unavailable": ("数据库暂时连不上，请再按一次", "The database is out of reach: press again"),
}

_SIGN_ON: dict[str, tuple[str, str]] = {
    "signon.credentials": (
        "登录文件 {file} 里没有这个工号的密码，请检查文件",
        "The file {file} has no password for this number: check the file",
    ),
    "signon.wrong_role": (
        "工号 {number} 不能登录这个窗口，请换一个工号",
        "{number} cannot sign on to this window: use another number",
    ),
    "signon.other_number": (
        "这个窗口是 {number} 的，请用同一工号登录，或关闭窗口",
        "This window belongs to {number}: sign on with that number, or close the window",
    ),
    "auth.bad_credentials": ("工号或密码不对，请再输一次", "Wrong number or password: enter them again"),
    "auth.required": ("还没有登录，请先登录", "Not signed on: sign on first"),
    "auth.expired": ("登录已过期，请重新登录", "Your session has ended: sign on again"),
    "auth.forbidden": ("您的岗位不能做这一步，请找主管", "Your role does not allow this: ask a supervisor"),
    "auth.too_many": (
        "试得太多，请等 {retry_after_s} 秒再登录",
        "Too many tries: sign on again in {retry_after_s} s",
    ),
    "presence.not_a_seat": ("这个工号没有坐席，不能改状态", "This number has no seat: its state cannot be changed"),
}

_CALL: dict[str, tuple[str, str]] = {
    "call.not_found": ("通话已结束，可以再次呼叫", "The call has ended: call again"),
    "call.wrong_state": (
        "通话现在不能这样做，请稍等再试",
        "The call cannot do this now: wait a moment, then try again",
    ),
    "call.out_of_order": ("接通次序乱了，正在重新接通", "The call lost its order; connecting again"),
    "call.stale_generation": ("通话已重新接通，这条消息作废", "The call was set up anew; this message is void"),
    "call.peer_lost": ("对方断线了，正在等他接回", "The other side lost its connection; waiting for it"),
    "call.restart_too_soon": ("刚刚重连过，请稍等再试", "It was just reconnected: wait a moment, then try again"),
    "call.bad_description": (
        "对方的通话设定读不懂，请再次呼叫",
        "The other side's call offer could not be read: call again",
    ),
    "call.bad_candidate": (
        "对方的网络地址读不懂，请再次呼叫",
        "The other side's address could not be read: call again",
    ),
    "call.no_picture": (
        "还没有客户的画面，请等画面来了再抓拍",
        "No picture of the customer yet: take it when there is one",
    ),
    "call.camera_denied": (
        "摄像头打不开，请检查是否被占用，声音正常",
        "The camera cannot be opened: is it in use? Sound is fine",
    ),
    "call.camera_lost": ("摄像头断了，请检查接线，声音正常", "The camera is gone: check its cable. Sound is fine"),
    "call.microphone_denied": (
        "麦克风打不开，对方听不到您，请检查",
        "The microphone cannot be opened, nobody hears you: check it",
    ),
    "call.microphone_lost": (
        "麦克风断了，对方听不到您，请检查接线",
        "The microphone is gone, nobody hears you: check its cable",
    ),
    "call.speaker_denied": (
        "扬声器打不开，您听不到对方，请检查",
        "The speaker cannot be opened, you hear nothing: check it",
    ),
    "call.speaker_lost": (
        "扬声器断了，您听不到对方，请检查接线",
        "The speaker is gone, you hear nothing: check its cable",
    ),
    "call.sound_system_missing": (
        "这台电脑没有声音系统，通话只有画面，请联系管理员",
        "No sound system on this computer, pictures only: call the administrator",
    ),
    "call.portrait_missing": (
        "合成画面缺少照片，请联系管理员",
        "The picture for the synthetic camera is missing: call the administrator",
    ),
}

_PROCESS: dict[str, tuple[str, str]] = {
    "file.missing": ("没有这个文件：{file}", "No such file: {file}"),
    "file.is_folder": ("这是目录，不是文件：{file}", "A directory, not a file: {file}"),
    "file.special": ("不是普通文件：{file}", "Not an ordinary file: {file}"),
    "file.not_folder": ("没有这个目录：{file}", "No such directory: {file}"),
    "file.forbidden": ("没有读取权限：{file}", "No permission to read: {file}"),
    "file.name_too_long": ("文件名太长：{file}", "The name is too long for a file: {file}"),
    "file.unreadable": ("读不出来：{file}", "Cannot be read: {file}"),
    "settings.unreadable": ("设置文件 {file} 读不出来：{what}", "The settings file {file} cannot be read: {what}"),
    "settings.invalid": (
        "设置 {where} 不对：{what}，请改正后重开",
        "The setting {where} is wrong: {what}. Correct it and reopen",
    ),
    "data.unwritable": (
        "数据目录 {directory} 不能写入，请联系管理员",
        "Cannot write in {directory}: call the administrator",
    ),
    "store.bad_url": ("数据库地址不对，请联系管理员", "Not the address of a usable database"),
    "store.not_a_database": (
        "{file} 不是数据库文件，请联系管理员",
        "{file} is not a database: call the administrator",
    ),
    "keys.unreadable": (
        "服务器的密钥文件 {file} 读不出来，请联系管理员",
        "The key file {file} cannot be read: call the administrator",
    ),
    "keys.incomplete": (
        "服务器的印章文件不全（{directory}），请从备份找回",
        "Seal files are missing in {directory}: restore them from the backup",
    ),
    "port.taken": ("端口 {port} 被占用，请换一个", "Port {port} is taken: choose another"),
    "server.cannot_listen": (
        "服务器不能用地址 {host}:{port}，请换一个",
        "The server cannot listen on {host}:{port}: choose another",
    ),
    "demo.part_failed": (
        "演示的一部分没有启动：{part}，请看日志",
        "A part of the demo did not start: {part}. See its log",
    ),
    "demo.part_ended": (
        "演示的一部分自己结束了：{part}，请看日志",
        "A part of the demo ended by itself: {part}. See its log",
    ),
    "demo.stuck": ("演示停住了：{what}，请看日志", "The demo does not go on: {what}. See the logs"),
    "cli.no_display": ("没有显示器，请在桌面里启动", "No display: start it in a desktop session"),
    "cli.dead_display": ("显示器 {display} 没有回应，请在桌面里启动", "No display answers at {display}"),
    "cli.out_needed": ("请说明图片放在哪里（--out）", "Say where the pictures go (--out)"),
    "cli.out_unwritable": (
        "{directory} 不能写入，请另选目录（--out）",
        "{directory} cannot be written: choose another (--out)",
    ),
    "cli.out_not_ours": (
        "{directory} 里有别的数据，不会删除，请另选目录（--out）",
        "{directory} holds other data, which is not deleted: choose another (--out)",
    ),
    "cli.not_together": ("{option} 和 {other} 不能一起用", "{option} and {other} do not go together"),
    "cli.only_with": ("{option} 要和 {other} 一起用", "{option} needs {other}"),
    "cli.password_needed": (
        "没有终端可以输入密码，请用 --credentials",
        "No terminal to type a password: use --credentials",
    ),
    "authorities.bad_register": ("人员名册读不懂：{file}", "The register of people cannot be read: {file}"),
    "cli.wait_for_what": ("--wait 要和 --credentials 一起用", "--wait needs --credentials"),
}

TEXTS: dict[str, tuple[str, str]] = {**_NETWORK, **_SIGN_ON, **_CALL, **_PROCESS}
