"""Field names, words and units of this package as people read them."""

from collections.abc import Iterable
from datetime import date, datetime

FIELDS = {
    "abroad": "在中国境内无住所",
    "acknowledged_on": "确认收悉日期",
    "act_pending": "有待办的行为或者交付",
    "amount": "金额",
    "annual_rate": "年利率",
    "applicant_confirmed": "申请执行人签字确认",
    "assets_left": "尚有财产待处置",
    "attempts": "送达记录",
    "auctionable_asset": "有待拍财产",
    "calc": "计算种类",
    "case_type": "案件类型代字",
    "channel": "送达方式",
    "claims": "债权",
    "class": "债权类别",
    "consent": "同意电子送达",
    "control_gap": "控制将到期",
    "corrects": "被补正的文书",
    "costs": "费用",
    "costs_in_base": "费用计入基数",
    "count_last_day": "计入截止日",
    "court_switch": "本院启用分段执行",
    "daily_rate": "日利率",
    "date": "日期",
    "days": "工作日数",
    "debtor": "被执行人类型",
    "disposable_asset": "有可处置的在控财产",
    "document": "文书编号",
    "doubled": "加倍部分利息",
    "doubled_rate": "加倍部分日利率",
    "emergency": "紧急情况",
    "excluded": "排除情形",
    "expiry": "履行期间届满日",
    "extensions": "延长次数",
    "fee": "执行费",
    "filed": "立案日期",
    "final": "确定日期",
    "from": "开始日期",
    "fully_paid": "全部受偿",
    "funds": "在账案款",
    "funds_on_account": "案款已到账",
    "general": "利率分段",
    "ground": "解除事由",
    "has_auction": "是否有拍",
    "id": "编号",
    "instalments_running": "分期扣划进行中",
    "left_on": "留置日期",
    "length": "期间长度",
    "living_costs": "保留的生活费用",
    "mediation": "调解书",
    "name": "名称",
    "new_clue": "有新的财产线索",
    "no_amount": "没有执行金额",
    "no_fault": "受送达人没有过错",
    "no_other_property": "无其他财产",
    "no_property": "无财产可供执行",
    "obligation_met": "义务已履行",
    "occurrence": "第几次",
    "order": "清偿顺序",
    "pauses": "暂停期间",
    "payee_is_applicant": "收款人为申请执行人",
    "payments": "还款",
    "performed": "行为已履行",
    "posted_on": "发布日期",
    "price": "变价款",
    "principal": "本金",
    "proof": "见证方式",
    "proved_on": "证明到达的日期",
    "rank": "优先顺位",
    "read_on": "阅读日期",
    "reason": "退回原因",
    "received_on": "签收日期",
    "refused_on": "拒绝签收日期",
    "returned_on": "退回日期",
    "role": "被申请回避人员",
    "rule": "期限规则",
    "seized_auction_asset": "待拍财产已查封",
    "seized_on": "查封日期",
    "seizure_seq": "查封顺序号",
    "sent_on": "发送日期",
    "set_off_done": "已经抵债",
    "signed_on": "签收日期",
    "subject": "处罚对象",
    "table": "流转表",
    "term_days": "拘留天数",
    "terminating_ground": "有终结事由",
    "to": "结束日期",
    "trigger": "起算日期",
    "unclaimed_receipt": "有未认领的款项",
    "undisputed": "没有争议",
    "unsettled_asset": "有财产未处置完毕",
    "unsettled_payable": "有应付款未处理",
    "until": "计算截止日",
    "year": "年度",
    "year_days": "一年的天数",
}

WORDS = {
    "citizen": "公民",
    "organisation": "其他组织",
    "enterprise": "企业法人",
    "medical": "医疗费用",
    "priority": "优先债权",
    "restitution": "退赔被害人",
    "ordinary": "普通债权",
    "fine": "罚金",
    "confiscation": "没收财产",
    "person": "个人",
    "unit": "单位",
    "judge": "审判人员",
    "clerk": "书记员",
    "officer": "执行员",
    "president": "院长",
    "other": "其他人员",
    "wrong_own_address": "自己提供的地址不准确",
    "address_refused": "拒不提供地址",
    "unreported_change": "变更地址未告知",
    "refused": "拒绝签收",
    "not_found": "查无此人",
    "costs": "费用",
    "interest": "利息",
    "principal": "本金",
    "doubled": "加倍部分",
    "J": "承办法官",
    "P": "合议庭",
    "B": "执行局局长",
    "V": "分管副院长",
    "PR": "院长",
    "AC": "审判委员会",
    "direct": "直接送达",
    "transfer": "转交送达",
    "entrusted": "委托送达",
    "at_court": "到院或者住所外送达",
    "leave": "留置送达",
    "electronic": "电子送达",
    "post": "邮寄送达",
    "public": "公告送达",
    "price_publicity": "报告公示",
    "auction_publicity": "拍卖平台公示",
}

WEEKDAYS = "一二三四五六日"


def field(name: str) -> str:
    return FIELDS.get(name, name)


def word(code: str) -> str:
    return WORDS.get(code, code)


def choices(codes: Iterable[str]) -> str:
    """甲、乙或者丙"""
    words = [word(code) for code in codes]
    return "或者".join(["、".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]


def day(value: date) -> str:
    return f"{value.year}年{value.month}月{value.day}日"


def weekday(value: date) -> str:
    return f"{day(value)}（星期{WEEKDAYS[value.weekday()]}）"


def moment(value: datetime) -> str:
    return f"{day(value)}{value.hour}时{value.minute:02}分"


WAITS = "待满三个月"


def left(days: int) -> str:
    return f"剩余{days}天" if days else "今日到期"


def overdue(days: int) -> str:
    return f"已超期{days}天"


def paused(days: int) -> str:
    return f"已暂停（剩余{days}天）" if days >= 0 else f"已暂停（{overdue(-days)}）"
