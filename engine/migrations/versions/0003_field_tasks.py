"""事项交办: errands of the field officers

Revision: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

import engine.db

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "field_task",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("court_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("assignee_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("assigned_at", engine.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("assigned_by", sa.Uuid(), nullable=False),
        sa.Column("accepted_at", engine.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("result", sa.Text(), server_default="", nullable=False),
        sa.Column("done_at", engine.db.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('assigned', 'accepted', 'done')", name=op.f("ck_field_task_state")
        ),
        sa.ForeignKeyConstraint(
            ["assigned_by"], ["user_account.id"], name=op.f("fk_field_task_assigned_by")
        ),
        sa.ForeignKeyConstraint(
            ["assignee_id"], ["user_account.id"], name=op.f("fk_field_task_assignee_id")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["court_case.id"], name=op.f("fk_field_task_case_id")),
        sa.ForeignKeyConstraint(["court_id"], ["court.id"], name=op.f("fk_field_task_court_id")),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_field_task_matter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_task")),
    )
    op.create_index(
        op.f("ix_field_task_court_id_case_id_id"), "field_task", ["court_id", "case_id", "id"]
    )
    op.create_index(
        "ix_field_task_open",
        "field_task",
        ["court_id", "due_on", "id"],
        postgresql_where=sa.text("state <> 'done'"),
    )
    op.create_index("ix_field_task_assignee", "field_task", ["court_id", "assignee_id", "id"])


def downgrade() -> None:
    op.drop_table("field_task")
