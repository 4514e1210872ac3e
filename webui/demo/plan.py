"""Which of the demo's cases is what: the first twenty show something of everything, the rest fill the court up."""

from dataclasses import dataclass
from itertools import cycle
from random import Random

from webui.demo.scenes import SCENES
from webui.demo.staff import RECEIVING
from webui.demo.ways import WAYS

#: In this order; the platform serves when they are made.
FIRST = (
    "restriction_approved", "detention_refused", "mailed", "came_back", "restriction_at_director",
    "errand_accepted", "detention_voting", "errand_given", "mail_busy", "suspended", "two_things",
    "disposal_restriction", "sheet_drafted", "payment_at_director", "with_controller",
    "closing_submitted", "waits", "finished_paid", "pending", "unsegmented",
)  # fmt: skip
#: Three of twenty overdue, five nearly, twelve fine.
_LIGHTS = "ffsfofsffsffoffsfsof"
#: Days in which a finished case went through its last stage and into the archive.
_SINCE_THE_LAST_STAGE = (20, 40)


@dataclass(frozen=True)
class Plan:
    scene: str
    #: f, s, o: fine, nearly due, overdue.
    light: str
    #: Who takes it over.
    judge: str

    def days(self, random: Random) -> int:
        """From the filing until today."""
        scene = SCENES[self.scene]
        if not scene.way:
            return random.randint(1, 5)
        way = WAYS[scene.way]
        if self.scene.startswith("finished"):
            return way.entered + random.randint(*_SINCE_THE_LAST_STAGE)
        return way.entered + random.randint(*way.ages["fso".index(self.light)])


def of_all() -> list[Plan]:
    """All of them by their number; the same in every run."""
    names = [name for name, scene in SCENES.items() for _ in range(scene.count)]
    for name in FIRST:
        names.remove(name)
    turns = {stage: cycle(RECEIVING) for stage in {w.stage for w in WAYS.values()} | {""}}
    # Judges before the shuffle: cases of one scene, and with them the work, go to different judges.
    taken = [(name, next(turns[_stage(name)])) for name in (*FIRST, *names)]
    rest = taken[len(FIRST) :]
    Random(199).shuffle(rest)
    lights = cycle(_LIGHTS)
    return [_plan(name, next(lights), judge) for name, judge in (*taken[: len(FIRST)], *rest)]


def _stage(name: str) -> str:
    way = SCENES[name].way
    return WAYS[way].stage if way else ""


def _plan(name: str, light: str, judge: str) -> Plan:
    lights = SCENES[name].lights
    return Plan(name, light if light in lights else lights[0], judge)
