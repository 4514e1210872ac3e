"""To whom a document goes: its recipient codes (DOMAIN §0.3) resolved to persons of the case."""

from collections.abc import Iterable, Sequence

from engine.casefile.parties import Party

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
    """Who is ticked beforehand, in the order of the parties."""
    roles = {ROLES[code] for code in recipients if code in ROLES}
    return [party for party in parties if party.role in roles]


def channel(party: Party) -> str:
    """How it is delivered first (DOMAIN §5.3): electronic with consent and address, else by post."""
    return "electronic" if party.e_consent and party.e_address else "post"
