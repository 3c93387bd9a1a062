"""What PostgreSQL itself refuses of meetings: closed minutes are final, one tree a meeting."""

from tortoise import migrations
from tortoise.migrations import operations as ops

CHECKS = """
alter table agenda_item add constraint agenda_item_merged check ((state = 'merged') = (merged_into_id is not null));
alter table agenda_item add constraint agenda_item_reasoned check (state not in ('merged', 'deferred') or reason <> '');
alter table agenda_item add constraint agenda_item_proposed check (state <> 'proposed' or (source_unit_id is not null and parent_id is null));
alter table agenda_item add constraint agenda_item_own_parent check (parent_id <> id and merged_into_id <> id and deferred_from_id <> id);
alter table agenda_item add constraint agenda_item_time check (minutes_allotted between 1 and 600);
alter table meeting_member add constraint meeting_member_deputy check (reply <> 'deputy' or deputy <> '');
alter table joint_meeting add constraint joint_meeting_closed check ((state = 'closed') = (closed_at is not null));
alter table resolution add constraint resolution_done check ((state = 'done') = (done_at is not null) and (state = 'open' or answer <> ''));
create unique index agenda_item_taken_up_once on agenda_item (deferred_from_id) where deferred_from_id is not null;
create index resolution_open on resolution (due_on) where state = 'open';
"""

# J4: the final word of a meeting stays; only what became of its resolutions is still written.
CLOSED_IS_FINAL = """
create function refuse_closed_meeting() returns trigger language plpgsql as $$
declare closed uuid := case when tg_op = 'DELETE' then old.meeting_id else new.meeting_id end;
begin
  if exists (select from joint_meeting m where m.id = closed and m.state = 'closed') then
    raise exception 'the meeting is closed' using errcode = 'restrict_violation', constraint = 'meeting_closed';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end $$;
create trigger joint_meeting_final before update on joint_meeting for each row when (old.state = 'closed') execute function refuse_change();
create trigger meeting_member_final before insert or update or delete on meeting_member for each row execute function refuse_closed_meeting();
create trigger agenda_item_final before insert or update on agenda_item for each row execute function refuse_closed_meeting();
create trigger minutes_final before insert or update on minutes for each row execute function refuse_closed_meeting();
create function refuse_rewritten_resolution() returns trigger language plpgsql as $$
begin
  if not exists (
    select from agenda_item a join joint_meeting m on m.id = a.meeting_id
    where a.id = new.agenda_item_id and a.state = 'accepted' and m.state = 'held'
  ) then
    raise exception 'a resolution is made by a meeting that took place' using errcode = 'restrict_violation', constraint = 'resolution_of_meeting';
  end if;
  return new;
end $$;
create trigger resolution_made before insert on resolution for each row execute function refuse_rewritten_resolution();
create trigger resolution_kept before update on resolution for each row
  when ((old.agenda_item_id, old.text, old.unit_id, old.due_on) is distinct from (new.agenda_item_id, new.text, new.unit_id, new.due_on))
  execute function refuse_rewritten_resolution();
"""

# J1: what stands below a topic, or was merged into it, is of the same meeting.
ONE_TREE = """
create function refuse_foreign_topic() returns trigger language plpgsql as $$
begin
  if exists (select from agenda_item a where a.id in (new.parent_id, new.merged_into_id) and a.meeting_id <> new.meeting_id) then
    raise exception 'topics of two meetings' using errcode = 'restrict_violation', constraint = 'agenda_item_one_tree';
  end if;
  return new;
end $$;
create trigger agenda_item_one_tree before insert or update on agenda_item for each row execute function refuse_foreign_topic();
"""

KEPT = ("joint_meeting", "agenda_item", "minutes", "resolution")


def _never_taken_away(table: str) -> str:
    return (
        f"create trigger {table}_kept_for_good before delete on {table} for each row execute function refuse_change();"
        f"create trigger {table}_never_emptied before truncate on {table} for each statement execute function refuse_change();"
    )


class Migration(migrations.Migration):
    dependencies = [("domain", "0003_meetings")]

    operations = [
        ops.RunSQL(sql, reverse_sql="")
        for sql in (CHECKS, CLOSED_IS_FINAL, ONE_TREE, "".join(map(_never_taken_away, KEPT)))
    ]
