"""How the demo's cases come to their last stage.

A way is played from the day after the filing and arrives on a set day, so that the age of a case in its stage
can be chosen.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine import db
from engine.casefile.asset import assets
from webui.demo import closing, control, funds
from webui.demo import story as told
from webui.demo.story import Story

Play = Callable[[Story], None]

CONTROL, DISPOSAL, FUNDS, CLOSING = (
    "asset_control",
    "asset_disposal",
    "fund_distribution",
    "closing_archiving",
)


def nothing_more(_story: Story) -> None:
    """The case stays where it is: every one begins in 财产查控."""


def to_disposal(story: Story, kind: str = "immovable") -> None:
    investigate(story)
    control.control(story, control.record(story, kind))
    _decide_on_consumption(story)
    story.day(24)
    items = ("immovable",) if kind == "immovable" else ("movable",)
    told.hand_over(story, "F11", follow_up_items=items, has_auction=True)


def _to_disposal_with_car(story: Story) -> None:
    to_disposal(story, "vehicle")


def _to_funds(story: Story) -> None:
    """控 → 分: the debtor has paid a part by himself."""
    investigate(story)
    if story.random.random() < 0.5:
        control.freeze(story)
    control.spare(story)
    part = story.random.choice(("0.3", "0.4", "0.5", "0.6"))
    funds.arrive(story, funds.share(story, part))
    story.day(24)
    told.hand_over(story, "F13", has_auction=False)


def _to_funds_by_sale(story: Story) -> None:
    """控 → 处 → 分: sold, the measure ended, the price on the court's account."""
    to_disposal(story)
    sell(story, 50)
    closing.release(story)
    told.arrive(story)
    funds.arrive(story, funds.share(story, "0.7"), "auction_balance")
    story.day(65)
    told.hand_over(story, "F21")


def sell(story: Story, day: int) -> None:
    """The auction itself is not on the platform yet; its result is entered."""
    story.day(day)
    for asset in db.read_only(assets.of_case, story.case_id):
        if asset.disposition == "auction":
            sold = {"disposition": "auction", "state": "sold"}
            db.in_transaction(assets.change, asset.id, **sold)


def _to_closing_paid(story: Story) -> None:
    """控 → 分 → 结: paid to the last fen."""
    _to_funds(story)
    _pay_in_full(story)


def _to_closing_sold(story: Story) -> None:
    """控 → 处 → 分 → 结."""
    _to_funds_by_sale(story)
    _pay_in_full(story)


def _pay_in_full(story: Story) -> None:
    funds.compute(story)
    funds.arrive_in_full(story)
    funds.settled(story)
    story.later(1)
    told.hand_over(story, "F31")


def _to_closing_part_paid(story: Story) -> None:
    """控 → 分 → 结 as 终本: a part was paid, there is nothing else."""
    _to_funds(story)
    funds.compute(story)
    funds.settled(story)
    told.hand_over(story, "F32")


def _to_closing_performed(story: Story) -> None:
    """控 → 结: the debtor has paid the applicant directly."""
    investigate(story)
    control.spare(story)
    story.day(24)
    told.hand_over(story, "F15", has_auction=False)


def _to_closing_without_property(story: Story) -> None:
    """控 → 结 as 终本."""
    investigate(story)
    control.restrict(story)
    story.day(24)
    told.hand_over(story, "F14", has_auction=False)


def investigate(story: Story) -> None:
    control.serve(story)
    control.query(story)


def _decide_on_consumption(story: Story) -> None:
    if story.random.random() < 0.4:
        control.restrict(story)
    else:
        control.spare(story)


@dataclass(frozen=True)
class Way:
    stage: str
    #: Days from the filing to the entry in that stage.
    entered: int
    play: Play
    #: Days in the stage after which it is (fine, nearly due, overdue): from, to.
    ages: tuple[tuple[int, int], tuple[int, int], tuple[int, int]] = ((3, 21), (24, 28), (33, 42))


WAYS: Mapping[str, Way] = {
    "control": Way(CONTROL, 1, nothing_more),
    "house": Way(DISPOSAL, 24, to_disposal, ((4, 78), (83, 88), (93, 105))),
    "car": Way(DISPOSAL, 24, _to_disposal_with_car, ((4, 78), (83, 88), (93, 105))),
    "funds": Way(FUNDS, 24, _to_funds),
    "sale": Way(FUNDS, 65, _to_funds_by_sale),
    "paid": Way(CLOSING, 38, _to_closing_paid),
    "sold": Way(CLOSING, 79, _to_closing_sold),
    "part_paid": Way(CLOSING, 36, _to_closing_part_paid, ((4, 55), (64, 69), (75, 85))),
    "performed": Way(CLOSING, 24, _to_closing_performed),
    "no_property": Way(CLOSING, 24, _to_closing_without_property, ((4, 65), (76, 81), (88, 97))),
}
