"""The designers' pages: who may, drafts, editors, comparison, deployment by two people, folders."""

import io
import re
import zipfile
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine import db
from engine.casefile.design import design_drafts, designs
from engine.casefile.people import users
from tests.casefile.court import PASSWORD, Court

Login = Callable[[str], FlaskClient]
D001 = "documents/templates/D001.wen"
OLD, NEW = "核对、签章并送达告知文书", "核对并送达告知文书"


@pytest.fixture
def designer(as_login: Login) -> FlaskClient:
    return as_login("lin")


@pytest.fixture
def second(court: Court, as_login: Login) -> FlaskClient:
    db.in_transaction(
        users.add,
        court.id,
        login="he",
        name="何予安",
        title="执行指挥中心",
        roles=["deployer"],
        password=PASSWORD,
    )
    return as_login("he")


def text_of(client: FlaskClient, subject: str = "notify", file: str = "process.bpmn") -> str:
    return client.get(f"/designs/{subject}/text?file={file}").get_data(as_text=True)


def save(
    client: FlaskClient, text: str, *, seen: int = 0, subject: str = "notify", file: str = ""
) -> TestResponse:
    file = file or ("process.bpmn" if "/" not in subject else subject.rsplit("/", 1)[1])
    return client.post(
        f"/designs/{subject}/text?file={file}&seen={seen}",
        data=text.encode(),
        content_type="text/plain; charset=utf-8",
    )


def rename(client: FlaskClient) -> TestResponse:
    return save(client, text_of(client).replace(OLD, NEW))


def ask(client: FlaskClient, reason: str = "院务会纪要", subject: str = "notify") -> TestResponse:
    page = client.get(f"/designs/{subject}/deploy").get_data(as_text=True)
    seen = re.search(r'name="seen" value="(\d+)"', page)
    asked = re.search(r'<option value="([0-9a-f-]{36})"', page)
    return client.post(
        f"/designs/{subject}/deploy",
        data={
            "reason": reason,
            "seen": seen[1] if seen else "",
            "asked": asked[1] if asked else "",
        },
    )


# ---------------------------------------------------------------- who may


def test_only_designers_and_deployers_come_in(
    as_login: Login, designer: FlaskClient, second: FlaskClient
) -> None:
    judge = as_login("shen")
    for path in (
        "/designs",
        "/designs/notify/versions",
        "/designs/notify/compare",
        "/designs/notify/text",
        "/designs/notify/folder.zip",
    ):
        assert judge.get(path).status_code == 403, path
        assert designer.get(path).status_code == 200, path
        assert second.get(path).status_code == 200, path


def test_who_may_only_deploy_cannot_edit(second: FlaskClient) -> None:
    for path in ("diagram", "deploy", "check", "choices"):
        assert second.get(f"/designs/notify/{path}").status_code == 403, path
    assert save(second, "<x/>").status_code == 403


def test_what_is_not_there_is_not_found(designer: FlaskClient) -> None:
    for path in (
        "nothing/diagram",
        "nothing/versions",
        "nothing/compare",
        "notify/form?file=x.form",
    ):
        assert designer.get(f"/designs/{path}").status_code == 404, path


# ---------------------------------------------------------------- list


def test_the_list_shows_versions_running_instances_and_drafts(
    court: Court, designer: FlaskClient
) -> None:
    court.accept()
    rename(designer)
    text = designer.get("/designs").get_data(as_text=True)
    assert "告知" in text
    assert "v2 草稿" in text
    assert "1</b> 个有草稿" in text
    for kind, name in (
        ("templates", "D001 受理案件通知书"),
        ("tables", "财产查控阶段去向"),
        ("rules", "法定期限"),
    ):
        assert name in designer.get(f"/designs?kind={kind}").get_data(as_text=True)
    nothing = designer.get("/designs?q=没有这个").get_data(as_text=True)
    assert "没有这个名称的流程" in nothing


# ---------------------------------------------------------------- editing


def test_saving_answers_with_all_findings_and_is_told_by_whom(designer: FlaskClient) -> None:
    broken = text_of(designer).replace("documents.draft_set", "nowhere").replace("P3D", "三天")
    answer = save(designer, broken)
    assert answer.status_code == 200
    assert answer.json is not None
    rules = {f["rule"] for f in answer.json["findings"]}
    assert {"unknown-operation", "task-due"} <= rules
    assert "林知夏 保存" in answer.json["saved"]
    assert "有错误" in designer.get("/designs").get_data(as_text=True)


