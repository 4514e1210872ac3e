"""Money in the demo: it arrives, is claimed, the debt is computed, and it is paid to the applicant."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from engine import db
from engine.casefile.asset import case_funds, debt_sheets, fund_receipts
from engine.casefile.document.documents import Document
from webui.demo import approving, bank
from webui.demo import story as told
from webui.demo.story import Story

#: Login of the fund controller.
CONTROLLER = "yin"


def arrive(story: Story, amount: Decimal, nature: str = "voluntary") -> None:
    """到账 and 认领: paid in by the first debtor, or by the buyer of what was sold."""
    sold = nature == "auction_balance"
    payer = "网络拍卖买受人（虚构）" if sold else story.parties("debtor")[0].name
    bank.pay_in(story, amount, payer, "拍卖成交款" if sold else "履行款")
    story.later(1)
    claim(story, nature)


def claim(story: Story, nature: str) -> None:
    matter_id = unclaimed(story)
    receipts = db.read_only(fund_receipts.of_case, story.case_id, "unclaimed")
    chosen = [str(r.id) for r in receipts]
    told.fill(story, "claim_receipts", {"认领款项": chosen, "款项性质": nature})
    told.sign(story, matter_id)


def unclaimed(story: Story) -> UUID:
    """认领 begun: what arrived is listed, nobody has claimed it; the matter."""
    matter_id = told.open_matter(story, "fund_claim")
    story.work()
    return matter_id


def share(story: Story, part: str) -> Decimal:
    """That part of what the applicant asked for, in whole yuan."""
    return (story.case.amount * Decimal(part)).quantize(Decimal(1))


def compute(story: Story, *, final: bool = True) -> None:
    """案款核算 on the title's sum; ``final``: its sheet is signed, so that payments go by it."""
    matter_id = told.open_matter(story, "debt_calc")
    expiry = story.filed - timedelta(days=60)
    said = {"本金": str(story.case.amount), "履行届满日": expiry.isoformat()}
    told.fill(story, "enter_title", said)
    if final:
        told.sign(story, matter_id)


def arrive_in_full(story: Story) -> None:
    """The debtor pays what the final sheet still leaves open, the fee included."""
    sheet = db.read_only(debt_sheets.newest_final, story.case_id)
    if sheet is None:
        raise LookupError("no final debt sheet")
    there = db.read_only(case_funds.balance, story.case_id)
    arrive(story, sheet.due + sheet.fee - there)


def payment(story: Story) -> tuple[UUID, Document]:
    """案款发放 to the applicant: the matter and its form for approval."""
    matter_id = told.open_matter(story, "pay_out")
    applicant = story.parties("applicant")[0]
    said = {
        "收款人身份": "applicant",
        "没有争议": "on",
        "已核对身份": "on",
        "收款人": applicant.name,
        "收款开户行": "江州银行临江支行（虚构）",
        "收款账号": f"9900{story.random.randrange(10**12):012d}",
    }
    told.fill(story, "enter_payee", said)
    return matter_id, told.made(story, matter_id)[0]


def approved(story: Story) -> UUID:
    """The form approved and signed: it is with the fund controller; the matter."""
    matter_id, form = payment(story)
    approving.approve(story, form)
    told.sign(story, matter_id)
    return matter_id


def paid(story: Story) -> UUID:
    """放款: the bank has paid; the applicant's notice waits to be signed; the matter."""
    matter_id = approved(story)
    told.fill(story, "release_payment", {"是否放款": "yes"}, story.people[CONTROLLER])
    story.work()
    return matter_id


def settled(story: Story) -> None:
    """Paid, and the applicant has his notice."""
    told.send(story, paid(story))
    told.arrive(story)
