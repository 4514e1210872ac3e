"""财产查控 in the demo: notices, the network query, deposits frozen, houses seized, consumption restricted."""

from datetime import timedelta
from uuid import UUID

from engine import clock, db
from engine.casefile.asset import assets, property_records
from engine.casefile.asset.assets import Asset
from engine.casefile.case import remarks
from engine.casefile.errand import field_tasks
from engine.casefile.errand.field_tasks import FieldTask
from engine.casefile.intake import acceptance
from engine.casefile.matter import matters
from webui.demo import approving, bank, days
from webui.demo import story as told
from webui.demo.story import Story

#: Login of the officer who goes out.
OFFICER = "ma"


def accept(story: Story, login: str) -> None:
    """接收 on the day after the filing."""
    story.day(1)
    db.in_transaction(acceptance.accept, story.people[login], story.case_id)
    story.work()


def notices(story: Story) -> UUID:
    """The matter 告知, which every case of this stage has from its first day."""
    found = db.read_only(matters.of_case, story.case_id)
    return next(m.id for m in found if m.type_key == "notify")


def serve(story: Story) -> None:
    """The notices signed, sent, and arrived."""
    story.later(1)
    if story.random.random() < 0.6:
        told.confirm_addresses(story, "d")
    told.send(story, notices(story))
    told.arrive(story)


def query(story: Story) -> None:
    """网络查控: asked, answered, summed up; what the banks found stands in the property records."""
    matter_id = told.open_matter(story, "network_query")
    told.sign(story, matter_id)
    told.sign(story, matter_id)


def query_unanswered(story: Story) -> None:
    """The gateway is away and stays away until it is given up: an incident for the supervisor."""
    bank.away("/query", 5 * len(story.parties("debtor")))
    matter_id = told.open_matter(story, "network_query")
    told.sign(story, matter_id)
    _try_again(story)


def mail_unanswered(story: Story) -> None:
    """A debtor's mailbox is busy and stays so: an incident for the supervisor."""
    told.confirm_addresses(story, "busy")
    told.send(story, notices(story), "D002")
    _try_again(story)


def _try_again(story: Story) -> None:
    """Every attempt of a call, hours apart."""
    for _ in range(5):
        days.wait(1)
        story.work()


# ---------------------------------------------------------------- property


def deposits(story: Story) -> list[Asset]:
    """With something in them, and nobody's hand on them yet."""
    found = db.read_only(assets.of_case, story.case_id)
    return [
        a
        for a in found
        if a.kind == "deposit" and a.institution and a.value and not a.has_live_measure
    ]


def freeze_ordered(story: Story) -> UUID | None:
    """冻结（线上）: the ruling drafted; None if the query found no money."""
    found = deposits(story)
    if not found:
        return None
    matter_id = told.open_matter(story, "online_freeze")
    limit = min(story.case.amount, sum(a.value or 0 for a in found))
    chosen = [str(a.id) for a in found]
    said = {"冻结存款": chosen, "冻结限额": str(limit), "已核对保留": "on"}
    told.fill(story, "choose_deposits", said)
    return matter_id


def freeze(story: Story) -> None:
    """Ordered, signed, and frozen by the bank; the ruling goes to the parties."""
    matter_id = freeze_ordered(story)
    if matter_id is None:
        return
    for document in told.made(story, matter_id):
        if document.needs_approval:
            approving.approve(story, document)
    told.sign(story, matter_id)
    told.deliver(story, matter_id, "D020")


def record(story: Story, kind: str, disposition: str = "auction") -> UUID:
    """登记财产: a thing of the debtor's, with a remark."""
    debtor = story.parties("debtor")[0]
    number = story.random.randrange(10_000)
    names = {
        "immovable": f"东湖镇望江路{number % 190 + 1}号{number % 9 + 1}幢301室",
        "vehicle": f"苏A·D{number:04d}小型轿车",
        "equity": f"{debtor.name}持有的股权",
        "other": f"青石路{number % 190 + 1}号门面房（待腾退）",
    }
    typed = {
        "owner": str(debtor.id),
        "kind": kind,
        "name": names[kind],
        "value": str(story.random.randrange(60_000, 900_000)),
        "disposition": disposition,
    }
    asset_id = db.in_transaction(property_records.add, story.judge, story.case_id, typed)
    words = "申请执行人提供的线索，权属已经核实。"
    db.in_transaction(remarks.add, story.judge, story.case_id, "asset", asset_id, words)
    return asset_id


def control(story: Story, asset_id: UUID, *, rank: int = 1) -> None:
    """登记控制措施 of a thing seized at its registry."""
    today = clock.today()
    typed = {
        "kind": "seize",
        "rank": str(rank),
        "starts_on": today.isoformat(),
        "ends_on": (today + timedelta(days=3 * 365 - 1)).isoformat() if rank == 1 else "",
    }
    db.in_transaction(property_records.control, story.judge, story.case_id, asset_id, typed)


# ---------------------------------------------------------------- seizure on the spot


def errand_given(story: Story, asset_id: UUID) -> UUID:
    """查封（线下）: the ruling signed, an officer is to go there; the matter."""
    matter_id = told.open_matter(story, "offline_seize")
    asset = db.read_only(assets.get, story.case_id, asset_id)
    said = {
        "查封财产": [str(asset_id)],
        "查封地点": asset.name,
        "查封要求": "张贴封条和公告，拍照录像，清点屋内物品。",
    }
    told.fill(story, "order_seizure", said)
    told.sign(story, matter_id)
    return matter_id


def errand(story: Story) -> FieldTask:
    return db.read_only(field_tasks.of_case, story.case_id)[0]


def errand_accepted(story: Story) -> None:
    days.wait(3)
    db.in_transaction(field_tasks.accept, story.people[OFFICER], errand(story).id)


def errand_done(story: Story) -> None:
    days.wait(20)
    words = "已经张贴封条和公告，屋内无人，由社区工作人员在场见证。"
    db.in_transaction(field_tasks.report, story.people[OFFICER], errand(story).id, words)
    story.work()


def seized(story: Story, matter_id: UUID) -> None:
    """Entered with inventory and record; the ruling goes to the parties."""
    said = {
        "是否查封": "yes",
        "查封日期": clock.today().isoformat(),
        "在场人": "望江社区工作人员",
        "保管人": "被执行人",
        "查封经过": "宣读裁定书后张贴封条和公告，清点屋内物品，制作笔录。",
    }
    told.fill(story, "record_seizure", said)
    told.sign(story, matter_id)
    told.deliver(story, matter_id, "D020", "D028")


# ---------------------------------------------------------------- consumption


def restriction(story: Story) -> UUID:
    """限制消费令 drafted; the matter."""
    matter_id = told.open_matter(story, "consumption_dishonest")
    debtors = [str(p.id) for p in story.parties("debtor")]
    words = "经本院通知仍未报告财产，也未主动履行"
    said = {"限制对象": debtors, "是否限制": "yes", "限制理由": words}
    told.fill(story, "decide_restriction", said)
    return matter_id


def restrict(story: Story) -> None:
    """Approved, signed, and on its way to the debtors."""
    matter_id = restriction(story)
    for document in told.made(story, matter_id):
        approving.approve(story, document)
    told.send(story, matter_id)


def spare(story: Story) -> None:
    """不限制消费, with the reason."""
    told.open_matter(story, "consumption_dishonest")
    debtors = [str(p.id) for p in story.parties("debtor")]
    words = "被执行人已经部分履行，并承诺本月内付清"
    said = {"限制对象": debtors, "是否限制": "no", "不限制的理由": words}
    told.fill(story, "decide_restriction", said)
