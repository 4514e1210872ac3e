"""How the parts of a file hang together: ids, requirements, hit policies, cells, types, functions."""

from collections import Counter
from collections.abc import Iterator

from engine.dmn import definitions as dmn
from engine.dmn.check.finding import Finding, finding
from engine.dmn.errors import DmnError, Place
from engine.dmn.model import Model
from engine.dmn.tables import check_policy
from engine.feel.types import NAMED

_ORDERED = ("PRIORITY", "OUTPUT ORDER")


def findings(model: Model) -> Iterator[Finding]:
    definitions = model.definitions
    if not any(isinstance(element, dmn.Decision) for element in definitions.elements):
        yield finding(
            Place(element=definitions.id), 1, "dmn-no-decision", "文件里没有决策，请至少画一个"
        )
    yield from _repeated(definitions)
    for part in definitions.foreign:
        sentence = f"表达式语言「{part.language}」不会被执行，请改写为 FEEL 并删去这项设置"
        yield finding(Place(element=part.element), part.line, "dmn-language", sentence)
    for element in definitions.elements:
        yield from _of_element(model, element)
    for item in definitions.types:
        yield from _item(model, item)


def place_of(element: dmn.Element) -> Place:
    return Place(element.name or element.id, element=element.nearest)


def _repeated(definitions: dmn.Definitions) -> Iterator[Finding]:
    """Ids and names by which others could mean two things."""
    ids = Counter(element.id for element in definitions.elements)
    names = Counter(element.name for element in definitions.elements)
    for element in definitions.elements:
        place = place_of(element)
        if not element.id or not element.name:
            yield finding(place, element.line, "dmn-unnamed", "缺少标识或名称，请补上")
        elif ids[element.id] > 1:
            sentence = f"标识「{element.id}」重复，请改为不同的标识"
            yield finding(place, element.line, "dmn-repeated", sentence)
        elif names[element.name] > 1:
            sentence = f"名称「{element.name}」重复，请改为不同的名称"
            yield finding(place, element.line, "dmn-repeated", sentence)


def _of_element(model: Model, element: dmn.Element) -> Iterator[Finding]:
    place = place_of(element)
    yield from _type(model, element.type, place, element.line)
    if isinstance(element, dmn.Service):
        yield from _references(model, element, (*element.inputs, *element.input_decisions))
        yield from _references(model, element, element.outputs)
    if not isinstance(element, dmn.Decision | dmn.Knowledge):
        return
    yield from _references(model, element, element.requires)
    if isinstance(element, dmn.Decision) and _circle(model, element):
        sentence = "几个决策互相依据，谁也得不出结果，请去掉其中一条连线"
        yield finding(place, element.line, "dmn-circle", sentence)
    if element.logic is None:
        sentence = "没有内容，结果永远是空值，请填写决策表或表达式"
        yield finding(place, element.line, "dmn-empty", sentence)
    for part in dmn.parts_of(element.logic):
        yield from _type(model, part.type, place, part.line)
        if isinstance(part, dmn.Table):
            yield from _table(model, part, place)
        elif isinstance(part, dmn.FunctionDefinition) and part.kind != "FEEL":
            sentence = f"不能调用外部函数（{part.kind}），请改用 FEEL 表达式"
            yield finding(place, part.line, "dmn-external", sentence)


def _references(model: Model, element: dmn.Element, hrefs: tuple[str, ...]) -> Iterator[Finding]:
    for href in hrefs:
        try:
            model.resolved(href)
        except DmnError as error:
            sentence = f"{error.reason}，请重新连线"
            yield finding(place_of(element), element.line, "dmn-requirement", sentence)


def _circle(model: Model, start: dmn.Decision) -> bool:
    """Whether a decision requires itself by some way."""
    seen: set[str] = set()
    waiting = list(start.requires)
    while waiting:
        target = model.definitions.by_id.get(waiting.pop().removeprefix("#"))
        if target is start:
            return True
        if isinstance(target, dmn.Decision) and target.id not in seen:
            seen.add(target.id)
            waiting.extend(target.requires)
    return False


def _type(model: Model, name: str, place: Place, line: int) -> Iterator[Finding]:
    if name and name not in NAMED and name not in model.types and "." not in name:
        sentence = f"没有名为「{name}」的类型，请改用 string、number、boolean、date 等或先定义它"
        yield finding(place, line, "dmn-unknown-type", sentence)


def _item(model: Model, item: dmn.ItemDefinition) -> Iterator[Finding]:
    place = Place(item.name, element=item.allowed.element)
    yield from _type(model, item.type, place, item.allowed.line)
    for component in item.components:
        yield from _item(model, component)


def _table(model: Model, table: dmn.Table, decision: Place) -> Iterator[Finding]:
    place = Place(decision.decision, element=table.element)
    try:
        check_policy(table, place)
    except DmnError as error:
        yield finding(place, table.line, "dmn-hit-policy", f"{error.reason}，请改选一种")
    yield from _aggregation(table, place)
    if not table.outputs or not table.rules:
        yield finding(place, table.line, "dmn-empty", "决策表没有输出列或没有规则，请补上")
    if table.hit_policy in _ORDERED and not any(o.values.text.strip() for o in table.outputs):
        sentence = f"命中策略 {table.hit_policy} 要求列出输出值的先后次序，请在输出列里填写"
        yield finding(place, table.line, "dmn-output-order", sentence)
    yield from _columns(model, table, place)
    for number, rule in enumerate(table.rules, 1):
        if (len(rule.inputs), len(rule.outputs)) != (len(table.inputs), len(table.outputs)):
            row = Place(place.decision, number, element=rule.element)
            sentence = "单元格的个数与列数不一致，请补齐或删去多余的"
            yield finding(row, table.line, "dmn-columns", sentence)


def _aggregation(table: dmn.Table, place: Place) -> Iterator[Finding]:
    if not table.aggregation:
        return
    if table.hit_policy != "COLLECT":
        sentence = f"汇总方式只对命中策略 COLLECT 有效，{table.hit_policy} 不会汇总，请改选或删去"
        yield finding(place, table.line, "dmn-aggregation", sentence)
    elif len(table.outputs) > 1 and table.aggregation != "COUNT":
        sentence = "有多个输出列的表不能汇总，请拆成几张表"
        yield finding(place, table.line, "dmn-aggregation", sentence)


def _columns(model: Model, table: dmn.Table, place: Place) -> Iterator[Finding]:
    for column in table.inputs:
        here = place.at_column(column.label, column.expression.element)
        yield from _type(model, column.expression.type, here, column.expression.line)
        if not column.expression.text.strip():
            sentence = "输入列没有写表达式，请填写要判断的变量"
            yield finding(here, table.line, "dmn-empty", sentence)
    names = Counter(output.name for output in table.outputs)
    for output in table.outputs:
        here = place.at_column(output.label, output.element)
        yield from _type(model, output.type, here, table.line)
        if len(table.outputs) > 1 and (not output.name or names[output.name] > 1):
            sentence = "有多个输出列时，每列都要有自己的名称，请补上"
            yield finding(here, table.line, "dmn-unnamed", sentence)
