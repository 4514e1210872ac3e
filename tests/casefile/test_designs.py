"""Drafts, their check, and deployment by two people."""

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from engine import clock, db
from engine.casefile.design import (
    deploy_decisions,
    deploy_requests,
    design_checks,
    design_drafts,
    design_folders,
    designs,
    shared_files,
)
from engine.casefile.people import access, users
from engine.casefile.people.users import User
from engine.process import instances
from tests.casefile.court import PASSWORD, Court

D001 = "documents/templates/D001.wen"
OLD, NEW = "核对、签章并送达告知文书", "核对并送达告知文书"


@pytest.fixture
def designer(court: Court) -> User:
    return court.user("lin")


@pytest.fixture
def add(court: Court) -> Callable[..., User]:
    def make(login: str, name: str, *roles: str) -> User:
        id_ = db.in_transaction(
            users.add,
            court.id,
            login=login,
            name=name,
            title="执行指挥中心",
            roles=roles,
            password=PASSWORD,
        )
        return db.read_only(users.get, id_)

    return make


@pytest.fixture
def second(add: Callable[..., User]) -> User:
    return add("he", "何予安", "deployer")


def diagram(court: Court) -> str:
    return db.read_only(design_drafts.texts, court.id, "notify")["process.bpmn"]


def rename(designer: User, court: Court) -> None:
    text = diagram(court).replace(OLD, NEW)
    db.in_transaction(design_drafts.save, designer, "notify", "process.bpmn", text, seen=0)


def revision(court: Court, subject: str = "notify") -> int:
    draft = db.read_only(design_drafts.find, court.id, subject)
    assert draft is not None
    return draft.revision


def submit(designer: User, second: User, court: Court, subject: str = "notify") -> UUID:
    return db.in_transaction(
        deploy_requests.submit,
        designer,
        subject,
        reason="院务会纪要",
        asked=second.id,
        seen=revision(court, subject),
    )


# ---------------------------------------------------------------- drafts


def test_the_first_save_begins_a_draft_from_the_newest_version(
    court: Court, designer: User
) -> None:
    rename(designer, court)
    draft = db.read_only(design_drafts.find, court.id, "notify")
    assert draft is not None
    assert (draft.base_version, draft.changed_by_name) == (1, "林知夏")
    assert NEW in diagram(court)
    assert OLD in db.read_only(designs.files, court.id, "notify")["process.bpmn"]


def test_saving_what_is_already_there_begins_nothing(court: Court, designer: User) -> None:
    text = diagram(court)
    db.in_transaction(design_drafts.save, designer, "notify", "process.bpmn", text, seen=0)
    assert db.read_only(design_drafts.find, court.id, "notify") is None


def test_the_second_who_saves_is_told_who_was_first(
    court: Court, designer: User, add: Callable[..., User]
) -> None:
    other = add("tong", "童可", "designer")
    rename(designer, court)
    with pytest.raises(design_drafts.DraftChanged, match="林知夏"):
        db.in_transaction(design_drafts.save, other, "notify", "process.bpmn", "<x/>", seen=0)
    assert NEW in diagram(court)


def test_two_people_may_change_different_files_of_one_draft(
    court: Court, designer: User, add: Callable[..., User]
) -> None:
    other = add("tong", "童可", "designer")
    rename(designer, court)
    db.in_transaction(
        design_drafts.save, other, "notify", "审核.form", '{"components": []}', seen=0
    )
    assert set(db.read_only(design_drafts.texts, court.id, "notify")) == {
        "process.bpmn",
        "审核.form",
    }


def test_who_may_not_design_may_not_save(court: Court, second: User) -> None:
    with pytest.raises(access.Forbidden):
        db.in_transaction(design_drafts.save, second, "notify", "process.bpmn", "", seen=0)


def test_a_file_has_its_place_or_is_refused(court: Court, designer: User) -> None:
    outside = ["../a.form", "/etc/passwd", "b/c.form", "a\\b.form"]
    for name in [*outside, "a.py", "a.html", "other.bpmn", ""]:
        with pytest.raises(designs.BadName):
            db.in_transaction(design_drafts.save, designer, "notify", name, "x", seen=0)


def test_a_discarded_draft_leaves_the_deployed_version(court: Court, designer: User) -> None:
    rename(designer, court)
    db.in_transaction(design_drafts.discard, designer, "notify")
    assert OLD in diagram(court)


# ---------------------------------------------------------------- check


def findings(court: Court, subject: str, **files: str) -> list[str]:
    texts = db.read_only(design_drafts.texts, court.id, subject) | {
        name.replace("__", "."): text for name, text in files.items()
    }
    return [f.rule for f in db.read_only(design_checks.findings, court.id, subject, texts)]


def test_everything_delivered_passes_the_check(court: Court) -> None:
    for version in db.read_only(designs.newest, court.id):
        texts = db.read_only(designs.files, court.id, version.subject)
        found = db.read_only(design_checks.trial, court.id, version.subject, texts)
        assert found.errors == [], version.subject


