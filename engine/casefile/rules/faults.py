"""What a calculation refuses, one class per code of the contract: the docstring is the sentence, its blanks filled in.

``code`` is what programs read; the sentence names the field as people know it and says what to do.
"""

from typing import ClassVar

from engine.errors import EngineError

#: What somebody typed is repeated in a sentence only so far.
LONGEST_WORD = 80


def _shortened(word: str) -> str:
    return word if len(word) <= LONGEST_WORD else f"{word[:LONGEST_WORD]}…"


class Refused(EngineError):
    """无法计算，请核对填写的内容"""

    code: ClassVar[str] = "refused"

    def __init__(self, **words: object) -> None:
        shown = {name: _shortened(str(word)) for name, word in words.items()}
        Exception.__init__(self, (type(self).__doc__ or "").strip().format(**shown))


class RulesInvalid(EngineError):
    """规则文件有误"""

    code = "rules_invalid"


class BadJson(Refused):
    """这一行不是有效的 JSON，请核对"""

    code = "bad_json"


class UnknownCalc(Refused):
    """没有“{value}”这种计算，请核对"""

    code = "unknown_calc"


class UnknownField(Refused):
    """无法识别的项目“{field}”，请核对"""

    code = "unknown_field"


class MissingField(Refused):
    """缺少{field}，请补充"""

    code = "missing_field"


class BadDay(Refused):
    """{field}不是有效日期，请按 2026-01-31 的格式填写"""

    code = "bad_date"


class BadMoment(Refused):
    """{field}不是有效时刻，请按 2026-01-31T09:30 的格式填写"""

    code = "bad_date"


class DayOutOfReach(Refused):
    """计算结果超出了日历的范围，请核对日期和长度"""

    code = "bad_date"


class BadTruth(Refused):
    """{field}只能填写是或者否，请更正"""

    code = "bad_value"


class BadWord(Refused):
    """{field}须为{choices}，请更正"""

    code = "bad_value"


class BadNumber(Refused):
    """{field}须为{least}以上的整数，请更正"""

    code = "bad_value"


class BadList(Refused):
    """{field}的填写格式有误，请逐项填写"""

    code = "bad_value"


class BadText(Refused):
    """{field}须为文字，请更正"""

    code = "bad_value"


class TwoAnswers(Refused):
    """{field}和{other}只能填写一项，请删去其中一项"""

    code = "bad_value"


class RepeatedClaim(Refused):
    """债权编号“{value}”重复，请更正"""

    code = "bad_value"


class CorrectsItself(Refused):
    """补正裁定不能再用补正裁定更正，请选择原文书"""

    code = "bad_value"


class UnknownRule(Refused):
    """没有编号为“{value}”的期限规则，请核对"""

    code = "unknown_rule"


class UnknownTable(Refused):
    """没有名为“{value}”的流转表，请核对"""

    code = "unknown_table"


class UnknownDocument(Refused):
    """没有编号为“{value}”的文书，请核对"""

    code = "unknown_document"


class UnknownChannel(Refused):
    """没有“{value}”这种送达方式，请核对"""

    code = "unknown_channel"


class BadLength(Refused):
    """期间长度无法识别，请按“10 d”填写"""

    code = "bad_length"


class BadWorkingDays(Refused):
    """工作日数须为-2000至2000之间的整数，请更正"""

    code = "bad_length"


class BadPause(Refused):
    """{field}的结束日早于开始日，请更正"""

    code = "bad_pause"


class NotPausable(Refused):
    """该期限依法不因中止、暂缓而停止计算，请删除暂停期间"""

    code = "not_pausable"


class BadExtension(Refused):
    """延长次数超出该期限允许的次数（{most}次），请更正"""

    code = "bad_extension"


class BadOccurrence(Refused):
    """该期限只能计算第1次至第{most}次，请更正"""

    code = "bad_occurrence"


class FiledAfterTrigger(Refused):
    """立案日期晚于起算日期，请更正"""

    code = "bad_order"


class PaidAfterUntil(Refused):
    """有还款日期晚于计算截止日，请更正"""

    code = "bad_order"


class BadOrder(Refused):
    """清偿顺序须包含费用、利息、本金、加倍部分各一次，请更正"""

    code = "bad_order"


class CalendarMissing(Refused):
    """工作日历只有{first}至{last}，无法确定该日期，请先导入所缺年度的放假安排"""

    code = "calendar_missing"


class NegativeAmount(Refused):
    """{field}不能为负数，请更正"""

    code = "negative_amount"


class BadAmount(Refused):
    """{field}不是有效金额，请填写以元为单位、最多两位小数的数字"""

    code = "bad_amount"


class BadRate(Refused):
    """{field}须为0至999之间、最多六位小数的百分数，请更正"""

    code = "bad_rate"


class OneRateOnly(Refused):
    """每段利率须在年利率和日利率中填写一项，并且只填一项，请更正"""

    code = "bad_rate"


class BadYearDays(Refused):
    """一年的天数须为{choices}，请更正"""

    code = "bad_rate"


class BadSegment(Refused):
    """利率分段的结束日早于开始日，请更正"""

    code = "bad_segment"


class SegmentsOverlap(Refused):
    """利率分段相互重叠，请更正"""

    code = "bad_segment"


class OldLaw(Refused):
    """{day}以前的部分适用旧的计算方法，请另行计算"""

    code = "old_law"


class CostsExceedPrice(Refused):
    """变价款不足以支付执行费用，请核对"""

    code = "costs_exceed_price"


class FineOutOfRange(Refused):
    """罚款金额超出法定幅度：对个人为人民币十万元以下，对单位为人民币五万元以上一百万元以下（民事诉讼法第一百一十八条）"""

    code = "out_of_range"


class DetentionOutOfRange(Refused):
    """拘留期限为一日以上十五日以下，请更正（民事诉讼法第一百一十八条）"""

    code = "out_of_range"


class Disputed(Refused):
    """该笔案款存在争议，请先处理争议或者将争议部分提存"""

    code = "disputed"


class DirectOnly(Refused):
    """该文书必须直接送达，请改用直接送达"""

    code = "direct_only"


class NoLeaveDelivery(Refused):
    """调解书不适用留置送达，请改用其他方式"""

    code = "no_leave_service"


class ProofMissing(Refused):
    """留置送达须有见证人签名或者拍照、录像，请补充"""

    code = "proof_missing"


class NoRow(Refused):
    """决策表“{table}”没有一行适用于所填的情况，请联系流程设计人员补充"""

    code = "no_row"
