"""结案归档 in the demo: measures released, the case closed in full or as 终本, its dossier listed."""

from uuid import UUID

from engine import db
from engine.casefile.asset import assets
from webui.demo import approving
from webui.demo import story as told
from webui.demo.story import Story

#: Days after the filing from which 终本 may be ruled (立案满三个月), with a margin for the calendar.
THREE_MONTHS = 95


def release_ordered(story: Story) -> UUID | None:
    """解除控制 drafted, for everything that is controlled; None if nothing is."""
    held = [a for a in db.read_only(assets.of_case, story.case_id) if _is_controlled(a)]
    if not held:
        return None
    matter_id = told.open_matter(story, "release_control")
    chosen = [str(a.id) for a in held]
    said = {"解除财产": chosen, "解除事由": "paid", "解除理由": "被执行人已经履行完毕"}
    told.fill(story, "choose_release", said)
    return matter_id


def release(story: Story) -> None:
    """Approved, signed, let go; the ruling goes to the parties."""
    matter_id = release_ordered(story)
    if matter_id is None:
        return
    for document in told.made(story, matter_id):
        approving.approve(story, document)
    told.sign(story, matter_id)
    told.deliver(story, matter_id, "D032")


def _is_controlled(asset: assets.Asset) -> bool:
    return any(m.state in ("live", "queued") for m in asset.measures)


def full_drafted(story: Story) -> UUID:
    """执行完毕结案: its notice and its form for approval; the matter."""
    matter_id = told.open_matter(story, "close_full")
    words = "被执行人已经全部履行，案款已经发放申请执行人"
    told.fill(story, "state_performance", {"履行情况": words})
    return matter_id


def full(story: Story) -> None:
    """Approved, signed, sent."""
    matter_id = full_drafted(story)
    _approve_all(story, matter_id)
    told.sign(story, matter_id)
    told.deliver(story, matter_id, "D165")


def no_property(story: Story) -> UUID:
    """终本 begun; until three months after the filing nothing can be ruled; the matter."""
    matter_id = told.open_matter(story, "close_final")
    words = "已经送达执行通知书、报告财产令；经网络查控和线下调查，没有发现可供执行的财产。"
    told.fill(story, "state_measures", {"执行情况": words, "申请人确认": "no"})
    return matter_id


def ruled(story: Story, matter_id: UUID) -> None:
    """The three months are over: the ruling approved, signed, sent."""
    story.day(THREE_MONTHS)
    _approve_all(story, matter_id)
    told.sign(story, matter_id)
    told.deliver(story, matter_id, "D163")


def _approve_all(story: Story, matter_id: UUID) -> None:
    for document in told.made(story, matter_id):
        if document.needs_approval:
            approving.approve(story, document)


def archive(story: Story) -> None:
    """Everything has arrived, the list of the dossier is signed, the case leaves its last stage."""
    told.arrive(story)
    for matter_id in {d.matter_id for d in told.made(story, None, "draft")}:
        told.sign(story, matter_id)
    matter_id = told.open_matter(story, "archive")
    told.sign(story, matter_id)
    told.hand_over(story, None)
