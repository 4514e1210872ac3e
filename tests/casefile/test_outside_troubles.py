"""What fails outside is told to the operator in a sentence, tried again, and ends as if it had not failed."""

from datetime import timedelta

from sqlalchemy import text

from engine import clock, db
from engine.audit import Actor
from engine.casefile.delivery import deliveries
from engine.casefile.document import batches, documents
from engine.casefile.party import parties
from engine.documents import layout
from engine.documents.fonts import FontsMissing
from engine.process import incidents


def send(court, case_id):
    document = db.read_only(documents.of_case, case_id)[0]
    applicant = db.read_only(parties.of_case, case_id, "applicant")[0]
    db.in_transaction(
        batches.request, court.user("shen"), case_id, "sign_and_deliver",
        {document.id: [applicant.id]}, f"k{case_id}",
    )  # fmt: skip
    court.work()
    return document.id


def open_incidents():
    sql = "SELECT id, message FROM incident WHERE closed_at IS NULL"
    return db.read_only(lambda s: [(r.id, r.message) for r in s.execute(text(sql))])


def give_up(court):
    """As long as the platform tries by itself."""
    for _ in range(8):
        clock.move(timedelta(hours=12))
        court.work()


def retry(court):
    ((incident, _),) = open_incidents()
    db.in_transaction(incidents.retry, incident, actor=Actor(None, "运维"))
    court.work()
    assert open_incidents() == []


def test_a_busy_mailbox_is_an_incident_in_words_and_the_retry_delivers(court, post_office):
    post_office.refusal = "450 4.2.1 mailbox busy"
    document_id = send(court, court.accept())
    assert open_incidents() == [], "the first refusal is not yet given up"
    give_up(court)
    ((_, said),) = open_incidents()
    assert said == "对方邮箱暂时不收信（450 4.2.1 mailbox busy），请在其恢复后重试"
    post_office.refusal = ""
    retry(court)
    (delivery,) = db.read_only(deliveries.of_document, document_id)
    assert (delivery.state, len(post_office.mails)) == ("sent", 1)


def test_a_mail_server_that_is_away_is_an_incident_in_words(court, post_office, monkeypatch):
    with monkeypatch.context() as away:
        away.setenv("SMTP_PORT", "1")
        document_id = send(court, court.accept())
        give_up(court)
        ((_, said),) = open_incidents()
        assert said == "法院邮件服务器 127.0.0.1:1 连接不上或者中断，请恢复后重试"
    retry(court)
    assert db.read_only(deliveries.of_document, document_id)[0].state == "sent"


def test_missing_fonts_are_for_the_operator_not_for_the_drafter(court, post_office, monkeypatch):
    def without_fonts(*_args, **_named):
        raise FontsMissing

    with monkeypatch.context() as broken:
        broken.setattr(layout, "to_pdf", without_fonts)
        document_id = send(court, court.accept())
        give_up(court)
        ((_, said),) = open_incidents()
        assert said == "文书字体不完整，不能生成文书，请重新运行安装步骤"
    retry(court)
    assert db.read_only(documents.get, document_id).state == "signed"
