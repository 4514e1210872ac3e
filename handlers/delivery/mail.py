"""Electronic delivery by mail: the signed document attached, a link that tells us when it is read.

The mail server's acceptance is 已发. The sender address names the delivery, so that a bounce does too.
"""

import smtplib
from collections.abc import Mapping
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any
from uuid import UUID

from engine import blobs, clock, config, db
from engine.casefile.case import cases
from engine.casefile.delivery import deliveries
from engine.casefile.document import documents
from engine.casefile.people import courts
from engine.process import operations
from engine.process.operations import BpmnError, Context


class NotSent(Exception):
    """邮件没有发出"""


def _read(session: db.Session, context: Context, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """All the mail needs. Whichever of repeated mails is opened, its link is the same."""
    delivery = deliveries.get(session, UUID(str(params["送达"])))
    document = documents.get(session, delivery.document_id)
    case = cases.get(session, delivery.case_id)
    court = courts.get(session, delivery.court_id)
    return {
        "to": delivery.address,
        "addressee": delivery.addressee,
        "delivery": str(delivery.id),
        "document": document.name,
        "case_no": case.case_no,
        "court": court.name,
        "phone": court.phone,
        "court_id": str(court.id),
        "blob": document.blob,
        "link": f"{config.base_url()}/r/{deliveries.token(session, delivery)}",
    }


def _record(session: db.Session, context: Context, result: Mapping[str, Any]) -> None:
    deliveries.change(
        session,
        UUID(str(result["送达"])),
        state="sent",
        sent_at=context.now,
        reference=str(result["邮件编号"]),
        problem="",
    )


@operations.outside(
    "deliveries.send_mail",
    title="发送电子邮件",
    read=_read,
    record=_record,
    timeout=timedelta(seconds=60),
)
def send_mail(inputs: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """Sends one mail. A refusal for good (5xx) ends as MAIL_REFUSED; anything else is tried again."""
    host, port, sender = config.smtp()
    message = compose(inputs, sender, key)
    try:
        with smtplib.SMTP(host, port, timeout=30) as server:
            server.send_message(message, from_addr=return_path(sender, str(inputs["delivery"])))
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        if code >= 500:  # noqa: PLR2004  RFC 5321 §4.2.1: permanent
            raise BpmnError("MAIL_REFUSED", {"原因": "对方邮件服务器拒收"}) from error
        raise NotSent(f"对方邮箱暂时不收信（{_reply(code, said)}），请在其恢复后重试") from error
    except smtplib.SMTPResponseException as error:
        answer = _reply(error.smtp_code, error.smtp_error)
        raise NotSent(f"法院邮件服务器没有接受邮件（{answer}），请处理后重试") from error
    except OSError as error:  # smtplib's own among them
        raise NotSent(f"法院邮件服务器 {host}:{port} 连接不上或者中断，请恢复后重试") from error
    return {"送达": inputs["delivery"], "邮件编号": message["Message-ID"]}


def _reply(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {text}"[:200]


def return_path(sender: str, delivery_id: str) -> str:
    """delivery@court → delivery+<id>@court: a bounce without a readable report still names its delivery."""
    name, _, host = sender.partition("@")
    return f"{name}+{delivery_id}@{host}"


def compose(inputs: Mapping[str, Any], sender: str, key: str) -> EmailMessage:
    """The mail; its id is made from the job's, so that a mail sent twice can be told by its reader."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = f"{inputs['court']}送达文书：{inputs['document']} {inputs['case_no']}"
    message["From"] = sender
    message["To"] = inputs["to"]
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = f"<{key}@{sender.rpartition('@')[2]}>"
    message.set_content(
        f"{inputs['addressee']}：\n\n"
        f"{inputs['court']}就{inputs['case_no']}案向您送达《{inputs['document']}》，文书见附件。\n"
        f"请打开下面的链接确认阅读：\n{inputs['link']}\n\n"
        f"如有疑问，请致电{inputs['phone']}。\n"
    )
    pdf = blobs.get(UUID(str(inputs["court_id"])), str(inputs["blob"]))
    message.add_attachment(
        pdf, maintype="application", subtype="pdf", filename=f"{inputs['document']}.pdf"
    )
    return message
