"""The database's tables: all of them known here, made and brought up to date by migrations."""

import pkgutil
from importlib import import_module

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext

import engine.process
from engine import casefile, config, db, demo_clock

#: A noun owns its table; importing its module makes the table known. Nobody edits a list.
NOUNS = [
    import_module(found.name)
    for found in pkgutil.walk_packages(casefile.__path__, f"{casefile.__name__}.")
] + [engine.process, demo_clock]


def migrate() -> str:
    """Brings the database to the newest version; its number."""
    settings = Config()
    settings.set_main_option("script_location", str(config.ROOT / "engine" / "migrations"))
    with db.engine().begin() as connection:
        settings.attributes["connection"] = connection
        command.upgrade(settings, "head")
        version = MigrationContext.configure(connection).get_current_revision()
    return version or ""
