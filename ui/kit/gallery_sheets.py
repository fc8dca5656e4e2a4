"""The sheets of the gallery: staff components and kiosk components in their states."""

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QGridLayout, QWidget

from ui.kit.base import IconLabel, Label, Tag, frame, hbox, vbox
from ui.kit.buttons import Button, IconButton, Kind, Segmented
from ui.kit.evidence import EvidenceStrip
from ui.kit.fields import FieldState, Select, TextField
from ui.kit.focus_ring import FocusRing
from ui.kit.form_grid import CheckRow
from ui.kit.keys import KeyBar, KeyButton
from ui.kit.kiosk import (
    Illustration,
    KioskButton,
    KioskFoot,
    KioskHead,
    KioskTile,
    PinBoxes,
    StatusLine,
    illustration_svg,
)
from ui.kit.kit import Kit, make_kit
from ui.kit.lens import Lens
from ui.kit.meters import Bar, CountdownBar, HourBars, ProgressBar, ScoreBox, SignalBars, SparkBars, StepBar
from ui.kit.overlays import Dialog, ToastArea
from ui.kit.panels import (
    AlertBox,
    EmptyState,
    KeyValueList,
    MoneyBoxes,
    OfflineLine,
    Panel,
    SayLine,
    Skeleton,
    TopBar,
)
from ui.kit.signature import SignaturePad
from ui.kit.special_fields import AmountField, DateField, IdNumberField, MaskedField
from ui.kit.spinner import Spinner
from ui.kit.steps import AuthTimeline, Step, StepsList
from ui.kit.tables import Column, Row, TableView, TagCell
from ui.kit.texts.book import Lang
from ui.kit.texts.words import t
from ui.kit.theme import Sheet, ThemeName
from ui.kit.video_view import Picture, VideoState, VideoView