def test_a_broken_diagram_is_stored_and_all_that_is_wrong_is_said(designer: FlaskClient) -> None:
    answer = save(designer, "<definitions")
    assert answer.json is not None
    assert answer.json["findings"][0]["rule"] == "xml"
    assert designer.get("/designs/notify/diagram").status_code == 200
    assert designer.get("/designs/notify/compare").status_code == 200
    assert designer.get("/designs/notify/deploy").status_code == 200
    assert designer.get("/designs").status_code == 200


def test_the_second_of_two_is_told_and_nothing_is_overwritten(
    court: Court, designer: FlaskClient, as_login: Login
) -> None:
    db.in_transaction(
        users.add,
        court.id,
        login="tong",
        name="童可",
        title="法官助理",
        roles=["designer"],
        password=PASSWORD,
    )
    other = as_login("tong")
    rename(designer)
    refused = save(other, text_of(other).replace(NEW, "另一个名字"))
    assert refused.status_code == 409
    assert refused.json is not None
    assert "林知夏" in refused.json["message"]
    assert NEW in text_of(designer)
    kept = save(other, text_of(other).replace(NEW, "另一个名字"), seen=refused.json["version"])
    assert kept.status_code == 200


def test_a_file_outside_the_folder_is_refused(designer: FlaskClient) -> None:
    for name in ("../x.form", "x.py", "/etc/passwd", "a/b.form"):
        answer = designer.post(f"/designs/notify/text?file={name}&seen=0", data=b"1")
        assert answer.status_code == 422, name


def test_the_panel_chooses_from_the_registry_and_the_folder(designer: FlaskClient) -> None:
    choices = designer.get("/designs/delivery/choices").json
    assert choices is not None
    assert "record_outcome.form" in choices["forms"]
    assert "承办法官" in choices["roles"]
    assert any(o["name"] == "documents.draft_set" and o["title"] for o in choices["operations"])


def test_editor_pages_alone_may_style_inline_and_scripts_stay_strict(designer: FlaskClient) -> None:
    policy = designer.get("/designs/notify/diagram").headers["Content-Security-Policy"]
    assert "style-src 'self' 'unsafe-inline'" in policy
    assert "script-src 'self';" in policy
    for path in ("", "/notify/versions", "/delivery/form?file=record_outcome.form"):
        policy = designer.get(f"/designs{path}").headers["Content-Security-Policy"]
        assert "unsafe-inline" not in policy, path


# ---------------------------------------------------------------- forms


def test_a_form_is_made_field_by_field_with_a_preview(designer: FlaskClient) -> None:
    made = designer.post("/designs/notify/files/new", data={"sort": "form", "name": "核对"})
    assert made.status_code == 303
    form = "/designs/notify/form"
    assert "还没有字段" in designer.get(f"{form}?file=核对.form").get_data(as_text=True)
    given = {
        "kind": "radio",
        "label": "结论",
        "key": "结论",
        "options": "同意\nno=不同意",
        "required": "on",
    }

    def add(**more: str) -> TestResponse:
        held = design_version(designer, "核对.form")
        return designer.post(
            f"{form}/field?file=核对.form",
            data=given | more | {"seen": str(held)},
            headers={"HX-Request": "true"},
        )

    assert add().status_code == 200
    twice = add()
    assert twice.status_code == 422
    assert "已有另一个字段使用" in twice.get_data(as_text=True)
    assert add(kind="textarea", label="理由", key="理由", hide='结论 = "同意"').status_code == 200
    page = designer.get(f"{form}?file=核对.form").get_data(as_text=True)
    assert "2 个选项" in page
    assert "有条件" in page
    refused = preview(designer, {"_submit": "1"})
    assert "请选择“结论”" in refused
    assert 'name="理由"' not in preview(designer, {"结论": "同意"})
    assert 'name="理由"' in preview(designer, {"结论": "no"})


def design_version(client: FlaskClient, file: str) -> int:
    page = client.get(f"/designs/notify/form?file={file}").get_data(as_text=True)
    found = re.search(r'data-file="[^"]*" data-version="(\d+)"', page)
    assert found
    return int(found[1])


