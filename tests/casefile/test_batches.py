"""一键签章并送达 from the click to the addressee's mailbox."""

from datetime import timedelta
from uuid import UUID

import pytest

from engine import blobs, clock, config, db
from engine.casefile.delivery import deliveries
from engine.casefile.document import batches, documents, dossier, drafting
from engine.casefile.matter import matters
from engine.casefile.party import parties
from engine.casefile.people import access
from engine.documents import pki, verification
from engine.process import tasks


def drafted(court, case_id, code):
    return next(d for d in db.read_only(documents.of_case, case_id) if d.code == code)


def people(court, case_id, role=None):
    return [p.id for p in db.read_only(parties.of_case, case_id, role)]


def ask(court, case_id, kind, picks, key="k", login="shen") -> UUID:
    return db.in_transaction(batches.request, court.user(login), case_id, kind, picks, key)


def sent(court, case_id, code="D002"):
    document = drafted(court, case_id, code)
    ask(
        court,
        case_id,
        "sign_and_deliver",
        {document.id: people(court, case_id, "debtor")},
        f"{code}{case_id}",
    )
    court.work()
    return drafted(court, case_id, code), db.read_only(deliveries.of_document, document.id)


def test_one_click_signs_files_and_sends_the_document(court, post_office):
    case_id = court.accept()
    document, (delivery,) = sent(court, case_id)
    assert (document.state, delivery.state) == ("signed", "sent")
    trust = pki.load(config.data_dir() / "pki" / str(court.id)).trust
    verdict = verification.verify(blobs.get(court.id, document.blob), trust)
    assert verdict.valid, verdict.sentence
    assert [item.title for item in db.read_only(dossier.of_case, case_id)] == ["执行通知书"]
    (mail,) = post_office.mails
    assert mail["To"] == delivery.address
    assert "执行通知书" in str(mail["Subject"])
    attached = next(iter(mail.iter_attachments()))
    assert attached.get_payload(decode=True) == blobs.get(court.id, document.blob)


def test_acceptance_by_the_mail_server_is_sent_and_not_delivered(court, post_office):
    case_id = court.accept()
    _, (delivery,) = sent(court, case_id)
    assert (delivery.sent_at is not None, delivery.arrived_at, delivery.deemed_on) == (
        True,
        None,
        None,
    )


def test_with_consent_the_unread_mail_counts_from_the_day_it_was_sent(court, post_office):
    case_id = court.accept()
    _document, (delivery,) = sent(court, case_id)
    clock.move(timedelta(days=3, minutes=1))
    court.work()
    settled = db.read_only(deliveries.get, delivery.id)
    assert (settled.state, settled.deemed_on) == ("delivered", clock.court_day(delivery.sent_at))


def test_a_refused_mail_goes_to_the_clerk_who_enters_what_came_of_the_letter(court, post_office):
    post_office.refusal = "550 no such mailbox"
    case_id = court.accept()
    _, (delivery,) = sent(court, case_id)
    task = db.read_only(tasks.find_open, case_id, "record_outcome")
    day = clock.today()
    outcome = {
        "登记送达方式": "post",
        "送达结果": "received",
        "送达日期": day,
        "送达说明": "法院专递 1990000077",
    }
    db.in_transaction(tasks.complete, task.id, outcome, actor=court.user("xu").actor)
    settled = db.read_only(deliveries.get, delivery.id)
    assert (settled.state, settled.channel, settled.deemed_on) == ("delivered", "post", day)


def test_a_letter_that_found_nobody_is_not_delivered_and_asks_for_another_way(court, post_office):
    case_id = court.accept(e_consent=False)
    _, (delivery,) = sent(court, case_id)
    task = db.read_only(tasks.find_open, case_id, "record_outcome")
    outcome = {
        "登记送达方式": "post",
        "送达结果": "not_found",
        "送达日期": clock.today(),
        "送达说明": "",
    }
    db.in_transaction(tasks.complete, task.id, outcome, actor=court.user("xu").actor)
    unsettled = db.read_only(deliveries.get, delivery.id)
    assert (unsettled.state, unsettled.deemed_on) == ("requested", None)
    assert unsettled.problem
    assert db.read_only(tasks.find_open, case_id, "record_outcome").id != task.id


def test_the_same_click_twice_is_one_batch_and_one_mail(court, post_office):
    case_id = court.accept()
    document = drafted(court, case_id, "D002")
    picks = {document.id: people(court, case_id, "debtor")}
    first = ask(court, case_id, "sign_and_deliver", picks, "a")
    assert ask(court, case_id, "sign_and_deliver", picks, "a") == first
    # Another form of the same page, before the worker came to it.
    assert ask(court, case_id, "sign_and_deliver", picks, "b") == first
    court.work()
    assert len(post_office.mails) == 1


def test_a_document_without_a_ticked_addressee_refuses_by_its_name(court):
    case_id = court.accept()
    picks = {
        drafted(court, case_id, "D002").id: [],
        drafted(court, case_id, "D001").id: people(court, case_id),
    }
    with pytest.raises(batches.NoAddressee, match="执行通知书"):
        ask(court, case_id, "sign_and_deliver", picks)


def test_nothing_chosen_and_nothing_possible_are_refused(court):
    case_id = court.accept()
    with pytest.raises(batches.NothingChosen):
        ask(court, case_id, "sign", {})
    with pytest.raises(batches.NothingPossible, match="尚未签章"):
        ask(court, case_id, "deliver", {drafted(court, case_id, "D002").id: people(court, case_id)})


def test_only_the_handling_judge_signs(court):
    case_id = court.accept()
    picks = {drafted(court, case_id, "D002").id: []}
    with pytest.raises(access.Forbidden):
        ask(court, case_id, "sign", picks, login="xu")


def test_text_changed_after_the_click_is_not_signed_and_the_drafter_is_told(court):
    case_id = court.accept()
    document = drafted(court, case_id, "D002")
    ask(court, case_id, "sign", {document.id: []})
    db.in_transaction(
        drafting.edit,
        court.user("shen"),
        document.id,
        "改过的正文。",
        seen_version=document.version,
    )
    court.work()
    refused = drafted(court, case_id, "D002")
    assert (refused.state, refused.blob) == ("draft", None)
    assert "重新签章" in refused.problem


def test_a_signed_document_cannot_be_edited(court):
    case_id = court.accept()
    document = drafted(court, case_id, "D002")
    ask(court, case_id, "sign", {document.id: []})
    court.work()
    with pytest.raises(documents.DocumentFrozen):
        db.in_transaction(drafting.edit, court.user("shen"), document.id, "甲", seen_version=1)


def test_two_writers_of_one_draft_the_later_is_told(court):
    case_id = court.accept()
    document = drafted(court, case_id, "D002")
    db.in_transaction(drafting.edit, court.user("xu"), document.id, "第一稿。", seen_version=1)
    with pytest.raises(documents.DocumentChanged):
        db.in_transaction(
            drafting.edit, court.user("shen"), document.id, "第二稿。", seen_version=1
        )


def test_the_matter_is_done_when_all_its_documents_are_delivered(court, post_office):
    case_id = court.accept()
    everybody = people(court, case_id)
    picks = {d.id: everybody for d in db.read_only(documents.of_case, case_id)}
    ask(court, case_id, "sign_and_deliver", picks)
    court.work()
    assert [m.state for m in db.read_only(matters.of_case, case_id)] == ["open"]
    clock.move(timedelta(days=4))
    court.work()
    assert [m.state for m in db.read_only(matters.of_case, case_id)] == ["done"]
    assert {d.state for d in db.read_only(documents.of_case, case_id)} == {"signed"}
