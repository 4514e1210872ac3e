"""Cases for the tests: asked through the contract, and rules with one thing changed."""

import json
from functools import cache

from engine.casefile.rules import delivered, load
from engine.casefile.rules.calc import answer
from engine.casefile.rules.deployed import DELIVERED


def ask(rules=None, /, **case):
    return answer(rules or delivered(), case)


def asked(text, rules=None):
    """The result of a case written as JSON."""
    found = answer(rules or delivered(), json.loads(text))
    assert found["ok"], found
    return found["result"]


def result(rules=None, /, **case):
    found = ask(rules, **case)
    assert found["ok"], found
    return found["result"]


def refusal(rules=None, /, **case):
    """The code; its sentence is Chinese and leaves no blank unfilled."""
    found = ask(rules, **case)
    assert not found["ok"], found
    assert any("一" <= sign <= "鿿" for sign in found["message"])
    assert "{" not in found["message"]
    return found["error"]


@cache
def texts():
    """What is delivered, by path below ``workflows``."""
    return {
        path.relative_to(DELIVERED).as_posix(): path.read_text(encoding="utf-8")
        for folder in (DELIVERED / "rules", DELIVERED / "rules" / "calendar")
        for path in folder.iterdir()
        if path.suffix in {".toml", ".dmn"}
    }


def changed(file, old, new):
    """The delivered rules with one place of one file changed."""
    delivered_texts = texts()
    assert delivered_texts[file].count(old) == 1, (file, old, delivered_texts[file].count(old))
    return load({**delivered_texts, file: delivered_texts[file].replace(old, new)})