def preview(client: FlaskClient, data: dict[str, str]) -> str:
    answer = client.post(
        "/designs/notify/form/preview?file=核对.form", data=data, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_a_field_moves_and_goes(designer: FlaskClient) -> None:
    text = '{"components": [{"type": "textfield", "key": "a", "label": "甲"}, {"type": "textfield", "key": "b", "label": "乙"}]}'
    save(designer, text, file="核对.form")
    seen = design_version(designer, "核对.form")
    htmx = {"HX-Request": "true"}
    moved = designer.post(
        f"/designs/notify/form/move?file=核对.form&path=0&step=1&seen={seen}", headers=htmx
    )
    shown = moved.get_data(as_text=True)
    assert shown.index("乙") < shown.index("甲")
    stale = designer.post(
        f"/designs/notify/form/remove?file=核对.form&path=0&seen={seen}", headers=htmx
    )
    assert stale.status_code == 409
    seen = design_version(designer, "核对.form")
    gone = designer.post(
        f"/designs/notify/form/remove?file=核对.form&path=0&seen={seen}", headers=htmx
    )
    assert "乙" not in gone.get_data(as_text=True)


# ---------------------------------------------------------------- tables, templates, scenarios


def test_a_table_is_decided_for_typed_values(designer: FlaskClient) -> None:
    url = "/designs/rules/stage1_route.dmn/table"
    assert designer.get(url).status_code == 200
    asked = designer.get(f"{url}/try?file=stage1_route.dmn", headers={"HX-Request": "true"})
    assert "在账案款（元）" in asked.get_data(as_text=True)
    given = {"decision": "stage1_route", "terminating_ground": "是", "funds": "1,000"}
    answer = designer.post(
        f"{url}/try?file=stage1_route.dmn", data=given, headers={"HX-Request": "true"}
    )
    assert "符合第 1 行" in answer.get_data(as_text=True)
    wrong = designer.post(
        f"{url}/try?file=stage1_route.dmn",
        data=given | {"funds": "很多"},
        headers={"HX-Request": "true"},
    )
    assert wrong.status_code in (200, 422)
    assert "Traceback" not in wrong.get_data(as_text=True)


def shown(client: FlaskClient, text: str) -> str:
    answer = client.post(
        f"/designs/{D001}/template/preview", data={"text": text}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_a_template_is_previewed_as_it_is_typed(designer: FlaskClient) -> None:
    assert "court-document" in designer.get(f"/designs/{D001}/template").get_data(as_text=True)
    text = text_of(designer, D001, "D001.wen")
    bold = shown(designer, text.replace("特此通知", "<b>特此通知</b>"))
    assert "<strong>特此通知</strong>" in bold
    assert "<script>alert" not in shown(designer, text.replace("特此", "<script>alert(1)"))
    assert "第 12 行" in shown(designer, text.replace("{{ 案号 }}", "{{ 案号", 1))
    assert "暗号" in shown(designer, text.replace("{{ 案号 }}", "{{ 暗号 }}"))


@pytest.mark.parametrize(
    "written",
    [
        "{% include 'secrets' %}",
        "{{ ''.__class__.__mro__ }}",
        "{% raw %}{{ x }}{% endraw %}",
        "{{ 法院.__init__ }}",
    ],
)
def test_a_template_runs_no_code_and_reads_no_file(designer: FlaskClient, written: str) -> None:
    text = text_of(designer, D001, "D001.wen").replace("特此通知。", written)
    assert "改正后显示预览" in shown(designer, text)


def test_scenarios_run_by_a_button_and_a_red_one_says_why(designer: FlaskClient) -> None:
    designer.post("/designs/notify/files/new", data={"sort": "scenario", "name": "一次办结"})
    green = designer.post("/designs/notify/scenarios", headers={"HX-Request": "true"})
    assert "1 个通过" in green.get_data(as_text=True)
    red = 'title = "一步办结"\n[[step]]\ncomplete = "nowhere"\n'
    save(designer, red, file="scenarios/red.toml")
    told = designer.post("/designs/notify/scenarios", headers={"HX-Request": "true"})
    assert "没有待办" in told.get_data(as_text=True)


# ---------------------------------------------------------------- comparison


def test_what_changed_is_told_in_sentences_and_by_element(designer: FlaskClient) -> None:
    rename(designer)
    page = designer.get("/designs/notify/compare").get_data(as_text=True)
    assert f"用户任务的名称由“{OLD}”改为“{NEW}”。" in page
    facts = designer.get("/designs/notify/compare.json").json
    assert facts is not None
    assert facts["changed"] == ["issue_notices"]


def test_a_template_is_compared_line_by_line(designer: FlaskClient) -> None:
    text = text_of(designer, D001, "D001.wen").replace("特此通知。", "特此书面通知。")
    save(designer, text, subject=D001)
    page = designer.get(f"/designs/{D001}/compare").get_data(as_text=True)
    assert "增加 1 行，删除 1 行" in page
    assert "特此书面通知。" in page


# ---------------------------------------------------------------- deployment


def test_a_designer_is_refused_mends_and_a_second_person_deploys(
    court: Court, designer: FlaskClient, second: FlaskClient
) -> None:
    save(designer, text_of(designer).replace("matters.finish", "matters.finnish"))
    refused = ask(designer)
    assert refused.status_code == 422
    assert "没有名为「matters.finnish」的操作" in refused.get_data(as_text=True)
    held = db.read_only(design_drafts.files, court.id, "notify")["process.bpmn"]
    mended = held.text.replace("matters.finnish", "matters.finish").replace(OLD, NEW)
    save(designer, mended, seen=held.version)
    assert ask(designer, reason=" ").status_code == 422
    asked = ask(designer)
    assert asked.status_code == 303
    url = asked.location
    assert "确认部署" not in designer.get(url).get_data(as_text=True)
    assert designer.post(f"{url}/confirm").status_code == 403
    assert "等待您确认" in second.get("/designs").get_data(as_text=True)
    assert "确认部署" in second.get(url).get_data(as_text=True)
    assert second.post(f"{url}/confirm").status_code == 303
    assert NEW in db.read_only(designs.files, court.id, "notify")["process.bpmn"]
    assert second.post(f"{url}/confirm").status_code == 409
    history = designer.get("/designs/notify/versions").get_data(as_text=True)
    assert "林知夏、何予安" in history
    assert "回退到此版" in history


def test_the_same_person_never_both(court: Court, as_login: Login, second: FlaskClient) -> None:
    db.in_transaction(
        users.add,
        court.id,
        login="both",
        name="双权",
        title="法官助理",
        roles=["designer", "deployer"],
        password=PASSWORD,
    )
    both = as_login("both")
    rename(both)
    url = ask(both).location
    assert both.post(f"{url}/confirm").status_code == 422
    assert both.post(f"{url}/return", data={"note": "改"}).status_code == 422


def test_sent_back_the_designer_reads_why(designer: FlaskClient, second: FlaskClient) -> None:
    rename(designer)
    url = ask(designer).location
    assert second.post(f"{url}/return", data={"note": ""}).status_code == 422
    assert second.post(f"{url}/return", data={"note": "请改回原名"}).status_code == 303
    assert "请改回原名" in designer.get("/designs/notify/diagram").get_data(as_text=True)


def test_a_request_can_be_withdrawn(designer: FlaskClient, second: FlaskClient) -> None:
    rename(designer)
    url = ask(designer).location
    assert designer.post(f"{url}/withdraw").status_code == 303
    assert second.post(f"{url}/confirm").status_code == 409


def test_a_draft_can_be_given_up(designer: FlaskClient) -> None:
    rename(designer)
    assert designer.post("/designs/notify/discard").status_code == 303
    assert OLD in text_of(designer)
    assert designer.get("/designs/notify/deploy").status_code == 422


# ---------------------------------------------------------------- new, folders


def test_a_new_process_passes_the_check(designer: FlaskClient) -> None:
    given = {"name": "处置前核对", "key": "check_before_sale", "sort": "matter"}
    assert designer.post("/designs/new", data=given).status_code == 422
    given |= {"code": "M88", "group": "other", "stages": "asset_disposal"}
    assert designer.post("/designs/new", data=given).status_code == 303
    found = designer.get("/designs/check_before_sale/check").json
    assert found is not None
    assert [f for f in found["findings"] if f["severity"] == "error"] == []
    assert "处置前核对" in designer.get("/designs").get_data(as_text=True)
    assert designer.get("/designs/check_before_sale/versions").status_code == 200
    assert designer.get("/designs/check_before_sale/deploy").status_code == 200
    assert designer.post("/designs/new", data=given).status_code == 422


def test_a_folder_goes_out_and_comes_in(designer: FlaskClient) -> None:
    packed = designer.get("/designs/delivery/folder.zip").get_data()
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        files = {name: archive.read(name).decode() for name in archive.namelist()}
    assert set(files) == {"process.bpmn", "record_outcome.form"}
    files["process.bpmn"] = files["process.bpmn"].replace("送达", "送交", 1)
    changed = io.BytesIO()
    with zipfile.ZipFile(changed, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    changed.seek(0)
    answer = designer.post(
        "/designs/delivery/upload", data={"seen": "0", "folder": (changed, "delivery.zip")}
    )
    assert answer.status_code == 303
    assert "送交" in text_of(designer, "delivery")


def test_a_wrong_zip_is_refused_with_a_sentence(designer: FlaskClient) -> None:
    answer = designer.post(
        "/designs/notify/upload",
        data={"seen": "0", "folder": (io.BytesIO(b"no zip"), "x.zip")},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 422
    assert "不是 ZIP 压缩包" in answer.get_data(as_text=True)


# ---------------------------------------------------------------- nothing is run, read or fetched


def _with(text: str) -> Callable[[str], str]:
    return lambda diagram: diagram.replace("<startEvent", f"{text}<startEvent", 1)


@pytest.mark.parametrize(
    "change",
    [
        _with('<scriptTask id="s"><script>import os</script></scriptTask>'),
        _with('<serviceTask id="s" implementation="python"/>'),
        lambda text: text.replace('fd:due="P3D"', """fd:assignee="open('/etc/passwd').read()" """),
        lambda text: text.replace('value="事项"', """value="__import__('os').system('x')" """, 1),
        lambda text: (
            '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'
            + text[text.index("<definitions") :]
        ),
        lambda text: text.replace(
            "<process ", '<process xmlns:x="http://example.invalid" x:script="1" ', 1
        ),
    ],
)
def test_a_diagram_that_would_run_code_or_read_a_file_is_refused(
    designer: FlaskClient, second: FlaskClient, change: Callable[[str], str]
) -> None:
    answer = save(designer, change(text_of(designer)))
    assert answer.json is not None
    assert any(f["severity"] == "error" for f in answer.json["findings"])
    assert ask(designer).status_code == 422


def test_a_table_or_form_that_would_run_code_is_refused(designer: FlaskClient) -> None:
    table = text_of(designer, "rules/stage1_route.dmn", "stage1_route.dmn")
    java = table.replace(
        "<decision ",
        '<businessKnowledgeModel id="k" name="k"><encapsulatedLogic kind="Java" id="e"/>'
        "</businessKnowledgeModel><decision ",
        1,
    )
    answer = save(designer, java, subject="rules/stage1_route.dmn")
    assert answer.json is not None
    assert any(f["severity"] == "error" for f in answer.json["findings"])
    form = '{"components": [{"type": "textfield", "key": "a", "label": "甲", "conditional": {"hide": "=__import__(\'os\')"}}]}'
    answer = save(designer, form, file="x.form")
    assert answer.json is not None
    assert any(f["file"] == "x.form" for f in answer.json["findings"] if f["severity"] == "error")


@pytest.mark.parametrize(
    "junk", ["", "\ufeff", "<a><b/>", "{}", "[]", "null", "=", "<" * 5000, "\u0000x"]
)
def test_no_text_is_too_wrong_to_be_checked(designer: FlaskClient, junk: str) -> None:
    for subject, file in (
        ("notify", "process.bpmn"),
        ("notify", "a.form"),
        ("notify", "a.dmn"),
        ("notify", "scenarios/a.toml"),
        (D001, "D001.wen"),
        ("rules/stages.toml", "stages.toml"),
        ("rules/stage1_route.dmn", "stage1_route.dmn"),
    ):
        answer = save(designer, junk, subject=subject, file=file)
        assert answer.status_code in (200, 409, 422), (subject, file)
        assert designer.get(f"/designs/{subject}/check").status_code == 200
        opened = [f"edit?file={file}"] if answer.status_code == 200 else []
        for page in (*opened, "compare", "versions"):
            shown = designer.get(f"/designs/{subject}/{page}", follow_redirects=True)
            assert shown.status_code == 200, (subject, page)
    assert designer.get("/designs").status_code == 200
