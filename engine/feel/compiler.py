"""Nodes to closures: a function for each kind of node, which compiles its parts first."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.feel import cells, comparison, loops, nodes
from engine.feel.arithmetic import NEGATE, OPERATIONS
from engine.feel.builtins import BUILTINS
from engine.feel.calls import invoke
from engine.feel.comparison import COMPARE
from engine.feel.environment import Environment
from engine.feel.limits import Run
from engine.feel.loops import Code
from engine.feel.properties import entry
from engine.feel.scope import Scope
from engine.feel.values import CHINESE_KINDS, Function, Range

_SCALARS = (Decimal, str)


def code_of(node: nodes.Node, scope: Scope) -> Code:
    return _CODE[type(node)](node, scope)


def _literal(node: nodes.Literal, scope: Scope) -> Code:
    value = node.value
    return lambda _env: value


def _name(node: nodes.Name, scope: Scope) -> Code:
    name, at = node.name, node.at
    scope.read(name, at)
    builtin = BUILTINS.get(name)

    def code(env: Environment) -> Any:
        try:
            return env[name]
        except KeyError:
            if builtin is None:
                env.run.warn(f"没有变量「{name}」，按空值处理", at)
            return builtin

    return code


def _negation(node: nodes.Negation, scope: Scope) -> Code:
    operand = code_of(node.operand, scope)

    def code(env: Environment) -> Any:
        value = operand(env)
        negate = NEGATE.get(type(value))
        return negate(value) if negate else None

    return code


def _arithmetic(node: nodes.Arithmetic, scope: Scope) -> Code:
    left, right = code_of(node.left, scope), code_of(node.right, scope)
    sign, at, table = node.sign, node.at, OPERATIONS[node.sign]

    def code(env: Environment) -> Any:
        a, b = left(env), right(env)
        operation = table.get((type(a), type(b)))
        try:
            result = operation(a, b) if operation else None
        except (OverflowError, ValueError, ArithmeticError):
            result = None
        if result is None:
            env.run.warn(f"{_kind(a)}与{_kind(b)}之间不能算 {sign}，按空值处理", at)
        elif type(result) is str:
            env.run.charge(result)
        return result

    return code


def _kind(value: Any) -> str:
    return CHINESE_KINDS[type(value)]


def _comparison(node: nodes.Comparison, scope: Scope) -> Code:
    if isinstance(node.right, nodes.Literal):
        return _comparison_with_constant(node, node.right.value, scope)
    left, right = code_of(node.left, scope), code_of(node.right, scope)
    compare = COMPARE[node.sign]

    def code(env: Environment) -> bool | None:
        a, b = left(env), right(env)
        result = compare(env.run, a, b)
        if result is None:
            _warn_of_comparison(env.run, node, a, b)
        return result

    return code


def _comparison_with_constant(node: nodes.Comparison, constant: Any, scope: Scope) -> Code:
    left, compare = code_of(node.left, scope), comparison.against(node.sign, constant)

    def code(env: Environment) -> bool | None:
        value = left(env)
        result = compare(env.run, value)
        if result is None:
            _warn_of_comparison(env.run, node, value, constant)
        return result

    return code


def _warn_of_comparison(run: Run, node: nodes.Comparison, left: Any, right: Any) -> None:
    kinds = f"{_kind(left)}与{_kind(right)}"
    run.warn(f"{kinds}之间不能比较 {node.sign}，按空值处理", node.at)


def _conjunction(node: nodes.Conjunction, scope: Scope) -> Code:
    parts = [code_of(part, scope) for part in node.parts]

    def code(env: Environment) -> bool | None:
        unknown = False
        for part in parts:
            truth = part(env)
            if truth is False:
                return False
            unknown |= truth is not True
        return None if unknown else True

    return code


def _disjunction(node: nodes.Disjunction, scope: Scope) -> Code:
    parts = [code_of(part, scope) for part in node.parts]

    def code(env: Environment) -> bool | None:
        unknown = False
        for part in parts:
            truth = part(env)
            if truth is True:
                return True
            unknown |= truth is not False
        return None if unknown else False

    return code


def _between(node: nodes.Between, scope: Scope) -> Code:
    value, low, high = (code_of(part, scope) for part in (node.value, node.low, node.high))

    def code(env: Environment) -> bool | None:
        tested = value(env)
        above = comparison.at_most(low(env), tested)
        below = comparison.at_most(tested, high(env))
        return None if above is None or below is None else above and below

    return code


def _in(node: nodes.In, scope: Scope) -> Code:
    value, test = code_of(node.value, scope), test_of(node.tests, scope)
    return lambda env: test(value(env), env)


def test_of(node: nodes.Tests, scope: Scope) -> cells.Test:
    """What a cell asks, or what stands after ``in``."""
    parts = [_test(part, scope) for part in node.parts]
    return cells.negated(cells.any_of(parts)) if node.negated else cells.any_of(parts)


def _test(part: nodes.SignTest | nodes.ValueTest, scope: Scope) -> cells.Test:
    if isinstance(part, nodes.ValueTest):
        if isinstance(part.value, nodes.Literal) and type(part.value.value) in _SCALARS:
            return cells.compared(comparison.against("=", part.value.value))
        return cells.expected(code_of(part.value, scope), asks=part.asks)
    if isinstance(part.bound, nodes.Literal):
        return cells.compared(comparison.against(part.sign, part.bound.value))
    return cells.compared_with(COMPARE[part.sign], code_of(part.bound, scope))


def _instance_of(node: nodes.InstanceOf, scope: Scope) -> Code:
    value, kind = code_of(node.value, scope), node.type
    return lambda env: kind.accepts(env.run, value(env))


def _if(node: nodes.If, scope: Scope) -> Code:
    condition, then, otherwise = (
        code_of(part, scope) for part in (node.condition, node.then, node.otherwise)
    )
    return lambda env: then(env) if condition(env) is True else otherwise(env)


def _iterators(node: nodes.For | nodes.Quantified, scope: Scope) -> tuple[list[Any], Scope]:
    """The iterators, each seeing the ones before it, and the scope of the body."""
    compiled = []
    for iterator in node.iterators:
        source = code_of(iterator.source, scope)
        end = code_of(iterator.end, scope) if iterator.end else None
        compiled.append((iterator.name, source, end))
        scope = scope.within(iterator.name)
    return compiled, scope


def _for(node: nodes.For, scope: Scope) -> Code:
    iterators, inner = _iterators(node, scope.within("partial"))
    return loops.for_loop(iterators, code_of(node.body, inner))


def _quantified(node: nodes.Quantified, scope: Scope) -> Code:
    iterators, inner = _iterators(node, scope)
    return loops.quantified(node.some, iterators, code_of(node.body, inner))


def _filter(node: nodes.Filter, scope: Scope) -> Code:
    return loops.filtering(code_of(node.source, scope), code_of(node.condition, scope.in_filter()))


def _path(node: nodes.Path, scope: Scope) -> Code:
    source, name, at = code_of(node.source, scope), node.name, node.at
    written = _written(node, scope)
    if written:
        scope.names.paths.add(written)
    return lambda env: entry(env.run, source(env), name, at)


def _written(node: nodes.Node, scope: Scope) -> str:
    """``a.b.c`` when that is all the node is and ``a`` comes from outside; else nothing."""
    if isinstance(node, nodes.Name):
        return node.name if scope.is_free(node.name) else ""
    if isinstance(node, nodes.Path):
        before = _written(node.source, scope)
        return f"{before}.{node.name}" if before else ""
    return ""


def _call(node: nodes.Call, scope: Scope) -> Code:
    function = code_of(node.function, scope)
    arguments = [code_of(argument, scope) for argument in node.arguments]
    names, at = node.names, node.at
    return lambda env: invoke(
        function(env), env.run, [argument(env) for argument in arguments], names, at
    )


def _list(node: nodes.ListOf, scope: Scope) -> Code:
    items = [code_of(item, scope) for item in node.items]
    return lambda env: [item(env) for item in items]


def _context(node: nodes.ContextOf, scope: Scope) -> Code:
    """Later entries see earlier ones; the same name twice makes the context null."""
    compiled = []
    for name, value in node.entries:
        scope = scope.within(name)
        compiled.append((name, code_of(value, scope)))
    repeated = len({name for name, _ in compiled}) < len(compiled)

    def code(env: Environment) -> dict[str, Any] | None:
        if repeated:
            return None
        inner = Environment(env, env.run)
        for name, value in compiled:
            inner[name] = value(inner)
        return dict(inner)

    return code


def _interval(node: nodes.Interval, scope: Scope) -> Code:
    low, high = code_of(node.low, scope), code_of(node.high, scope)
    if isinstance(node.low, nodes.Literal) and isinstance(node.high, nodes.Literal):
        constant = _range(node, node.low.value, node.high.value)
        return lambda _env: constant
    return lambda env: _range(node, low(env), high(env))


def _range(node: nodes.Interval, low: Any, high: Any) -> Range | None:
    """Null when the ends are of different kinds."""
    if low is not None and high is not None and comparison.less(low, high) is None:
        return None
    return Range(
        low, high, node.low_closed and low is not None, node.high_closed and high is not None
    )


def _unary_interval(node: nodes.UnaryInterval, scope: Scope) -> Code:
    bound, sign = code_of(node.bound, scope), node.sign

    def code(env: Environment) -> Range:
        end, closed = bound(env), sign.endswith("=")
        if sign in ("=", "!="):
            return Range(end, end, True, True, sign)  # noqa: FBT003
        if sign.startswith("<"):
            return Range(None, end, False, closed, sign)  # noqa: FBT003
        return Range(end, None, closed, False, sign)  # noqa: FBT003

    return code


def _function(node: nodes.FunctionOf, scope: Scope) -> Code:
    if node.body is None:
        return lambda _env: None
    parameters, types = node.parameters, node.types
    body = code_of(node.body, scope.within(*parameters))

    def code(env: Environment) -> Function:
        def call(run: Run, *arguments: Any) -> Any:
            inner = Environment(env, run)
            inner.update(zip(parameters, arguments, strict=True))
            return body(inner)

        return Function((parameters,), call, types=types)

    return code


_CODE: dict[type, Callable[[Any, Scope], Code]] = {
    nodes.Literal: _literal,
    nodes.Name: _name,
    nodes.Negation: _negation,
    nodes.Arithmetic: _arithmetic,
    nodes.Comparison: _comparison,
    nodes.Conjunction: _conjunction,
    nodes.Disjunction: _disjunction,
    nodes.Between: _between,
    nodes.In: _in,
    nodes.InstanceOf: _instance_of,
    nodes.If: _if,
    nodes.For: _for,
    nodes.Quantified: _quantified,
    nodes.Filter: _filter,
    nodes.Path: _path,
    nodes.Call: _call,
    nodes.ListOf: _list,
    nodes.ContextOf: _context,
    nodes.Interval: _interval,
    nodes.UnaryInterval: _unary_interval,
    nodes.FunctionOf: _function,
}
