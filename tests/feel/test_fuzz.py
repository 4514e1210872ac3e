"""Any text at all compiles and runs, or is refused with a place inside it."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import feel
from engine.feel.builtins import BUILTINS
from engine.feel.lexer import CONFUSABLE, KEYWORDS

_WORDS = [
    *KEYWORDS,
    *BUILTINS,
    *[
        "+",
        "-",
        "*",
        "/",
        "**",
        "=",
        "!=",
        "<",
        "<=",
        ">",
        ">=",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ".",
        "..",
        ":",
        "@",
        "?",
        "->",
        "//",
        "/*",
        "*/",
        '"',
        "\\",
        "'",
        "==",
        "&&",
        "!",
    ],
    *CONFUSABLE,
    *('"文字"', "1", "0.5", "1e9", "甲", "案 件", "x", "item", "partial", "?", "\n", " "),
    *('@"2026-01-01"', '@"PT1H"', '@"P1Y"', "[1..3]", "(< 2)", "{a: 1}", "[x, 2]", "list<number>"),
]
_CONTEXT = {"甲": 3, "案 件": {"a": [1, 2]}, "x": "文字", "b": [{"a": 1}, None, True]}
_SETTINGS = settings(max_examples=600, deadline=5000, suppress_health_check=list(HealthCheck))


def _fault(try_it: Callable[[], object]) -> feel.FeelError | None:
    try:
        try_it()
    except feel.FeelError as error:
        return error
    return None


def _text_of_value(text: str) -> str:
    return feel.to_text(feel.compile(text, phrases=("案 件",)).evaluate(_CONTEXT))


def _try(text: str) -> None:
    fault = _fault(lambda: _text_of_value(text))
    if fault:
        assert 1 <= fault.line <= text.count("\n") + 1
        assert 1 <= fault.column <= len(text) + 1
        assert fault.reason


@_SETTINGS
@given(st.lists(st.sampled_from(_WORDS), max_size=30).map(" ".join))
def test_words_of_the_language_in_any_order(text: str) -> None:
    _try(text)


@_SETTINGS
@given(st.text(max_size=60))
def test_any_text(text: str) -> None:
    _try(text)


def _larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    signs = st.sampled_from(["+", "-", "*", "/", "**", "=", "!=", "<", ">=", "and", "or", "in"])
    names = st.sampled_from(sorted(BUILTINS))
    return st.one_of(
        st.builds("({} {} {})".format, inner, signs, inner),
        st.builds("if {} then {} else {}".format, inner, inner, inner),
        st.builds("(for i in {} return {})".format, inner, inner),
        st.builds("(some i in {} satisfies {})".format, inner, inner),
        st.builds("{}[{}]".format, inner, inner),
        st.builds("[{}, {}]".format, inner, inner),
        st.builds("{{a: {}, b: {}}}".format, inner, inner),
        st.builds("[{}..{}]".format, inner, inner),
        st.builds("{}({})".format, names, inner),
        st.builds("{}({}, {})".format, names, inner, inner),
        st.builds("{}({}, {}, {})".format, names, inner, inner, inner),
        st.builds("(function(p, q) {})".format, inner),
        st.builds("{}.a".format, inner),
    )


_LEAVES = st.sampled_from(
    [
        *[
            '@"2026-02-28"',
            '@"10:00:00"',
            '@"2026-02-28T10:00:00Z"',
            '@"PT1H"',
            '@"P1Y"',
            "[]",
            "{}",
        ],
        "1",
        "-2.5",
        "10 ** 300",
        '"文字"',
        "null",
        "true",
        "甲",
        "案 件",
        "x",
        "b",
        "i",
        "item",
        "p",
    ]
)


@_SETTINGS
@given(st.recursive(_LEAVES, _larger, max_leaves=12))
def test_well_formed_expressions_always_have_a_value(text: str) -> None:
    fault = _fault(lambda: _text_of_value(text))
    assert fault is None or isinstance(fault, feel.FeelLimit)


@_SETTINGS
@given(st.lists(st.sampled_from(_WORDS), max_size=20).map(" ".join), st.integers() | st.text())
def test_cells_in_any_order(text: str, value: object) -> None:
    answers: list[object] = []
    fault = _fault(lambda: answers.append(feel.unary_tests(text).matches(value, _CONTEXT)))
    assert fault or answers[0] in (True, False, None)


@pytest.mark.soak
@settings(_SETTINGS, max_examples=100_000)
@given(st.recursive(_LEAVES, _larger, max_leaves=40))
def test_many_well_formed_expressions(text: str) -> None:
    fault = _fault(lambda: _text_of_value(text))
    assert fault is None or isinstance(fault, feel.FeelLimit)


@pytest.mark.soak
@settings(_SETTINGS, max_examples=200_000)
@given(st.lists(st.sampled_from(_WORDS), max_size=60).map(" ".join))
def test_many_words_in_any_order(text: str) -> None:
    _try(text)
