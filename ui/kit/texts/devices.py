"""The machine and its devices, to staff: how a device is, why it did not do as asked. Code: (Chinese, English).

A device's status stands in a narrow row, so the words for a status take no parameters and begin with what is wrong.
"""

_DEVICE: dict[str, tuple[str, str]] = {
    "device.ok": ("正常", "OK"),
    "device.busy": ("正在工作，请稍等", "Working, wait a moment"),
    "device.unreachable": ("连不上机器，正在再试", "The machine cannot be reached, trying again"),
    "device.incomplete": (
        "机器缺少设备：{missing}，不能接待，请报修",
        "The machine lacks {missing}: it cannot serve, call for repair",
    ),
    "device.key_pad_untrusted": (
        "密码键盘不是厂家签过的，没有送出密钥，请报修",
        "Its maker does not vouch for this PIN pad: no key was sent, call for repair",
    ),
    "device.connection_lost": ("连不上，正在再试", "Not reachable, trying again"),
    "device.not_ready": ("还没准备好，请稍等再试", "Not ready yet: wait a moment, then try again"),
    "device.timeout": ("客户还没有动作，可以再请一次", "The customer did nothing yet: ask again"),
    "device.cancelled": ("已停下，没有动钱，可以再做一次", "Stopped before any money moved: it can be done again"),
    "device.no_power": ("停电了，电池也没有电，来电后再用", "No power, and none from the battery: wait for the mains"),
    "device.hardware": ("设备故障，请报修", "Out of order: call for repair"),
    "device.internal": ("设备程序出错，请报修", "The device failed inside: call for repair"),
    "device.jam": ("卡住了，已停下，请现场处理", "Jammed and stopped: it has to be cleared on site"),
    "device.shutter_stuck": ("小门卡住，请现场处理", "The shutter is stuck: it has to be cleared on site"),
    "device.media_unreadable": ("卡读不出来，请客户擦一下再插", "The card cannot be read: wipe it and insert it again"),
    "device.no_media": ("没有看到卡或纸，请客户再放一次", "Nothing was seen in the device: ask for it again"),
    "device.occupied": ("里面还有东西，请客户先取走", "Something is still inside: ask the customer to take it first"),
    "device.bin_full": ("回收箱满了，请现场清理", "The bin is full: it has to be emptied on site"),
    "device.cash_unit": (
        "钞箱故障，没有出钞，请现场处理",
        "A cassette failed and paid nothing: it has to be seen to on site",
    ),
    "device.paper_low": ("凭条纸快用完，请加纸", "Receipt paper is low: refill it"),
    "device.paper_out": (
        "凭条纸用完，请加纸；凭证已存档",
        "Out of receipt paper: refill it. The voucher is in the archive",
    ),
    "device.exchange_active": ("正在换钞箱，请等换完", "Cassettes are being exchanged: wait until it is done"),
    "device.fraud": ("发现异物或外力，已停下，请现场查看", "Tampering suspected and stopped: look at it on site"),
    "device.user_error": ("客户的操作没有完成，可以再请一次", "The customer's part was not completed: ask again"),
    "device.safe_open": ("保险柜门还开着，关好后再点一次", "The safe stands open: close it, then again"),
    "device.wrong_state": (
        "设备现在不能做这一步，请看设备栏再试",
        "The device cannot do this now: see the devices, then try again",
    ),
    "device.unsupported": ("这台机器没有这个功能，请换一台", "This machine cannot do that: use another one"),
    "device.protocol": ("设备的回答读不懂，请再试一次", "The device's answer could not be read: try again"),
    "device.refused": ("设备没有接受这一步，请看设备栏再试", "The device refused: see the devices, then try again"),
    "devices.running": (
        "机具{machine}已经在用这个数据目录运行，没有再启动一台",
        "Machine {machine} runs already on this data: no second one was started",
    ),
    "devices.no_port": ("没有空闲端口，模拟机具没有启动", "No port is free: the simulated machine did not start"),
    "machine.no_report": (
        "机器 {machine} 还没有报数，请稍等再试",
        "Machine {machine} has not reported yet: try again shortly",
    ),
    "machine.not_found": ("没有这台机器，请核对编号", "No such machine: check its number"),
    "machine.bad_address": ("机器地址不对：{address}，请核对", "Not the address of a machine: {address}"),
}

