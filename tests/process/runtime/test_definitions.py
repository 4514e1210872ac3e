"""Versions, properties of a process, and what happens when one is deployed."""

import pytest

from engine import db
from engine.process import definitions
from engine.process.definitions import Refused
from tests.process.draw import both, end, flow, process, start, user
from tests.process.runtime.host import person

PROPERTIES = (
    '<extensionElements><fd:property name="名称" value="告知"/>'
    '<fd:property name="阶段" value="control"/></extensionElements>'
)
ONE = process(PROPERTIES, start(), user("甲"), end(), flow("s", "甲", "e"))


@pytest.fixture
def heard(monkeypatch):
    heard = []
    monkeypatch.setattr(definitions, "_hooks", [*definitions._hooks])

    @definitions.on_deploy
    def listen(session, deployed, court_id, files, properties):
        heard.append((deployed, court_id, sorted(files), dict(properties)))

    return heard


def test_properties_of_the_process_are_read_and_told_to_who_listens(host, heard):
    deployed = host.deploy(ONE)
    assert heard == [(deployed, host.court, ["process.bpmn"], {"名称": "告知", "阶段": "control"})]
    found = db.read_only(definitions.properties, deployed.id)
    assert dict(found) == {"名称": "告知", "阶段": "control"}
    host.deploy(ONE)
    assert len(heard) == 1, "the same text is no new version"


def test_a_listener_that_refuses_undoes_the_deployment(host, heard):
    @definitions.on_deploy
    def refuse(*_):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        host.deploy(ONE)
    assert host.rows("SELECT 1 FROM process_definition") == []


def test_versions_are_listed_newest_first_and_an_old_one_can_be_deployed_again(host):
    first = host.deploy(ONE)
    second = host.deploy(ONE.replace('id="甲"', 'id="甲" name="乙"'))
    old = db.read_only(definitions.files, first.id)
    third = db.in_transaction(
        definitions.deploy, host.court, "p", old, author=person("丙"), reason="退回"
    )
    listed = db.read_only(definitions.versions, host.court, "p")
    assert [v.id for v in listed] == [third.id, second.id, first.id]
    assert listed[0].author == "丙" and listed[0].reason == "退回"
    assert db.read_only(definitions.newest_id, host.court, "p") == third.id
    assert [v.version for v in db.read_only(definitions.newest, host.court)] == [3]


def test_all_errors_refuse_and_warnings_do_not(host):
    with pytest.raises(Refused) as refused:
        host.deploy(
            process(start(), user("甲", startQuantity="2"), both("f"), flow("s", "甲", "f"))
        )
    assert {f.rule for f in refused.value.findings} >= {"quantity", "no-end", "no-outgoing"}
    assert {f.file for f in refused.value.findings} == {"process.bpmn"}


def test_deployments_of_other_courts_are_not_seen(host):
    host.deploy(ONE)
    from uuid import uuid4

    assert db.read_only(definitions.newest, uuid4()) == []
