"""What a rule of accounts says when it holds somebody back: why, and what to do next."""

TEXTS: dict[str, tuple[str, str]] = {
    "notice.left": ("今天还可：入 {in:money}，出 {out:money}", "Left today: in {in:money}, out {out:money}"),
    "bar.agent_count": (
        "代办人已代办 {held} 户，本行最多 {count} 户，请客户本人来办",
        "The agent opened {held} of at most {count}: the customer must come",
    ),
    "bar.class_limit_day": (
        "今天的额度 {limit:money} 已用完，请明天再办，或用一类户",
        "The day's {limit:money} are used: tomorrow, or a class I account",
    ),
    "bar.class_limit_year": (
        "今年的额度 {limit:money} 已用完，请改用一类户",
        "The year's {limit:money} are used: take a class I account",
    ),
    "bar.class_limit_balance": (
        "余额已到 {limit:money} 上限，请先转出再存",
        "The balance is at its limit of {limit:money}: move some out first",
    ),
    "class_limit.day_in": (
        "{account_class} 类户今天还能入 {left:money}（{rule}，每日 {limit:money}），请改小",
        "Class {account_class} takes {left:money} more today ({rule}, {limit:money} a day): lower it",
    ),
    "class_limit.year_in": (
        "{account_class} 类户今年还能入 {left:money}（{rule}，每年 {limit:money}），请改小",
        "Class {account_class} takes {left:money} more this year ({rule}, {limit:money}): lower it",
    ),
    "class_limit.day_out": (
        "{account_class} 类户今天还能出 {left:money}（{rule}，每日 {limit:money}），请改小",
        "Class {account_class}: {left:money} more may go today ({rule}, {limit:money} a day): lower it",
    ),
    "class_limit.year_out": (
        "{account_class} 类户今年还能出 {left:money}（{rule}，每年 {limit:money}），请改小",
        "Class {account_class}: {left:money} more may go this year ({rule}, {limit:money}): lower it",
    ),
    "class_limit.balance": (
        "{account_class} 类户余额不超过 {limit:money}（{rule}），最多再入 {left:money}，请改小",
        "Class {account_class} holds up to {limit:money} ({rule}), {left:money} more: lower it",
    ),
    "visit.over": (
        "这次来访已结束或已超时，请重新办理并采集",
        "That visit is over: begin anew and capture again",
    ),
    "timeline.captured_before": ("沿用本次来访的采集", "Captured earlier in this visit"),
    "scenario.next": ("接着办：{what}", "Then: {what}"),
    "agent.on_site_only": (
        "代办须到网点当面核对双方证件，请改为本人办理",
        "An agent must come to a branch with both IDs: choose oneself here",
    ),
    "agent.count": (
        "这位代办人已代办 {held} 户，最多 {count} 户，请客户本人来办",
        "This agent opened {held} of at most {count}: the customer must come",
    ),
    "bound.not_own": (
        "绑定账户须是客户本人的一类户，请核对卡号",
        "Bind the customer's own class I account: check the number",
    ),
    "transfer.payee_limit": (
        "收款账户今天收不了这笔款，请改小金额或换收款账户",
        "The payee's account cannot take it today: less, or another account",
    ),
    "transfer.payee_closed": ("收款账户已销户，请核对收款账号", "The payee's account is closed: check the number"),
    "todo.loss_lapses": (
        "口头挂失 {until} 到期，请联系客户补书面手续：尾号 {account}",
        "Oral report of loss ends {until}: ask for it in writing, account …{account}",
    ),
}
