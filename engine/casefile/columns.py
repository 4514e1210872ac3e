"""Columns that every table of a court has, so that they are written the same way everywhere."""

from typing import Any

from sqlalchemy import Column, ForeignKey, Uuid


def id_() -> Column[Any]:
    """UUIDv7, given by the process."""
    return Column("id", Uuid, primary_key=True)


def court_id() -> Column[Any]:
    """Whose row it is; nothing is joined across courts."""
    return Column("court_id", Uuid, ForeignKey("court.id"), nullable=False)


def case_id(*, nullable: bool = False) -> Column[Any]:
    return Column("case_id", Uuid, ForeignKey("court_case.id"), nullable=nullable)


def user_id(name: str, *, nullable: bool = True) -> Column[Any]:
    return Column(name, Uuid, ForeignKey("user_account.id"), nullable=nullable)