def test_all_that_is_wrong_is_found_at_once(court: Court) -> None:
    broken = (
        diagram(court)
        .replace('name="documents.draft_set"', 'name="documents.no_such"')
        .replace('fd:due="P3D"', 'fd:due="三天"')
        .replace('name="承办法官"', 'name="承办法宫"')
        .replace('fd:scope="handler"', "")
        .replace('name="group" value="online"', 'name="group" value="nowhere"')
    )
    found = findings(court, "notify", process__bpmn=broken, 审核__form="{", 表__dmn="<a>")
    assert {"unknown-operation", "task-due", "lane-role", "matter"} <= set(found)
    assert {"form-json"} <= set(found)


def test_a_file_that_is_no_xml_is_a_finding(court: Court) -> None:
    assert "xml" in findings(court, "notify", process__bpmn="<definitions")


def test_the_process_keeps_its_key(court: Court) -> None:
    renamed = diagram(court).replace('id="notify"', 'id="other"')
    assert "process-key" in findings(court, "notify", process__bpmn=renamed)


def test_a_template_that_asks_for_an_unknown_field_is_refused(court: Court) -> None:
    text = db.read_only(designs.files, court.id, D001)["D001.wen"]
    wrong = text.replace("{{ 案号 }}", "{{ 暗号 }}")
    found = db.read_only(design_checks.findings, court.id, D001, {"D001.wen": wrong})
    assert "暗号" in found[0].message


def test_a_rule_file_is_read_as_the_rules_will_read_it(court: Court) -> None:
    path = "rules/stages.toml"
    found = db.read_only(design_checks.findings, court.id, path, {"stages.toml": "nonsense = 1"})
    assert [f.rule for f in found] == ["rules"]


# ---------------------------------------------------------------- deployment


def test_two_people_deploy_and_only_new_cases_use_the_new_version(
    court: Court, designer: User, second: User
) -> None:
    before = court.accept()
    rename(designer, court)
    request = submit(designer, second, court)
    assert db.in_transaction(deploy_decisions.confirm, second, request) == 2
    after = court.accept()
    assert db.read_only(design_drafts.find, court.id, "notify") is None
    assert _versions_of(court, before) == [1]
    assert _versions_of(court, after) == [2]
    version = db.read_only(designs.versions, court.id, "notify")[0]
    assert (version.author, version.reason) == ("林知夏", "院务会纪要")


def _versions_of(court: Court, case_id: UUID) -> list[int]:
    def read(session: db.Session) -> list[int]:
        table, definition = instances.INSTANCE, instances.definitions.DEFINITION
        return list(
            session.scalars(
                table.join(definition, definition.c.id == table.c.definition_id)
                .select()
                .with_only_columns(definition.c.version)
                .where(table.c.case_id == case_id, table.c.key == "notify")
            )
        )

    return db.read_only(read)


def test_nobody_confirms_his_own_request(court: Court, add: Callable[..., User]) -> None:
    both = add("shuang", "双权", "designer", "deployer")
    second = add("he", "何予安", "deployer")
    rename(both, court)
    request = submit(both, second, court)
    with pytest.raises(deploy_decisions.SamePerson):
        db.in_transaction(deploy_decisions.confirm, both, request)


def test_whoever_changed_something_in_it_does_not_confirm(
    court: Court, designer: User, add: Callable[..., User]
) -> None:
    both = add("shuang", "双权", "designer", "deployer")
    second = add("he", "何予安", "deployer")
    rename(both, court)
    with pytest.raises(deploy_requests.ConfirmerMissing):
        submit(designer, both, court)
    request = submit(designer, second, court)
    with pytest.raises(deploy_decisions.SamePerson):
        db.in_transaction(deploy_decisions.confirm, both, request)


def test_who_may_only_design_does_not_confirm(
    court: Court, designer: User, second: User, add: Callable[..., User]
) -> None:
    rename(designer, court)
    request = submit(designer, second, court)
    with pytest.raises(access.Forbidden):
        db.in_transaction(deploy_decisions.confirm, add("tong", "童可", "designer"), request)


def test_an_error_keeps_a_draft_from_being_deployed(
    court: Court, designer: User, second: User
) -> None:
    broken = diagram(court).replace('name="matters.finish"', 'name="matters.finnish"')
    db.in_transaction(design_drafts.save, designer, "notify", "process.bpmn", broken, seen=0)
    with pytest.raises(deploy_requests.NotGreen, match=r"matters\.finnish"):
        submit(designer, second, court)


def test_a_red_scenario_keeps_a_draft_from_being_deployed(
    court: Court, designer: User, second: User
) -> None:
    red = 'title = "一步办结"\n[[step]]\ncomplete = "nowhere"\n'
    db.in_transaction(design_drafts.save, designer, "notify", "scenarios/red.toml", red, seen=0)
    with pytest.raises(deploy_requests.NotGreen, match="一步办结"):
        submit(designer, second, court)


