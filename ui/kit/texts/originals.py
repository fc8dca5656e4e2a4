"""Pictures that may show a screen or a copy, not the original: at the counter, beside the picture, in registers."""

TEXTS: dict[str, tuple[str, str]] = {
    "common.doubt_screen": ("疑似翻拍：{name}", "Screen? {name}"),
    "common.doubt_copy": ("疑似复印：{name}", "Copy? {name}"),
    "teller.doubt_screen": (
        "{paper}像是翻拍的屏幕，请客户把原件放上去重拍",
        "{paper} looks like a photographed screen: ask for the original and take it again",
    ),
    "teller.doubt_copy": (
        "{paper}像是复印件，请客户把原件放上去重拍",
        "{paper} looks like a photocopy: ask for the original and take it again",
    ),
    "teller.doubt_kept_screen": (
        "{paper}像是翻拍的屏幕，照此办理须由授权员核对",
        "{paper} looks like a photographed screen: as it is, an authoriser has to check it",
    ),
    "teller.doubt_kept_copy": (
        "{paper}像是复印件，照此办理须由授权员核对",
        "{paper} looks like a photocopy: as it is, an authoriser has to check it",
    ),
    "teller.key_original": ("请客户放{paper}原件", "Ask for the original: {paper}"),
    "teller.after_original": ("不取用疑似照片上的内容", "Nothing is taken from the doubtful picture"),
    "teller.key_note_original": ("写原件核实说明", "Write what you checked"),
    "rule.original_doubted": ("证件照片疑似非原件：{count} 张", "Pictures that may show no original: {count}"),
    "timeline.original_doubted": ("照片疑似非原件", "Original doubted"),
    "registers.kind_evidence.doubted": ("疑似非原件", "Original doubted"),
    "registers.word_doc.screen": ("翻拍屏幕", "a screen"),
    "registers.word_doc.copy": ("复印件", "a copy"),
}
