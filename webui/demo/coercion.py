"""拘留 in the demo, at every level of its approval and carried out."""

from uuid import UUID

from engine import clock, db
from engine.casefile.errand import field_tasks
from webui.demo import approving, days
from webui.demo import story as told
from webui.demo.control import OFFICER, errand
from webui.demo.story import Story


def ordered(story: Story) -> UUID:
    """决定书 and 执行通知书 drafted; the matter."""
    matter_id = told.open_matter(story, "detain")
    debtor = next(p for p in story.parties("debtor") if p.kind == "natural")
    said = {
        "被拘留人": str(debtor.id),
        "拘留事由": "拒绝报告或者虚假报告财产情况",
        "违法事实": "被执行人收到报告财产令后拒不报告，经两次传唤无正当理由拒不到庭。",
        "拘留天数": story.random.choice(("5", "10", "15")),
        "拘留所": "临江市拘留所（虚构）",
    }
    told.fill(story, "decide_detention", said)
    return matter_id


def decided(story: Story, levels: int, last: str = "approve") -> None:
    """The decision is with the level after ``levels``, or has come back from the last of them."""
    document = told.made(story, ordered(story))[0]
    approving.approve(story, document, levels, last)


def voting(story: Story) -> None:
    """Two of the panel have voted, one has not."""
    approving.vote(story, told.made(story, ordered(story))[0], 2)


def carried_out(story: Story) -> None:
    """Approved, signed, escorted, in custody; the family's notice waits for its signature."""
    matter_id = ordered(story)
    for document in told.made(story, matter_id):
        approving.approve(story, document)
    told.sign(story, matter_id)
    days.wait(20)
    words = "已经送至拘留所，取得收押回执。"
    db.in_transaction(field_tasks.report, story.people[OFFICER], errand(story).id, words)
    story.work()
    at = clock.now().astimezone(clock.COURT_ZONE)
    said = {"是否收押": "yes", "收押时间": f"{at:%Y-%m-%dT%H:%M}", "家属姓名": "虚构家属"}
    told.fill(story, "record_custody", said)
