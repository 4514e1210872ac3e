"""The tables of the first version

Revision: 0001
Revises: 
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('audit_entry',
    sa.Column('chain_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor_id', sa.Uuid(), nullable=True),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('action', sa.Text(), nullable=False),
    sa.Column('detail', sa.Text(), nullable=False),
    sa.Column('hash', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('chain_id', 'number', name=op.f('pk_audit_entry'))
    )
    op.create_index(op.f('ix_audit_entry_court_id_at'), 'audit_entry', ['court_id', 'at'], unique=False)
    op.create_table('audit_head',
    sa.Column('chain_id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('hash', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('chain_id', name=op.f('pk_audit_head')),
    postgresql_with={'fillfactor': 70}
    )
    op.create_table('court',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('short_name', sa.Text(), nullable=False),
    sa.Column('address', sa.Text(), nullable=False),
    sa.Column('phone', sa.Text(), nullable=False),
    sa.Column('account_name', sa.Text(), server_default='', nullable=False),
    sa.Column('account_bank', sa.Text(), server_default='', nullable=False),
    sa.Column('account_no', sa.Text(), server_default='', nullable=False),
    sa.Column('remark', sa.Text(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_court')),
    sa.UniqueConstraint('code', name=op.f('uq_court_code'))
    )
    op.create_table('demo_clock',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('moved_seconds', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_demo_clock_one_row')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_demo_clock'))
    )
    op.create_table('job_history',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('instance_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=True),
    sa.Column('token', sa.Uuid(), nullable=False),
    sa.Column('element', sa.Text(), nullable=False),
    sa.Column('operation', sa.Text(), nullable=False),
    sa.Column('params', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('attempt', sa.Integer(), nullable=False),
    sa.Column('redo_of', sa.Uuid(), nullable=True),
    sa.Column('ending', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('channel', sa.Text(), nullable=True),
    sa.Column('reference', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job_history'))
    )
    op.create_index(op.f('ix_job_history_court_id_case_id_ended_at'), 'job_history', ['court_id', 'case_id', 'ended_at'], unique=False)
    op.create_index(op.f('ix_job_history_court_id_channel_reference'), 'job_history', ['court_id', 'channel', 'reference'], unique=False)
    op.create_index(op.f('ix_job_history_instance_id'), 'job_history', ['instance_id'], unique=False)
    op.create_table('message',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('instance_id', sa.Uuid(), nullable=True),
    sa.Column('case_id', sa.Uuid(), nullable=True),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('data', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('sender_id', sa.Uuid(), nullable=True),
    sa.Column('cause', sa.Text(), nullable=True),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('available_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('delivered_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('new', 'delivered', 'undeliverable')", name=op.f('ck_message_state')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_message')),
    postgresql_with={'fillfactor': 85}
    )
    op.create_index('ix_message_available', 'message', ['available_at', 'id'], unique=False, postgresql_where=sa.text("state = 'new'"))
    op.create_index(op.f('ix_message_court_id_case_id_created_at'), 'message', ['court_id', 'case_id', 'created_at'], unique=False)
    op.create_index('ix_message_instance_new', 'message', ['instance_id'], unique=False, postgresql_where=sa.text("state = 'new'"))
    op.create_table('process_definition',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('files', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('hash', sa.Text(), nullable=False),
    sa.Column('author_id', sa.Uuid(), nullable=True),
    sa.Column('author', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('deployed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_process_definition')),
    sa.UniqueConstraint('court_id', 'key', 'version', name=op.f('uq_process_definition_court_id_key_version'))
    )
    op.create_table('process_start',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('element', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('remaining', sa.Text(), nullable=True),
    sa.Column('error', sa.Text(), nullable=True),
    sa.CheckConstraint("kind IN ('message', 'signal', 'timer')", name=op.f('ck_process_start_kind')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_process_start'))
    )
    op.create_index(op.f('ix_process_start_court_id_key_element_kind_name'), 'process_start', ['court_id', 'key', 'element', 'kind', 'name'], unique=True)
    op.create_index(op.f('ix_process_start_court_id_kind_name'), 'process_start', ['court_id', 'kind', 'name'], unique=False)
    op.create_index('ix_process_start_due', 'process_start', ['due_at'], unique=False, postgresql_where=sa.text('due_at IS NOT NULL'))
    op.create_table('receipt',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('digest', sa.LargeBinary(), nullable=False),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('reference', sa.Text(), nullable=True),
    sa.Column('job_id', sa.Uuid(), nullable=True),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('available_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('new', 'unmatched', 'done', 'late', 'unreadable', 'failed')", name=op.f('ck_receipt_state')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_receipt')),
    sa.UniqueConstraint('court_id', 'channel', 'digest', name=op.f('uq_receipt_court_id_channel_digest')),
    postgresql_with={'fillfactor': 85}
    )
    op.create_index('ix_receipt_available', 'receipt', ['available_at'], unique=False, postgresql_where=sa.text("state IN ('new', 'unmatched')"))
    op.create_index('ix_receipt_unmatched', 'receipt', ['court_id', 'channel', 'reference'], unique=False, postgresql_where=sa.text("state = 'unmatched'"))
    op.create_table('case_involvement',
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recused_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['court_id'], ['court.id'], name=op.f('fk_case_involvement_court_id')),
    sa.PrimaryKeyConstraint('case_id', 'user_id', name=op.f('pk_case_involvement'))
    )
    op.create_index(op.f('ix_case_involvement_court_id_user_id_case_id'), 'case_involvement', ['court_id', 'user_id', 'case_id'], unique=False)
    op.create_table('matter_type',
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('group', sa.Text(), nullable=False),
    sa.Column('stages', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('documents', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('opens_in', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.ForeignKeyConstraint(['court_id'], ['court.id'], name=op.f('fk_matter_type_court_id')),
    sa.PrimaryKeyConstraint('court_id', 'key', name=op.f('pk_matter_type'))
    )
    op.create_table('process_instance',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('definition_id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=True),
    sa.Column('stage', sa.Text(), nullable=True),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('audit_number', sa.BigInteger(), nullable=False),
    sa.Column('audit_hash', sa.LargeBinary(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('running', 'incident', 'suspended', 'ended', 'cancelled')", name=op.f('ck_process_instance_state')),
    sa.ForeignKeyConstraint(['definition_id'], ['process_definition.id'], name=op.f('fk_process_instance_definition_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_process_instance')),
    postgresql_with={'fillfactor': 70}
    )
    op.create_index(op.f('ix_process_instance_court_id_case_id'), 'process_instance', ['court_id', 'case_id'], unique=False)
    op.create_index('ix_process_instance_court_open', 'process_instance', ['court_id', 'id'], unique=False, postgresql_where=sa.text("state IN ('running', 'incident', 'suspended')"))
    op.create_index('ix_process_instance_open', 'process_instance', ['court_id', 'key', 'id'], unique=False, postgresql_where=sa.text("state IN ('running', 'incident', 'suspended')"))
    op.create_table('shared_file',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('path', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('digest', sa.Text(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('author', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('deployed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['court_id'], ['court.id'], name=op.f('fk_shared_file_court_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shared_file')),
    sa.UniqueConstraint('court_id', 'path', 'version', name=op.f('uq_shared_file_court_id_path_version'))
    )
    op.create_table('user_account',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('login', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('phone', sa.Text(), server_default='', nullable=False),
    sa.Column('team', sa.Text(), nullable=True),
    sa.Column('password_hash', sa.Text(), nullable=False),
    sa.Column('active', sa.Boolean(), server_default='true', nullable=False),
    sa.Column('failed_attempts', sa.Integer(), server_default='0', nullable=False),
    sa.Column('closed_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('must_change_password', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('last_sign_in_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['court_id'], ['court.id'], name=op.f('fk_user_account_court_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_user_account')),
    sa.UniqueConstraint('court_id', 'login', name=op.f('uq_user_account_court_id_login'))
    )
    op.create_index(op.f('ix_user_account_court_id_team'), 'user_account', ['court_id', 'team'], unique=False)
    op.create_table('court_case',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('case_no', sa.Text(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('case_type', sa.Text(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('filed_on', sa.Date(), nullable=False),
    sa.Column('cause', sa.Text(), nullable=False),
    sa.Column('title_no', sa.Text(), nullable=False),
    sa.Column('title_name', sa.Text(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('remark', sa.Text(), nullable=False),
    sa.Column('tags', postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('owner_id', sa.Uuid(), nullable=True),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('accepted_by', sa.Uuid(), nullable=True),
    sa.Column('instance_id', sa.Uuid(), nullable=True),
    sa.Column('entry_reason', sa.Text(), server_default='', nullable=False),
    sa.Column('stage', sa.Text(), nullable=True),
    sa.Column('stage_entry_id', sa.Uuid(), nullable=True),
    sa.Column('stage_entered_on', sa.Date(), nullable=True),
    sa.Column('handler_id', sa.Uuid(), nullable=True),
    sa.Column('stage_due_on', sa.Date(), nullable=True),
    sa.Column('stage_due_tentative', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('stage_earliest_on', sa.Date(), nullable=True),
    sa.Column('stage_paused_on', sa.Date(), nullable=True),
    sa.Column('stage_days_left', sa.Integer(), nullable=True),
    sa.Column('closing_path', sa.Text(), nullable=True),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('closing_method', sa.Text(), nullable=True),
    sa.Column('touched_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('name_bigrams', postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    sa.CheckConstraint("status IN ('pending_acceptance', 'unsegmented', 'in_stage', 'suspended', 'stayed', 'closed', 'archived')", name=op.f('ck_court_case_status')),
    sa.ForeignKeyConstraint(['accepted_by'], ['user_account.id'], name=op.f('fk_court_case_accepted_by')),
    sa.ForeignKeyConstraint(['court_id'], ['court.id'], name=op.f('fk_court_case_court_id')),
    sa.ForeignKeyConstraint(['handler_id'], ['user_account.id'], name=op.f('fk_court_case_handler_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['user_account.id'], name=op.f('fk_court_case_owner_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_court_case')),
    sa.UniqueConstraint('court_id', 'case_no', name=op.f('uq_court_case_court_id_case_no'))
    )
    op.create_index('ix_court_case_filed', 'court_case', ['court_id', 'filed_on', 'id'], unique=False)
    op.create_index('ix_court_case_handler', 'court_case', ['court_id', 'handler_id', 'stage', 'stage_due_on', 'id'], unique=False)
    op.create_index('ix_court_case_names', 'court_case', ['name_bigrams'], unique=False, postgresql_using='gin')
    op.create_index('ix_court_case_number', 'court_case', ['court_id', 'number'], unique=False)
    op.create_index('ix_court_case_stage', 'court_case', ['court_id', 'stage', 'stage_due_on', 'id'], unique=False)
    op.create_index('ix_court_case_status', 'court_case', ['court_id', 'status', 'filed_on', 'id'], unique=False)
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
    sa.CheckConstraint("decided_by IS NULL OR state = 'withdrawn' OR decided_by <> requested_by", name=op.f('ck_deploy_request_two_people')),
    sa.CheckConstraint("state IN ('open', 'deployed', 'returned', 'withdrawn')", name=op.f('ck_deploy_request_state')),
    sa.ForeignKeyConstraint(['asked'], ['user_account.id'], name=op.f('fk_deploy_request_asked')),
    sa.ForeignKeyConstraint(['court_id'], ['court.id'], name=op.f('fk_deploy_request_court_id')),
    sa.ForeignKeyConstraint(['decided_by'], ['user_account.id'], name=op.f('fk_deploy_request_decided_by')),
    sa.ForeignKeyConstraint(['requested_by'], ['user_account.id'], name=op.f('fk_deploy_request_requested_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deploy_request'))
    )
    op.create_index(op.f('ix_deploy_request_court_id_subject_requested_at'), 'deploy_request', ['court_id', 'subject', 'requested_at'], unique=False)
    op.create_index('ix_deploy_request_open', 'deploy_request', ['court_id', 'subject'], unique=True, postgresql_where=sa.text("state = 'open'"))
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
    op.create_table('incident',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('instance_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=True),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('element', sa.Text(), nullable=False),
    sa.Column('token', sa.Uuid(), nullable=True),
    sa.Column('job_id', sa.Uuid(), nullable=True),
    sa.Column('error', sa.Text(), nullable=False),
    sa.Column('message', sa.Text(), nullable=False),
    sa.Column('traceback', sa.Text(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_by_id', sa.Uuid(), nullable=True),
    sa.Column('closed_by', sa.Text(), nullable=True),
    sa.Column('resolution', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['instance_id'], ['process_instance.id'], name=op.f('fk_incident_instance_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_incident'))
    )
    op.create_index('ix_incident_instance_open', 'incident', ['instance_id'], unique=False, postgresql_where=sa.text('closed_at IS NULL'))
    op.create_index('ix_incident_open', 'incident', ['court_id', 'opened_at', 'id'], unique=False, postgresql_where=sa.text('closed_at IS NULL'))
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
    op.create_table('job',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('instance_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=True),
    sa.Column('token', sa.Uuid(), nullable=False),
    sa.Column('element', sa.Text(), nullable=False),
    sa.Column('operation', sa.Text(), nullable=False),
    sa.Column('params', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('attempt', sa.Integer(), nullable=False),
    sa.Column('redo_of', sa.Uuid(), nullable=True),
    sa.Column('ending', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('channel', sa.Text(), nullable=True),
    sa.Column('reference', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('available_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('ready', 'running', 'waiting', 'held', 'failed')", name=op.f('ck_job_state')),
    sa.ForeignKeyConstraint(['instance_id'], ['process_instance.id'], name=op.f('fk_job_instance_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job')),
    postgresql_with={'fillfactor': 70}
    )
    op.create_index('ix_job_available', 'job', ['available_at'], unique=False, postgresql_where=sa.text("state IN ('ready', 'running')"))
    op.create_index(op.f('ix_job_instance_id'), 'job', ['instance_id'], unique=False)
    op.create_index('uq_job_waiting_reference', 'job', ['court_id', 'channel', 'reference'], unique=True, postgresql_where=sa.text("state = 'waiting'"))
    op.create_table('process_state',
    sa.Column('instance_id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('blob', sa.LargeBinary(), nullable=False),
    sa.Column('checksum', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['instance_id'], ['process_instance.id'], name=op.f('fk_process_state_instance_id')),
    sa.PrimaryKeyConstraint('instance_id', name=op.f('pk_process_state')),
    postgresql_with={'fillfactor': 50}
    )
    op.create_table('subscription',
    sa.Column('instance_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=True),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['instance_id'], ['process_instance.id'], name=op.f('fk_subscription_instance_id')),
    sa.PrimaryKeyConstraint('instance_id', 'kind', 'name', name=op.f('pk_subscription'))
    )
    op.create_index(op.f('ix_subscription_court_id_case_id_kind_name'), 'subscription', ['court_id', 'case_id', 'kind', 'name'], unique=False)
    op.create_table('substitution',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('office', sa.Text(), nullable=False),
    sa.Column('replaced_id', sa.Uuid(), nullable=False),
    sa.Column('substitute_id', sa.Uuid(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('documents', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('authority', sa.Text(), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('entered_by', sa.Uuid(), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_by', sa.Uuid(), nullable=True),
    sa.Column('revoked_reason', sa.Text(), nullable=True),
    sa.CheckConstraint('replaced_id <> substitute_id', name=op.f('ck_substitution_persons')),
    sa.CheckConstraint('starts_on <= ends_on', name=op.f('ck_substitution_days')),
    sa.ForeignKeyConstraint(['court_id'], ['court.id'], name=op.f('fk_substitution_court_id')),
    sa.ForeignKeyConstraint(['entered_by'], ['user_account.id'], name=op.f('fk_substitution_entered_by')),
    sa.ForeignKeyConstraint(['replaced_id'], ['user_account.id'], name=op.f('fk_substitution_replaced_id')),
    sa.ForeignKeyConstraint(['revoked_by'], ['user_account.id'], name=op.f('fk_substitution_revoked_by')),
    sa.ForeignKeyConstraint(['substitute_id'], ['user_account.id'], name=op.f('fk_substitution_substitute_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_substitution'))
    )
    op.create_index(op.f('ix_substitution_court_id_ends_on_id'), 'substitution', ['court_id', 'ends_on', 'id'], unique=False)
    op.create_table('timer',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('instance_id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('element', sa.Text(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('left', sa.Interval(), nullable=True),
    sa.Column('held_by', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['instance_id'], ['process_instance.id'], name=op.f('fk_timer_instance_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_timer')),
    sa.UniqueConstraint('instance_id', 'key', 'court_id', name=op.f('uq_timer_instance_id_key_court_id')),
    postgresql_with={'fillfactor': 85}
    )
    op.create_index('ix_timer_due', 'timer', ['due_at'], unique=False, postgresql_where=sa.text('due_at IS NOT NULL'))
    op.create_table('user_role',
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('role', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['court_id'], ['court.id'], name=op.f('fk_user_role_court_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_user_role_user_id')),
    sa.PrimaryKeyConstraint('user_id', 'role', name=op.f('pk_user_role'))
    )
    op.create_index(op.f('ix_user_role_court_id_role'), 'user_role', ['court_id', 'role'], unique=False)
    op.create_table('user_task',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('instance_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=True),
    sa.Column('token', sa.Uuid(), nullable=False),
    sa.Column('matter', sa.Text(), nullable=False),
    sa.Column('stage', sa.Text(), nullable=True),
    sa.Column('element', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('role', sa.Text(), nullable=True),
    sa.Column('scope', sa.Text(), nullable=False),
    sa.Column('team', sa.Text(), nullable=True),
    sa.Column('screen', sa.Text(), nullable=True),
    sa.Column('form', sa.Text(), nullable=True),
    sa.Column('assignee', sa.Uuid(), nullable=True),
    sa.Column('assignee_name', sa.Text(), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('priority', sa.SmallInteger(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('local', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.Column('draft', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_by_id', sa.Uuid(), nullable=True),
    sa.Column('closed_by', sa.Text(), nullable=True),
    sa.CheckConstraint("state IN ('open', 'completed', 'withdrawn')", name=op.f('ck_user_task_state')),
    sa.ForeignKeyConstraint(['instance_id'], ['process_instance.id'], name=op.f('fk_user_task_instance_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_user_task')),
    postgresql_with={'fillfactor': 85}
    )
    op.create_index('ix_user_task_assignee_open', 'user_task', ['court_id', 'assignee', 'due_at', 'id'], unique=False, postgresql_where=sa.text("state = 'open'"))
    op.create_index('ix_user_task_case_open', 'user_task', ['case_id', 'element'], unique=False, postgresql_where=sa.text("state = 'open'"))
    op.create_index(op.f('ix_user_task_court_id_case_id_opened_at'), 'user_task', ['court_id', 'case_id', 'opened_at'], unique=False)
    op.create_index(op.f('ix_user_task_court_id_closed_by_id_closed_at'), 'user_task', ['court_id', 'closed_by_id', 'closed_at'], unique=False)
    op.create_index('ix_user_task_element_completed', 'user_task', ['court_id', 'matter', 'element', 'closed_at'], unique=False, postgresql_where=sa.text("state = 'completed'"))
    op.create_index('ix_user_task_instance_open', 'user_task', ['instance_id'], unique=False, postgresql_where=sa.text("state = 'open'"))
    op.create_index('ix_user_task_role_open', 'user_task', ['court_id', 'role', 'due_at', 'id'], unique=False, postgresql_where=sa.text("state = 'open'"))
    op.create_table('web_session',
    sa.Column('token_hash', sa.LargeBinary(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['court_id'], ['court.id'], name=op.f('fk_web_session_court_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_web_session_user_id')),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_web_session'))
    )
    op.create_index(op.f('ix_web_session_court_id_user_id'), 'web_session', ['court_id', 'user_id'], unique=False)
    op.create_table('batch',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('requested_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('requested_by', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['court_case.id'], name=op.f('fk_batch_case_id')),
    sa.ForeignKeyConstraint(['court_id'], ['court.id'], name=op.f('fk_batch_court_id')),
    sa.ForeignKeyConstraint(['requested_by'], ['user_account.id'], name=op.f('fk_batch_requested_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_batch')),
    sa.UniqueConstraint('court_id', 'key', name=op.f('uq_batch_court_id_key'))
    )
    op.create_index(op.f('ix_batch_court_id_case_id_id'), 'batch', ['court_id', 'case_id', 'id'], unique=False)
    op.create_table('collegial_panel',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('member_ids', postgresql.ARRAY(sa.Uuid()), nullable=False),
    sa.Column('presiding_id', sa.Uuid(), nullable=False),
    sa.Column('composed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('composed_by', sa.Uuid(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['court_case.id'], name=op.f('fk_collegial_panel_case_id')),
    sa.ForeignKeyConstraint(['composed_by'], ['user_account.id'], name=op.f('fk_collegial_panel_composed_by')),
    sa.ForeignKeyConstraint(['court_id'], ['court.id'], name=op.f('fk_collegial_panel_court_id')),
    sa.ForeignKeyConstraint(['presiding_id'], ['user_account.id'], name=op.f('fk_collegial_panel_presiding_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_collegial_panel'))
    )
    op.create_index(op.f('ix_collegial_panel_court_id_case_id_id'), 'collegial_panel', ['court_id', 'case_id', 'id'], unique=False)
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
    op.create_table('dossier_item',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('document_id', sa.Uuid(), nullable=True),
    sa.Column('matter_id', sa.Uuid(), nullable=True),
    sa.Column('stage_entry_id', sa.Uuid(), nullable=True),
    sa.Column('volume', sa.Text(), nullable=False),
    sa.Column('item', sa.SmallInteger(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('blob', sa.Text(), nullable=False),
    sa.Column('media_type', sa.Text(), nullable=False),
    sa.Column('pages', sa.Integer(), nullable=False),
    sa.Column('superseded', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('added_by', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['added_by'], ['user_account.id'], name=op.f('fk_dossier_item_added_by')),
    sa.ForeignKeyConstraint(['case_id'], ['court_case.id'], name=op.f('fk_dossier_item_case_id')),
    sa.ForeignKeyConstraint(['court_id'], ['court.id'], name=op.f('fk_dossier_item_court_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dossier_item'))
    )
    op.create_index(op.f('ix_dossier_item_court_id_case_id_volume_item_id'), 'dossier_item', ['court_id', 'case_id', 'volume', 'item', 'id'], unique=False)
    op.create_table('fund_entry',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('reference', sa.Text(), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('amount <> 0', name=op.f('ck_fund_entry_amount')),
    sa.ForeignKeyConstraint(['case_id'], ['court_case.id'], name=op.f('fk_fund_entry_case_id')),
    sa.ForeignKeyConstraint(['court_id'], ['court.id'], name=op.f('fk_fund_entry_court_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fund_entry'))
    )
    op.create_index(op.f('ix_fund_entry_court_id_case_id_on'), 'fund_entry', ['court_id', 'case_id', 'on'], unique=False)
    op.create_table('fund_receipt',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('reference', sa.Text(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('arrived_on', sa.Date(), nullable=False),
    sa.Column('payer', sa.Text(), nullable=False),
    sa.Column('purpose', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('noticed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('claimed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('unclaimed', 'claimed', 'disowned')", name=op.f('ck_fund_receipt_state')),
    sa.CheckConstraint('amount > 0', name=op.f('ck_fund_receipt_amount')),
    sa.ForeignKeyConstraint(['case_id'], ['court_case.id'], name=op.f('fk_fund_receipt_case_id')),
    sa.ForeignKeyConstraint(['court_id'], ['court.id'], name=op.f('fk_fund_receipt_court_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fund_receipt')),
    sa.UniqueConstraint('court_id', 'reference', name=op.f('uq_fund_receipt_court_id_reference'))
    )
    op.create_index(op.f('ix_fund_receipt_court_id_case_id_arrived_on'), 'fund_receipt', ['court_id', 'case_id', 'arrived_on'], unique=False)
    op.create_table('level_watch',
    sa.Column('task_id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('step', sa.Text(), nullable=False),
    sa.Column('next_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['court_id'], ['court.id'], name=op.f('fk_level_watch_court_id')),
    sa.ForeignKeyConstraint(['task_id'], ['user_task.id'], name=op.f('fk_level_watch_task_id')),
    sa.PrimaryKeyConstraint('task_id', name=op.f('pk_level_watch'))
    )
    op.create_index('ix_level_watch_next', 'level_watch', ['next_at'], unique=False, postgresql_where=sa.text('next_at IS NOT NULL'))
    op.create_table('notice',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=True),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('link', sa.Text(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['court_case.id'], name=op.f('fk_notice_case_id')),
    sa.ForeignKeyConstraint(['court_id'], ['court.id'], name=op.f('fk_notice_court_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_notice_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice'))
    )
    op.create_index(op.f('ix_notice_court_id_user_id_id'), 'notice', ['court_id', 'user_id', 'id'], unique=False)
    op.create_index('ix_notice_unread', 'notice', ['court_id', 'user_id', 'id'], unique=False, postgresql_where=sa.text('read_at IS NULL'))
    op.create_table('party',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('id_number', sa.Text(), nullable=False),
    sa.Column('phone', sa.Text(), nullable=False),
    sa.Column('e_address', sa.Text(), nullable=False),
    sa.Column('e_consent', sa.Boolean(), nullable=False),
    sa.Column('address', sa.Text(), nullable=False),
    sa.Column('legal_representative', sa.Text(), server_default='', nullable=False),
    sa.Column('is_abroad', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('confirmed_on', sa.Date(), nullable=True),
    sa.Column('joined_on', sa.Date(), nullable=True),
    sa.Column('basis', sa.Text(), server_default='', nullable=False),
    sa.Column('left_on', sa.Date(), nullable=True),
    sa.Column('left_reason', sa.Text(), server_default='', nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['court_case.id'], name=op.f('fk_party_case_id')),
    sa.ForeignKeyConstraint(['court_id'], ['court.id'], name=op.f('fk_party_court_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_party'))
    )
    op.create_index(op.f('ix_party_court_id_case_id'), 'party', ['court_id', 'case_id'], unique=False)
    op.create_index(op.f('ix_party_court_id_id_number'), 'party', ['court_id', 'id_number'], unique=False)
    op.create_table('recusal',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('ground', sa.Text(), nullable=False),
    sa.Column('ground_text', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('decided_by', sa.Text(), nullable=False),
    sa.Column('decision_no', sa.Text(), nullable=False),
    sa.Column('decided_on', sa.Date(), nullable=False),
    sa.Column('entered_by', sa.Uuid(), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('involved_as', sa.Text(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by', sa.Uuid(), nullable=True),
    sa.Column('ended_reason', sa.Text(), server_default='', nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['court_case.id'], name=op.f('fk_recusal_case_id')),
    sa.ForeignKeyConstraint(['court_id'], ['court.id'], name=op.f('fk_recusal_court_id')),
    sa.ForeignKeyConstraint(['ended_by'], ['user_account.id'], name=op.f('fk_recusal_ended_by')),
    sa.ForeignKeyConstraint(['entered_by'], ['user_account.id'], name=op.f('fk_recusal_entered_by')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_recusal_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recusal'))
    )
    op.create_index(op.f('ix_recusal_court_id_case_id_id'), 'recusal', ['court_id', 'case_id', 'id'], unique=False)
    op.create_index('uq_recusal_live', 'recusal', ['case_id', 'user_id'], unique=True, postgresql_where=sa.text('ended_at IS NULL'))
    op.create_table('remark',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('author_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['user_account.id'], name=op.f('fk_remark_author_id')),
    sa.ForeignKeyConstraint(['case_id'], ['court_case.id'], name=op.f('fk_remark_case_id')),
    sa.ForeignKeyConstraint(['court_id'], ['court.id'], name=op.f('fk_remark_court_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_remark'))
    )
    op.create_index(op.f('ix_remark_court_id_case_id_subject_id'), 'remark', ['court_id', 'case_id', 'subject_id'], unique=False)
    op.create_table('reminder',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('task_id', sa.Uuid(), nullable=False),
    sa.Column('reminded_by', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['court_case.id'], name=op.f('fk_reminder_case_id')),
    sa.ForeignKeyConstraint(['court_id'], ['court.id'], name=op.f('fk_reminder_court_id')),
    sa.ForeignKeyConstraint(['reminded_by'], ['user_account.id'], name=op.f('fk_reminder_reminded_by')),
    sa.ForeignKeyConstraint(['task_id'], ['user_task.id'], name=op.f('fk_reminder_task_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reminder'))
    )
    op.create_index(op.f('ix_reminder_court_id_task_id_at'), 'reminder', ['court_id', 'task_id', 'at'], unique=False)
    op.create_table('stage_entry',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('stage', sa.Text(), nullable=False),
    sa.Column('number', sa.SmallInteger(), nullable=False),
    sa.Column('entered_on', sa.Date(), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('length', sa.Text(), nullable=False),
    sa.Column('handler_id', sa.Uuid(), nullable=True),
    sa.Column('handler_reason', sa.Text(), nullable=False),
    sa.Column('is_return', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('left_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('state', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['court_case.id'], name=op.f('fk_stage_entry_case_id')),
    sa.ForeignKeyConstraint(['court_id'], ['court.id'], name=op.f('fk_stage_entry_court_id')),
    sa.ForeignKeyConstraint(['handler_id'], ['user_account.id'], name=op.f('fk_stage_entry_handler_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stage_entry'))
    )
    op.create_index(op.f('ix_stage_entry_court_id_case_id_number'), 'stage_entry', ['court_id', 'case_id', 'number'], unique=False)
    op.create_index('uq_stage_entry_open', 'stage_entry', ['case_id'], unique=True, postgresql_where=sa.text("state = 'open'"))
    op.create_table('asset',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('owner_id', sa.Uuid(), nullable=True),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('institution', sa.Text(), server_default='', nullable=False),
    sa.Column('number', sa.Text(), server_default='', nullable=False),
    sa.Column('value', sa.BigInteger(), nullable=True),
    sa.Column('disposition', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['court_case.id'], name=op.f('fk_asset_case_id')),
    sa.ForeignKeyConstraint(['court_id'], ['court.id'], name=op.f('fk_asset_court_id')),
    sa.ForeignKeyConstraint(['created_by'], ['user_account.id'], name=op.f('fk_asset_created_by')),
    sa.ForeignKeyConstraint(['owner_id'], ['party.id'], name=op.f('fk_asset_owner_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_asset'))
    )
    op.create_index(op.f('ix_asset_court_id_case_id'), 'asset', ['court_id', 'case_id'], unique=False)
    op.create_table('matter',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('type_key', sa.Text(), nullable=False),
    sa.Column('stage_entry_id', sa.Uuid(), nullable=False),
    sa.Column('instance_id', sa.Uuid(), nullable=True),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('opened_by', sa.Uuid(), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('open', 'done', 'cancelled')", name=op.f('ck_matter_state')),
    sa.ForeignKeyConstraint(['case_id'], ['court_case.id'], name=op.f('fk_matter_case_id')),
    sa.ForeignKeyConstraint(['court_id'], ['court.id'], name=op.f('fk_matter_court_id')),
    sa.ForeignKeyConstraint(['opened_by'], ['user_account.id'], name=op.f('fk_matter_opened_by')),
    sa.ForeignKeyConstraint(['stage_entry_id'], ['stage_entry.id'], name=op.f('fk_matter_stage_entry_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_matter'))
    )
    op.create_index(op.f('ix_matter_court_id_case_id_opened_at'), 'matter', ['court_id', 'case_id', 'opened_at'], unique=False)
    op.create_table('stage_pause',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('entry_id', sa.Uuid(), nullable=False),
    sa.Column('cause', sa.Text(), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('to_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['court_case.id'], name=op.f('fk_stage_pause_case_id')),
    sa.ForeignKeyConstraint(['court_id'], ['court.id'], name=op.f('fk_stage_pause_court_id')),
    sa.ForeignKeyConstraint(['entry_id'], ['stage_entry.id'], name=op.f('fk_stage_pause_entry_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stage_pause'))
    )
    op.create_index(op.f('ix_stage_pause_court_id_entry_id'), 'stage_pause', ['court_id', 'entry_id'], unique=False)
    op.create_table('transfer_sheet',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('stage_entry_id', sa.Uuid(), nullable=False),
    sa.Column('stage', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('other_text', sa.Text(), nullable=False),
    sa.Column('follow_up', sa.Text(), nullable=True),
    sa.Column('follow_up_items', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('has_auction', sa.Boolean(), nullable=True),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('saved_by', sa.Uuid(), nullable=True),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('submitted_by', sa.Uuid(), nullable=True),
    sa.Column('decision', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.CheckConstraint("state IN ('draft', 'submitted', 'refused')", name=op.f('ck_transfer_sheet_state')),
    sa.ForeignKeyConstraint(['case_id'], ['court_case.id'], name=op.f('fk_transfer_sheet_case_id')),
    sa.ForeignKeyConstraint(['court_id'], ['court.id'], name=op.f('fk_transfer_sheet_court_id')),
    sa.ForeignKeyConstraint(['saved_by'], ['user_account.id'], name=op.f('fk_transfer_sheet_saved_by')),
    sa.ForeignKeyConstraint(['stage_entry_id'], ['stage_entry.id'], name=op.f('fk_transfer_sheet_stage_entry_id')),
    sa.ForeignKeyConstraint(['submitted_by'], ['user_account.id'], name=op.f('fk_transfer_sheet_submitted_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_transfer_sheet')),
    sa.UniqueConstraint('stage_entry_id', name=op.f('uq_transfer_sheet_stage_entry_id'))
    )
    op.create_index(op.f('ix_transfer_sheet_court_id_case_id_id'), 'transfer_sheet', ['court_id', 'case_id', 'id'], unique=False)
    op.create_table('coercive_measure',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('party_id', sa.Uuid(), nullable=False),
    sa.Column('matter_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("state IN ('live', 'ended', 'not_taken')", name=op.f('ck_coercive_measure_state')),
    sa.ForeignKeyConstraint(['case_id'], ['court_case.id'], name=op.f('fk_coercive_measure_case_id')),
    sa.ForeignKeyConstraint(['court_id'], ['court.id'], name=op.f('fk_coercive_measure_court_id')),
    sa.ForeignKeyConstraint(['matter_id'], ['matter.id'], name=op.f('fk_coercive_measure_matter_id')),
    sa.ForeignKeyConstraint(['party_id'], ['party.id'], name=op.f('fk_coercive_measure_party_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_coercive_measure'))
    )
    op.create_index(op.f('ix_coercive_measure_court_id_case_id_id'), 'coercive_measure', ['court_id', 'case_id', 'id'], unique=False)
    op.create_index(op.f('ix_coercive_measure_court_id_ends_on'), 'coercive_measure', ['court_id', 'ends_on'], unique=False)
    op.create_table('debt_sheet',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('matter_id', sa.Uuid(), nullable=False),
    sa.Column('until', sa.Date(), nullable=False),
    sa.Column('due', sa.BigInteger(), nullable=False),
    sa.Column('fee', sa.BigInteger(), nullable=False),
    sa.Column('detail', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("state IN ('draft', 'final')", name=op.f('ck_debt_sheet_state')),
    sa.ForeignKeyConstraint(['case_id'], ['court_case.id'], name=op.f('fk_debt_sheet_case_id')),
    sa.ForeignKeyConstraint(['court_id'], ['court.id'], name=op.f('fk_debt_sheet_court_id')),
    sa.ForeignKeyConstraint(['matter_id'], ['matter.id'], name=op.f('fk_debt_sheet_matter_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_debt_sheet'))
    )
    op.create_index(op.f('ix_debt_sheet_court_id_case_id_id'), 'debt_sheet', ['court_id', 'case_id', 'id'], unique=False)
    op.create_table('document',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('matter_id', sa.Uuid(), nullable=False),
    sa.Column('stage_entry_id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('volume', sa.Text(), nullable=False),
    sa.Column('item', sa.SmallInteger(), nullable=False),
    sa.Column('recipients', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('chain', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('mark', sa.Text(), nullable=False),
    sa.Column('facts', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('content_hash', sa.Text(), nullable=False),
    sa.Column('template', sa.Text(), nullable=False),
    sa.Column('instance_id', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.Uuid(), nullable=True),
    sa.Column('touched_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('problem', sa.Text(), server_default='', nullable=False),
    sa.Column('signed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('signed_by', sa.Uuid(), nullable=True),
    sa.Column('blob', sa.Text(), nullable=True),
    sa.Column('pages', sa.Integer(), nullable=True),
    sa.CheckConstraint("(state = 'signed') = (blob IS NOT NULL)", name=op.f('ck_document_signed_has_blob')),
    sa.CheckConstraint("state IN ('draft', 'in_approval', 'returned', 'approved', 'rejected', 'signed', 'void')", name=op.f('ck_document_state')),
    sa.ForeignKeyConstraint(['case_id'], ['court_case.id'], name=op.f('fk_document_case_id')),
    sa.ForeignKeyConstraint(['court_id'], ['court.id'], name=op.f('fk_document_court_id')),
    sa.ForeignKeyConstraint(['created_by'], ['user_account.id'], name=op.f('fk_document_created_by')),
    sa.ForeignKeyConstraint(['matter_id'], ['matter.id'], name=op.f('fk_document_matter_id')),
    sa.ForeignKeyConstraint(['signed_by'], ['user_account.id'], name=op.f('fk_document_signed_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_document'))
    )
    op.create_index(op.f('ix_document_court_id_case_id_id'), 'document', ['court_id', 'case_id', 'id'], unique=False)
    op.create_index('ix_document_unsigned', 'document', ['court_id', 'case_id'], unique=False, postgresql_where=sa.text("state <> 'signed'"))
    op.create_table('field_task',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('matter_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('place', sa.Text(), nullable=False),
    sa.Column('target', sa.Text(), nullable=False),
    sa.Column('request', sa.Text(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('assignee_id', sa.Uuid(), nullable=True),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('assigned_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('assigned_by', sa.Uuid(), nullable=False),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('result', sa.Text(), server_default='', nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_by', sa.Uuid(), nullable=True),
    sa.Column('withdrawal_reason', sa.Text(), server_default='', nullable=False),
    sa.Column('awaited', sa.Boolean(), server_default='false', nullable=False),
    sa.CheckConstraint("state IN ('assigned', 'accepted', 'done', 'withdrawn')", name=op.f('ck_field_task_state')),
    sa.ForeignKeyConstraint(['assigned_by'], ['user_account.id'], name=op.f('fk_field_task_assigned_by')),
    sa.ForeignKeyConstraint(['assignee_id'], ['user_account.id'], name=op.f('fk_field_task_assignee_id')),
    sa.ForeignKeyConstraint(['case_id'], ['court_case.id'], name=op.f('fk_field_task_case_id')),
    sa.ForeignKeyConstraint(['court_id'], ['court.id'], name=op.f('fk_field_task_court_id')),
    sa.ForeignKeyConstraint(['matter_id'], ['matter.id'], name=op.f('fk_field_task_matter_id')),
    sa.ForeignKeyConstraint(['withdrawn_by'], ['user_account.id'], name=op.f('fk_field_task_withdrawn_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_field_task'))
    )
    op.create_index('ix_field_task_assignee', 'field_task', ['court_id', 'assignee_id', 'id'], unique=False)
    op.create_index(op.f('ix_field_task_court_id_case_id_id'), 'field_task', ['court_id', 'case_id', 'id'], unique=False)
    op.create_index('ix_field_task_open', 'field_task', ['court_id', 'due_on', 'id'], unique=False, postgresql_where=sa.text("state IN ('assigned', 'accepted')"))
    op.create_table('measure',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('asset_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('rank', sa.SmallInteger(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=True),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('reference', sa.Text(), server_default='', nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['asset_id'], ['asset.id'], name=op.f('fk_measure_asset_id')),
    sa.ForeignKeyConstraint(['case_id'], ['court_case.id'], name=op.f('fk_measure_case_id')),
    sa.ForeignKeyConstraint(['court_id'], ['court.id'], name=op.f('fk_measure_court_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_measure'))
    )
    op.create_index(op.f('ix_measure_court_id_case_id'), 'measure', ['court_id', 'case_id'], unique=False)
    op.create_index('ix_measure_ends', 'measure', ['court_id', 'ends_on'], unique=False)
    op.create_table('property_query',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('party_id', sa.Uuid(), nullable=False),
    sa.Column('matter_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('found', sa.Integer(), nullable=False),
    sa.Column('reference', sa.Text(), server_default='', nullable=False),
    sa.Column('reason', sa.Text(), server_default='', nullable=False),
    sa.CheckConstraint("state IN ('asked', 'answered', 'overridden')", name=op.f('ck_property_query_state')),
    sa.ForeignKeyConstraint(['case_id'], ['court_case.id'], name=op.f('fk_property_query_case_id')),
    sa.ForeignKeyConstraint(['court_id'], ['court.id'], name=op.f('fk_property_query_court_id')),
    sa.ForeignKeyConstraint(['matter_id'], ['matter.id'], name=op.f('fk_property_query_matter_id')),
    sa.ForeignKeyConstraint(['party_id'], ['party.id'], name=op.f('fk_property_query_party_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_property_query'))
    )
    op.create_index(op.f('ix_property_query_court_id_case_id_id'), 'property_query', ['court_id', 'case_id', 'id'], unique=False)
    op.create_table('transfer_note',
    sa.Column('sheet_id', sa.Uuid(), nullable=False),
    sa.Column('matter_key', sa.Text(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('found', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('seen', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('typed', sa.Boolean(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['court_id'], ['court.id'], name=op.f('fk_transfer_note_court_id')),
    sa.ForeignKeyConstraint(['sheet_id'], ['transfer_sheet.id'], name=op.f('fk_transfer_note_sheet_id')),
    sa.PrimaryKeyConstraint('sheet_id', 'matter_key', name=op.f('pk_transfer_note'))
    )
    op.create_table('approval',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('document_id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.SmallInteger(), nullable=False),
    sa.Column('content_hash', sa.Text(), nullable=False),
    sa.Column('chain', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('mark', sa.Text(), nullable=False),
    sa.Column('opinion', sa.Text(), server_default='', nullable=False),
    sa.Column('rules', sa.Text(), nullable=False),
    sa.Column('level', sa.SmallInteger(), nullable=False),
    sa.Column('round', sa.SmallInteger(), nullable=False),
    sa.Column('first_level', sa.SmallInteger(), server_default='0', nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('reopening', sa.Text(), nullable=True),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('submitted_by', sa.Uuid(), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('running', 'approved', 'returned', 'rejected', 'withdrawn', 'cancelled')", name=op.f('ck_approval_state')),
    sa.ForeignKeyConstraint(['case_id'], ['court_case.id'], name=op.f('fk_approval_case_id')),
    sa.ForeignKeyConstraint(['court_id'], ['court.id'], name=op.f('fk_approval_court_id')),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_approval_document_id')),
    sa.ForeignKeyConstraint(['submitted_by'], ['user_account.id'], name=op.f('fk_approval_submitted_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_approval'))
    )
    op.create_index(op.f('ix_approval_court_id_case_id_id'), 'approval', ['court_id', 'case_id', 'id'], unique=False)
    op.create_index('uq_approval_running', 'approval', ['document_id'], unique=True, postgresql_where=sa.text("state = 'running'"))
    op.create_table('batch_item',
    sa.Column('batch_id', sa.Uuid(), nullable=False),
    sa.Column('document_id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('party_ids', postgresql.ARRAY(sa.Uuid()), nullable=False),
    sa.Column('refusal', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['batch.id'], name=op.f('fk_batch_item_batch_id')),
    sa.ForeignKeyConstraint(['court_id'], ['court.id'], name=op.f('fk_batch_item_court_id')),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_batch_item_document_id')),
    sa.PrimaryKeyConstraint('batch_id', 'document_id', name=op.f('pk_batch_item'))
    )
    op.create_table('circulation',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('document_id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.SmallInteger(), nullable=False),
    sa.Column('reader_id', sa.Uuid(), nullable=False),
    sa.Column('sent_by', sa.Uuid(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('remark', sa.Text(), server_default='', nullable=False),
    sa.Column('remarked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['court_case.id'], name=op.f('fk_circulation_case_id')),
    sa.ForeignKeyConstraint(['court_id'], ['court.id'], name=op.f('fk_circulation_court_id')),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_circulation_document_id')),
    sa.ForeignKeyConstraint(['reader_id'], ['user_account.id'], name=op.f('fk_circulation_reader_id')),
    sa.ForeignKeyConstraint(['sent_by'], ['user_account.id'], name=op.f('fk_circulation_sent_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_circulation')),
    sa.UniqueConstraint('document_id', 'version', 'reader_id', name=op.f('uq_circulation_document_id_version_reader_id'))
    )
    op.create_index(op.f('ix_circulation_court_id_document_id_id'), 'circulation', ['court_id', 'document_id', 'id'], unique=False)
    op.create_index('ix_circulation_unread', 'circulation', ['court_id', 'reader_id', 'id'], unique=False, postgresql_where=sa.text('read_at IS NULL'))
    op.create_table('delivery',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('document_id', sa.Uuid(), nullable=False),
    sa.Column('party_id', sa.Uuid(), nullable=False),
    sa.Column('addressee', sa.Text(), nullable=False),
    sa.Column('address', sa.Text(), nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('e_consent', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('instance_id', sa.Uuid(), nullable=True),
    sa.Column('requested_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('requested_by', sa.Uuid(), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('arrived_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('signed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('deemed_on', sa.Date(), nullable=True),
    sa.Column('reference', sa.Text(), server_default='', nullable=False),
    sa.Column('problem', sa.Text(), server_default='', nullable=False),
    sa.Column('token_hash', sa.LargeBinary(), nullable=True),
    sa.CheckConstraint("state IN ('requested', 'sent', 'arrived', 'delivered', 'failed', 'withdrawn')", name=op.f('ck_delivery_state')),
    sa.ForeignKeyConstraint(['case_id'], ['court_case.id'], name=op.f('fk_delivery_case_id')),
    sa.ForeignKeyConstraint(['court_id'], ['court.id'], name=op.f('fk_delivery_court_id')),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_delivery_document_id')),
    sa.ForeignKeyConstraint(['party_id'], ['party.id'], name=op.f('fk_delivery_party_id')),
    sa.ForeignKeyConstraint(['requested_by'], ['user_account.id'], name=op.f('fk_delivery_requested_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delivery'))
    )
    op.create_index(op.f('ix_delivery_court_id_case_id_id'), 'delivery', ['court_id', 'case_id', 'id'], unique=False)
    op.create_index('uq_delivery_live', 'delivery', ['document_id', 'party_id'], unique=True, postgresql_where=sa.text("state IN ('requested', 'sent', 'arrived', 'delivered')"))
    op.create_index('uq_delivery_token_hash', 'delivery', ['token_hash'], unique=True)
    op.create_table('document_version',
    sa.Column('document_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('content', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('hash', sa.Text(), nullable=False),
    sa.Column('author_id', sa.Uuid(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['user_account.id'], name=op.f('fk_document_version_author_id')),
    sa.ForeignKeyConstraint(['court_id'], ['court.id'], name=op.f('fk_document_version_court_id')),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_document_version_document_id')),
    sa.PrimaryKeyConstraint('document_id', 'number', name=op.f('pk_document_version'))
    )
    op.create_table('field_photo',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('field_task_id', sa.Uuid(), nullable=False),
    sa.Column('upload_id', sa.Uuid(), nullable=False),
    sa.Column('blob', sa.Text(), nullable=False),
    sa.Column('media_type', sa.Text(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('chosen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('taken_at', sa.Text(), nullable=False),
    sa.Column('latitude', sa.Numeric(precision=8, scale=6), nullable=True),
    sa.Column('longitude', sa.Numeric(precision=9, scale=6), nullable=True),
    sa.Column('accuracy', sa.Integer(), nullable=True),
    sa.Column('added_by', sa.Uuid(), nullable=False),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('removed_by', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['added_by'], ['user_account.id'], name=op.f('fk_field_photo_added_by')),
    sa.ForeignKeyConstraint(['case_id'], ['court_case.id'], name=op.f('fk_field_photo_case_id')),
    sa.ForeignKeyConstraint(['court_id'], ['court.id'], name=op.f('fk_field_photo_court_id')),
    sa.ForeignKeyConstraint(['field_task_id'], ['field_task.id'], name=op.f('fk_field_photo_field_task_id')),
    sa.ForeignKeyConstraint(['removed_by'], ['user_account.id'], name=op.f('fk_field_photo_removed_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_field_photo')),
    sa.UniqueConstraint('court_id', 'field_task_id', 'upload_id', name=op.f('uq_field_photo_court_id_field_task_id_upload_id'))
    )
    op.create_index(op.f('ix_field_photo_court_id_field_task_id_id'), 'field_photo', ['court_id', 'field_task_id', 'id'], unique=False)
    op.create_table('field_record',
    sa.Column('field_task_id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('device_id', sa.Uuid(), nullable=True),
    sa.Column('arrived_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('arrival_typed', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('latitude', sa.Numeric(precision=8, scale=6), nullable=True),
    sa.Column('longitude', sa.Numeric(precision=9, scale=6), nullable=True),
    sa.Column('accuracy', sa.Integer(), nullable=True),
    sa.Column('people', sa.Text(), server_default='', nullable=False),
    sa.Column('course', sa.Text(), server_default='', nullable=False),
    sa.Column('result', sa.Text(), server_default='', nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('saved_by', sa.Uuid(), nullable=False),
    sa.Column('submission_id', sa.Uuid(), nullable=True),
    sa.Column('blob', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['court_case.id'], name=op.f('fk_field_record_case_id')),
    sa.ForeignKeyConstraint(['court_id'], ['court.id'], name=op.f('fk_field_record_court_id')),
    sa.ForeignKeyConstraint(['field_task_id'], ['field_task.id'], name=op.f('fk_field_record_field_task_id')),
    sa.ForeignKeyConstraint(['saved_by'], ['user_account.id'], name=op.f('fk_field_record_saved_by')),
    sa.PrimaryKeyConstraint('field_task_id', name=op.f('pk_field_record'))
    )
    op.create_table('approval_decision',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('approval_id', sa.Uuid(), nullable=False),
    sa.Column('level', sa.SmallInteger(), nullable=False),
    sa.Column('round', sa.SmallInteger(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('acting_for', sa.Uuid(), nullable=True),
    sa.Column('substitution_id', sa.Uuid(), nullable=True),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.Column('fact_reason', sa.Text(), nullable=False),
    sa.Column('law_reason', sa.Text(), nullable=False),
    sa.Column('opinion', sa.Text(), nullable=False),
    sa.Column('content_hash', sa.Text(), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('taken_back_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('taken_back_reason', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['acting_for'], ['user_account.id'], name=op.f('fk_approval_decision_acting_for')),
    sa.ForeignKeyConstraint(['approval_id'], ['approval.id'], name=op.f('fk_approval_decision_approval_id')),
    sa.ForeignKeyConstraint(['court_id'], ['court.id'], name=op.f('fk_approval_decision_court_id')),
    sa.ForeignKeyConstraint(['substitution_id'], ['substitution.id'], name=op.f('fk_approval_decision_substitution_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_approval_decision_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_approval_decision'))
    )
    op.create_index('uq_approval_decision_counted', 'approval_decision', ['approval_id', 'level', 'round', 'user_id'], unique=True, postgresql_where=sa.text('taken_back_at IS NULL'))
    op.create_table('approval_opening',
    sa.Column('task_id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('approval_id', sa.Uuid(), nullable=False),
    sa.Column('level', sa.SmallInteger(), nullable=False),
    sa.Column('round', sa.SmallInteger(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['approval_id'], ['approval.id'], name=op.f('fk_approval_opening_approval_id')),
    sa.ForeignKeyConstraint(['court_id'], ['court.id'], name=op.f('fk_approval_opening_court_id')),
    sa.ForeignKeyConstraint(['task_id'], ['user_task.id'], name=op.f('fk_approval_opening_task_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_approval_opening_user_id')),
    sa.PrimaryKeyConstraint('task_id', 'user_id', name=op.f('pk_approval_opening'))
    )
    op.create_index(op.f('ix_approval_opening_court_id_approval_id'), 'approval_opening', ['court_id', 'approval_id'], unique=False)
    op.create_table('level_extension',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('approval_id', sa.Uuid(), nullable=False),
    sa.Column('task_id', sa.Uuid(), nullable=False),
    sa.Column('asked_by', sa.Uuid(), nullable=False),
    sa.Column('decider_id', sa.Uuid(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('until', sa.Date(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('words', sa.Text(), server_default='', nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('open', 'granted', 'refused')", name=op.f('ck_level_extension_state')),
    sa.ForeignKeyConstraint(['approval_id'], ['approval.id'], name=op.f('fk_level_extension_approval_id')),
    sa.ForeignKeyConstraint(['asked_by'], ['user_account.id'], name=op.f('fk_level_extension_asked_by')),
    sa.ForeignKeyConstraint(['case_id'], ['court_case.id'], name=op.f('fk_level_extension_case_id')),
    sa.ForeignKeyConstraint(['court_id'], ['court.id'], name=op.f('fk_level_extension_court_id')),
    sa.ForeignKeyConstraint(['decider_id'], ['user_account.id'], name=op.f('fk_level_extension_decider_id')),
    sa.ForeignKeyConstraint(['task_id'], ['user_task.id'], name=op.f('fk_level_extension_task_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_level_extension'))
    )
    op.create_index(op.f('ix_level_extension_court_id_approval_id_id'), 'level_extension', ['court_id', 'approval_id', 'id'], unique=False)
    op.create_index('ix_level_extension_decider', 'level_extension', ['court_id', 'decider_id'], unique=False, postgresql_where=sa.text("state = 'open'"))
    op.create_index('uq_level_extension_open', 'level_extension', ['task_id'], unique=True, postgresql_where=sa.text("state = 'open'"))
    op.create_table('opinion_request',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('approval_id', sa.Uuid(), nullable=False),
    sa.Column('task_id', sa.Uuid(), nullable=False),
    sa.Column('asked_by', sa.Uuid(), nullable=False),
    sa.Column('asked_id', sa.Uuid(), nullable=False),
    sa.Column('question', sa.Text(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('answer', sa.Text(), server_default='', nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('open', 'answered', 'withdrawn')", name=op.f('ck_opinion_request_state')),
    sa.ForeignKeyConstraint(['approval_id'], ['approval.id'], name=op.f('fk_opinion_request_approval_id')),
    sa.ForeignKeyConstraint(['asked_by'], ['user_account.id'], name=op.f('fk_opinion_request_asked_by')),
    sa.ForeignKeyConstraint(['asked_id'], ['user_account.id'], name=op.f('fk_opinion_request_asked_id')),
    sa.ForeignKeyConstraint(['case_id'], ['court_case.id'], name=op.f('fk_opinion_request_case_id')),
    sa.ForeignKeyConstraint(['court_id'], ['court.id'], name=op.f('fk_opinion_request_court_id')),
    sa.ForeignKeyConstraint(['task_id'], ['user_task.id'], name=op.f('fk_opinion_request_task_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_opinion_request'))
    )
    op.create_index('ix_opinion_request_asked', 'opinion_request', ['court_id', 'asked_id', 'due_on'], unique=False, postgresql_where=sa.text("state = 'open'"))
    op.create_index(op.f('ix_opinion_request_court_id_approval_id_id'), 'opinion_request', ['court_id', 'approval_id', 'id'], unique=False)
    op.create_index('uq_opinion_request_open', 'opinion_request', ['task_id', 'asked_id'], unique=True, postgresql_where=sa.text("state = 'open'"))
    op.create_table('approval_answer',
    sa.Column('decision_id', sa.Uuid(), nullable=False),
    sa.Column('court_id', sa.Uuid(), nullable=False),
    sa.Column('approval_id', sa.Uuid(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('answered_by', sa.Uuid(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['answered_by'], ['user_account.id'], name=op.f('fk_approval_answer_answered_by')),
    sa.ForeignKeyConstraint(['approval_id'], ['approval.id'], name=op.f('fk_approval_answer_approval_id')),
    sa.ForeignKeyConstraint(['court_id'], ['court.id'], name=op.f('fk_approval_answer_court_id')),
    sa.ForeignKeyConstraint(['decision_id'], ['approval_decision.id'], name=op.f('fk_approval_answer_decision_id')),
    sa.PrimaryKeyConstraint('decision_id', name=op.f('pk_approval_answer'))
    )
    op.create_index(op.f('ix_approval_answer_court_id_approval_id'), 'approval_answer', ['court_id', 'approval_id'], unique=False)
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    # Already compressed; PostgreSQL need not try.
    op.execute("ALTER TABLE process_state ALTER COLUMN blob SET STORAGE EXTERNAL")


def downgrade() -> None:
    op.drop_index(op.f('ix_approval_answer_court_id_approval_id'), table_name='approval_answer')
    op.drop_table('approval_answer')
    op.drop_index('uq_opinion_request_open', table_name='opinion_request', postgresql_where=sa.text("state = 'open'"))
    op.drop_index(op.f('ix_opinion_request_court_id_approval_id_id'), table_name='opinion_request')
    op.drop_index('ix_opinion_request_asked', table_name='opinion_request', postgresql_where=sa.text("state = 'open'"))
    op.drop_table('opinion_request')
    op.drop_index('uq_level_extension_open', table_name='level_extension', postgresql_where=sa.text("state = 'open'"))
    op.drop_index('ix_level_extension_decider', table_name='level_extension', postgresql_where=sa.text("state = 'open'"))
    op.drop_index(op.f('ix_level_extension_court_id_approval_id_id'), table_name='level_extension')
    op.drop_table('level_extension')
    op.drop_index(op.f('ix_approval_opening_court_id_approval_id'), table_name='approval_opening')
    op.drop_table('approval_opening')
    op.drop_index('uq_approval_decision_counted', table_name='approval_decision', postgresql_where=sa.text('taken_back_at IS NULL'))
    op.drop_table('approval_decision')
    op.drop_table('field_record')
    op.drop_index(op.f('ix_field_photo_court_id_field_task_id_id'), table_name='field_photo')
    op.drop_table('field_photo')
    op.drop_table('document_version')
    op.drop_index('uq_delivery_token_hash', table_name='delivery')
    op.drop_index('uq_delivery_live', table_name='delivery', postgresql_where=sa.text("state IN ('requested', 'sent', 'arrived', 'delivered')"))
    op.drop_index(op.f('ix_delivery_court_id_case_id_id'), table_name='delivery')
    op.drop_table('delivery')
    op.drop_index('ix_circulation_unread', table_name='circulation', postgresql_where=sa.text('read_at IS NULL'))
    op.drop_index(op.f('ix_circulation_court_id_document_id_id'), table_name='circulation')
    op.drop_table('circulation')
    op.drop_table('batch_item')
    op.drop_index('uq_approval_running', table_name='approval', postgresql_where=sa.text("state = 'running'"))
    op.drop_index(op.f('ix_approval_court_id_case_id_id'), table_name='approval')
    op.drop_table('approval')
    op.drop_table('transfer_note')
    op.drop_index(op.f('ix_property_query_court_id_case_id_id'), table_name='property_query')
    op.drop_table('property_query')
    op.drop_index('ix_measure_ends', table_name='measure')
    op.drop_index(op.f('ix_measure_court_id_case_id'), table_name='measure')
    op.drop_table('measure')
    op.drop_index('ix_field_task_open', table_name='field_task', postgresql_where=sa.text("state IN ('assigned', 'accepted')"))
    op.drop_index(op.f('ix_field_task_court_id_case_id_id'), table_name='field_task')
    op.drop_index('ix_field_task_assignee', table_name='field_task')
    op.drop_table('field_task')
    op.drop_index('ix_document_unsigned', table_name='document', postgresql_where=sa.text("state <> 'signed'"))
    op.drop_index(op.f('ix_document_court_id_case_id_id'), table_name='document')
    op.drop_table('document')
    op.drop_index(op.f('ix_debt_sheet_court_id_case_id_id'), table_name='debt_sheet')
    op.drop_table('debt_sheet')
    op.drop_index(op.f('ix_coercive_measure_court_id_ends_on'), table_name='coercive_measure')
    op.drop_index(op.f('ix_coercive_measure_court_id_case_id_id'), table_name='coercive_measure')
    op.drop_table('coercive_measure')
    op.drop_index(op.f('ix_transfer_sheet_court_id_case_id_id'), table_name='transfer_sheet')
    op.drop_table('transfer_sheet')
    op.drop_index(op.f('ix_stage_pause_court_id_entry_id'), table_name='stage_pause')
    op.drop_table('stage_pause')
    op.drop_index(op.f('ix_matter_court_id_case_id_opened_at'), table_name='matter')
    op.drop_table('matter')
    op.drop_index(op.f('ix_asset_court_id_case_id'), table_name='asset')
    op.drop_table('asset')
    op.drop_index('uq_stage_entry_open', table_name='stage_entry', postgresql_where=sa.text("state = 'open'"))
    op.drop_index(op.f('ix_stage_entry_court_id_case_id_number'), table_name='stage_entry')
    op.drop_table('stage_entry')
    op.drop_index(op.f('ix_reminder_court_id_task_id_at'), table_name='reminder')
    op.drop_table('reminder')
    op.drop_index(op.f('ix_remark_court_id_case_id_subject_id'), table_name='remark')
    op.drop_table('remark')
    op.drop_index('uq_recusal_live', table_name='recusal', postgresql_where=sa.text('ended_at IS NULL'))
    op.drop_index(op.f('ix_recusal_court_id_case_id_id'), table_name='recusal')
    op.drop_table('recusal')
    op.drop_index(op.f('ix_party_court_id_id_number'), table_name='party')
    op.drop_index(op.f('ix_party_court_id_case_id'), table_name='party')
    op.drop_table('party')
    op.drop_index('ix_notice_unread', table_name='notice', postgresql_where=sa.text('read_at IS NULL'))
    op.drop_index(op.f('ix_notice_court_id_user_id_id'), table_name='notice')
    op.drop_table('notice')
    op.drop_index('ix_level_watch_next', table_name='level_watch', postgresql_where=sa.text('next_at IS NOT NULL'))
    op.drop_table('level_watch')
    op.drop_index(op.f('ix_fund_receipt_court_id_case_id_arrived_on'), table_name='fund_receipt')
    op.drop_table('fund_receipt')
    op.drop_index(op.f('ix_fund_entry_court_id_case_id_on'), table_name='fund_entry')
    op.drop_table('fund_entry')
    op.drop_index(op.f('ix_dossier_item_court_id_case_id_volume_item_id'), table_name='dossier_item')
    op.drop_table('dossier_item')
    op.drop_table('design_draft_file')
    op.drop_index(op.f('ix_collegial_panel_court_id_case_id_id'), table_name='collegial_panel')
    op.drop_table('collegial_panel')
    op.drop_index(op.f('ix_batch_court_id_case_id_id'), table_name='batch')
    op.drop_table('batch')
    op.drop_index(op.f('ix_web_session_court_id_user_id'), table_name='web_session')
    op.drop_table('web_session')
    op.drop_index('ix_user_task_role_open', table_name='user_task', postgresql_where=sa.text("state = 'open'"))
    op.drop_index('ix_user_task_instance_open', table_name='user_task', postgresql_where=sa.text("state = 'open'"))
    op.drop_index('ix_user_task_element_completed', table_name='user_task', postgresql_where=sa.text("state = 'completed'"))
    op.drop_index(op.f('ix_user_task_court_id_closed_by_id_closed_at'), table_name='user_task')
    op.drop_index(op.f('ix_user_task_court_id_case_id_opened_at'), table_name='user_task')
    op.drop_index('ix_user_task_case_open', table_name='user_task', postgresql_where=sa.text("state = 'open'"))
    op.drop_index('ix_user_task_assignee_open', table_name='user_task', postgresql_where=sa.text("state = 'open'"))
    op.drop_table('user_task')
    op.drop_index(op.f('ix_user_role_court_id_role'), table_name='user_role')
    op.drop_table('user_role')
    op.drop_index('ix_timer_due', table_name='timer', postgresql_where=sa.text('due_at IS NOT NULL'))
    op.drop_table('timer')
    op.drop_index(op.f('ix_substitution_court_id_ends_on_id'), table_name='substitution')
    op.drop_table('substitution')
    op.drop_index(op.f('ix_subscription_court_id_case_id_kind_name'), table_name='subscription')
    op.drop_table('subscription')
    op.drop_table('process_state')
    op.drop_index('uq_job_waiting_reference', table_name='job', postgresql_where=sa.text("state = 'waiting'"))
    op.drop_index(op.f('ix_job_instance_id'), table_name='job')
    op.drop_index('ix_job_available', table_name='job', postgresql_where=sa.text("state IN ('ready', 'running')"))
    op.drop_table('job')
    op.drop_index(op.f('ix_intake_run_court_id_imported_by_id'), table_name='intake_run')
    op.drop_table('intake_run')
    op.drop_index('ix_incident_open', table_name='incident', postgresql_where=sa.text('closed_at IS NULL'))
    op.drop_index('ix_incident_instance_open', table_name='incident', postgresql_where=sa.text('closed_at IS NULL'))
    op.drop_table('incident')
    op.drop_table('design_draft')
    op.drop_index('ix_deploy_request_open', table_name='deploy_request', postgresql_where=sa.text("state = 'open'"))
    op.drop_index(op.f('ix_deploy_request_court_id_subject_requested_at'), table_name='deploy_request')
    op.drop_table('deploy_request')
    op.drop_index('ix_court_case_status', table_name='court_case')
    op.drop_index('ix_court_case_stage', table_name='court_case')
    op.drop_index('ix_court_case_number', table_name='court_case')
    op.drop_index('ix_court_case_names', table_name='court_case', postgresql_using='gin')
    op.drop_index('ix_court_case_handler', table_name='court_case')
    op.drop_index('ix_court_case_filed', table_name='court_case')
    op.drop_table('court_case')
    op.drop_index(op.f('ix_user_account_court_id_team'), table_name='user_account')
    op.drop_table('user_account')
    op.drop_table('shared_file')
    op.drop_index('ix_process_instance_open', table_name='process_instance', postgresql_where=sa.text("state IN ('running', 'incident', 'suspended')"))
    op.drop_index('ix_process_instance_court_open', table_name='process_instance', postgresql_where=sa.text("state IN ('running', 'incident', 'suspended')"))
    op.drop_index(op.f('ix_process_instance_court_id_case_id'), table_name='process_instance')
    op.drop_table('process_instance')
    op.drop_table('matter_type')
    op.drop_index(op.f('ix_case_involvement_court_id_user_id_case_id'), table_name='case_involvement')
    op.drop_table('case_involvement')
    op.drop_index('ix_receipt_unmatched', table_name='receipt', postgresql_where=sa.text("state = 'unmatched'"))
    op.drop_index('ix_receipt_available', table_name='receipt', postgresql_where=sa.text("state IN ('new', 'unmatched')"))
    op.drop_table('receipt')
    op.drop_index('ix_process_start_due', table_name='process_start', postgresql_where=sa.text('due_at IS NOT NULL'))
    op.drop_index(op.f('ix_process_start_court_id_kind_name'), table_name='process_start')
    op.drop_index(op.f('ix_process_start_court_id_key_element_kind_name'), table_name='process_start')
    op.drop_table('process_start')
    op.drop_table('process_definition')
    op.drop_index('ix_message_instance_new', table_name='message', postgresql_where=sa.text("state = 'new'"))
    op.drop_index(op.f('ix_message_court_id_case_id_created_at'), table_name='message')
    op.drop_index('ix_message_available', table_name='message', postgresql_where=sa.text("state = 'new'"))
    op.drop_table('message')
    op.drop_index(op.f('ix_job_history_instance_id'), table_name='job_history')
    op.drop_index(op.f('ix_job_history_court_id_channel_reference'), table_name='job_history')
    op.drop_index(op.f('ix_job_history_court_id_case_id_ended_at'), table_name='job_history')
    op.drop_table('job_history')
    op.drop_table('demo_clock')
    op.drop_table('court')
    op.drop_table('audit_head')
    op.drop_index(op.f('ix_audit_entry_court_id_at'), table_name='audit_entry')
    op.drop_table('audit_entry')
