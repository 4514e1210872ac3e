"""The list editor's changes to a form; what it does not know it keeps."""

import json

import pytest

from engine.casefile.design import form_editing
from engine.casefile.design.form_editing import FieldRefused, FormUnreadable
from engine.errors import NotFound
from engine.process import forms

FORM = json.dumps(
    {
        "id": "x",
        "type": "default",
        "exporter": {"name": "another tool"},
        "components": [
            {"type": "textfield", "key": "a", "label": "甲", "properties": {"kept": "yes"}},
            {
                "type": "group",
                "label": "组",
                "components": [{"type": "number", "key": "b", "label": "乙"}],
            },
            {"type": "text", "text": "说明"},
        ],
    }
)


def change(path: str, **given: str) -> dict[str, object]:
    changed = form_editing.change(FORM, path, form_editing.typed(FORM, path) | given)
    found: dict[str, object] = json.loads(changed)
    return found


def test_rows_are_listed_with_their_depth() -> None:
    found = [(row.path, row.depth, row.label) for row in form_editing.rows(FORM)]
    assert found == [("0", 0, "甲"), ("1", 0, "组"), ("1.0", 1, "乙"), ("2", 0, "说明")]


def test_what_the_editor_does_not_know_stays() -> None:
    form = change("0", label="新名称", required="on")
    assert form["exporter"] == {"name": "another tool"}
    first = form["components"][0]  # type: ignore[index]
    assert first["properties"] == {"kept": "yes"}
    assert (first["label"], first["validate"]) == ("新名称", {"required": True})


def test_opening_and_saving_a_field_changes_nothing() -> None:
    for path in ("0", "1", "1.0", "2"):
        same = form_editing.change(FORM, path, form_editing.typed(FORM, path))
        assert json.loads(same) == json.loads(FORM), path


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "number", "label": "丙", "key": "a"}, "key"),
        ({"kind": "number", "label": "丙", "key": "1x"}, "key"),
        ({"kind": "number", "label": "", "key": "c"}, "label"),
        ({"kind": "number", "label": "丙", "key": "c", "min": "很小"}, "min"),
        ({"kind": "script", "label": "丙", "key": "c"}, "kind"),
        ({"kind": "text", "text": " "}, "text"),
    ],
)
def test_a_wrong_field_is_refused_at_its_place(given: dict[str, str], field: str) -> None:
    with pytest.raises(FieldRefused) as refused:
        form_editing.add(FORM, given)
    assert field in refused.value.problems


@pytest.mark.parametrize("kind", [k for k in form_editing.KINDS if k != "separator"])
def test_every_kind_that_is_offered_can_be_read(kind: str) -> None:
    given = {"kind": kind, "label": "丙", "key": "c", "text": "说明", "options": "是\n否"}
    assert forms.faults(form_editing.add(FORM, given)) == []


def test_fields_move_among_their_neighbours_only() -> None:
    moved = form_editing.move(FORM, "0", 1)
    assert [row.label for row in form_editing.rows(moved)] == ["组", "乙", "甲", "说明"]
    assert json.loads(form_editing.move(FORM, "0", -1)) == json.loads(FORM)
    assert json.loads(form_editing.move(FORM, "1.0", 1)) == json.loads(FORM)


@pytest.mark.parametrize("path", ["9", "0.0", "1.5", "x", "", "-1"])
def test_a_place_that_is_not_there_is_not_found(path: str) -> None:
    with pytest.raises(NotFound):
        form_editing.remove(FORM, path)


@pytest.mark.parametrize("text", ["{", "[]", '{"components": 1}'])
def test_what_is_no_form_is_refused(text: str) -> None:
    with pytest.raises(FormUnreadable):
        form_editing.rows(text)
