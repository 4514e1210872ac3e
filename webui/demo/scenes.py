"""What is going on in the demo's cases: one scene for each situation that a page has something to show for.

Whatever a young case has no time for simply has not happened yet.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from engine import db
from engine.casefile.stage import transfers
from webui.demo import approving, bank, closing, coercion, control, funds
from webui.demo import story as told
from webui.demo.story import Story
from webui.demo.ways import CONTROL, Play, investigate, nothing_more, sell, to_disposal

# ---------------------------------------------------------------- scenes of 财产查控


def _signed(story: Story) -> None:
    told.sign(story, control.notices(story))


def _mailed(story: Story) -> None:
    story.later(1)
    told.confirm_addresses(story, "d")
    told.send(story, control.notices(story))


def _posted(story: Story) -> None:
    told.send(story, control.notices(story), "D002", "D003")


def _came_back(story: Story) -> None:
    """送达失败: one letter came back, the others arrived."""
    _posted(story)
    story.later(4)
    told.enter_outcomes(story, "not_found", 1)


def _frozen(story: Story) -> None:
    investigate(story)
    control.freeze(story)
    told.arrive(story)


def _freeze_drafted(story: Story) -> None:
    investigate(story)
    control.freeze_ordered(story)


def _restriction(levels: int, last: str = "approve") -> Play:
    """限制消费令 decided on by so many levels."""

    def play(story: Story) -> None:
        if story.case.stage == CONTROL:
            control.serve(story)
        document = told.made(story, control.restriction(story))[0]
        if levels:
            approving.approve(story, document, levels, last)
        else:
            approving.submit(story, document)

    return play


def _restricted(story: Story) -> None:
    investigate(story)
    control.restrict(story)
    told.arrive(story)


def _errand_given(story: Story) -> None:
    control.errand_given(story, control.record(story, "immovable"))


def _errand_accepted(story: Story) -> None:
    _errand_given(story)
    control.errand_accepted(story)


def _errand_done(story: Story) -> None:
    _errand_accepted(story)
    control.errand_done(story)


def _seized(story: Story) -> None:
    control.serve(story)
    matter_id = control.errand_given(story, control.record(story, "immovable"))
    control.errand_done(story)
    control.seized(story, matter_id)
    told.arrive(story)


def _detention(levels: int, last: str = "approve") -> Play:
    def play(story: Story) -> None:
        coercion.decided(story, levels, last)

    return play


def _suspended(story: Story) -> None:
    """中止: the stage's clock stands still."""
    control.serve(story)
    told.hand_over(story, "F17", follow_up_items=("suspend",), has_auction=False)


def _unclaimed(story: Story) -> None:
    """Money has arrived that nobody has claimed yet."""
    bank.pay_in(story, funds.share(story, "0.2"), story.parties("debtor")[0].name)
    story.later(1)
    funds.unclaimed(story)


def _sent_back(story: Story) -> None:
    """退回财产查控: the team of the next stage found a new clue."""
    to_disposal(story)
    story.later(6)
    told.hand_over(story, "F24")


def _refused(story: Story) -> None:
    """退回: the team of the next stage does not take it."""
    to_disposal(story)
    words = "查封裁定书没有附财产清单，请补充后再移交。"
    db.in_transaction(transfers.refuse, story.judge, story.case_id, "RET_MISSING_DOC", words)
    story.work()


# ---------------------------------------------------------------- scenes of 财产处置


def _second_thing(story: Story) -> None:
    """Another thing, on which another court's measure comes first."""
    control.control(story, control.record(story, "vehicle"), rank=2)


def _sold_now(story: Story) -> None:
    """Sold; the release of the measure is with the director."""
    sell(story, 0)
    _submit_all(story, closing.release_ordered(story))


def _ready_to_go_on(story: Story) -> None:
    """Sold, released, paid: only 提交 is left."""
    sell(story, 0)
    closing.release(story)
    told.arrive(story)
    funds.arrive(story, funds.share(story, "0.6"), "auction_balance")


def _stayed(story: Story) -> None:
    """处置权移送他院: it waits for the other court's distribution."""
    told.hand_over(story, "F25")


def _submit_all(story: Story, matter_id: object) -> None:
    for document in told.made(story, None, "draft"):
        if document.matter_id == matter_id and document.needs_approval:
            approving.submit(story, document)


# ---------------------------------------------------------------- scenes of 案款分配


def _sheet_drafted(story: Story) -> None:
    funds.compute(story, final=False)


def _sheet_final(story: Story) -> None:
    funds.compute(story)


def _payment(levels: int | None, last: str = "approve") -> Play:
    """发放审批表 decided on by so many levels; None: only drafted."""

    def play(story: Story) -> None:
        funds.compute(story)
        _, form = funds.payment(story)
        if levels == 0:
            approving.submit(story, form)
        elif levels is not None:
            approving.approve(story, form, levels, last)

    return play


def _with_controller(story: Story) -> None:
    funds.compute(story)
    funds.approved(story)


def _paid(story: Story) -> None:
    funds.compute(story)
    funds.paid(story)


def _settled(story: Story) -> None:
    funds.compute(story)
    funds.settled(story)


# ---------------------------------------------------------------- scenes of 结案归档


def _release_submitted(story: Story) -> None:
    matter_id = closing.release_ordered(story) or closing.full_drafted(story)
    _submit_all(story, matter_id)


def _released(story: Story) -> None:
    closing.release(story)


def _full_drafted(story: Story) -> None:
    closing.full_drafted(story)


def _full_submitted(story: Story) -> None:
    _submit_all(story, closing.full_drafted(story))


def _full_sent(story: Story) -> None:
    closing.release(story)
    closing.full(story)


