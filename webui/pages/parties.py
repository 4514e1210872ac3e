"""当事人: 送达地址, 更正, 追加 and 退出; who comes second keeps what he typed and sees what is stored now."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import blobs, db
from engine.casefile import labels
from engine.casefile.case import case_heads
from engine.casefile.document import scans
from engine.casefile.document.scans import Upload
from engine.casefile.oversight import typed_values
from engine.casefile.party import party_contacts, party_roster
from engine.casefile.party.parties import Party, PartyChanged
from engine.casefile.party.party_contacts import Contact, PartyIncomplete
from engine.casefile.party.party_roster import Identity
from webui import case_pages, security

blueprint = Blueprint("parties", __name__, url_prefix="/cases/<uuid:case_id>/parties")

ERRORS = {"party_changed": 409}
#: Yes and no of the forms.
_CONSENT = {True: "yes", False: "no"}
_DOMICILE = {True: "abroad", False: "here"}


def _page(template: str, case_id: UUID, party: Party | None, **more: Any) -> str:
    head = db.read_only(case_heads.head, security.viewer(), case_id)
    case_pages.stand_at(head.case)
    given = {"errors": {}, "conflict": "", "now": {}} | more
    return render_template(f"parties/{template}.html", head=head, party=party, **given)


def _saved(case_id: UUID, words: str) -> Response:
    flash(words)
    return redirect(url_for("case.show", case_id=case_id, tab="parties"), 303)


def _refused(
    template: str,
    party: Party | None,
    case_id: UUID,
    typed: Mapping[str, str],
    errors: Mapping[str, str],
) -> Response:
    return make_response(_page(template, case_id, party, typed=typed, errors=errors), 422)


def _second(
    template: str, party: Party, typed: Mapping[str, str], words: Callable[[Party], dict[str, str]]
) -> Response:
    """Somebody was faster: the form with what was typed, and beside it what is stored now."""
    now = words(party)
    differs = {name: text for name, text in now.items() if typed.get(name, "") != text}
    who = db.read_only(party_contacts.changed_by, party)
    said = f"当事人信息刚刚被他人修改（{who}）" if who else "当事人信息刚刚被他人修改"
    shown = {name: _as_read(name, text) for name, text in differs.items()}
    page = _page(template, party.case_id, party, typed=typed, conflict=said, now=shown)
    return make_response(page, 409)


def _as_read(name: str, text: str) -> str:
    known = {
        "role": labels.PARTY_ROLES,
        "kind": labels.PARTY_KINDS,
        "e_consent": {"yes": "同意", "no": "不同意"},
        "domicile": {"here": "在中国境内有住所", "abroad": "在中国境内没有住所"},
    }
    return known.get(name, {}).get(text, text)


def _day(typed: Mapping[str, str], name: str) -> date | None:
    """``PartyIncomplete`` for what is no day."""
    try:
        return typed_values.day(typed.get(name, ""))
    except typed_values.Untidy as error:
        raise PartyIncomplete({name: str(error)}) from None


def _seen(typed: Mapping[str, str]) -> int:
    version = typed.get("version", "")
    return int(version) if version.isdecimal() and len(version) < 9 else 0  # noqa: PLR2004


# ---------------------------------------------------------------- 送达地址


@blueprint.get("/<uuid:party_id>/contact")
@security.requires()
def contact(case_id: UUID, party_id: UUID) -> str:
    party = db.read_only(party_contacts.of_case, security.viewer(), case_id, party_id)
    return _page("contact", case_id, party, typed=_contact_words(party))


def _contact_words(party: Party) -> dict[str, str]:
    return {
        "phone": party.phone,
        "address": party.address,
        "domicile": _DOMICILE[party.is_abroad],
        "e_address": party.e_address,
        "e_consent": _CONSENT[party.e_consent],
        "confirmed_on": str(party.confirmed_on or ""),
    }


@blueprint.post("/<uuid:party_id>/contact")
@security.requires()
def save_contact(case_id: UUID, party_id: UUID) -> Response:
    viewer, typed = security.viewer(), request.form.to_dict()
    party = db.read_only(party_contacts.of_case, viewer, case_id, party_id)
    try:
        given = Contact(
            phone=typed_values.field(typed, "phone"),
            address=typed_values.field(typed, "address"),
            is_abroad=typed.get("domicile") == "abroad",
            e_address=typed_values.field(typed, "e_address"),
            e_consent=typed.get("e_consent") == "yes",
            confirmed_on=_day(typed, "confirmed_on"),
        )
        scan = _scan(party, given)
        saved = db.in_transaction(
            party_contacts.save,
            viewer,
            case_id,
            party_id,
            given,
            seen_version=_seen(typed),
            scan=scan,
        )
    except PartyIncomplete as error:
        return _refused("contact", party, case_id, typed, error.problems)
    except PartyChanged:
        now = db.read_only(party_contacts.of_case, viewer, case_id, party_id)
        return _second("contact", now, typed, _contact_words)
    return _saved(case_id, _said(party, saved, scanned=scan is not None))


def _scan(party: Party, given: Contact) -> tuple[str, Upload] | None:
    """The signed confirmation, on disk before the row that names it commits; None without one."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return None
    content = file.read()
    try:
        examined = scans.examine(content)
    except scans.UploadRefused as error:
        raise PartyIncomplete(
            party_contacts.problems(party, given) | {"file": str(error)}
        ) from None
    return blobs.put(party.court_id, content), examined


