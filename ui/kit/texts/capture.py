"""Pictures of papers from the customer's own phone: at the machine, at the counter, beside the picture."""

TEXTS: dict[str, tuple[str, str]] = {
    "common.from_phone": ("手机拍：{name}", "By phone: {name}"),
    "kiosk.phone_capture": ("请用您的手机拍{paper}", "Photograph {paper} with your phone"),
    "kiosk.phone_capture_hint": ("手机扫这个码，照着页面提示拍", "Scan this code and follow the page on your phone"),
    "kiosk.phone_capture_over": ("这个码的时间过了", "The time of this code is over"),
    "kiosk.phone_capture_over_hint": ("请柜员重新给您一个码", "Please ask the teller for a new code"),
    "kiosk.phone_capture_note": (
        "不方便用手机，请告诉柜员，可以放在这台机器上拍",
        "No phone at hand? Tell the teller: this machine can take it too",
    ),
    "kiosk.phone_capture_code": ("用手机扫的码", "The code to scan with the phone"),
    "kiosk.phone_paper_licence": ("营业执照", "the business licence"),
    "kiosk.phone_paper_household_page": ("户口簿本人页", "the household register page"),
    "kiosk.status_phone_waiting": ("正在等手机拍的照片", "Waiting for the photo from the phone"),
    "teller.key_f8_phone": ("客户手机拍", "Customer's phone"),
    "teller.do_phone": ("请客户用手机拍证件", "Photo with the customer's phone"),
    "teller.do_phone_back": ("收回手机拍照", "Take the phone's link back"),
    "teller.wait_phone": ("等客户手机拍照", "Waiting for the phone's photo"),
    "teller.key_phone_again": ("重新给客户一个码", "Give the customer a new code"),
    "teller.after_phone_over": ("手机码已过期", "The phone's code has expired"),
    "teller.empty_waiting_phone": ("等客户手机拍", "Waiting for the phone"),
    "timeline.asked_phone_capture": ("请客户用手机拍", "Asked for a photo by phone"),
    "timeline.capture_taken_back": ("收回手机拍照", "Phone's link taken back"),
    "timeline.capture_spent": ("手机照片交了太多次", "Too many photos by phone"),
    "registers.kind_capture.opened": ("请客户用手机拍照", "Phone asked for a picture"),
    "registers.kind_capture.taken_back": ("收回手机拍照", "Phone's link taken back"),
    "registers.kind_capture.taken": ("收到手机照片", "Picture from the phone"),
    "capture.original_needed": (
        "{kind}不能用手机拍，请客户放到机器上",
        "{kind}: no photo by phone here. Ask for the original on the glass",
    ),
    "capture.no_more": (
        "已给过 {count} 个码，请客户把证件放到机器上",
        "{count} codes were given: ask for the paper on the glass",
    ),
    "capture.over": ("这个手机码已经不能用了", "This code for the phone is over"),
    "evidence.original_needed": (
        "{kind}是手机拍的，这里要看原件，请客户放到机器上",
        "{kind} came from a phone: ask for the original on the glass",
    ),
}
