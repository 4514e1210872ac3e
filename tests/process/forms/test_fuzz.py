"""Forms of any content: findings at keys that stand in the file, or a form that can be read; never a crash."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.process import check, forms
from tests.checks import CLEAN

_KEYS = (
    "type", "key", "label", "id", "text", "values", "value", "valuesExpression", "validate", "required", "min", "max",
    "minLength", "maxLength", "pattern", "conditional", "hide", "properties", "defaultValue", "components", "dateTimeSubtype",
    "subtype", "decimalDigits", "description", "layout",
)  # fmt: skip
_VALUES = st.sampled_from(
    ["textfield", "number", "select", "radio", "checkbox", "checklist", "datetime", "date", "textarea", "text", "iframe",
     "k", "名称", "a b", "= 1 +", "=案件.案号", "[", "", "１", 0, -1, 10**30, 1.5, True, None]
)  # fmt: skip
_INSIDE = st.recursive(
    _VALUES | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_KEYS), inner, max_size=5)
    ),
    max_leaves=12,
)
_COMPONENTS = st.lists(
    st.dictionaries(st.sampled_from(_KEYS), _INSIDE, max_size=7) | _INSIDE, max_size=4
)
_SETTINGS = settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))


@_SETTINGS
@given(_COMPONENTS)
def test_any_form_is_answered(components):
    _is_answered(components)


@pytest.mark.soak
@settings(_SETTINGS, max_examples=50_000)
@given(_COMPONENTS)
def test_many_forms(components):
    _is_answered(components)


def _is_answered(components):
    text = json.dumps({"components": components}, ensure_ascii=False)
    found = [
        f for f in check.folder({"process.bpmn": CLEAN, "甲.form": text}) if f.file == "甲.form"
    ]
    for finding in found:
        assert finding.element in {"", *_texts(components)} and finding.message.endswith("。"), (
            finding
        )
    if not any(f.severity == "error" for f in found):
        forms.read(text)


def _texts(value):
    if isinstance(value, str):
        yield value
    for inner in (
        value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    ):
        yield from _texts(inner)
