"""To whom a document goes: its recipient codes (DOMAIN §0.3) resolved to persons of the case."""

from collections.abc import Iterable, Mapping, Sequence

from engine.casefile.party.parties import Party
from engine.casefile.rules import channel as channels
from engine.casefile.rules.channel import Choice
from engine.casefile.rules.deployed import Rules

#: Recipient code -> role of the party. Codes of bodies outside the case are added with their matters.
ROLES = {
    "APP": "applicant",
    "RES": "debtor",
    "THIRD": "garnishee",
    "OUT": "outsider",
    "INT": "interested_person",
    "AST": "assisting_unit",
    "PUR": "buyer",
    "GUAR": "guarantor",
}


def suggested(parties: Sequence[Party], recipients: Iterable[str]) -> list[Party]:
    """Who is ticked beforehand, in the order of the parties; nobody who left the case."""
    roles = {ROLES[code] for code in recipients if code in ROLES}
    return [party for party in parties if party.role in roles and party.is_present]


def truths(party: Party) -> Mapping[str, bool]:
    """What the table of channels asks about a person (DOMAIN §5.3).

    An address abroad is none that documents are posted to. Whether an unconfirmed address lies in
    the court's own city is not recorded; it is posted to like one elsewhere.
    """
    at_home = bool(party.address) and not party.is_abroad
    return {
        "electronic_consent": party.takes_mail,
        "confirmed_address": at_home and party.confirmed_on is not None,
        "remote_address": at_home and party.confirmed_on is None,
    }


def choose(rules: Rules, document_code: str, party: Party) -> Choice:
    """The first way by the court's table; without one, ``note`` says what to do first."""
    return channels.choose(rules, document_code, truths(party))


def channel(rules: Rules, document_code: str, party: Party) -> str:
    """How it is delivered first. Whom the table finds no way to, somebody must look for."""
    return choose(rules, document_code, party).channel or "direct"


def address(party: Party, channel: str) -> str:
    return party.e_address if channel == "electronic" else party.address
