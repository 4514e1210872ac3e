"""Parties: contact data and where letters go, corrections, who joins and leaves; nothing of it reaches what was sent."""

from dataclasses import replace
from datetime import date, timedelta

import orjson
import pytest
from sqlalchemy import select

from engine import audit, clock, db
from engine.casefile.case import queries, timeline
from engine.casefile.case.cases import CASE
from engine.casefile.delivery import addressees, deliveries, delivery_addresses
from engine.casefile.document import batches, documents, drafting
from engine.casefile.matter import matters
from engine.casefile.party import parties, party_contacts, party_roster
from engine.casefile.party.parties import PartyChanged
from engine.casefile.party.party_contacts import Contact, PartyIncomplete
from engine.casefile.party.party_roster import Identity
from engine.casefile.people.access import Forbidden
from engine.casefile.rules import channel, delivered, served
from engine.errors import NotFound

ADDRESS = "江州省临江市柳荫街8号"
SMITH = Identity("garnishee", "Smith, John", "foreign", "E1234567", "")


def party_of(case_id, role="debtor"):
    return db.read_only(parties.of_case, case_id, role)[0]


def save(court, case_id, party, login="xu", seen=None, **changes):
    contact = replace(Contact.of(party), **changes)
    return db.in_transaction(
        party_contacts.save, court.user(login), case_id, party.id, contact,
        seen_version=party.version if seen is None else seen,
    )  # fmt: skip


def refused(court, case_id, party, **changes):
    with pytest.raises(PartyIncomplete) as error:
        save(court, case_id, party, **changes)
    return error.value.problems


def correct(court, case_id, party, reason="身份证登记有误", login="shen", **changes):
    identity = replace(Identity.of(party), **changes)
    return db.in_transaction(
        party_roster.correct, court.user(login), case_id, party.id, identity, reason,
        seen_version=party.version,
    )  # fmt: skip


def join(court, case_id, identity, basis="（2026）苏0199执异12号执行裁定书", on=None):
    return db.in_transaction(
        party_roster.join, court.user("shen"), case_id, identity, basis=basis, joined_on=on or clock.today()
    )  # fmt: skip


def sign_and_send(court, case_id, *people):
    document = db.read_only(documents.of_case, case_id)[0]
    picks = {document.id: [p.id for p in people]}
    db.in_transaction(
        batches.request, court.user("shen"), case_id, "sign_and_deliver", picks, f"k{case_id}"
    )
    court.work()
    return document


def sent(document):
    return db.read_only(deliveries.of_document, document.id)


def events(court, case_id):
    found, _ = db.read_only(timeline.of_case, court.case(case_id))
    return [e.text for e in found]


# ---------------------------------------------------------------- contact


def test_a_clerk_enters_a_confirmed_mail_address_and_the_next_document_goes_by_mail(
    court, post_office
):
    case_id = court.accept(e_consent=False)
    debtor = party_of(case_id)
    on = clock.today() - timedelta(days=1)
    saved = save(court, case_id, debtor, e_address="chen@example.invalid", e_consent=True, confirmed_on=on)  # fmt: skip
    assert set(saved.changed) == {"e_address", "e_consent", "confirmed_on"}
    (delivery,) = sent(sign_and_send(court, case_id, party_of(case_id)))
    assert (delivery.channel, delivery.address, delivery.state) == ("electronic", "chen@example.invalid", "sent")  # fmt: skip
    assert post_office.mails[-1]["To"] == "chen@example.invalid"


WRONG = [
    ("phone", {"phone": "1990000036"}),
    ("phone", {"phone": "19900000365、问邻居"}),
    ("e_address", {"e_address": "chen@example", "confirmed_on": date(2026, 9, 1)}),
    ("e_address", {"e_address": "", "e_consent": True, "confirmed_on": date(2026, 9, 1)}),
    ("confirmed_on", {"e_address": "chen@example.invalid"}),
    ("confirmed_on", {"confirmed_on": date(2099, 1, 1)}),
    ("address", {"address": "长" * 201}),
]
PHONES = ["19900000365", "0512-65001234", "051265001234-802", "+44 20 7946 0958", "19900000365；0512-65001234", ""]  # fmt: skip


def test_what_is_wrong_is_said_at_its_field(court):
    party = party_of(court.accept())
    before = Contact.of(party)
    for field, changes in WRONG:
        assert list(party_contacts.problems(party, replace(before, **changes))) == [field]
    for phone in PHONES:
        assert party_contacts.problems(party, replace(before, phone=phone)) == {}