def _said(party: Party, saved: party_contacts.Saved, *, scanned: bool) -> str:
    said = [f"{party.name}的送达地址已保存" if saved.changed else "送达地址没有变化"]
    said += ["确认书已入卷"] if scanned else []
    said += [f"{saved.readdressed}件待送达文书改用新地址"] if saved.readdressed else []
    return "，".join(said)


# ---------------------------------------------------------------- 更正


@blueprint.get("/<uuid:party_id>/correction")
@security.requires()
def correction(case_id: UUID, party_id: UUID) -> str:
    party = _handled(case_id, party_id)
    return _page("correction", case_id, party, typed=vars(Identity.of(party)))


def _handled(case_id: UUID, party_id: UUID) -> Party:
    db.read_only(party_roster.handled, security.viewer(), case_id)
    return db.read_only(party_contacts.found, case_id, party_id)


def _identity(typed: Mapping[str, str]) -> Identity:
    names = ("role", "name", "kind", "id_number", "legal_representative")
    return Identity(**{name: typed_values.field(typed, name) for name in names})


@blueprint.post("/<uuid:party_id>/correction")
@security.requires()
def correct(case_id: UUID, party_id: UUID) -> Response:
    viewer, typed = security.viewer(), request.form.to_dict()
    party = _handled(case_id, party_id)
    try:
        db.in_transaction(
            party_roster.correct,
            viewer,
            case_id,
            party_id,
            _identity(typed),
            typed.get("reason", ""),
            seen_version=_seen(typed),
        )
    except PartyIncomplete as error:
        return _refused("correction", party, case_id, typed, error.problems)
    except PartyChanged:
        now = _handled(case_id, party_id)
        return _second("correction", now, typed, lambda p: vars(Identity.of(p)))
    return _saved(case_id, f"{party.name}的身份信息已更正")


# ---------------------------------------------------------------- 追加, 退出


@blueprint.get("/new")
@security.requires()
def joining(case_id: UUID) -> str:
    db.read_only(party_roster.handled, security.viewer(), case_id)
    return _page("joining", case_id, None, typed={})


@blueprint.post("/new")
@security.requires()
def join(case_id: UUID) -> Response:
    viewer, typed = security.viewer(), request.form.to_dict()
    identity = _identity(typed)
    try:
        party_id = db.in_transaction(
            party_roster.join,
            viewer,
            case_id,
            identity,
            basis=typed.get("basis", ""),
            joined_on=_day(typed, "joined_on"),
        )
    except PartyIncomplete as error:
        return _refused("joining", None, case_id, typed, error.problems)
    flash(f"{identity.name}已追加，请登记送达地址")
    return redirect(url_for(".contact", case_id=case_id, party_id=party_id), 303)


@blueprint.get("/<uuid:party_id>/leaving")
@security.requires()
def leaving(case_id: UUID, party_id: UUID) -> str:
    return _page("leaving", case_id, _handled(case_id, party_id), typed={})


@blueprint.post("/<uuid:party_id>/leaving")
@security.requires()
def leave(case_id: UUID, party_id: UUID) -> Response:
    viewer, typed = security.viewer(), request.form.to_dict()
    party = _handled(case_id, party_id)
    try:
        db.in_transaction(
            party_roster.leave,
            viewer,
            case_id,
            party_id,
            reason=typed.get("reason", ""),
            left_on=_day(typed, "left_on"),
            seen_version=_seen(typed),
        )
    except PartyIncomplete as error:
        return _refused("leaving", party, case_id, typed, error.problems)
    except party_roster.LastOfBothSides as error:
        return _refused("leaving", party, case_id, typed, {"reason": str(error)})
    except PartyChanged:
        return _second("leaving", _handled(case_id, party_id), typed, lambda _: {})
    return _saved(case_id, f"{party.name}已登记退出")
