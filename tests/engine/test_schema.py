"""Migrations make exactly the tables that the code declares."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from engine import db, schema


def test_migrating_an_empty_database_makes_every_declared_table_and_nothing_else(server):
    db.metadata.drop_all(db.engine())
    try:
        assert schema.migrate()
        with db.engine().connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, db.metadata) == []
            triggers = connection.scalars(
                text(
                    "SELECT tgname FROM pg_trigger WHERE tgrelid = 'audit_entry'::regclass AND NOT tgisinternal"
                )
            ).all()
            assert triggers == ["append_only"]
    finally:
        with db.engine().begin() as connection:
            connection.execute(text("DROP TABLE IF EXISTS alembic_version"))
        db.metadata.drop_all(db.engine())
        db.metadata.create_all(db.engine())


def test_migrating_twice_changes_nothing(server):
    db.metadata.drop_all(db.engine())
    try:
        assert schema.migrate() == schema.migrate()
    finally:
        with db.engine().begin() as connection:
            connection.execute(text("DROP TABLE IF EXISTS alembic_version"))
        db.metadata.drop_all(db.engine())
        db.metadata.create_all(db.engine())