def test_old_and_new_stand_in_the_audit_in_full_and_masked_in_what_everybody_reads(court):
    case_id = court.accept(e_consent=False)
    save(court, case_id, party_of(case_id), phone="19911112222", address=ADDRESS)
    chain = select(audit.ENTRY.c.detail).where(
        audit.ENTRY.c.chain_id == case_id, audit.ENTRY.c.action == "party_contact_changed"
    )
    detail = orjson.loads(db.read_only(lambda s: s.scalar(chain)))
    assert detail["changes"]["phone"] == {"old": "19900000365", "new": "19911112222"}
    text = events(court, case_id)[0]
    assert "电话 199****0365 → 199****2222" in text
    assert f"地址 江州省临江市青石路196号 → {ADDRESS}" in text
    assert db.read_only(audit.verify, case_id) is None


def test_the_second_of_two_is_told_and_nothing_of_his_is_stored(court):
    case_id = court.accept(e_consent=False)
    before = party_of(case_id)
    save(court, case_id, before, address=ADDRESS)
    with pytest.raises(PartyChanged):
        save(court, case_id, before, phone="19911112222")
    assert (party_of(case_id).address, party_of(case_id).phone) == (ADDRESS, "19900000365")


def test_other_teams_and_other_cases_cannot_reach_a_party(court):
    case_id, other = court.accept(), court.accept()
    party = party_of(case_id)
    with pytest.raises(NotFound):
        save(court, case_id, party, login="gu", address=ADDRESS)
    with pytest.raises(NotFound):
        save(court, other, party, address=ADDRESS)
    with pytest.raises(Forbidden):
        save(court, case_id, party, login="lu", address=ADDRESS)


# ---------------------------------------------------------------- deliveries


def test_a_letter_that_waits_goes_to_the_new_address_and_a_mail_that_went_stays(court, post_office):
    case_id = court.accept()
    applicant, debtor = party_of(case_id, "applicant"), party_of(case_id)
    save(court, case_id, debtor, e_consent=False)
    document = sign_and_send(court, case_id, applicant, party_of(case_id))
    save(court, case_id, applicant, address=ADDRESS, e_address="new@example.invalid", confirmed_on=clock.today())  # fmt: skip
    saved = save(court, case_id, party_of(case_id), address=ADDRESS)
    assert saved.readdressed == 1
    by_name = {d.addressee: d for d in sent(document)}
    assert by_name["陈志强"].address == ADDRESS
    assert by_name["周立新"].address.startswith("applicant")


def test_consent_withdrawn_later_does_not_undo_a_mail_that_was_sent(court, post_office):
    case_id = court.accept()
    document = sign_and_send(court, case_id, party_of(case_id))
    save(court, case_id, party_of(case_id), e_consent=False)
    clock.move(timedelta(days=4))
    court.work()
    (delivery,) = sent(document)
    assert delivery.state == "delivered"
    assert delivery.deemed_on == clock.court_day(delivery.sent_at)


def test_a_delivery_in_vain_is_sent_again_by_mail_once(court, post_office):
    case_id = court.accept(e_consent=False)
    document = sign_and_send(court, case_id, party_of(case_id))
    (letter,) = sent(document)
    clerk = court.user("xu")
    with pytest.raises(delivery_addresses.NothingToSendAgain):
        db.in_transaction(delivery_addresses.send_again, clerk, case_id, letter.id)
    save(court, case_id, party_of(case_id), e_address="chen@example.invalid", e_consent=True, confirmed_on=clock.today())  # fmt: skip
    db.in_transaction(delivery_addresses.send_again, clerk, case_id, letter.id)
    court.work()
    with pytest.raises(delivery_addresses.NothingToSendAgain):
        db.in_transaction(delivery_addresses.send_again, clerk, case_id, letter.id)
    assert [(d.state, d.channel) for d in sent(document)] == [("withdrawn", "post"), ("sent", "electronic")]  # fmt: skip


# ---------------------------------------------------------------- 境外人员


def test_a_person_from_abroad_gets_his_chinese_address_and_is_posted_to(court):
    case_id = court.accept()
    join(court, case_id, SMITH)
    smith = party_of(case_id, "garnishee")
    assert smith.is_abroad
    choice = channel.choose(delivered(), "D002", addressees.truths(smith))
    assert (choice.channel, choice.note) == (None, "须补充送达地址或者查明下落")
    waits = sign_and_send(court, case_id, smith)
    assert (sent(waits)[0].channel, sent(waits)[0].problem) == ("direct", choice.note)
    assert list(refused(court, case_id, smith, is_abroad=False)) == ["address"]
    save(court, case_id, smith, address=ADDRESS, is_abroad=False, confirmed_on=clock.today())
    smith = party_of(case_id, "garnishee")
    assert channel.choose(delivered(), "D002", addressees.truths(smith)).channel == "post"
    (delivery,) = sent(waits)
    assert (delivery.channel, delivery.address, delivery.problem) == ("post", ADDRESS, "")


