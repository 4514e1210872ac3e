"""What an expression and a decision table cost: ``python -m benchmarks.feel``."""

import time
from collections.abc import Callable

from engine import dmn, feel

ROUNDS = 5
_CELL = "<inputEntry><text>{}</text></inputEntry>"
_RULE = "<rule>{}<outputEntry><text>{}</text></outputEntry></rule>"


def microseconds(work: Callable[[], object], times: int) -> float:
    """The best of some rounds, of one call."""
    best = float("inf")
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        for _ in range(times):
            work()
        best = min(best, time.perf_counter() - begun)
    return best / times * 1e6


def condition(variables: int) -> float:
    context: dict[str, object] = {f"变量{n}": n for n in range(variables)}
    context |= {"金额": 200_000, "状态": "立案", "有拍": True}
    text = '金额 > 100000 and 状态 = "立案" and 有拍 = true'
    expression = feel.compile(text, names=context)
    assert expression.evaluate(context) is True
    return microseconds(lambda: expression.evaluate(context), 20_000)


def compiling() -> float:
    names = frozenset(f"变量{n}" for n in range(20)) | {"金额", "状态"}
    texts = iter(range(10**9))
    return microseconds(
        lambda: feel.compile(f'金额 > {next(texts)} and 状态 = "立案"', names=names), 500
    )


def table_text(rows: int) -> str:
    """Four columns of what tables hold: texts, limits, ranges; the last row is the one that applies."""
    inputs = "".join(
        f'<input><inputExpression typeRef="{kind}"><text>{name}</text></inputExpression></input>'
        for name, kind in (
            ("案由", "string"),
            ("金额", "number"),
            ("天数", "number"),
            ("院", "string"),
        )
    )
    rules = "".join(
        _RULE.format(
            _CELL.format('"执行"')
            + _CELL.format(f"&gt; {n * 1000}")
            + _CELL.format(f"[{n}..{n + 1}]")
            + _CELL.format('"临江","江北"'),
            n,
        )
        for n in range(rows)
    )
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="t" namespace="t">'
        f'<decision id="d" name="d"><decisionTable hitPolicy="COLLECT">{inputs}<output name="o"/>'
        f"{rules}</decisionTable></decision></definitions>"
    )


def table(rows: int) -> float:
    model = dmn.read(table_text(rows))
    context = {"案由": "执行", "金额": 10**9, "天数": rows - 0.5, "院": "江北"}
    assert model.explain("d", context).rows == [rows]
    return microseconds(lambda: model.decide("d", context), 200)


def reading(rows: int) -> float:
    text = table_text(rows)

    def work() -> None:
        dmn.read(text).decide("d", {"案由": "x"})

    return microseconds(work, 5)


def main() -> None:
    print(f"condition, 20 variables   {condition(20):9.1f} µs   (goal 5)")
    print(f"condition, 200 variables  {condition(200):9.1f} µs")
    print(f"compiling a condition     {compiling():9.1f} µs")
    print(f"table of 50 rows × 4      {table(50):9.1f} µs   (goal 200)")
    print(f"table of 500 rows × 4     {table(500):9.1f} µs")
    print(f"reading 50 rows × 4       {reading(50):9.1f} µs")


if __name__ == "__main__":
    main()
