"""Who acts for the customer: the second identity card, the household page; at the machine and at the counter."""

TEXTS: dict[str, tuple[str, str]] = {
    "kiosk.lay_party_front": ("请放代办人或监护人的身份证", "Lay the agent's or guardian's ID down"),
    "kiosk.lay_party_front_hint": ("有照片的一面朝上，放平后把手移开", "Photo side up, then take your hand away"),
    "kiosk.lay_household_page": ("请放户口簿本人页", "Lay the household book down"),
    "kiosk.lay_household_page_hint": ("翻到孩子的那一页，放平后把手移开", "Child's page up, then take your hand away"),
    "kiosk.status_book_waiting": ("正在等户口簿，放好会自动拍照", "Waiting for the book; the photo is automatic"),
    "teller.key_ask_party_front": ("请代办人/监护人放身份证", "Ask for the agent's or guardian's ID"),
    "teller.key_ask_household_page": ("请客户放户口簿", "Ask for the household page"),
    "teller.wait_party_front": ("等代办人/监护人身份证", "Waiting for the other ID"),
    "teller.wait_household_page": ("等户口簿", "Waiting for the household page"),
    "teller.evidence_party_front": ("代办/监护人证件", "Agent's ID"),
    "teller.evidence_household_page": ("户口簿", "Household"),
    "teller.empty_party_front": ("还没有拍", "Not taken yet"),
    "teller.empty_household_page": ("还没有拍", "Not taken yet"),
    "timeline.asked_lay_party_front": ("请放代办人或监护人证件", "Asked for the other ID"),
    "timeline.asked_lay_household_page": ("请放户口簿", "Asked for the household page"),
    "timeline.party_front": ("代办人或监护人证件", "Agent's or guardian's ID"),
    "timeline.household_page": ("户口簿", "Household page"),
    "authoriser.evidence_party_front": ("代办/监护人证件", "Agent's ID"),
    "authoriser.evidence_household_page": ("户口簿", "Household"),
    "doc.page_differs": (
        "{field}：户口簿“{page}”，表单“{form}”，请核对原件",
        "{field}: the page says {page}, the form {form}. Compare",
    ),
}
