"""Every chain of audit entries of the platform: those of cases and those of process instances."""

from uuid import UUID

from sqlalchemy import select

from engine import audit, db
from engine.process import instances


def verify_all(session: db.Session) -> tuple[int, list[tuple[UUID, audit.Fault]]]:
    """(chains looked at, faults by chain); the first fault of each broken chain."""
    runs = session.scalars(select(instances.INSTANCE.c.id)).all()
    cases = session.scalars(select(audit.HEAD.c.chain_id)).all()
    found = [(id_, instances.verify_audit(session, id_)) for id_ in runs]
    found += [(id_, audit.verify(session, id_)) for id_ in cases]
    return len(found), [(id_, fault) for id_, fault in found if fault is not None]
