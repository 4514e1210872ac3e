"""The simulated bank: signed both ways, the same key once, its books outlive it, and it says what it is."""

import httpx
import orjson
from sqlalchemy import text

from engine import db
from engine.process import webhooks
from handlers.bank import exchange
from handlers.simulators import bank_acts, bank_page
from handlers.simulators.bank_books import Books
from tests.matters import playing

WANTED = {
    "account": "9900000000001111",
    "id_number": "990000198601271237",
    "name": "陈志强",
    "amount": "300",
    "documents": [{"name": "执行裁定书"}],
    "callback": "http://127.0.0.1:9/receipts/bank?court=0",
}


def opened(bank, balance="1000"):
    with bank.books.together():
        bank_acts.open_account(
            bank.books,
            number=WANTED["account"],
            institution="临江农村商业银行（虚构）",
            holder=WANTED["name"],
            id_number=WANTED["id_number"],
            kind="储蓄户",
            balance=balance,
        )


def test_a_request_without_our_signature_is_turned_away(bank):
    opened(bank)
    body = orjson.dumps(WANTED)
    headers = webhooks.sign("d3Jvbmc=", "k", body) | {"idempotency-key": "k"}
    answer = httpx.post(f"{exchange.address()}/freeze", content=body, headers=headers)
    assert answer.status_code == 401
    assert bank.books.account(WANTED["account"]).frozen == {}


def test_the_same_key_gets_the_same_answer_and_freezes_once(bank):
    opened(bank)
    first, second = (exchange.ask("/freeze", WANTED, "one-key") for _ in range(2))
    assert first == second
    assert list(bank.books.account(WANTED["account"]).frozen.values()) == [30000]


def test_what_is_written_is_there_after_a_restart(bank, tmp_path):
    opened(bank)
    exchange.ask("/freeze", WANTED, "one-key")
    again = Books(tmp_path / "bank")
    account = again.account(WANTED["account"])
    assert (account.balance, account.available) == (100000, 70000)
    assert set(again.answers) == {"one-key"}
    assert [r.sent for r in again.receipts.values()] == [False]


def test_a_line_cut_off_by_a_crash_never_happened(bank, tmp_path):
    opened(bank)
    path = tmp_path / "bank" / "ledger.jsonl"
    path.write_bytes(path.read_bytes() + b'{"kind":"moved","account":"99000')
    assert Books(tmp_path / "bank").account(WANTED["account"]).balance == 100000


def test_its_page_says_that_it_is_a_simulation_and_shows_no_markup_of_names(bank):
    opened(bank)
    with bank.books.together():
        bank_acts.deposit(bank.books, WANTED["account"], "1", "<script>", "甲")
    page = httpx.get(f"{exchange.address()}/").text
    assert "模拟银行（演示用）" in page
    assert "<script>" not in page
    assert bank_page.html(bank.books) == page


def test_a_forged_receipt_moves_nothing_and_is_kept_for_a_person(court, bank):
    case_id = court.accept()
    asset_id = playing.deposit(court, bank, case_id, "9900000000001111", "1000")
    matter_id = playing.open_matter(court, case_id, "online_freeze")
    chosen = {"冻结存款": [str(asset_id)], "冻结限额": "1000", "已核对保留": "on"}
    playing.fill(court, case_id, "choose_deposits", **chosen)
    playing.sign(court, case_id, matter_id)
    receipt = next(iter(bank.books.receipts.values()))
    forged = receipt.body.replace("1000.00", "9000.00").encode()
    headers = webhooks.sign("d3Jvbmc=", receipt.reference, forged)
    assert httpx.post(receipt.url, content=forged, headers=headers).status_code == 204
    court.work()
    with db.engine().connect() as session:
        row = session.execute(text("SELECT state, error FROM receipt")).one()
    assert row.state == "unreadable"
    assert "签名不对" in row.error
    playing.receipts(court, bank)
    assert str(bank.books.account("9900000000001111").frozen.values()) == "dict_values([100000])"


def test_receipts_of_unknown_courts_and_channels_are_not_stored(court, bank):
    base = exchange.config.base_url()
    assert httpx.post(f"{base}/receipts/bank?court=nobody", content=b"x").status_code == 404
    assert httpx.post(f"{base}/receipts/other?court={court.id}", content=b"x").status_code == 404


def test_two_processes_keep_the_same_books_and_each_sends_its_own_receipts(bank, tmp_path):
    opened(bank)
    other = Books(tmp_path / "bank")
    exchange.ask("/freeze", WANTED, "one-key")
    with other.together():
        bank_acts.deposit(other, WANTED["account"], "1", "履行款", "甲")
    assert other.account(WANTED["account"]).frozen == bank.books.account(WANTED["account"]).frozen
    assert [r.of_another for r in other.receipts.values()] == [True]
    with bank.books.together():
        assert bank.books.account(WANTED["account"]).balance == 100100
    assert [r.of_another for r in bank.books.receipts.values()] == [False]
    assert bank.books.reference() == other.reference()
