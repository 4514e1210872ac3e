"""演示收信箱: what the local mail catcher received; only in the demo."""

from io import BytesIO

from flask import Blueprint, abort, flash, redirect, render_template, send_file, url_for
from werkzeug.wrappers import Response

from engine import config
from engine.casefile.people.users import User
from webui import navigation, security
from webui.demo import mail_catcher

blueprint = Blueprint("demo_mail", __name__, url_prefix="/demo/mail")


def _in_demo(_viewer: User) -> bool:
    return config.is_demo()


NAV = [navigation.Entry("demo_mail", "demo_mail.inbox", shown_to=_in_demo)]


@blueprint.get("")
@security.requires()
def inbox() -> str:
    if not config.is_demo():
        abort(404)
    return render_template(
        "demo_mail/inbox.html", mails=mail_catcher.mails(), faulty=not mail_catcher.is_repaired()
    )


@blueprint.post("/repair")
@security.requires()
def repair() -> Response:
    """The outside fault of the demo is over; what failed can be tried again."""
    if not config.is_demo():
        abort(404)
    mail_catcher.repair()
    flash("收信服务已恢复，可以在“异常处理”中重试")
    return redirect(url_for("demo_mail.inbox"), 303)


@blueprint.get("/<key>/<name>")
@security.requires()
def attachment(key: str, name: str) -> Response:
    if not config.is_demo():
        abort(404)
    content = mail_catcher.attachment(key, name)
    return send_file(BytesIO(content), mimetype="application/pdf", download_name=name)
