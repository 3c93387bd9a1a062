"""What PostgreSQL itself refuses, whoever asks: the last line of the notice's rules."""

from tortoise import migrations
from tortoise.migrations import operations as ops

APPEND_ONLY = (
    "audit_event", "ledger_entry", "sign_off", "item_revision", "reception_event", "circular_file",
    "reconciliation", "quota", "scoring_policy",
)  # fmt: skip
NEVER_EMPTIED = ("audit_head", "period_close", "circular", "unit_month")
"""Their rows change, or are frozen one by one; all at once they are never taken away."""

REFUSE_CHANGE = """
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% rows are only ever added', tg_table_name using errcode = 'restrict_violation';
end $$;
"""

CHECKS = """
alter table adoption add constraint adoption_confirmed_by_another check (confirmed_by_id <> recorded_by_id);
create unique index adoption_once on adoption (item_id, outlet_id) where state <> 'withdrawn';
create unique index unit_name_once on unit (name) where valid_until is null;
alter table unit add constraint unit_dates check (valid_until >= valid_from);
alter table appointment add constraint appointment_dates check (ends_on >= starts_on);
alter table deputy_grant add constraint deputy_grant_dates check (ends_on >= starts_on);
alter table quota add constraint quota_count check (count >= 0);
alter table quota add constraint quota_month check (extract(day from from_month) = 1);
alter table ledger_entry add constraint ledger_entry_month check (extract(day from month) = 1);
alter table period_close add constraint period_close_month check (extract(day from month) = 1);
create unique index circular_number_once on circular (document_number) where document_number is not null;
alter table circular add constraint circular_issued check (state = 'draft' or (document_number is not null and issue_date is not null));
alter table sign_off add constraint sign_off_by_somebody check (signer_id is not null or method = 'late_entry');
create index job_due on job (due_at) where done_at is null and failed_at is null;
create index adoption_confirmed on adoption (item_id) where state = 'confirmed';
insert into audit_head (id, seq, hash) values (1, 0, repeat('0', 64));
"""

# 二(一): nobody signs what he wrote himself, unless the unit is excepted on record.
NO_SELF_APPROVAL = """
create function refuse_self_approval() returns trigger language plpgsql as $$
begin
  if new.signer_id is not null and new.decision = 'signed' and exists (
    select from item join unit on unit.id = item.unit_id
    where item.id = new.item_id and item.author_id = new.signer_id and not unit.self_sign_off
  ) then
    raise exception 'nobody signs what he wrote himself' using errcode = 'restrict_violation', constraint = 'sign_off_not_by_author';
  end if;
  if new.method = 'late_entry' and not exists (
    select from item where item.id = new.item_id and item.channel = 'late_entry'
  ) then
    raise exception 'only what was entered later is signed on paper' using errcode = 'restrict_violation', constraint = 'sign_off_on_paper';
  end if;
  return new;
end $$;
create trigger sign_off_not_by_author before insert on sign_off for each row execute function refuse_self_approval();
"""

# 二(一): each unit answers for its own items; R15: what was handed in is what was signed.
ITEM_KEEPS = """
create function refuse_rewriting() returns trigger language plpgsql as $$
begin
  raise exception 'an item keeps its unit and author, and while it is submitted its text' using errcode = 'restrict_violation', constraint = 'item_keeps';
end $$;
create trigger item_keeps_its_origin before update of author_id, unit_id on item for each row
  when (old.author_id is distinct from new.author_id or old.unit_id <> new.unit_id) execute function refuse_rewriting();
create function keep_weight() returns trigger language plpgsql as $$
begin
  if exists (select from item_revision r where r.item_id = old.id) then
    raise exception 'a major item that was laid before a leader stays one' using errcode = 'restrict_violation', constraint = 'item_keeps';
  end if;
  return new;
end $$;
create trigger item_keeps_its_weight before update of is_major on item for each row
  when (old.is_major and not new.is_major) execute function keep_weight();
create trigger item_keeps_its_text before update on item for each row
  when (old.state = 'submitted' and new.state = 'submitted' and
    (old.content_sha256, old.title, old.body, old.information_type, old.genre, old.topic_id, old.field, old.counter_measure, old.occurred_on, old.stability_related, old.reporter)
    is distinct from
    (new.content_sha256, new.title, new.body, new.information_type, new.genre, new.topic_id, new.field, new.counter_measure, new.occurred_on, new.stability_related, new.reporter))
  execute function refuse_rewriting();
"""

