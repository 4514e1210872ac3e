"""The page of the simulated bank: accounts, entries, what courts asked for; forms to pay in and to fail."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from string import Template

from handlers.simulators import bank_acts
from handlers.simulators.bank_books import Books, moment, yuan

_NEWEST = 50
_FAULTS = {
    "error": "系统维护（稍后重试）",
    "silence": "不应答",
    "refuse": "不予办理",
    "delay": "回执迟到",
    "twice": "回执重复",
}
_PATHS = {
    "/query": "查询",
    "/freeze": "冻结",
    "/release": "解除冻结",
    "/deduct": "扣划",
    "/transfer": "付款",
    "/statement": "流水",
}

_PAGE = Template("""<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<title>模拟银行（演示用）</title>
<style>
body { font: 14px/1.6 "Noto Sans SC", "Microsoft YaHei", sans-serif; margin: 0; color: #1f2937; background: #f6f5f1; }
header { background: #7a4a12; color: #fff; padding: 12px 24px; }
header h1 { font-size: 20px; margin: 0; }
header p { margin: 0; }
main { padding: 16px 24px; display: grid; gap: 16px; }
section { background: #fff; border: 1px solid #ddd6c8; padding: 12px 16px; }
h2 { font-size: 16px; margin: 0 0 8px; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: 4px 8px; border-bottom: 1px solid #ebe6da; }
td.sum, th.sum { text-align: right; font-variant-numeric: tabular-nums; }
form { display: flex; flex-wrap: wrap; gap: 8px; align-items: end; }
label { display: grid; font-size: 12px; }
input, select, button { font: inherit; padding: 3px 6px; }
</style>
</head>
<body>
<header><h1>模拟银行（演示用）</h1><p>本页及其账户、金额、回执均为虚构，只用于演示，不是任何真实银行的系统。</p></header>
<main>
<section><h2>账户</h2>$accounts</section>
<section><h2>模拟汇入</h2>
<form method="post" action="/deposits">
<label>收款账号<input name="account" required></label>
<label>金额（元）<input name="amount" required pattern="[0-9]+([.][0-9]{1,2})?"></label>
<label>付款人<input name="payer" required></label>
<label>摘要<input name="text" value="履行款"></label>
<button>汇入</button>
</form></section>
<section><h2>模拟故障</h2>
<form method="post" action="/faults">
<label>业务<select name="path">$paths</select></label>
<label>故障<select name="fault">$faults</select></label>
<label>代码或者秒数<input name="value"></label>
<label>次数<input name="times" type="number" value="1" min="1" max="50"></label>
<button>安排</button>
</form><p>待发生的故障：$ordered</p></section>
<section><h2>法院请求</h2>$requests</section>
<section><h2>流水</h2>$entries</section>
</main>
</body>
</html>
""")


def html(books: Books) -> str:
    with books.together():
        return _PAGE.substitute(
            accounts=_accounts(books),
            paths=_options({"*": "任何业务", **_PATHS}),
            faults=_options(_FAULTS),
            ordered=_ordered(books),
            requests=_requests(books),
            entries=_entries(books),
        )


def _accounts(books: Books) -> str:
    rows = [
        [a.number, a.institution, a.holder, a.kind, yuan(a.balance), yuan(a.balance - a.available)]
        for a in books.accounts.values()
    ]
    return _table(["账号", "开户行", "户名", "类型", "余额", "冻结"], rows, sums=2)


def _requests(books: Books) -> str:
    rows = [
        [
            f"{moment(r['at']):%Y-%m-%d %H:%M:%S}",
            _PATHS[r["path"]],
            "；".join(
                str(r["asked"].get(name, "")) for name in ("name", "account") if name in r["asked"]
            ),
            str(r["answer"].get("reference", "")),
            _receipt(books, str(r["answer"].get("reference", ""))),
            str(r["asked"].get("amount", "")),
        ]
        for r in reversed(books.requests[-_NEWEST:])
    ]
    return _table(["时间", "业务", "对象", "编号", "回执", "金额"], rows, sums=1)


def _receipt(books: Books, reference: str) -> str:
    found = books.receipts.get(reference)
    if found is None:
        return "即时答复"
    return "已送达" if found.sent else "待发"


def _entries(books: Books) -> str:
    rows = [
        [
            f"{moment(e.at):%Y-%m-%d %H:%M:%S}",
            e.account,
            e.text,
            e.counterparty,
            e.reference,
            yuan(e.amount),
        ]
        for e in reversed(books.entries[-_NEWEST:])
    ]
    return _table(["时间", "账号", "摘要", "对方", "流水号", "金额"], rows, sums=1)


def _ordered(books: Books) -> str:
    names = {"*": "任何业务", **_PATHS}
    return escape(
        "；".join(f"{names[f['path']]}{_FAULTS[f['fault']]}" for f in books.faults) or "无"
    )


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, sums: int) -> str:
    """The last ``sums`` columns hold amounts."""

    def line(cells: Sequence[str], tag: str) -> str:
        first = len(cells) - sums
        parts = (
            f"<{tag}{' class=sum' if i >= first else ''}>{escape(cell)}</{tag}>"
            for i, cell in enumerate(cells)
        )
        return f"<tr>{''.join(parts)}</tr>"

    body = "".join(line(row, "td") for row in rows)
    return f"<table><thead>{line(heads, 'th')}</thead><tbody>{body}</tbody></table>"


def _options(named: Mapping[str, str]) -> str:
    return "".join(f'<option value="{escape(k)}">{escape(v)}</option>' for k, v in named.items())


def _deposit(books: Books, typed: Mapping[str, str]) -> None:
    bank_acts.deposit(
        books, typed["account"].strip(), typed["amount"], typed["text"], typed["payer"]
    )


def _fault(books: Books, typed: Mapping[str, str]) -> None:
    if typed["fault"] in _FAULTS and (typed["path"] in _PATHS or typed["path"] == "*"):
        chosen = {name: typed.get(name, "").strip() for name in ("path", "fault", "value")}
        books.write("fault", times=max(1, min(50, int(typed.get("times") or 1))), **chosen)


FORMS: dict[str, Callable[[Books, Mapping[str, str]], None]] = {
    "/deposits": _deposit,
    "/faults": _fault,
}