def test_a_request_holds_what_was_asked_for_and_the_draft_goes_on(
    court: Court, designer: User, second: User
) -> None:
    rename(designer, court)
    request = submit(designer, second, court)
    text = diagram(court).replace("办结", "全部办结")
    db.in_transaction(
        design_drafts.save, designer, "notify", "process.bpmn", text, seen=revision(court)
    )
    db.in_transaction(deploy_decisions.confirm, second, request)
    assert "全部办结" not in db.read_only(designs.files, court.id, "notify")["process.bpmn"]
    draft = db.read_only(design_drafts.find, court.id, "notify")
    assert draft is not None
    assert draft.base_version == 2


def test_sent_back_it_can_be_asked_for_again(court: Court, designer: User, second: User) -> None:
    rename(designer, court)
    request = submit(designer, second, court)
    with pytest.raises(deploy_requests.AlreadyRequested):
        submit(designer, second, court)
    db.in_transaction(deploy_decisions.send_back, second, request, "请改回原名")
    with pytest.raises(deploy_decisions.RequestClosed):
        db.in_transaction(deploy_decisions.confirm, second, request)
    assert submit(designer, second, court) != request


def test_without_a_reason_nothing_is_asked_for(court: Court, designer: User, second: User) -> None:
    rename(designer, court)
    with pytest.raises(deploy_requests.ReasonMissing):
        db.in_transaction(
            deploy_requests.submit,
            designer,
            "notify",
            reason="  ",
            asked=second.id,
            seen=revision(court),
        )


def test_an_old_version_comes_back_by_two_people(
    court: Court, designer: User, second: User
) -> None:
    rename(designer, court)
    db.in_transaction(deploy_decisions.confirm, second, submit(designer, second, court))
    back = db.in_transaction(
        deploy_requests.submit_old, designer, "notify", 1, reason="改名不妥", asked=second.id
    )
    assert db.in_transaction(deploy_decisions.confirm, second, back) == 3
    assert OLD in db.read_only(designs.files, court.id, "notify")["process.bpmn"]


def test_a_version_deployed_in_between_voids_the_request(
    court: Court, designer: User, second: User
) -> None:
    rename(designer, court)
    request = submit(designer, second, court)
    text = db.read_only(designs.files, court.id, "notify")["process.bpmn"]
    from engine.process import definitions

    db.in_transaction(
        definitions.deploy,
        court.id,
        "notify",
        {"process.bpmn": text.replace(OLD, "告知")},
        author=second.actor,
        reason="另行部署",
    )
    with pytest.raises(deploy_decisions.Overtaken):
        db.in_transaction(deploy_decisions.confirm, second, request)


def test_a_template_is_in_force_from_its_first_day(
    court: Court, designer: User, second: User
) -> None:
    text = db.read_only(designs.files, court.id, D001)["D001.wen"]
    changed = text.replace("特此通知。", "特此书面通知。")
    db.in_transaction(design_drafts.save, designer, D001, "D001.wen", changed, seen=0)
    tomorrow = clock.today() + timedelta(days=1)
    request = db.in_transaction(
        deploy_requests.submit,
        designer,
        D001,
        reason="统一用语",
        asked=second.id,
        seen=revision(court, D001),
        valid_from=tomorrow,
    )
    db.in_transaction(deploy_decisions.confirm, second, request)
    assert db.read_only(shared_files.get, court.id, D001).text == text
    assert db.read_only(shared_files.get, court.id, D001, tomorrow).text == changed


def test_a_new_process_begins_as_a_draft(court: Court, designer: User) -> None:
    with pytest.raises(design_drafts.AlreadyThere):
        db.in_transaction(design_drafts.begin_new, designer, "notify", {})
    with pytest.raises(design_drafts.BadKey):
        db.in_transaction(design_drafts.begin_new, designer, "新流程", {})


# ---------------------------------------------------------------- ZIP


def zipped(**files: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return packed.getvalue()


def test_a_folder_comes_out_and_in_unchanged() -> None:
    files = {"process.bpmn": "<a/>", "审核.form": "{}", "scenarios/一.toml": 'title = "一"'}
    assert design_folders.unpack(design_folders.pack(files), "notify") == files


def test_the_folder_itself_may_be_packed() -> None:
    packed = zipped(**{"notify/process.bpmn": "<a/>", "__MACOSX/x": "", "notify/.DS_Store": ""})
    assert design_folders.unpack(packed, "notify") == {"process.bpmn": "<a/>"}


@pytest.mark.parametrize(
    "files",
    [
        {"process.bpmn": "<a/>", "../outside.form": "{}"},
        {"process.bpmn": "<a/>", "/absolute.form": "{}"},
        {"process.bpmn": "<a/>", "run.py": "1"},
        {"审核.form": "{}"},
        {},
        {"process.bpmn": "<a/>"} | {f"f{i}.form": "{}" for i in range(70)},
        {"process.bpmn": "x" * 20_000_000},
    ],
)
def test_what_has_no_place_in_the_folder_is_refused(files: dict[str, str]) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    with pytest.raises(design_folders.ZipRefused):
        design_folders.unpack(packed.getvalue(), "notify")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"\xff" * 100])
def test_a_file_that_is_no_zip_is_refused(content: bytes) -> None:
    with pytest.raises(design_folders.ZipRefused):
        design_folders.unpack(content, "notify")