def _incomplete(story: Story) -> None:
    """卷宗整理归档 begun too early: what is missing is listed."""
    told.open_matter(story, "archive")


def _waits(story: Story) -> None:
    closing.no_property(story)


def _panel_votes(story: Story) -> None:
    matter_id = closing.no_property(story)
    story.day(closing.THREE_MONTHS)
    approving.vote(story, told.made(story, matter_id)[0], 1)


def _ruled(story: Story) -> None:
    closing.ruled(story, closing.no_property(story))


def _finished(story: Story) -> None:
    """已归档."""
    closing.release(story)
    closing.full(story)
    closing.archive(story)


@dataclass(frozen=True)
class Scene:
    #: Empty: it has not been accepted yet.
    way: str
    play: Play
    #: How many of the demo's two hundred cases.
    count: int
    #: What the case must be: yuan from, to; its debtors persons.
    amount: tuple[int, int] | None = None
    natural: bool = False
    #: Only these lights: fine, soon, overdue.
    lights: str = "fso"


_SMALL, _MIDDLE = (8_000, 90_000), (400_000, 900_000)

SCENES: Mapping[str, Scene] = {
    "pending": Scene("", nothing_more, 5),
    "unsegmented": Scene("", nothing_more, 5),
    "drafts": Scene("control", nothing_more, 6),
    "signed": Scene("control", _signed, 3),
    "mailed": Scene("control", _mailed, 3, lights="f"),
    "posted": Scene("control", _posted, 3),
    "came_back": Scene("control", _came_back, 2),
    "served": Scene("control", control.serve, 5),
    "queried": Scene("control", investigate, 6),
    "freeze_drafted": Scene("control", _freeze_drafted, 3),
    "frozen": Scene("control", _frozen, 7),
    "restriction_at_director": Scene("control", _restriction(0), 2),
    "restriction_at_president": Scene("control", _restriction(1), 2),
    "restriction_returned": Scene("control", _restriction(1, "return"), 2),
    "restriction_approved": Scene("control", _restriction(2), 1),
    "restricted": Scene("control", _restricted, 4),
    "errand_given": Scene("control", _errand_given, 2),
    "errand_accepted": Scene("control", _errand_accepted, 1),
    "errand_done": Scene("control", _errand_done, 1),
    "seized": Scene("control", _seized, 2),
    "detention_voting": Scene("control", coercion.voting, 2, natural=True),
    "detention_at_director": Scene("control", _detention(1), 1, natural=True),
    "detention_at_vice_president": Scene("control", _detention(2), 1, natural=True),
    "detention_at_president": Scene("control", _detention(3), 1, natural=True),
    "detention_refused": Scene("control", _detention(4, "reject"), 1, natural=True),
    "detained": Scene("control", coercion.carried_out, 1, natural=True),
    "suspended": Scene("control", _suspended, 2),
    "unclaimed": Scene("control", _unclaimed, 2),
    "query_away": Scene("control", control.query_unanswered, 1),
    "mail_busy": Scene("control", control.mail_unanswered, 1),
    "sent_back": Scene("control", _sent_back, 1, lights="o"),
    "refused": Scene("control", _refused, 1, lights="s"),
    "house": Scene("house", nothing_more, 18),
    "car": Scene("car", nothing_more, 8),
    "two_things": Scene("house", _second_thing, 5),
    "sold_release_submitted": Scene("house", _sold_now, 3),
    "ready_to_go_on": Scene("house", _ready_to_go_on, 2),
    "disposal_detention": Scene("house", _detention(1), 1, natural=True),
    "disposal_restriction": Scene("car", _restriction(1, "return"), 2),
    "disposal_errand": Scene("car", _errand_given, 2),
    "stayed": Scene("house", _stayed, 2),
    "disposal_unclaimed": Scene("house", _unclaimed, 2),
    "claimed": Scene("funds", nothing_more, 5),
    "sheet_drafted": Scene("funds", _sheet_drafted, 3),
    "sheet_final": Scene("funds", _sheet_final, 4),
    "second_payment": Scene("funds", _unclaimed, 2),
    "payment_drafted": Scene("funds", _payment(None), 2),
    "payment_at_director": Scene("funds", _payment(0), 2, _SMALL),
    "payment_at_vice_president": Scene("funds", _payment(1), 1, _MIDDLE),
    "payment_at_president": Scene("funds", _payment(2), 1, (3_600_000, 4_800_000)),
    "payment_returned": Scene("funds", _payment(1, "return"), 1, _SMALL),
    "with_controller": Scene("funds", _with_controller, 2, _SMALL),
    "payment_made": Scene("funds", _paid, 2, _SMALL),
    "settled": Scene("funds", _settled, 2, _SMALL),
    "sale_price": Scene("sale", _sheet_drafted, 3),
    "paid_in_full": Scene("paid", nothing_more, 4, _SMALL),
    "release_submitted": Scene("paid", _release_submitted, 2, _SMALL),
    "released": Scene("paid", _released, 2, _SMALL),
    "performed": Scene("performed", nothing_more, 4),
    "closing_drafted": Scene("performed", _full_drafted, 3),
    "closing_submitted": Scene("performed", _full_submitted, 2),
    "closing_sent": Scene("performed", _full_sent, 3),
    "incomplete": Scene("performed", _incomplete, 1),
    "waits": Scene("no_property", _waits, 5, lights="f"),
    "panel_votes": Scene("no_property", _panel_votes, 1, lights="s"),
    "ruled": Scene("no_property", _ruled, 2, lights="so"),
    "part_paid": Scene("part_paid", _waits, 1, _SMALL, lights="f"),
    "finished": Scene("performed", _finished, 9),
    "finished_paid": Scene("paid", _finished, 5, _SMALL),
    "finished_sold": Scene("sold", _finished, 1, _SMALL),
}
