import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine import clock, db
from engine.casefile.case import cases
from engine.casefile.intake import acceptance
from engine.casefile.intake.cells import COLUMNS
from engine.casefile.party import parties
from tests.casefile.court import Court

Login = Callable[[str], FlaskClient]

GOOD = {
    "案号": "(2026)苏0199执7001号",
    "收案日期": "2026/11/20",
    "案由": "民间借贷纠纷",
    "执行依据文号": "（2025）苏0199民初5300号",
    "执行依据名称": "民事判决书",
    "申请执行人": "周立新",
    "申请人类型": "自然人",
    "被执行人": "陈志强",
    "被执行人类型": "自然人",
    "申请执行标的": "538,726.55",
}


def table(*rows: dict[str, str]) -> bytes:
    made = io.StringIO()
    writer = csv.DictWriter(made, COLUMNS, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return made.getvalue().encode("utf-8-sig")


def send(client: FlaskClient, data: bytes, **fields: str) -> TestResponse:
    return client.post(
        "/intake/import",
        data={"file": (io.BytesIO(data), "11月收案.csv"), **fields},
        content_type="multipart/form-data",
    )


def text_of(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


# ---------------------------------------------------------------- 接收


def test_waiting_cases_stand_with_a_button_for_judges(court: Court, as_login: Login) -> None:
    case_id = court.file()
    text = text_of(as_login("shen").get("/intake"))
    assert court.case(case_id).case_no in text
    assert "待接收 1" in text
    assert f'name="row" value="{case_id}"' in text
    led = text_of(as_login("luo").get("/intake"))
    assert court.case(case_id).case_no in led
    assert f'value="{case_id}"' not in led
    assert "案件由法官接收" in led


def test_a_judge_sees_his_own_and_nobody_elses_assigned_cases(
    court: Court, as_login: Login
) -> None:
    other = court.file(owner_id=court.user("lu").id)
    assert court.case(other).case_no not in text_of(as_login("shen").get("/intake"))
    assert court.case(other).case_no in text_of(as_login("lu").get("/intake"))


def test_receiving_shows_stage_handler_and_deadline_of_each_case(
    court: Court, as_login: Login
) -> None:
    first, second, left = court.file(), court.file(case_type="执保"), court.file()
    client = as_login("shen")
    answer = client.post("/intake/accept", data={"row": [str(first), str(second)]})
    assert answer.status_code == 303
    text = text_of(client.get(answer.location))
    assert "已接收 2 件" in text
    assert "1 件进入分段，1 件未分段" in text
    due = court.case(first).stage_due_on
    assert f"期限至 {due}" in text
    assert "沈若川" in text
    assert court.case(left).case_no in text
    assert court.case(first).stage == "asset_control"
    assert court.case(second).status == "unsegmented"


def test_an_unsegmented_case_names_the_row_that_decided_and_what_it_saw(
    court: Court, as_login: Login
) -> None:
    case_id = court.file(case_type="执保")
    client = as_login("shen")
    answer = client.post("/intake/accept", data={"row": str(case_id)})
    text = text_of(client.get(answer.location))
    assert "为什么未分段" in text
    assert "案件类型代字：执保" in text
    assert "本院启用分段执行：是" in text
    assert re.search(r'aria-selected="true"><td class="number">2</td>', text)


def test_a_case_that_a_colleague_received_first_is_said_and_the_others_go_on(
    court: Court, as_login: Login
) -> None:
    taken, free = court.file(), court.file()
    client = as_login("shen")
    db.in_transaction(acceptance.accept, court.user("lu"), taken)
    answer = client.post("/intake/accept", data={"row": [str(taken), str(free)]})
    text = text_of(client.get(answer.location))
    assert "有 1 件没有接收：该案已经接收" in text
    assert "已接收 1 件" in text
    assert court.case(taken).handler_id == court.user("lu").id


def test_only_judges_receive_and_only_the_desks_look(court: Court, as_login: Login) -> None:
    case_id = court.file()
    answer = as_login("luo").post("/intake/accept", data={"row": str(case_id)})
    assert answer.status_code == 403
    assert court.case(case_id).status == "pending_acceptance"
    assert as_login("lin").get("/intake").status_code == 403


def test_nothing_to_receive_says_where_cases_come_from(court: Court, as_login: Login) -> None:
    text = text_of(as_login("shen").get("/intake"))
    assert "没有待接收的案件" in text
    assert "还没有接收过案件" in text_of(as_login("shen").get("/intake/received"))


def test_received_cases_stay_to_be_looked_up(court: Court, as_login: Login) -> None:
    mine, other = court.accept("shen"), court.accept("lu")
    text = text_of(as_login("shen").get("/intake/received"))
    assert court.case(mine).case_no in text
    assert court.case(other).case_no not in text
    assert court.case(other).case_no in text_of(as_login("luo").get("/intake/received"))


def test_a_deadline_in_a_year_without_calendar_is_marked(court: Court, as_login: Login) -> None:
    court.file()
    client = as_login("shen")
    clock.move(timedelta(days=30))
    case_id = court.file()
    answer = client.post("/intake/accept", data={"row": str(case_id)})
    assert "暂定" in text_of(client.get(answer.location))


# ---------------------------------------------------------------- 导入


def test_good_lines_are_stored_and_bad_ones_refused_with_line_column_and_reason(
    court: Court, as_login: Login
) -> None:
    client = as_login("shen")
    bad = GOOD | {"案号": "（2026）苏0199执7002号", "申请执行标的": "壹万元"}
    answer = send(client, table(GOOD, bad))
    assert answer.status_code == 303
    text = text_of(client.get(answer.location))
    assert "11月收案.csv" in text
    assert "1 件" in text
    row = re.search(r'<td class="number">3</td><td>申请执行标的</td><td>「壹万元」</td>', text)
    assert row
    stored = db.read_only(cases.by_number, court.id, "（2026）苏0199执7001号")
    assert stored is not None
    assert [p.name for p in db.read_only(parties.of_case, stored.id)] == ["周立新", "陈志强"]
    assert db.read_only(cases.by_number, court.id, "（2026）苏0199执7002号") is None


def test_refused_lines_come_back_as_a_file_to_mend(court: Court, as_login: Login) -> None:
    client = as_login("shen")
    answer = send(client, table(GOOD | {"申请执行标的": "壹万元"}))
    got = client.get(f"{answer.location}/refused.csv")
    assert got.mimetype == "text/csv"
    [row] = csv.DictReader(io.StringIO(got.data.decode("utf-8-sig")))
    assert row["申请执行标的"] == "壹万元"
    assert as_login("lu").get(f"{answer.location}/refused.csv").status_code == 404
    assert as_login("lu").get(answer.location).status_code == 404
    assert as_login("luo").get(answer.location).status_code == 200


def test_all_or_nothing_stores_nothing_when_a_line_is_wrong(court: Court, as_login: Login) -> None:
    client = as_login("shen")
    bad = GOOD | {"案号": "（2026）苏0199执7002号", "收案日期": "2026-13-01"}
    answer = send(client, table(GOOD, bad), strict="on")
    assert "没有导入任何案件" in text_of(client.get(answer.location))
    assert db.read_only(cases.by_number, court.id, "（2026）苏0199执7001号") is None


def test_importing_the_same_again_counts_as_existing(court: Court, as_login: Login) -> None:
    client = as_login("shen")
    send(client, table(GOOD))
    text = text_of(client.get(send(client, table(GOOD)).location))
    assert re.search(r"已存在</dt><dd>1 件", text)
    assert "各行都合格" in text


def test_a_file_that_is_none_is_refused_at_its_field(court: Court, as_login: Login) -> None:
    client = as_login("shen")
    answer = send(client, b"\xd0\xcf\x11\xe0old")
    assert answer.status_code == 422
    assert "旧版（.xls）" in text_of(answer)
    answer = client.post("/intake/import", data={}, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "请选择要导入的文件" in text_of(answer)


def test_only_who_takes_cases_in_may_import(court: Court, as_login: Login) -> None:
    assert as_login("xu").get("/intake/import").status_code == 403
    client = as_login("cheng")
    assert "文件要求" in text_of(client.get("/intake/import"))
    assert send(as_login("lin"), table(GOOD)).status_code == 403
    assert db.read_only(cases.by_number, court.id, "（2026）苏0199执7001号") is None