def scene(name: str, width: int = 640, height: int = 360) -> QImage:
    """One of the drawn scenes as an image."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    QSvgRenderer(illustration_svg(name)).render(painter, QRectF(0, 0, width, height))
    painter.end()
    return image


def picture_of(image: QImage, serial: int = 1) -> Picture:
    """An image as a frame of a call."""
    data = bytes(image.constBits())
    return Picture(image.width(), image.height(), image.bytesPerLine(), data, serial, time.monotonic_ns())


def _buttons(kit: Kit) -> Panel:
    panel = Panel(kit, "按钮", gap=16)
    kinds: tuple[tuple[str, Kind], ...] = (
        ("确认", "primary"),
        ("取消", ""),
        ("拒绝", "danger"),
        ("撤回", "danger2"),
        ("再看", "quiet"),
    )
    for words, kind in kinds:
        off, busy = Button(kit, words, kind), Button(kit, words, kind)
        off.setEnabled(False)
        busy.set_busy(True, t("common.busy"))
        row = hbox(Button(kit, words, kind), off, busy, Button(kit, words, kind, "s"), None, gap=16)
        panel.body.addLayout(row)
    more = hbox(
        Button(kit, "打开", fit="s", icon="inbox"),
        Button(kit, "推送", icon="send", cap="F6"),
        Button(kit, "确认", "primary", icon="check", cap="Enter"),
        Button(kit, "接单中", "primary", "l", icon="check"),
        IconButton(kit, "zoom", t("common.zoom_in")),
        IconButton(kit, "rotate", t("common.rotate"), kind=""),
        None,
        gap=16,
    )
    panel.body.addLayout(more)
    panel.body.addLayout(hbox(Segmented(kit, [("zh", "中文"), ("en", "English")]), None))
    small = Segmented(kit, [("a", "全部 14"), ("b", "未完 1"), ("c", "待补 1")], "b", "s")
    panel.body.addLayout(hbox(small, None))
    panel.body.addStretch(1)
    return panel


def _keys(kit: Kit) -> Panel:
    panel = Panel(kit, "主键与功能键", gap=16)
    waiting = KeyButton(kit, "F9", "", "arrow-r", main=True)
    waiting.set_waiting("等待客户签名", since=time.monotonic() - 6)
    busy = KeyButton(kit, "F9", "", "arrow-r", main=True)
    busy.set_busy("正在执行 4 / 9")
    on, off = KeyButton(kit, "F7", "指引标注", "pointer"), KeyButton(kit, "F5", "联网核查", "shield")
    on.set_on(True)
    off.setEnabled(False)
    for key in (KeyButton(kit, "F9", "下一项：核对住址", "arrow-r", main=True), waiting, busy):
        panel.body.addLayout(hbox(key, None))
    panel.body.addLayout(hbox(KeyButton(kit, "F3", "抓拍", "camera"), on, off, None, gap=16))
    panel.body.addLayout(hbox(KeyButton(kit, "F12", "挂断", "hangup", danger=True), None))
    panel.body.addStretch(1)
    return panel


def _fields(kit: Kit) -> Panel:
    panel = Panel(kit, "输入", gap=8)
    ocr = TextField(kit, "识别填入", "顾南枝")
    ocr.set_state(FieldState.OCR, source="scan")
    unsure = TextField(kit, "识别不清", "梧桐路17号3幢")
    unsure.set_state(FieldState.UNSURE, t("common.field_characters_unclear", n=1), source="scan")
    wrong = IdNumberField(kit, "错误", "9999991990030704")
    wrong.check()
    amount = AmountField(kit, "金额", 5_000_000)
    amount.set_side("伍万元整")
    off = TextField(kit, "不可用", "先选账户类别")
    off.edit.setEnabled(False)
    fields = [
        TextField(kit, "常态", "云溪市图书馆"),
        TextField(kit, "提示文字", placeholder="请输入手机号", required=True),
        TextField(kit, "只读", "一类户，借记卡", readonly=True),
        ocr,
        unsure,
        wrong,
        amount,
        MaskedField(kit, "遮蔽", "999999********0426"),
        Select(kit, "下拉", [("a", "专业技术人员"), ("b", "办事人员")]),
        DateField(kit, "日期", "2036-05-20"),
        off,
    ]
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(8)
    for at, field in enumerate(fields):
        grid.addWidget(field, at // 4, at % 4, Qt.AlignmentFlag.AlignTop)
    panel.body.addLayout(grid)
    lens = Lens(kit)
    lens.set_crop(scene("customer-scene", 980, 300), QRectF(200, 80, 420, 40), (QRectF(420, 86, 24, 28),))
    panel.body.addWidget(lens)
    panel.body.addStretch(1)
    return panel


def _tags(kit: Kit) -> Panel:
    panel = Panel(kit, "勾选、标签", gap=0, padding=16)
    panel.body.addWidget(CheckRow(kit, "税收居民身份声明", "0101", locked=True))
    panel.body.addWidget(CheckRow(kit, "一类户（借记卡）", "0201", checked=True))
    panel.body.addWidget(CheckRow(kit, "二类户", "0202"))
    tags = hbox(
        Tag(kit, "普通"),
        Tag(kit, "服务中", "accent", "phone"),
        Tag(kit, "一致", "ok", "check"),
        Tag(kit, "纸少", "warn", "warn"),
        Tag(kit, "卡钞", "bad", "stop"),
        None,
    )
    panel.body.addLayout(tags)
    level = SignalBars(kit)
    level.set_level(5)
    panel.body.addLayout(hbox(level, Spinner(kit), IconLabel(kit, "cash"), None, margins=(0, 8, 0, 0)))
    panel.body.addStretch(1)
    return panel


def _table(kit: Kit) -> Panel:
    panel = Panel(kit, "表格行")
    columns = (Column("行", 100), Column("受理单"), Column("金额", 120, right=True), Column("状态", 110))
    table = TableView(kit, columns, framed=True)
    rows = (
        Row("1", ("常态", "0312-0046", "30,327.50", TagCell("完成", "ok", "check"))),
        Row("2", ("选中", "0312-0041", "68,400.00", TagCell("待授权", "accent", "shield"))),
        Row("3", ("要处理", "0312-0039", "150,000.00", TagCell("待补资料", "warn", "warn")), "warn"),
        Row("4", ("已作废", "0312-0036", "—", TagCell("已冲正", "", "undo")), "off"),
    )
    table.set_rows(rows)
    table.choose("2")
    table.setFixedHeight(32 + 4 * 40 + 2)
    panel.body.addWidget(table)
    panel.body.addStretch(1)
    return panel


def _alerts(kit: Kit) -> Panel:
    panel = Panel(kit, "提示、话术", gap=8)
    panel.body.addWidget(AlertBox(kit, "accent", "规则已更新到 v43，下一笔起生效"))
    panel.body.addWidget(AlertBox(kit, "ok", "已入账，凭证 4471 2093 5586 已盖章"))
    panel.body.addWidget(AlertBox(kit, "warn", "网络变慢，已降低画面，声音不受影响", "正在自动恢复，通话不会断。"))
    handle = Button(kit, "处理", fit="s", cap="F9")
    text = "客户没有拿到钱，账户没有扣款。请选怎么办。"
    panel.body.addWidget(AlertBox(kit, "bad", "出钞口卡钞，出钞已停", text, handle))
    show = Button(kit, t("teller.show_on_customer_screen"), fit="s", icon="send", cap="F6")
    panel.body.addWidget(SayLine(kit, "正在请同事核实，大约一分钟。", show))
    panel.body.addStretch(1)
    return panel


def _money(kit: Kit) -> Panel:
    panel = Panel(kit, "钱在哪里", gap=12)
    boxes = MoneyBoxes(kit)
    boxes.set_box("account", "¥20,000.00", "已冻结，未扣款")
    boxes.set_box("machine", "¥20,000.00", "137 + 63 张")
    boxes.set_box("hand", "¥0.00", "挡板未打开", "ok")
    known, unknown, left = ProgressBar(kit), ProgressBar(kit), CountdownBar(kit)
    known.set_share(0.66)
    unknown.set_share(None)
    left.set_left(24, 60)
    steps = (Step("提交", "done", "11:06:26"), Step("派单", "done", "11:06:26"), Step("A-07 查看", "now"), Step("决定"))
    for widget in (boxes, known, unknown, left, AuthTimeline(kit, steps)):
        panel.body.addWidget(widget)
    panel.body.addStretch(1)
    return panel


def _scores(kit: Kit) -> Panel:
    panel = Panel(kit, "比对分", gap=12)
    for score, verdict in ((96.4, "same"), (82.1, "close"), (41.7, "different")):
        box = ScoreBox(kit)
        box.set_score(score, 80, verdict)
        panel.body.addWidget(box)
    panel.body.addWidget(SparkBars(kit, (2, 0, 3, 1, 2, 4, 1, 0, 2, 3, 1, 9)))
    panel.body.addStretch(1)
    return panel


def _steps(kit: Kit) -> Panel:
    panel = Panel(kit, "时间线", gap=12)
    steps = (
        Step("证件采集", "done", "10:37:02"),
        Step("人脸比对", "done", "10:38:20"),
        Step("填单核对", "now", t("common.in_progress")),
        Step("授权退回，待补 1 项", "warn", "10:44:10"),
        Step("出钞失败", "bad", "10:53:09"),
        Step("签名"),
    )
    panel.body.addWidget(StepsList(kit, steps))
    bars = tuple(Bar(v, f"{9 + at}", at == 3) for at, v in enumerate((21, 38, 44, 23, 0)))
    panel.body.addWidget(HourBars(kit, bars))
    panel.body.addStretch(1)
    return panel


def _videos(kit: Kit) -> Panel:
    panel = Panel(kit, "画面状态")
    customer, teller = picture_of(scene("customer-scene")), picture_of(scene("teller-scene"))
    row = hbox(gap=16)
    for state in (VideoState.LIVE, VideoState.CONNECTING, VideoState.HELD, VideoState.BROKEN, VideoState.NO_CAMERA):
        view = VideoView(kit, lambda: customer, radius=6, round_all=True)
        view.setFixedSize(252, 142)
        view.set_state(VideoState.LIVE)
        view.tick()
        view.set_state(state)
        if state is VideoState.LIVE:
            view.set_recording("双录中 06:42", on=True)
            view.set_watermark("坐席 03·2026-03-12 10:42:17")
            view.set_own_source(lambda: teller, QSize(72, 42))
            view.tick()
        row.addWidget(view)
    row.addStretch(1)
    panel.body.addLayout(row)
    return panel


def _states(kit: Kit) -> Panel:
    panel = Panel(kit, "空、读取、出错、离线")
    retry = Button(kit, t("common.retry"), fit="s", cap="F5")
    strip = EvidenceStrip(kit)
    strip.add("front", "证件正面·识别 0.8 s").set_image(scene("id-on-glass", 428, 270))
    strip.add("live", "现场", t("common.evidence_empty", what="现场照片"), "face")
    values = KeyValueList(kit)
    values.set_value("customer", "客户", "方予安 男 64 岁")
    values.set_value("balance", "可用余额", "¥68,312.55")
    row = hbox(gap=16)
    row.addWidget(frame("well", vbox(EmptyState(kit, "inbox", "没有排队的客户", "有人来会响铃"))), 1)
    row.addWidget(frame("well", vbox(Skeleton(kit), margins=(16, 16, 16, 16))), 1)
    error = EmptyState(kit, "stop", "读不到受理单", "服务器没有回答（503）", retry, "bad")
    row.addWidget(frame("well", vbox(error)), 1)
    row.addLayout(vbox(strip, values), 1)
    panel.body.addLayout(row)
    return panel


def staff_sheet(kit: Kit) -> QWidget:
    """Every staff component in one window."""
    window = QWidget()
    window.setProperty("role", "window")
    window.resize(1440, 1980)
    bar = TopBar(kit, "青禾支行·视频坐席 03")
    bar.add_item("users", "排队", "4")
    bar.add_item("box", "尾箱", "¥86,420.00")
    bar.right.addWidget(Tag(kit, "服务中", "accent", "phone"))
    offline = OfflineLine(kit)
    offline.set_waited(18)
    rows: tuple[tuple[tuple[Callable[[Kit], Panel], int], ...], ...] = (
        ((_buttons, 2), (_keys, 1)),
        ((_fields, 2), (_tags, 1)),
        ((_table, 1), (_alerts, 1)),
        ((_money, 1), (_scores, 1), (_steps, 1)),
        ((_videos, 1),),
        ((_states, 1),),
    )
    body = vbox(gap=16, margins=(16, 16, 16, 16))
    for row in rows:
        line = hbox(gap=16)
        for make, stretch in row:
            line.addWidget(make(kit), stretch)
        body.addLayout(line)
    body.addStretch(1)
    keys = KeyBar(kit, "下一项：核对住址")
    keys.add_key("hold", "F2", "保持", "pause")
    keys.add_key("hangup", "F12", "挂断", "hangup", danger=True)
    keys.add_divider()
    keys.add_key("snapshot", "F3", "抓拍", "camera")
    keys.set_after("推送客户确认")
    outer = vbox(gap=0)
    outer.addWidget(bar)
    outer.addWidget(offline)
    outer.addLayout(body, 1)
    outer.addWidget(keys)
    window.setLayout(outer)
    FocusRing(kit, window)
    return window


def kiosk_sheet(kit: Kit) -> QWidget:
    """Every kiosk component in one window."""
    window = QWidget()
    window.setProperty("role", "kiosk")
    window.resize(1080, 2400)
    foot = KioskFoot(kit)
    entries = [("end", "结束办理", "log-out"), ("again", "再听一遍", "volume"), ("help", "请柜员帮我", "hand")]
    foot.set_buttons(list(entries))
    steps = StepBar(kit)
    steps.set_step(1, 6)
    pins = PinBoxes(kit)
    pins.set_count(4)
    picture = Illustration(kit, "id-on-glass")
    picture.setFixedHeight(488)
    pad = SignaturePad(kit)
    pad.setFixedHeight(360)
    tiles = hbox(KioskTile(kit, "cash-out", "取款", "凭卡和身份证"), KioskTile(kit, "cash-in", "存款", "现金"), gap=32)
    mid = vbox(gap=24, margins=(64, 32, 64, 32))
    mid.addLayout(hbox(steps, Label(kit, t("common.step_of", step=2, total=6), "note"), gap=16))
    mid.addWidget(Label(kit, "请把身份证放在玻璃上", "step"))
    mid.addWidget(Label(kit, "有照片的一面朝上，放平后把手移开", "hint"))
    for widget in (picture, StatusLine(kit, "正在等身份证，放好会自动拍照"), pins, pad):
        mid.addWidget(widget)
    mid.addLayout(tiles)
    mid.addLayout(hbox(KioskButton(kit, "都对，我确认", "check", "primary"), KioskButton(kit, "重签", "undo"), gap=24))
    outer = vbox(gap=0)
    outer.addWidget(KioskHead(kit))
    outer.addLayout(mid, 1)
    outer.addWidget(foot)
    window.setLayout(outer)
    return window


def render(sheet: Sheet, theme: ThemeName, lang: Lang, file: Path) -> None:
    """Paint one sheet into a PNG."""
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    kit = make_kit(theme=theme, sheet=sheet, lang=lang, strict=True)
    kit.theme.apply(application)
    window = staff_sheet(kit) if sheet == "staff" else kiosk_sheet(kit)
    window.show()
    if sheet == "staff":
        ToastArea(kit, window).show_toast("已抓拍现场照片", "ok", t("common.undo"), None, "Ctrl Z")
    window.grab().save(str(file))
    if sheet == "staff":
        dialog = Dialog(kit, window, "挂断和顾南枝的通话？", "受理单 0312-0047 已保存，客户可以重新接入继续办。")
        dialog.add_button("stay", "继续通话", cap="Esc")
        dialog.add_button("hang_up", "挂断", "danger", cap="F12")
        dialog.open()
        window.grab().save(str(file.with_name(f"{file.stem}-dialog.png")))
    window.close()