_CASH: dict[str, tuple[str, str]] = {
    "cash.empty": (
        "钞箱空了或不能用，不能出钞，请加钞或检查钞箱",
        "The cassettes are empty or out of use, nothing can be paid out: refill or check them",
    ),
    "cash.no_room": (
        "钞箱满了或不能用，不能收钞，请清机或检查钞箱",
        "The cassettes are full or out of use, no notes can be taken in: empty or check them",
    ),
    "cash.low": ("钞票不多，请准备加钞", "Few notes left: prepare a refill"),
    "cash.bin_high": ("存款箱快满，请准备清箱", "The deposit bin is nearly full: prepare to empty it"),
    "cash.not_payable": (
        "机内钞票凑不出 {amount:money}，可付 {below:money} 或 {above:money}",
        "The notes inside cannot make {amount:money}: pay {below:money} or {above:money}",
    ),
    "cash.not_payable.without_above": (
        "机内钞票不够付 {amount:money}，可付 {below:money} 或换面额",
        "Not enough notes for {amount:money}: pay {below:money} or change notes",
    ),
    "cash.not_payable.without_below": (
        "机内钞票凑不出 {amount:money}，最少可付 {above:money}",
        "The notes inside cannot make {amount:money}: {above:money} is the least",
    ),
    "cash.not_payable.without_above_below": (
        "机内钞票凑不出 {amount:money}，请换一台机器",
        "The notes inside cannot make {amount:money}: use another machine",
    ),
    "cash.not_payable.without_above_amount_below": (
        "机内钞票凑不出这个金额，没有扣款，请改金额",
        "The notes inside cannot make this amount, nothing was debited: change it",
    ),
    "cash.notes_changed": (
        "机内钞票变了，没有扣款，请改金额再提交",
        "The notes inside changed, nothing was debited: change the amount and submit again",
    ),
    "cash.not_counted": ("还没有清点现金，请客户放入", "No cash counted yet: ask for it"),
    "cash.nothing_counted": ("没有点到钞票，请客户再放一次", "No notes were counted: ask for them again"),
    "cash.no_notes": ("没有点到钞票，请客户再放一次", "No notes were seen: ask for them again"),
    "cash.not_asked": ("现在不收现金，请看步骤栏", "Cash is not asked for now: see the steps"),
    "cash.not_now": ("现在不能动现金，请看步骤栏", "Cash cannot move now: see the steps"),
    "cash.card_first": ("请客户先取卡，再取现金", "Card first, then cash: ask the customer to take the card"),
    "cash.in_motion": ("现金正在出入，请稍等", "Notes are moving: wait a moment"),
    "cash.unknown_movement": ("没有这笔现金动作，没有入账", "No such cash movement: nothing was booked"),
    "cash.wrong_state": (
        "这笔现金已经有结果，没有再动账",
        "This cash movement is settled already: nothing was booked again",
    ),
    "cash.contradiction": (
        "机器的计数与确认的不一致，已挂账，等现场清点",
        "The counters do not fit what was agreed: in suspense until somebody has counted on site",
    ),
    "cash.counters_anew": (
        "机器计数中途重新开始，现金已挂账，等现场清点",
        "The counters began anew meanwhile: in suspense until somebody has counted on site",
    ),
    "cash.pulled_in_uncounted": (
        "机器收回了没有点过的钞票，现金已挂账，等现场清点",
        "The machine pulled in notes that it did not count: in suspense until somebody has counted on site",
    ),
    "cash.journal_lost": (
        "机器的现金记录丢失，现金已挂账，等现场清点",
        "The machine has lost its record of this cash: in suspense until somebody has counted on site",
    ),
    "cash.part_only": (
        "存入机器的与确认的不一致，已挂账，等现场清点",
        "Not all that was agreed was stored: in suspense until somebody has counted on site",
    ),
    "cash.no_account": (
        "账户没有开成，机器里的现金已挂账，请两人核对后当面交还",
        "The account was not opened, its cash is in suspense: two persons hand it over",
    ),
    "cash.outcome_unknown": (
        "现金结果还不清楚，正在清点，请稍等",
        "Not known yet what was paid, counting: wait a moment",
    ),
    "cash.not_taken": ("客户没有取走现金，已收回", "The cash was not taken and is back inside"),
    "cash.retracted": ("现金已收回机器，等现场清点", "The cash is back in the machine: wait for a count on site"),
    "cash.slot_not_empty": (
        "口里还有钞票，请客户先取走",
        "There are notes in the slot: ask the customer to take them first",
    ),
    "cash.items_taken": ("钞票已被取走，不能收回", "The notes were taken and cannot be pulled back"),
    "cash.too_many_notes": (
        "一次出不了这么多张，请改金额或面额",
        "Too many notes at once: change the amount or the notes",
    ),
    "cash.currency_unsupported": ("机器里没有这个币种，请改用人民币", "The machine has no such currency: use CNY"),
    "cash.deposit_open": ("上一次存款还没结束，请先办完", "The last deposit is still open: finish it first"),
    "cash.no_deposit_open": ("存款还没有开始，请再请客户放钞", "No deposit was begun: ask for the cash again"),
}

