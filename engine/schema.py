"""The database's tables: all of them known here, made and brought up to date by migrations."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext

import engine.process
from engine import audit, config, db, demo_clock
from engine.casefile import (
    access,
    assets,
    batches,
    case_funds,
    cases,
    courts,
    deliveries,
    deploy_requests,
    deployment,
    design_drafts,
    documents,
    dossier,
    field_tasks,
    intake_runs,
    matters,
    parties,
    remarks,
    shared_files,
    stages,
    transfer_sheets,
    users,
)

#: Importing a noun's module makes its table known.
NOUNS = (
    access, assets, audit, batches, case_funds, cases, courts, deliveries, demo_clock,
    deploy_requests, deployment, design_drafts, documents, dossier, engine.process, field_tasks, intake_runs, matters,
    parties, remarks, shared_files, stages, transfer_sheets, users,
)  # fmt: skip


def migrate() -> str:
    """Brings the database to the newest version; its number."""
    settings = Config()
    settings.set_main_option("script_location", str(config.ROOT / "engine" / "migrations"))
    with db.engine().begin() as connection:
        settings.attributes["connection"] = connection
        command.upgrade(settings, "head")
        version = MigrationContext.configure(connection).get_current_revision()
    return version or ""
