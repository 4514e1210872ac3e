"""Drafts of designs and requests to deploy them

Revision: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('design_draft',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('base_version', sa.Integer(), nullable=False),
    sa.Column('revision', sa.BigInteger(), nullable=False),
    sa.Column('errors', sa.Integer(), nullable=True),
    sa.Column('begun_by', sa.Uuid(), nullable=False),
    sa.Column('changed_by', sa.Uuid(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['begun_by'], ['user_account.id'], name=op.f('fk_design_draft_begun_by')),
    sa.ForeignKeyConstraint(['changed_by'], ['user_account.id'], name=op.f('fk_design_draft_changed_by')),
    sa.ForeignKeyConstraint(['court_id'], ['court.id'], name=op.f('fk_design_draft_court_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_design_draft')),
    sa.UniqueConstraint('court_id', 'subject', name=op.f('uq_design_draft_court_id_subject'))
    )
    op.create_table('design_draft_file',
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('draft_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('changed_by', sa.Uuid(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['changed_by'], ['user_account.id'], name=op.f('fk_design_draft_file_changed_by')),
    sa.ForeignKeyConstraint(['court_id'], ['court.id'], name=op.f('fk_design_draft_file_court_id')),
    sa.ForeignKeyConstraint(['draft_id'], ['design_draft.id'], name=op.f('fk_design_draft_file_draft_id')),
    sa.PrimaryKeyConstraint('draft_id', 'name', name=op.f('pk_design_draft_file'))
    )
    op.create_table('deploy_request',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('files', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('base_version', sa.Integer(), nullable=False),
    sa.Column('old_version', sa.Integer(), nullable=True),
    sa.Column('valid_from', sa.Date(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('authors', postgresql.ARRAY(sa.Uuid()), nullable=False),
    sa.Column('requested_by', sa.Uuid(), nullable=False),
    sa.Column('requested_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('asked', sa.Uuid(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('note', sa.Text(), server_default='', nullable=False),
    sa.Column('version', sa.Integer(), nullable=True),
    sa.CheckConstraint("state IN ('open', 'deployed', 'returned', 'withdrawn')", name=op.f('ck_deploy_request_state')),
    sa.CheckConstraint("decided_by IS NULL OR state = 'withdrawn' OR decided_by <> requested_by", name=op.f('ck_deploy_request_two_people')),
    sa.ForeignKeyConstraint(['asked'], ['user_account.id'], name=op.f('fk_deploy_request_asked')),
    sa.ForeignKeyConstraint(['court_id'], ['court.id'], name=op.f('fk_deploy_request_court_id')),
    sa.ForeignKeyConstraint(['decided_by'], ['user_account.id'], name=op.f('fk_deploy_request_decided_by')),
    sa.ForeignKeyConstraint(['requested_by'], ['user_account.id'], name=op.f('fk_deploy_request_requested_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deploy_request'))
    )
    op.create_index(op.f('ix_deploy_request_court_id_subject_requested_at'), 'deploy_request', ['court_id', 'subject', 'requested_at'], unique=False)
    op.create_index('ix_deploy_request_open', 'deploy_request', ['court_id', 'subject'], unique=True, postgresql_where=sa.text("state = 'open'"))


def downgrade() -> None:
    op.drop_table('deploy_request')
    op.drop_table('design_draft_file')
    op.drop_table('design_draft')
