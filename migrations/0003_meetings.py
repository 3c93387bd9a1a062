from tortoise import migrations
from tortoise.migrations import operations as ops
from domain.kit.ids import new_id
from domain.meetings.models import AgendaKind, AgendaState, MeetingKind, MeetingState, MemberReply, ResolutionState
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('domain', '0002_guards')]

    initial = False

    operations = [
        ops.CreateModel(
            name='JointMeeting',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ('kind', fields.CharEnumField(description='REGULAR: regular\nAD_HOC: ad_hoc', enum_type=MeetingKind, max_length=20)),
                ('title', fields.CharField(max_length=120)),
                ('starts_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('place', fields.CharField(default='', max_length=120)),
                ('convener_unit', fields.ForeignKeyField('domain.Unit', source_field='convener_unit_id', db_constraint=True, to_field='id', related_name='convened_meetings', on_delete=OnDelete.RESTRICT)),
                ('convener', fields.ForeignKeyField('domain.Person', source_field='convener_id', null=True, db_constraint=True, to_field='id', related_name='convened_meetings', on_delete=OnDelete.RESTRICT)),
                ('convener_name', fields.CharField(max_length=80)),
                ('state', fields.CharEnumField(default=MeetingState.PLANNED, description='PLANNED: planned\nHELD: held\nCLOSED: closed', enum_type=MeetingState, max_length=20)),
                ('version', fields.IntField(default=1)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('closed_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'joint_meeting', 'app': 'domain', 'indexes': [Index(fields=['starts_at', 'id'])], 'pk_attr': 'id', 'table_description': '联席会议, regular or ad hoc, convened by the publicity department (R34).'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='AgendaItem',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ('meeting', fields.ForeignKeyField('domain.JointMeeting', source_field='meeting_id', db_constraint=True, to_field='id', related_name='agenda', on_delete=OnDelete.RESTRICT)),
                ('parent', fields.ForeignKeyField('domain.AgendaItem', source_field='parent_id', null=True, db_constraint=True, to_field='id', related_name='children', on_delete=OnDelete.RESTRICT)),
                ('position', fields.SmallIntField(default=0)),
                ('title', fields.CharField(max_length=120)),
                ('kind', fields.CharEnumField(description='CENTRAL_WORK: central_work\nDEPARTMENT_PRIORITY: department_priority\nHOT_OR_DIFFICULT_ISSUE: hot_or_difficult_issue\nOPINION: opinion', enum_type=AgendaKind, max_length=30)),
                ('summary', fields.TextField(default='', unique=False)),
                ('host_unit', fields.ForeignKeyField('domain.Unit', source_field='host_unit_id', null=True, db_constraint=True, to_field='id', related_name='hosted_topics', on_delete=OnDelete.RESTRICT)),
                ('source_unit', fields.ForeignKeyField('domain.Unit', source_field='source_unit_id', null=True, db_constraint=True, to_field='id', related_name='proposed_topics', on_delete=OnDelete.RESTRICT)),
                ('proposed_by_name', fields.CharField(max_length=80)),
                ('proposed_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('note', fields.TextField(default='', unique=False)),
                ('minutes_allotted', fields.SmallIntField(null=True)),
                ('state', fields.CharEnumField(default=AgendaState.PROPOSED, description='PROPOSED: proposed\nACCEPTED: accepted\nMERGED: merged\nDEFERRED: deferred', enum_type=AgendaState, max_length=20)),
                ('reason', fields.CharField(default='', max_length=500)),
                ('merged_into', fields.ForeignKeyField('domain.AgendaItem', source_field='merged_into_id', null=True, db_constraint=True, to_field='id', related_name='merged', on_delete=OnDelete.RESTRICT)),
                ('deferred_from', fields.ForeignKeyField('domain.AgendaItem', source_field='deferred_from_id', null=True, db_constraint=True, to_field='id', related_name='taken_up', on_delete=OnDelete.RESTRICT)),
                ('version', fields.IntField(default=1)),
            ],
            options={'table': 'agenda_item', 'app': 'domain', 'indexes': [Index(fields=['meeting_id', 'position']), Index(fields=['source_unit_id'])], 'pk_attr': 'id', 'table_description': '议题: proposed by a unit or set by the chair; a place in the tree once accepted (J1, J2).'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='MeetingMember',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ('meeting', fields.ForeignKeyField('domain.JointMeeting', source_field='meeting_id', db_constraint=True, to_field='id', related_name='members', on_delete=OnDelete.RESTRICT)),
                ('unit', fields.ForeignKeyField('domain.Unit', source_field='unit_id', db_constraint=True, to_field='id', related_name='memberships', on_delete=OnDelete.RESTRICT)),
                ('person', fields.ForeignKeyField('domain.Person', source_field='person_id', null=True, db_constraint=True, to_field='id', related_name='memberships', on_delete=OnDelete.RESTRICT)),
                ('reply', fields.CharEnumField(default=MemberReply.AWAITED, description='AWAITED: awaited\nCOMING: coming\nDEPUTY: deputy\nEXCUSED: excused', enum_type=MemberReply, max_length=20)),
                ('deputy', fields.CharField(default='', max_length=80)),
                ('replied_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('attended', fields.BooleanField(null=True)),
                ('version', fields.IntField(default=1)),
            ],
            options={'table': 'meeting_member', 'app': 'domain', 'unique_together': (('meeting', 'unit'),), 'indexes': [Index(fields=['unit_id'])], 'pk_attr': 'id', 'table_description': 'A unit that is called to a meeting, its reply, and whether it was there (J3).'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Minutes',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ('meeting', fields.OneToOneField('domain.JointMeeting', source_field='meeting_id', db_constraint=True, to_field='id', related_name='minutes', on_delete=OnDelete.RESTRICT)),
                ('text', fields.TextField(default='', unique=False)),
                ('written_by_name', fields.CharField(default='', max_length=80)),
                ('written_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('version', fields.IntField(default=1)),
            ],
            options={'table': 'minutes', 'app': 'domain', 'pk_attr': 'id', 'table_description': '会议纪要: one text a meeting, open until the meeting is closed, then never changed.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Resolution',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ('agenda_item', fields.ForeignKeyField('domain.AgendaItem', source_field='agenda_item_id', db_constraint=True, to_field='id', related_name='resolutions', on_delete=OnDelete.RESTRICT)),
                ('text', fields.CharField(max_length=500)),
                ('unit', fields.ForeignKeyField('domain.Unit', source_field='unit_id', db_constraint=True, to_field='id', related_name='resolutions', on_delete=OnDelete.RESTRICT)),
                ('due_on', fields.DateField()),
                ('state', fields.CharEnumField(default=ResolutionState.OPEN, description='OPEN: open\nDONE: done', enum_type=ResolutionState, max_length=20)),
                ('answer', fields.CharField(default='', max_length=1000)),
                ('answered_by_name', fields.CharField(default='', max_length=80)),
                ('done_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('recorded_by_name', fields.CharField(max_length=80)),
                ('recorded_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('version', fields.IntField(default=1)),
            ],
            options={'table': 'resolution', 'app': 'domain', 'indexes': [Index(fields=['state', 'due_on']), Index(fields=['unit_id', 'state']), Index(fields=['agenda_item_id'])], 'pk_attr': 'id', 'table_description': '议定事项: who does what until when; open ones lead the next agenda (J5).'},
            bases=['Model'],
        ),
    ]
