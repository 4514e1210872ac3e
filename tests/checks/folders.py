"""Rules on a folder, its forms and scenarios, and on decision tables."""

from tests.checks import CLEAN, Fixture
from tests.dmn.drawing import decision, file, function, input_data, literal, table


def of_form(rule: str, sentence: str, failing: str, mended: str) -> Fixture:
    """Of one field."""
    whole = '{{"components": [{}]}}'
    return Fixture(rule, sentence, {"process.bpmn": CLEAN, "甲.form": whole.format(failing)}, {"process.bpmn": CLEAN, "甲.form": whole.format(mended)})  # fmt: skip


def of_table(rule: str, sentence: str, failing: str, mended: str) -> Fixture:
    """Of one DMN file, given as its elements."""
    return Fixture(rule, sentence, {"process.bpmn": CLEAN, "a.dmn": file(failing)}, {"process.bpmn": CLEAN, "a.dmn": file(mended)})  # fmt: skip


def d(logic: str, *requires: str) -> str:
    return decision("d", logic, *requires)


TEXT = '{"type": "textfield", "key": "k", "label": "名"}'
GOOD = d(table("x => a", "< 5 => 1", ">= 5 => 2"))
ONE = d(literal("1"))
SCENARIO = 'title = "办结"\nprocess = "p"\n'

FOLDERS = (
    Fixture("no-diagram", "文件夹里没有流程图。", {}, {"process.bpmn": CLEAN}),
    Fixture("unknown-file", "平台不使用这个文件。", {"process.bpmn": CLEAN, "a.exe": ""}, {"process.bpmn": CLEAN, "a.md": ""}),
    Fixture("unused-form", "没有任务打开这份表单。", {"process.bpmn": CLEAN, "乙.form": '{"components": []}'}, {"process.bpmn": CLEAN, "甲.form": '{"components": []}'}),
    Fixture("scenario", "场景文件读不懂。", {"process.bpmn": CLEAN, "scenarios/a.toml": "= 1"}, {"process.bpmn": CLEAN}),
)  # fmt: skip
FORMS = (
    Fixture("form-json", "表单文件不是表单编辑器保存的格式。", {"process.bpmn": CLEAN, "甲.form": "{"}, {"process.bpmn": CLEAN, "甲.form": '{"components": []}'}),
    of_form("form-type", "字段的类型不受支持。", '{"type": "iframe", "key": "k"}', TEXT),
    of_form("form-key", "字段没有变量名，或与别的字段相同。", f"{TEXT}, {TEXT}", TEXT),
    of_form("form-choices", "选择字段没有选项，或两个选项的值相同。", '{"type": "select", "key": "k"}', '{"type": "select", "key": "k", "values": [{"value": "1", "label": "一"}]}'),
    of_form("form-value", "字段的上下限、位数、格式或日期种类没有写对。", '{"type": "number", "key": "k", "validate": {"min": "很小"}}', '{"type": "number", "key": "k", "validate": {"min": 1}}'),
)  # fmt: skip
TABLES = (
    of_table("dmn-no-decision", "文件里没有决策。", "", ONE),
    of_table("dmn-language", "表达式写的是 FEEL 以外的语言。", d(literal("1").replace(">", ' expressionLanguage="juel">', 1)), ONE),
    of_table("dmn-unnamed", "决策或输出列缺少标识或名称。", d(table("x => | b", "- => 1 | 2")), d(table("x => a | b", "- => 1 | 2"))),
    of_table("dmn-repeated", "标识或名称重复。", ONE + ONE, ONE),
    of_table("dmn-circle", "几个决策互相依据，谁也得不出结果。", d(literal("d + 1"), "d"), ONE),
    of_table("dmn-empty", "决策、表或输入列没有内容。", d(""), ONE),
    of_table("dmn-external", "调用外部函数。", d(function("n", literal("n")).replace("<functionDefinition>", '<functionDefinition kind="Java">')), d(function("n", literal("n")))),
    of_table("dmn-requirement", "连线指向不存在的元素。", d(literal("1"), "没有"), ONE),
    of_table("dmn-unknown-type", "没有这个名称的类型。", d(literal("1", "金额型")), d(literal("1", "number"))),
    of_table("dmn-hit-policy", "命中策略不受支持，或与表不相配。", d(table("x => a", "- => 1", policy="BEST")), d(table("x => a", "- => 1"))),
    of_table("dmn-output-order", "按次序取结果的表没有列出输出值的次序。", d(table("x => a", "- => 1", policy="PRIORITY")), d(table("x => a", "- => 1", policy="PRIORITY", values="1, 2"))),
    of_table("dmn-aggregation", "汇总方式与命中策略或列数不相配。", d(table("x => a", "- => 1", aggregation="SUM")), d(table("x => a", "- => 1", policy="COLLECT", aggregation="SUM"))),
    of_table("dmn-columns", "一行的单元格个数与列数不一致。", d(table("x | y => a", "- => 1")), d(table("x | y => a", "- | - => 1"))),
    of_table("dmn-feel", "单元格或表达式读不懂。", d(literal("1 +")), ONE),
    of_table("dmn-unknown-name", "表达式里的名称没有任何来源。", input_data("输入x", "number") + d(literal("输入y"), "输入x"), input_data("输入x", "number") + d(literal("输入x"), "输入x")),
    of_table("dmn-type", "单元格的值与这一列的类型不符。", d(table("x => a:number", '- => "二"')), d(table("x => a:number", "- => 2"))),
    of_table("dmn-output-values", "输出不在这一列列出的取值里。", d(table("x => a", '- => "丙"', values='"甲", "乙"')), d(table("x => a", '- => "甲"', values='"甲", "乙"'))),
    of_table("dmn-overlap", "两行重叠而结果只能有一个。", d(table("x => a", "< 6 => 1", ">= 5 => 2")), GOOD),
    of_table("dmn-unreachable", "这一行永远不会用到。", d(table("x => a", "< 5 => 1", ">= 5 => 2", "> 7 => 3", policy="FIRST")), GOOD),
    of_table("dmn-gap", "有一种情形没有任何一行适用。", d(table("x => a", "< 5 => 1", "> 5 => 2")), GOOD),
)  # fmt: skip