# 二(一): nothing leaves a unit unsigned; a major item not without the principal leader.
SIGNED_BEFORE_SUBMITTED = """
create function require_sign_off() returns trigger language plpgsql as $$
begin
  if not exists (
    select from sign_off s
    where s.item_id = new.id and s.decision = 'signed' and s.content_sha256 = new.content_sha256
      and s.signer_name <> '' and s.signer_post <> ''
      and (s.step = 'principal_leader' or (s.step = 'leader_in_charge' and not new.is_major))
  ) then
    raise exception 'an item leaves its unit only signed' using errcode = 'restrict_violation', constraint = 'item_signed_before_submitted';
  end if;
  return null;
end $$;
create constraint trigger item_signed_before_submitted after insert or update of state, is_major, content_sha256 on item
  deferrable initially deferred for each row when (new.state = 'submitted') execute function require_sign_off();
"""

# I5, I8: a closed month takes corrections only; an issued circular never changes.
CLOSED_IS_CLOSED = """
create function refuse_closed_month() returns trigger language plpgsql as $$
begin
  if new.kind <> 'correction' and exists (select from period_close p where p.month = new.month and p.closed_at is not null) then
    raise exception 'month % is closed', new.month using errcode = 'restrict_violation', constraint = 'ledger_entry_open_month';
  end if;
  return new;
end $$;
create trigger ledger_entry_open_month before insert on ledger_entry for each row execute function refuse_closed_month();
create trigger period_close_for_good before update or delete on period_close for each row when (old.closed_at is not null) execute function refuse_change();
create trigger circular_frozen before update or delete on circular for each row when (old.state = 'issued') execute function refuse_change();
"""

# I2: the ranking is the ledger's sum; the rollup is kept in the transaction that adds the rows.
ROLLUP = """
create function unit_month_add() returns trigger language plpgsql as $$
begin
  insert into unit_month as m (unit_id, month, points, submitted, same_day, adopted, county, prefecture, province, nation)
  select unit_id, month, sum(points), sum(submitted), sum(same_day), sum(adopted),
    coalesce(sum(adoptions) filter (where level = 'county'), 0), coalesce(sum(adoptions) filter (where level = 'prefecture'), 0),
    coalesce(sum(adoptions) filter (where level = 'province'), 0), coalesce(sum(adoptions) filter (where level = 'nation'), 0)
  from added group by unit_id, month order by unit_id, month
  on conflict (month, unit_id) do update set
    points = m.points + excluded.points, submitted = m.submitted + excluded.submitted, same_day = m.same_day + excluded.same_day,
    adopted = m.adopted + excluded.adopted, county = m.county + excluded.county, prefecture = m.prefecture + excluded.prefecture,
    province = m.province + excluded.province, nation = m.nation + excluded.nation;
  return null;
end $$;
create trigger ledger_entry_rollup after insert on ledger_entry referencing new table as added
  for each statement execute function unit_month_add();
"""


def _append_only(table: str) -> str:
    return (
        f"create trigger {table}_append_only before update or delete on {table} for each row execute function refuse_change();"
        + _never_emptied(table)
    )


def _never_emptied(table: str) -> str:
    return f"create trigger {table}_never_emptied before truncate on {table} for each statement execute function refuse_change();"


class Migration(migrations.Migration):
    dependencies = [("domain", "0001_records")]

    operations = [
        ops.RunSQL(sql, reverse_sql="")
        for sql in (
            REFUSE_CHANGE,
            CHECKS,
            NO_SELF_APPROVAL,
            ITEM_KEEPS,
            SIGNED_BEFORE_SUBMITTED,
            CLOSED_IS_CLOSED,
            ROLLUP,
            "".join(_append_only(table) for table in APPEND_ONLY),
            "".join(_never_emptied(table) for table in NEVER_EMPTIED),
        )
    ]
