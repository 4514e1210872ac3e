"""流转: 暂存 collects, 提交 checks and moves, the receiving team may refuse."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from engine import clock, db
from engine.audit import SYSTEM
from engine.casefile.asset import assets
from engine.casefile.document import batches, documents
from engine.casefile.matter import matters
from engine.casefile.party import parties
from engine.casefile.stage import stages, transfer_sheets, transfers
from engine.casefile.stage.transfer_sheets import Form
from engine.casefile.stage.transfers import CannotSubmit
from engine.process.operations import Context
from handlers.stages import enter
from tests.matters import playing


def page(court, case_id, login="shen"):
    return db.in_transaction(transfers.page, court.user(login), case_id)


def save(court, case_id, form=None, login="shen"):
    version = page(court, case_id, login).sheet.version
    return db.in_transaction(
        transfers.save, court.user(login), case_id, form or Form(), seen_version=version
    )


def submit(court, case_id, form, login="shen"):
    version = page(court, case_id, login).sheet.version
    return db.in_transaction(
        transfers.submit, court.user(login), case_id, form, seen_version=version
    )


def serve_notices(court, case_id):
    """The notices delivered, and what else the gates of the first stage ask for."""
    court.meet_first_gates(case_id)
    drafted = db.read_only(documents.of_case, case_id)
    people = [p.id for p in db.read_only(parties.of_case, case_id)]
    db.in_transaction(
        batches.request,
        court.user("shen"),
        case_id,
        "sign_and_deliver",
        {d.id: people for d in drafted},
        f"k{case_id}",
    )
    court.work()
    clock.move(timedelta(days=4))
    court.work()


def find_house(court, case_id, *, sealed=True):
    def find(session):
        debtor = parties.of_case(session, case_id, "debtor")[0]
        asset_id = assets.add(
            session,
            court.id,
            case_id,
            owner_id=debtor.id,
            kind="immovable",
            name="东湖镇望江路88号",
            value=Decimal(860000),
            disposition="auction",
            created_by=court.user("shen").id,
        )
        if sealed:
            asset = assets.get(session, case_id, asset_id)
            assets.control(
                session,
                asset,
                court.id,
                kind="seize",
                rank=1,
                starts_on=clock.today(),
                ends_on=date(2029, 11, 9),
            )
        return asset_id

    return db.in_transaction(find)


def note(shown, key="notify"):
    return next(n for n in shown.sheet.notes if n.matter_key == key)


AUCTION = Form(follow_up="F11", follow_up_items=["immovable"], has_auction=True)


def test_saving_fills_the_note_from_signed_documents_newest_first(court):
    case_id = court.accept()
    assert note(save(court, case_id)).found == []
    serve_notices(court, case_id)
    found = note(save(court, case_id)).found
    assert len(found) == 6
    assert found[0]["title"] != found[-1]["title"]


def test_typed_text_survives_every_later_save_and_new_documents_are_only_offered(court):
    case_id = court.accept()
    save(court, case_id, Form(texts={"notify": "已电话告知。"}))
    serve_notices(court, case_id)
    kept = note(save(court, case_id))
    assert (kept.typed, kept.text) == (True, "已电话告知。")
    assert len(kept.offered) == 6


def test_submit_names_everything_that_is_missing_and_changes_nothing(court):
    case_id = court.accept()
    with pytest.raises(CannotSubmit) as refused:
        submit(court, case_id, Form())
    assert {p.field for p in refused.value.problems} >= {
        "follow_up",
        "has_auction",
        "note-notify",
        "gates",
    }
    assert court.case(case_id).stage == "asset_control"


def test_a_case_with_a_sealed_house_goes_to_disposal_in_one_transaction(court):
    case_id = court.accept()
    serve_notices(court, case_id)
    find_house(court, case_id)
    after = submit(court, case_id, AUCTION)
    case = court.case(case_id)
    assert (after.stage, after.handler) == ("asset_disposal", "顾明远")
    assert (case.stage, case.handler_id) == ("asset_disposal", court.user("gu").id)
    assert case.stage_due_on == after.due_on


def test_what_the_page_shows_before_is_what_happens(court):
    case_id = court.accept()
    serve_notices(court, case_id)
    find_house(court, case_id)
    shown = db.in_transaction(transfers.page, court.user("shen"), case_id, AUCTION)
    assert shown.after == submit(court, case_id, AUCTION)


def test_auction_without_a_live_seizure_is_refused(court):
    case_id = court.accept()
    serve_notices(court, case_id)
    find_house(court, case_id, sealed=False)
    with pytest.raises(CannotSubmit, match="先采取控制措施"):
        submit(court, case_id, AUCTION)


def test_a_follow_up_that_disagrees_with_the_facts_is_refused_naming_both(court):
    case_id = court.accept()
    serve_notices(court, case_id)
    find_house(court, case_id)
    with pytest.raises(CannotSubmit, match="财产处置"):
        submit(court, case_id, Form(follow_up="F13", has_auction=True))


def test_no_property_goes_to_closing_and_waits_for_three_months(court):
    case_id = court.accept()
    serve_notices(court, case_id)
    submit(court, case_id, Form(follow_up="F14", has_auction=False))
    case = court.case(case_id)
    assert (case.stage, case.closing_path) == ("closing_archiving", "终本")
    assert case.stage_earliest_on > case.filed_on + timedelta(days=89)
    assert case.stage_due_tentative


def test_the_last_stage_ends_the_process_and_archives_the_case(court):
    case_id = court.accept()
    serve_notices(court, case_id)
    submit(court, case_id, Form(follow_up="F15", has_auction=False))
    with pytest.raises(CannotSubmit, match="结案文书没有送达"):
        submit(court, case_id, Form(texts={}), login="cheng")
    playing.close_case(court, case_id)
    save(court, case_id, login="cheng")
    submit(court, case_id, Form(texts={}), login="cheng")
    case = court.case(case_id)
    assert (case.status, case.stage, case.closing_method) == ("archived", None, "full_performance")


def test_waiting_keeps_the_stage_and_pauses_its_clock_by_exactly_the_pause(court):
    case_id = court.accept()
    due = court.case(case_id).stage_due_on
    submit(court, case_id, Form(follow_up="F17", has_auction=False))
    paused = court.case(case_id)
    assert (paused.status, paused.stage, paused.stage_paused_on) == (
        "suspended",
        "asset_control",
        clock.today(),
    )
    clock.move(timedelta(days=9))
    db.in_transaction(transfers.resume, court.user("shen"), case_id)
    resumed = court.case(case_id)
    assert resumed.status == "in_stage"
    # Ten days, the first and the last included, before the roll to a working day.
    assert 10 <= (resumed.stage_due_on - due).days <= 13


def test_the_receiving_team_refuses_and_the_senders_stay_goes_on(court):
    case_id = court.accept()
    serve_notices(court, case_id)
    find_house(court, case_id)
    sent = db.read_only(stages.current, case_id)
    submit(court, case_id, AUCTION)
    case = db.in_transaction(
        transfers.refuse, court.user("gu"), case_id, "RET_MISSING_DOC", "缺少查封回执"
    )
    assert (case.stage, case.handler_id) == ("asset_control", court.user("shen").id)
    assert db.read_only(stages.current, case_id).id == sent.id
    assert page(court, case_id).sheet.state == "draft"
    assert [e.state for e in db.read_only(stages.of_case, case_id)] == ["open", "undone"]


def test_after_two_working_days_nobody_may_refuse(court):
    case_id = court.accept()
    serve_notices(court, case_id)
    find_house(court, case_id)
    submit(court, case_id, AUCTION)
    clock.move(timedelta(days=6))
    with pytest.raises(transfers.TransferRefusalTooLate):
        db.in_transaction(
            transfers.refuse, court.user("gu"), case_id, "RET_MISSING_DOC", "缺少查封回执"
        )


def test_a_case_sent_back_for_more_property_has_its_notices_already(court):
    case_id = court.accept()
    (notices,) = db.read_only(matters.of_case, case_id)
    db.in_transaction(matters.close, notices.id)
    context = Context(court.id, court.case(case_id).instance_id, case_id, "x", SYSTEM, clock.now())
    for stage, way in (("asset_disposal", "advance"), ("asset_control", "return")):
        db.in_transaction(enter, context, {"阶段": stage, "方式": way})
    assert court.case(case_id).stage == "asset_control"
    assert [m.id for m in db.read_only(matters.of_case, case_id)] == [notices.id]


def test_two_people_on_one_sheet_the_later_is_told_and_nothing_is_overwritten(court):
    case_id = court.accept()
    seen = page(court, case_id).sheet.version
    db.in_transaction(
        transfers.save, court.user("xu"), case_id, Form(other_text="甲"), seen_version=seen
    )
    with pytest.raises(transfer_sheets.SheetChanged, match="许佳宁"):
        db.in_transaction(
            transfers.save, court.user("shen"), case_id, Form(other_text="乙"), seen_version=seen
        )
    assert page(court, case_id).sheet.other_text == "甲"
