"""What the page says, in both languages: (Chinese, English). Plain words, and always what to do next."""

from collections.abc import Mapping

Words = Mapping[str, tuple[str, str]]

KINDS: Words = {
    "licence": ("营业执照", "the business licence"),
    "household_page": ("户口簿本人页", "the household register page"),
}

PAGE: Words = {
    "title": ("拍{kind}", "Photograph {kind}"),
    "intro": (
        "把原件平放在亮的地方，手机对准它。合适了会自动拍照。",
        "Lay the original flat in good light and point the phone at it. The photo is taken by itself.",
    ),
    "once": (
        "这个页面只能交一张照片，交给正在为您办理的柜员。",
        "This page hands in one photo, to the teller who is serving you.",
    ),
    "camera": ("打开相机", "Open the camera"),
    "file": ("选一张照片", "Choose a photo"),
    "take": ("拍照", "Take the photo"),
    "again": ("重拍", "Take it again"),
    "hand_in": ("交给柜员", "Hand it in"),
    "as_is": ("就交这一张", "Hand it in as it is"),
    "retry": ("再试一次", "Try again"),
    "language": ("English", "中文"),
    "preview": ("相机画面", "What the camera sees"),
    "shown": ("拍好的照片", "The photo that was taken"),
}

LIVE: Words = {
    "starting": ("正在打开相机，请允许使用相机", "Opening the camera: please allow it"),
    "looking": ("把证件放进框里", "Bring the paper into the frame"),
    "good": ("这样就好，请别动", "That is good, keep it still"),
    "checking": ("正在看这张照片", "Looking at the photo"),
    "fine": ("拍得清楚，可以交给柜员了", "The photo is clear: you can hand it in"),
    "sending": ("正在交给柜员", "Handing it in"),
    "taken": ("交好了，请回到屏幕前和柜员继续", "Done. Please go on with the teller at the screen"),
    "no_camera": (
        "打不开相机。请点“选一张照片”，用手机拍一张再交。",
        "The camera cannot be used. Press “Choose a photo” and take one with the phone.",
    ),
    "refused": (
        "您没有允许使用相机。可以在浏览器里允许，或点“选一张照片”。",
        "The camera was not allowed. Allow it in the browser, or press “Choose a photo”.",
    ),
    "not_a_picture": ("这不是照片，请换一张", "This is not a photo: choose another one"),
    "lost": ("网络断了，请别关页面，点“再试一次”", "No connection. Keep this page open and press “Try again”"),
    "paused": ("网络不好，正在重新连接", "The connection is poor: trying again"),
    "busy": ("现在人多，请稍等", "Busy just now: one moment"),
    "blind": ("请把证件放进框里，再点“拍照”", "Bring the paper into the frame, then press “Take the photo”"),
    "still_wrong": (
        "最好重拍；重拍也这样的话，可以就交这一张。",
        "Better take it again. If that does not help, hand it in.",
    ),
}

ADVICE: Words = {
    "doc.none": ("看不到证件的四个边，请放到框的中间", "Bring all four edges into the middle of the frame"),
    "doc.not_id": ("看不到证件，请放到框的中间", "No paper in view: bring it into the frame"),
    "doc.covered": ("有一角没拍到，请把手移开", "A corner is hidden: take the hand away"),
    "doc.cut_off": ("有个角没拍到，请退后一点", "A corner is cut off: move back a little"),
    "doc.too_small": ("移近一点", "Come closer"),
    "doc.dark": ("太暗了，请到亮一点的地方", "Too dark: find more light"),
    "doc.blur": ("不够清楚，请拿稳", "Not sharp: hold the phone still"),
    "doc.glare": ("反光了，请转一点角度", "Glare: tilt it a little"),
    "doc.two": ("请一次只拍一份", "One paper at a time, please"),
    "doc.copy": ("像是复印件，请拍原件", "This looks like a copy: use the original"),
    "doc.screen": ("像是屏幕上的照片，请拍原件", "This looks like a screen: use the original"),
}

OVER: Words = {
    "used": ("照片已经交好了，请回到屏幕前和柜员继续", "The photo was handed in. Please go on with the teller"),
    "taken_back": ("现在不用拍了，请回到屏幕前问柜员", "No photo is needed now. Please ask the teller"),
    "spent": ("交了太多次，请回到屏幕前问柜员", "Too many tries. Please ask the teller at the screen"),
    "expired": ("时间过了，请柜员重新给您一个码", "The time is over. Please ask the teller for a new code"),
    "unknown": ("没有这个页面，请重新扫屏幕上的码", "No such page. Please scan the code on the screen again"),
    "too_many": ("打开的人太多，请稍后再试", "Too many requests: please try again in a moment"),
    "no_script": (
        "这个浏览器不能拍照。请把证件放到机器的玻璃上。",
        "This browser cannot take the photo. Please lay the paper on the machine's glass.",
    ),
}


def table() -> dict[str, list[str]]:
    """All of them, for the page's own script: name to both languages."""
    found = {f"kind.{name}": both for name, both in KINDS.items()}
    found |= {f"over.{name}": both for name, both in OVER.items()}
    return {name: list(both) for name, both in {**found, **PAGE, **LIVE, **ADVICE}.items()}