def test_an_address_abroad_keeps_a_person_without_domicile(court):
    case_id = court.accept()
    join(court, case_id, SMITH)
    save(court, case_id, party_of(case_id, "garnishee"), address="1 High Street, Springfield")
    smith = party_of(case_id, "garnishee")
    assert smith.is_abroad
    assert not addressees.truths(smith)["remote_address"]


def test_a_public_notice_takes_sixty_days_for_who_has_no_domicile_here(court):
    case_id = court.accept()
    join(court, case_id, SMITH)
    found = []
    for changes in ({}, {"address": ADDRESS, "is_abroad": False}):
        save(court, case_id, party_of(case_id, "garnishee"), **changes)
        abroad = party_of(case_id, "garnishee").is_abroad
        attempt = {"channel": "public", "posted_on": "2026-08-03", "abroad": abroad}
        found.append(str(served.compute(delivered(), [attempt]).deemed_on))
    assert found == ["2026-10-08", "2026-09-02"]


# ---------------------------------------------------------------- 更正


def test_a_correction_needs_a_reason_and_the_checks_of_intake(court):
    case_id = court.accept()
    debtor = party_of(case_id)
    with pytest.raises(PartyIncomplete) as error:
        correct(court, case_id, debtor, reason=" ", id_number="990000198601270001")
    assert set(error.value.problems) == {"id_number", "reason"}
    assert "末位校验码应为" in error.value.problems["id_number"]
    with pytest.raises(Forbidden):
        correct(court, case_id, debtor, login="xu", name="陈志刚")


def test_a_corrected_name_is_found_and_drafts_that_say_the_old_one_are_named(court, post_office):
    case_id = court.accept(debtor_id="990000196208254605", applicant_id="")
    signed = sign_and_send(court, case_id, party_of(case_id))
    shen = court.user("shen")
    matter_id = db.read_only(matters.of_case, case_id)[0].id
    draft = db.in_transaction(
        drafting.draft, court.case(case_id), matter_id, "D002", actor=shen.actor, author_id=shen.id
    )
    correct(court, case_id, party_of(case_id), name="陈志刚")
    case = court.case(case_id)
    found = db.read_only(party_roster.outdated, shen, case)
    assert draft in [one.document.id for one in found]
    assert signed.id not in [one.document.id for one in found]
    assert all(one.columns == ("姓名或名称",) for one in found)
    named = select(CASE.c.id).where(queries.named("志刚"))
    assert db.read_only(lambda s: s.scalars(named).all()) == [case_id]
    assert "姓名或名称 陈志强 → 陈志刚，理由：身份证登记有误" in events(court, case_id)[0]
    correct(court, case_id, party_of(case_id), name="陈志强", reason="原姓名无误")
    assert db.read_only(party_roster.outdated, shen, court.case(case_id)) == []


# ---------------------------------------------------------------- 追加, 退出


def test_who_left_is_suggested_no_more_named_in_no_new_document_and_never_deleted(court):
    case_id = court.accept()
    join(court, case_id, Identity("debtor", "临江市青石商贸有限公司", "legal", "", "韦青石"))
    old, new = db.read_only(parties.of_case, case_id, "debtor")
    leave = {"reason": "（2026）苏0199执异13号裁定变更被执行人", "left_on": clock.today()}
    shen = court.user("shen")
    db.in_transaction(party_roster.leave, shen, case_id, old.id, seen_version=old.version, **leave)
    everybody = db.read_only(parties.of_case, case_id)
    assert [p.name for p in addressees.suggested(everybody, ["RES"])] == [new.name]
    assert [p.id for p in everybody if not p.is_present] == [old.id]
    with pytest.raises(party_roster.LastOfBothSides):
        db.in_transaction(party_roster.leave, shen, case_id, new.id, seen_version=new.version, **leave)  # fmt: skip
    assert events(court, case_id)[0] == f"被执行人陈志强退出，{leave['reason']}"


def test_joining_names_all_that_is_missing(court):
    case_id = court.accept()
    with pytest.raises(PartyIncomplete) as error:
        join(court, case_id, Identity("x", " ", "x", "", ""), basis="", on=date(2099, 1, 1))
    assert set(error.value.problems) == {"role", "kind", "name", "basis", "joined_on"}
