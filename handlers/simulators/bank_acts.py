"""What the simulated bank does when asked: query, freeze, release, transfer, statement.

Each act changes the books and gives the result that the receipt will carry; amounts in yuan as text.
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from engine import clock
from handlers.simulators.bank_books import Account, Books, Refused, fen, moment, yuan

Act = Callable[[Books, Mapping[str, Any], str], dict[str, Any]]

_BANKS = ("临江农村商业银行", "江州银行临江支行", "滨江城市银行青石路支行")
_HIGHEST = 400_000  #: yuan; above that no invented account holds


def query(books: Books, asked: Mapping[str, Any], reference: str) -> dict[str, Any]:
    """The person's accounts; somebody who is asked about for the first time gets some, always the same."""
    _meet(books, asked)
    found = books.of_person(asked["id_number"])
    return {"结果": "已反馈", "账户": [_told(one) for one in found], "日期": _today()}


def _meet(books: Books, asked: Mapping[str, Any]) -> None:
    """Somebody the bank hears of for the first time, and who has no account here, gets some."""
    number = asked["id_number"]
    if not books.of_person(number) and number not in _asked(books):
        _invent(books, number, asked["name"])


def _asked(books: Books) -> set[str]:
    return {r["asked"].get("id_number", "") for r in books.requests}


def _invent(books: Books, id_number: str, name: str) -> None:
    """One or two accounts whose balances follow from the number, so that a demo tells the same story twice."""
    digest = hashlib.sha256(id_number.encode()).digest()
    for i in range(1 + digest[0] % 2):
        number = f"9900{int.from_bytes(digest[4 * i + 1 : 4 * i + 5]) % 10**12:012d}"
        open_account(
            books,
            number=number,
            institution=f"{_BANKS[digest[i + 9] % len(_BANKS)]}（虚构）",
            holder=name,
            id_number=id_number,
            kind="工资户" if i else "储蓄户",
            balance=str(int.from_bytes(digest[2 * i + 20 : 2 * i + 22]) * _HIGHEST // 65535),
        )


def open_account(  # an account has these parts
    books: Books,
    *,
    number: str,
    institution: str,
    holder: str,
    id_number: str,
    kind: str,
    balance: str = "0",
) -> None:
    parts = {"number": number, "institution": institution, "holder": holder}
    books.write("opened", **parts, id_number=id_number, type=kind)
    if fen(balance):
        deposit(books, number, balance, "期初余额", "")


def deposit(books: Books, number: str, amount: str, text: str, payer: str) -> str:
    """Money comes in; the bank's number of the entry."""
    reference = books.reference()
    _credit(books, number, fen(amount), text=text, reference=reference, counterparty=payer)
    return reference


def _credit(books: Books, number: str, amount: int, **texts: str) -> None:
    """A number that the books do not have yet is a sub-account of the court's, or another bank's."""
    if number not in books.accounts:
        parts = {"institution": "他行或者法院专户", "holder": "", "id_number": "", "type": "往来户"}
        books.write("opened", number=number, **parts)
    books.write("moved", account=number, amount=amount, **texts)


def _told(one: Account) -> dict[str, Any]:
    return {
        "开户行": one.institution,
        "账号": one.number,
        "户名": one.holder,
        "账户类型": one.kind,
        "余额": yuan(one.balance),
        "可用余额": yuan(one.available),
    }


def freeze(books: Books, asked: Mapping[str, Any], reference: str) -> dict[str, Any]:
    """Holds what is there up to the amount asked for; nothing there is a refusal."""
    _meet(books, asked)
    account = books.account(asked["account"])
    if account.id_number != asked["id_number"]:
        raise Refused("ACCOUNT_NOT_FOUND", f"账户{account.number}的户名与协助执行通知书不符")
    if not asked.get("documents"):
        raise Refused("DOCUMENTS_MISSING", "没有收到裁定书和协助冻结存款通知书")
    wanted = fen(asked["amount"])
    held = min(wanted, account.available)
    if held <= 0:
        raise Refused("INSUFFICIENT_FUNDS", f"账户{account.number}没有可以冻结的余额")
    books.write("frozen", account=account.number, reference=reference, amount=held)
    return {
        "结果": "已冻结",
        "冻结金额": yuan(held),
        "不足金额": yuan(wanted - held),
        "顺位": len(account.frozen),
        "日期": _today(),
    }


def release(books: Books, asked: Mapping[str, Any], reference: str) -> dict[str, Any]:
    account = books.account(asked["account"])
    if asked["freeze"] not in account.frozen:
        raise Refused("FREEZE_NOT_FOUND", f"账户{account.number}没有编号{asked['freeze']}的冻结")
    amount = account.frozen[asked["freeze"]]
    books.write("released", account=account.number, reference=asked["freeze"])
    return {"结果": "已解除冻结", "解冻金额": yuan(amount), "日期": _today()}


def transfer(books: Books, asked: Mapping[str, Any], reference: str) -> dict[str, Any]:
    """From the court's account, which exists from the first payment into it."""
    amount, payer = fen(asked["amount"]), books.account(asked["from"])
    if payer.available < amount:
        raise Refused("INSUFFICIENT_FUNDS", f"付款账户{payer.number}余额不足")
    texts = {"text": asked["purpose"], "reference": reference}
    books.write(
        "moved",
        account=payer.number,
        amount=-amount,
        counterparty=f"{asked['payee']} {asked['to']}",
        **texts,
    )
    _credit(books, asked["to"], amount, counterparty=payer.number, **texts)
    return {"结果": "已付款", "付款金额": yuan(amount), "日期": _today()}


def deduct(books: Books, asked: Mapping[str, Any], reference: str) -> dict[str, Any]:
    """Takes frozen money to the court's account; the freeze ends with it."""
    account, amount = books.account(asked["account"]), fen(asked["amount"])
    held = account.frozen.get(asked["freeze"], 0)
    if held < amount:
        raise Refused("INSUFFICIENT_FUNDS", f"账户{account.number}冻结的金额不足")
    books.write("released", account=account.number, reference=asked["freeze"])
    texts = {"text": asked["purpose"], "reference": reference}
    books.write("moved", account=account.number, amount=-amount, counterparty=asked["to"], **texts)
    _credit(books, asked["to"], amount, counterparty=account.number, **texts)
    return {"结果": "已扣划", "扣划金额": yuan(amount), "日期": _today()}


def statement(books: Books, asked: Mapping[str, Any], reference: str) -> dict[str, Any]:
    """What came into the account, the oldest first."""
    found = [entry for entry in books.of_account(asked["account"]) if entry.amount > 0]
    return {
        "流水": [
            {
                "流水号": entry.reference,
                "金额": yuan(entry.amount),
                "日期": f"{moment(entry.at):%Y-%m-%d}",
                "付款人": entry.counterparty,
                "摘要": entry.text,
            }
            for entry in found
        ]
    }


def _today() -> str:
    return clock.today().isoformat()


#: Path -> what it does and whether its result comes as a receipt.
ACTS: dict[str, tuple[Act, bool]] = {
    "/query": (query, True),
    "/freeze": (freeze, True),
    "/release": (release, True),
    "/deduct": (deduct, True),
    "/transfer": (transfer, True),
    "/statement": (statement, False),
}