_PIN: dict[str, tuple[str, str]] = {
    "pin.wrong": (
        "密码不对，还能试 {tries_left} 次，请客户再输",
        "Wrong PIN, {tries_left} {tries_left:try|tries} left: ask the customer again",
    ),
    "pin.cancelled": ("客户按了取消，请再输一次", "The customer pressed cancel: ask for the PIN again"),
    "pin.none": ("客户还没有输密码，请再请一次", "No PIN was entered: ask for it again"),
    "pin.too_short": ("密码位数不够，请客户再输", "The PIN is too short: ask for it again"),
    "pin.key_missing": (
        "密码键盘没有密钥，正在换钥，请稍等",
        "The PIN pad has no key: it is being loaded, wait a moment",
    ),
    "pin.bad_block": ("密码键盘没有对上，请客户再输一次", "The PIN pad is not in step: ask for the PIN again"),
    "pin.bad_format": ("密码键盘格式不对，请报修", "Unknown PIN block format: call for repair"),
    "pin.bad_machine": ("机器编号不对，请联系管理员", "Unknown machine: call the administrator"),
    "pin.bad_pan": ("卡号不对，请客户重新插卡", "Not a card number: ask for the card again"),
    "pin.bad_pin": ("密码是 4 到 12 位数字", "A PIN has 4 to 12 digits"),
    "pin.bad_hash": ("卡的密码记录坏了，请联系管理员", "The card's PIN record is damaged: call the administrator"),
    "signature.empty": ("还没有签名，请客户先签名", "There is no signature yet: ask the customer to sign"),
}

_HANDS: dict[str, tuple[str, str]] = {
    "hands.action_unknown": ("模拟机具没有这个动作", "The simulated machine knows no such action"),
    "hands.bad_line": ("模拟机具读不懂这一行", "The simulated machine could not read that line"),
    "hands.bad_parameter": ("这个动作缺少或写错了：{parameter}", "Missing or wrong for this action: {parameter}"),
    "hands.fault_unknown": ("没有这种故障：{fault}", "No such fault: {fault}"),
    "hands.fault_not_now": (
        "这种故障要等机器动作时才会出，不能马上出：{fault}",
        "This fault comes only while the machine carries something out, not at once: {fault}",
    ),
    "hands.fault_nothing_now": (
        "现在没有东西会出这种故障：{fault}",
        "Nothing is there now that this could happen to: {fault}",
    ),
    "hands.fault_invalid": (
        "故障{fault}不能这样设定：{parameter}",
        "The fault {fault} cannot be set like that: {parameter}",
    ),
    "hands.no_cassette": ("没有钞箱在机器外面", "No cassette is out of the machine"),
    "hands.slot_taken": ("里面已经有东西了", "There is something inside already"),
    "hands.too_many": ("放不下，最多再放 {room}", "It does not fit: there is room for {room}"),
    "hands.hopper_full": ("已经装满了", "It is full already"),
    "hands.nothing_there": ("那里现在没有东西可动", "There is nothing to be done there now"),
    "hands.door_bolted": ("门闩着", "The door is bolted"),
    "hands.safe_shut": ("保险柜门没有打开", "The safe is not open"),
    "hands.cabinet_shut": ("机柜门没有打开", "The cabinet is not open"),
    "hands.no_exchange": ("没有开始换钞箱，不能装钞", "No exchange was begun: notes cannot be loaded"),
    "journal.key_reused": (
        "机器的现金记录对不上，已停下，请现场清点",
        "The machine's cash journal does not fit, stopped: count it on site",
    ),
    "journal.unknown_key": (
        "机器的现金记录里没有这一笔，请现场清点",
        "The machine's cash journal lacks this movement: count it on site",
    ),
}

TEXTS: dict[str, tuple[str, str]] = {**_DEVICE, **_CASH, **_PIN, **_HANDS}
