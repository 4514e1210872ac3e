"""文书报批 in the demo: submitted, and decided on by as many levels as the story wants."""

from engine import db
from engine.casefile.approval import approvals
from engine.casefile.document.documents import Document
from engine.process import tasks
from webui.demo import days
from webui.demo.story import Story

_ALL = 9
_SAID = {
    "approve": "事实清楚，同意。",
    "return": "请补充送达情况，并核对期限的起算日。",
    "reject": "证据尚不充分，不予批准。",
    "agree": "",
}


def submit(story: Story, document: Document) -> None:
    """报批: it waits for the first level."""
    opinion = "依据充分，拟请批准。"
    db.in_transaction(approvals.submit, story.judge, document.id, opinion=opinion)


def approve(story: Story, document: Document, levels: int = _ALL, last: str = "approve") -> None:
    """Submitted and decided on by the first ``levels``; ``last``: what the last of them says."""
    submit(story, document)
    for number in range(1, levels + 1):
        found = db.read_only(approvals.of_document, document.id)[0]
        if found.state != "running":
            break
        is_last = number == min(levels, len(found.chain))
        _decide(story, document, found.chain[found.level]["kind"], last if is_last else "approve")
    story.work()


def vote(story: Story, document: Document, members: int) -> None:
    """Submitted; so many of the panel have voted, the others have not."""
    submit(story, document)
    _decide(story, document, "VOTE", "approve", members)


def _decide(
    story: Story, document: Document, kind: str, outcome: str, persons: int | None = None
) -> None:
    days.wait(2)
    open_ = db.read_only(tasks.open_of, instance_id=document.instance_id)
    waiting = [t for t in open_ if t.screen == "approval"][:persons]
    for task in waiting:
        user = next(u for u in story.people.values() if u.id == task.assignee)
        if kind == "VOTE":
            reasons = {
                "fact_reason": "查明的事实有卷内材料证实",
                "law_reason": "符合民事诉讼法的规定",
            }
            db.in_transaction(approvals.decide, user, task.id, "agree", **reasons)
        else:
            opinion = _SAID[outcome]
            db.in_transaction(approvals.decide, user, task.id, outcome, opinion=opinion)
