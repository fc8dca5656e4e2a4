"""What the kiosk says while a document lies on the glass. Code: (Chinese, English)."""

TEXTS: dict[str, tuple[str, str]] = {
    "kiosk.doc.none": ("看不到证件的四个边，请放到中间", "Lay the card in the middle, all edges in view"),
    "kiosk.doc.cut_off": ("有个角没拍到，请往中间移一点", "A corner is cut off: move the card to the middle"),
    "kiosk.doc.too_small": ("离镜头太远，请靠近一点", "Too far away: bring the card closer"),
    "kiosk.doc.dark": ("光线太暗，请别让手或身体挡光", "Too dark: keep hands and shadows off the card"),
    "kiosk.doc.blur": ("不够清楚，请放平、把手移开", "Not sharp: lay the card flat, hands off"),
    "kiosk.doc.glare": ("反光了，请把证件转一点角度", "Glare: turn the card a little"),
    "kiosk.doc.glare_on": ("{field}反光，请把证件转一点角度", "Glare over the {field}: turn the card a little"),
    "kiosk.doc.covered": ("有一角没拍到，请放中间、把手移开", "A part is hidden: move it to the middle, hand off"),
    "kiosk.doc.two": ("请一次只放一张证件", "One document at a time, please"),
    "kiosk.doc.copy": ("像是复印件，请放证件原件", "This looks like a copy: lay the original"),
    "kiosk.doc.screen": ("像是屏幕上的照片，请放证件原件", "This looks like a screen: lay the original"),
    "kiosk.doc.good": ("这样就好，请别动", "That is good, keep it still"),
    "kiosk.doc.guiding_hint": ("看着下面的画面调整，合适了会自动拍照", "Watch the picture; the photo is automatic"),
    "kiosk.doc.choose_hint": ("可以再摆一次，也可以就拍这一张", "Try once more, or take this picture as it is"),
    "kiosk.status_id_guiding": ("还没有拍，正在看着证件", "Not taken yet, watching the card"),
    "kiosk.status_id_choose": ("就拍这一张的话，柜员会再核对", "Taken as it is, the teller will check it again"),
    "kiosk.doc.again": ("再摆一次", "Try once more"),
    "kiosk.doc.as_is": ("就拍这一张", "Take it as it is"),
    "kiosk.doc.preview": ("镜头看到的证件", "The document as the camera sees it"),
}
