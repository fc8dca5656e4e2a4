"""A small real window with an automation port, started by the tests as a process of its own: PORT TOKEN."""

import sys

from PySide6.QtWidgets import QApplication, QWidget

from ui.kit.automation import AutomationServer
from ui.kit.base import Label, named, vbox
from ui.kit.buttons import Button
from ui.kit.fields import Select, TextField
from ui.kit.keys import KeyBar
from ui.kit.kit import make_kit
from ui.kit.overlays import Dialog
from ui.kit.shortcuts import ShortcutTable
from ui.kit.signature import SignaturePad
from ui.kit.special_fields import MaskedField
from ui.kit.tables import Column, Row, TableView


def main() -> int:
    app = QApplication([])
    kit = make_kit(strict=True)
    kit.theme.apply(app)
    window = QWidget()
    window.setObjectName("test.window")
    window.setProperty("role", "window")
    window.resize(900, 800)
    said = named(Label(kit, "nothing"), "test.said")
    name = TextField(kit, "姓名")
    name.setObjectName("test.name")
    kind = Select(kit, "种类", [("a", "甲"), ("b", "乙"), ("c", "丙")])
    kind.setObjectName("test.kind")
    masked = MaskedField(kit, "号码", "99****26")
    masked.setObjectName("test.masked")
    masked.revealed.connect(lambda on: masked.show_plain("99990426"))
    off = named(Button(kit, "不能按"), "test.off")
    off.setEnabled(False)
    ask = named(Button(kit, "问"), "test.ask")
    pad = named(SignaturePad(kit), "test.pad")
    pad.setFixedHeight(160)
    pad.stroke_added.connect(lambda stroke: said.set_words(f"stroke of {len(stroke)}"))
    table = named(TableView(kit, (Column("受理单"),)), "test.table")
    table.setFixedHeight(120)
    table.set_rows([Row("r1", ("0312-0046",)), Row("r2", ("0312-0047",))])
    table.row_chosen.connect(lambda key: said.set_words(f"row {key}"))
    bar = KeyBar(kit, "批准")
    bar.main.clicked.connect(lambda: said.set_words(f"pressed {bar.main.text()}"))
    bar.main.clicked.connect(lambda: bar.main.set_do("再批准"))
    shortcuts = ShortcutTable(kit, window)
    shortcuts.add_button("main", bar.main)
    dialog = Dialog(kit, window, "当真？")
    dialog.add_button("yes", "是")
    dialog.chosen.connect(lambda key: said.set_words(f"answered {key}"))
    ask.clicked.connect(lambda: dialog.open())
    kind.chosen.connect(lambda key: said.set_words(f"kind {key}"))
    window.setLayout(vbox(said, name, kind, masked, off, ask, pad, table, bar))
    window.show()
    server = AutomationServer(sys.argv[2], metrics=lambda: {"answer": 42})
    sys.stdout.write(f"{server.start(int(sys.argv[1]))}\n")
    sys.stdout.flush()
    status = app.exec()
    server.stop()
    return status


if __name__ == "__main__":
    raise SystemExit(main())
