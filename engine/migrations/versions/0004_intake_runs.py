"""Imports of intake files with what was refused

Revision: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('intake_run',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('imported_by', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('file_name', sa.Text(), nullable=False),
    sa.Column('strict', sa.Boolean(), nullable=False),
    sa.Column('stored', sa.Integer(), nullable=False),
    sa.Column('existing', sa.Integer(), nullable=False),
    sa.Column('refused', sa.Integer(), nullable=False),
    sa.Column('refusals', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('refused_lines', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['court_id'], ['court.id'], name=op.f('fk_intake_run_court_id')),
    sa.ForeignKeyConstraint(['imported_by'], ['user_account.id'], name=op.f('fk_intake_run_imported_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_intake_run'))
    )
    op.create_index(op.f('ix_intake_run_court_id_imported_by_id'), 'intake_run', ['court_id', 'imported_by', 'id'], unique=False)


def downgrade() -> None:
    op.drop_table('intake_run')
