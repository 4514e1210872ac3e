"""An instance moved to another version goes on as one that has walked there in that version, or is not moved.

Both versions are played with the same acts; what only the second has to do is done at once, and what
only the first has to do is a writing of its data for the second.
"""

from collections import Counter
from dataclasses import replace
from random import Random

import pytest

from engine.process.spiff import Instance, carrying, look, parse
from engine.process.spiff.transcript import Asked, Carried
from tests.process.proof.drawing import random_process
from tests.process.proof.editing import Edited
from tests.process.proof.playing import WAYS, Act, Fence, View, _choose

CHUNK = 40


def _edited(seed: int, random: Random) -> Edited:
    edited = Edited(random_process(seed), random)
    for _ in range(random.randint(0, 3)):
        random.choice([edited.insert, edited.insert, edited.remove])()
    return edited


def _catch_up(fence: Fence, added: set[str]) -> None:
    while found := [t for t in fence.tasks() if t[1] in added]:
        fence.do(Act("complete", found[0][1], found[0][2]))


def _walk(seed: int) -> tuple[Fence, Fence, Edited, Random]:
    """The instance of the first version, and one of the second that has been through the same."""
    random = Random(seed)
    edited = _edited(seed, random)
    way = random.choice(WAYS)
    first = Fence(parse(random_process(seed)), frozenset(), way)
    second = Fence(parse(edited.text), frozenset(), way)
    _catch_up(second, edited.added)
    for _ in range(random.randint(0, 12)):
        act = _choose(first, random)
        if act is None:
            break
        first.do(act)
        known = act.element not in edited.removed
        second.do(act if known else Act("write", data=act.data))
        _catch_up(second, edited.added)
    return first, second, edited, random


def _now(view: View) -> View:
    """What stands there now; what was sent and passed on the way differs."""
    return replace(view, sent=(), passed=frozenset())


def _carried(first: Fence, second: Fence) -> Carried:
    return carrying.carry(first.instance, "p", second.definition, Asked())


def _moved(first: Fence, second: Fence, instance: Instance) -> Fence:
    moved = Fence.__new__(Fence)
    moved.definition, moved.elements = second.definition, frozenset()
    moved.way, moved.hour = first.way, first.hour
    moved.instance, moved.outcome = instance, look(instance)
    moved._kept()
    return moved


def _together(moved: Fence, walked: Fence, random: Random) -> int:
    """How many acts both went through alike."""
    assert _now(moved.view()) == _now(walked.view())
    for number in range(15):
        act = _choose(walked, random)
        if act is None:
            return number
        walked.do(act)
        moved.do(act)
        assert moved.view() == walked.view(), act
    return 15


@pytest.mark.parametrize("first", range(0, 3 * CHUNK, CHUNK))
def test_moved_instances_go_on_as_those_that_walked_there(first):
    told: Counter[str] = Counter()
    for seed in range(first, first + CHUNK):
        try:
            old, walked, edited, random = _walk(seed)
        except StopIteration:
            told["took another way"] += 1  # a task taken out lets conditions be looked at elsewhere
            continue
        if old.outcome.ended or _now(old.view()) != _now(walked.view()):
            continue
        carried = _carried(old, walked)
        if carried.instance is None:
            told["refused"] += 1
            continue
        try:
            told["acts"] += _together(_moved(old, walked, carried.instance), walked, random)
        except Exception as error:
            raise AssertionError(f"seed {seed}: {error!r}") from error
        told["moved"] += 1
        told["changed"] += bool(edited.added or edited.removed)
    print(dict(told))
    assert told["moved"] > CHUNK // 3 and told["acts"] > 2 * CHUNK and told["changed"] > CHUNK // 5
    assert told["refused"] < told["moved"] // 3


def test_an_instance_inside_what_became_a_branch_is_never_moved():
    """It would wait at the join for a branch that nobody has begun."""
    refused = 0
    for seed in range(40):
        random = Random(seed)
        edited = Edited(random_process(seed), random)
        wrapped = edited.wrap()
        if wrapped is None:
            continue
        fence = Fence(parse(random_process(seed)), frozenset(), WAYS[0])
        for _ in range(12):
            if any(element == wrapped for _, element, _ in fence.tasks()):
                carried = carrying.carry(fence.instance, "p", parse(edited.text), Asked())
                assert carried.instance is None and carried.faults, seed
                refused += 1
                break
            act = _choose(fence, random)
            if act is None:
                break
            fence.do(act)
    assert refused > 8
