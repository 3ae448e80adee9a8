-- Jobs that failed for good, for the people of their tenant who manage them: seen, edited, tried again or thrown away. Who may is who may execute
-- rowhouse_private.manages_jobs(), which the app's own migrations make. The tables stay the keeper's alone.

set local role ":QUEUE_KEEPER";

-- The rights of an edited job are those of who edited it, last.
alter table rowhouse_queue.job add column is_edited boolean not null default false, add column caused_by uuid;
alter table rowhouse_queue.failed_job
  add column is_edited boolean not null default false, add column caused_by uuid, add column edited_at timestamptz, add column key text;

comment on column rowhouse_queue.job.caused_by is 'Of an edited job: who caused it. "actor_id" is who edited it.';
comment on column rowhouse_queue.failed_job.caused_by is 'Of an edited job: who caused it. "actor_id" is who edited it.';

create or replace function rowhouse_queue.bury_jobs(ids uuid[], told text) returns void
language sql volatile security definer set search_path = '' as $$
  with gone as (
    delete from rowhouse_queue.job j where j.id = any (ids) returning j.*
  )
  insert into rowhouse_queue.failed_job (
    id, task, tenant_id, actor_id, as_role, claims, input, priority, attempts, max_attempts, error, created_at, failed_at, is_edited, caused_by, key
  )
  select id, task, tenant_id, actor_id, as_role, claims, input, priority, attempts, max_attempts, told, created_at, pg_catalog.now(),
    is_edited, caused_by, key
  from gone
$$;

-- A newer job with the key takes the place of one that waits, with its own rights: whose words those are is known again.
create function rowhouse_queue.forget_editor() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
  new.is_edited := false;
  new.caused_by := null;
  return new;
end
$$;

create trigger forget_editor before update of input on rowhouse_queue.job for each row
when (old.is_edited) execute function rowhouse_queue.forget_editor();

-- As before, and whether somebody edited them.
drop function rowhouse_queue.take_jobs(uuid, text[], integer, uuid, uuid[], integer);

-- Ready jobs of these tasks for a runner, tenants in turn: each of those behind "after" gives an equal share, so that one with many jobs waits
-- for itself alone. With "per_tenant" at most so many of these tasks run for a tenant at once, whoever runs them. Planned without statistics,
-- which lie about a queue.
create function rowhouse_queue.take_jobs(
  by_runner uuid, tasks text[], most integer, after uuid, but_not uuid[], per_tenant integer
) returns table (
  id uuid, task text, tenant_id uuid, actor_id uuid, as_role text, claims jsonb, input jsonb, attempts smallint,
  max_attempts smallint, created_at timestamptz, turn uuid, is_edited boolean, place bigint
)
language plpgsql volatile security definer
set search_path = '' set enable_seqscan = off set enable_bitmapscan = off as $$
#variable_conflict use_column
declare
  nobody constant uuid := '00000000-0000-0000-0000-000000000000';
  skipped uuid[] := but_not;
  turns uuid[] := '{}';
  seen uuid := coalesce(after, nobody);
  has_wrapped boolean := after is null;
begin
  -- What is taken and forgotten in a crash of Postgres is taken again.
  perform pg_catalog.set_config('synchronous_commit', 'off', true);
  update rowhouse_queue.job as j set state = 'ready'
  where j.id = any (array(
    select w.id from rowhouse_queue.job w where w.state = 'waiting' and w.run_at <= pg_catalog.now()
    order by w.run_at limit 1000 for update skip locked
  ));
  if per_tenant is not null then
    perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('rowhouse jobs ' || tasks[1], 0));
    skipped := skipped || array(
      select t.turn from rowhouse_queue.job t where t.state = 'taken' and t.task = any (tasks)
      group by t.turn having pg_catalog.count(*) >= per_tenant
    );
  end if;
  while coalesce(pg_catalog.array_length(turns, 1), 0) < least(most, 32) loop
    select j.turn into seen from rowhouse_queue.job j
    where j.state = 'ready' and j.turn > seen and j.task = any (tasks) order by j.turn limit 1;
    if seen is null then
      exit when has_wrapped;
      has_wrapped := true;
      seen := nobody;
    elsif seen = any (turns) then
      exit;
    elsif not (seen = any (skipped)) then
      turns := turns || seen;
    end if;
  end loop;
  return query
    with picked as (
      select one.id, one.nth * 64 + t.at as place
      from pg_catalog.unnest(turns) with ordinality as t (turn, at), lateral (
        select l.id, pg_catalog.row_number() over (order by l.priority, l.id) as nth
        from (
          select j.id, j.priority from rowhouse_queue.job j
          where j.state = 'ready' and j.turn = t.turn and j.task = any (tasks)
          order by j.priority, j.id
          limit case
            when per_tenant is null then greatest(most / pg_catalog.array_length(turns, 1), 1)
            else per_tenant - (
              select pg_catalog.count(*) from rowhouse_queue.job r where r.state = 'taken' and r.turn = t.turn and r.task = any (tasks)
            )
          end
          for update skip locked
        ) l
      ) one
    )
    update rowhouse_queue.job as j set state = 'taken', runner = by_runner, attempts = j.attempts + 1, progress = null
    from picked where j.id = picked.id
    returning j.id, j.task, j.tenant_id, j.actor_id, j.as_role, j.claims, j.input, j.attempts, j.max_attempts, j.created_at, j.turn,
      j.is_edited, picked.place;
end
$$;

-- What is told of a failed job: neither its role nor its claims.
create function rowhouse_queue.tell_failed(f rowhouse_queue.failed_job) returns jsonb
language sql stable set search_path = '' as $$
  select pg_catalog.jsonb_build_object(
    'id', f.id, 'name', f.task, 'input', f.input, 'error', f.error, 'attempts', f.attempts, 'createdAt', f.created_at, 'failedAt', f.failed_at,
    'causedBy', case when f.is_edited then f.caused_by else f.actor_id end,
    'editedBy', case when f.is_edited then f.actor_id end, 'editedAt', f.edited_at,
    'eventId', case when f.task like 'subscribers/%' then f.input -> 'event' ->> 'id' end
  )
$$;

-- Each of these reaches the tenant of the transaction alone: of none, there is nothing.
create function rowhouse_queue.failed_jobs(of_task text, behind_at timestamptz, behind_id uuid, most integer) returns jsonb
language sql stable security definer set search_path = '' as $$
  select coalesce(pg_catalog.jsonb_agg(rowhouse_queue.tell_failed(one) order by one.failed_at desc, one.id), '[]')
  from (
    select f.* from rowhouse_queue.failed_job f
    where f.tenant_id = rowhouse.tenant_id() and (of_task is null or f.task = of_task)
      and (behind_at is null or (f.failed_at <= behind_at and (f.failed_at < behind_at or f.id > behind_id)))
    order by f.failed_at desc, f.id limit greatest(0, least(most, 101))
  ) one
$$;

create function rowhouse_queue.failed_job(job_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
  select rowhouse_queue.tell_failed(f) from rowhouse_queue.failed_job f where f.id = job_id and f.tenant_id = rowhouse.tenant_id()
$$;

-- The rights go with the input: nobody's words run as somebody else. Null: there is none; false: it is an event, which nobody makes up.
create function rowhouse_queue.edit_failed_job(job_id uuid, given_input jsonb, given_key text, claim_names text[]) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
  of_task text;
begin
  select f.task into of_task from rowhouse_queue.failed_job f where f.id = job_id and f.tenant_id = rowhouse.tenant_id() for update;
  if of_task is null then
    return null;
  elsif of_task like 'subscribers/%' then
    return false;
  end if;
  update rowhouse_queue.failed_job f
  set input = given_input, key = given_key, edited_at = pg_catalog.now(), is_edited = true,
    caused_by = case when f.is_edited then f.caused_by else f.actor_id end,
    actor_id = rowhouse.actor_id(), as_role = nullif(pg_catalog.current_setting('role'), 'none'),
    claims = coalesce((
      select pg_catalog.jsonb_object_agg(name, pg_catalog.current_setting('rowhouse.claim_' || name, true))
      from pg_catalog.unnest(claim_names) as name
      where coalesce(pg_catalog.current_setting('rowhouse.claim_' || name, true), '') <> ''
    ), '{}')
  where f.id = job_id and f.tenant_id = rowhouse.tenant_id();
  return true;
end
$$;

-- With the rights that it has, all tries anew. Null: there is none; false: another job with its key waits, which does the same.
create function rowhouse_queue.replay_failed_job(job_id uuid) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
  f rowhouse_queue.failed_job;
begin
  delete from rowhouse_queue.failed_job o where o.id = job_id and o.tenant_id = rowhouse.tenant_id() returning o.* into f;
  if not found then
    return null;
  end if;
  insert into rowhouse_queue.job (
    id, task, tenant_id, actor_id, as_role, claims, input, key, priority, state, run_at, max_attempts, created_at, is_edited, caused_by
  )
  values (
    f.id, f.task, f.tenant_id, f.actor_id, f.as_role, f.claims, f.input, f.key, f.priority, 'ready', pg_catalog.now(), f.max_attempts,
    f.created_at, f.is_edited, f.caused_by
  )
  on conflict (turn, task, key) where state <> 'taken' and key is not null do nothing;
  if not found then
    insert into rowhouse_queue.failed_job select f.*;
    return false;
  end if;
  perform pg_catalog.pg_notify('rowhouse_jobs', 'now');
  return true;
end
$$;

create function rowhouse_queue.discard_failed_job(job_id uuid) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
  delete from rowhouse_queue.failed_job f where f.id = job_id and f.tenant_id = rowhouse.tenant_id();
  return case when found then true end;
end
$$;

comment on function rowhouse_queue.forget_editor() is 'Trigger: a job whose input is newer was not edited.';
comment on function rowhouse_queue.tell_failed(rowhouse_queue.failed_job) is 'What is told of a failed job.';
comment on function rowhouse_queue.failed_jobs(text, timestamptz, uuid, integer) is 'Failed jobs of the tenant, the last first.';
comment on function rowhouse_queue.failed_job(uuid) is 'A failed job of the tenant.';
comment on function rowhouse_queue.edit_failed_job(uuid, jsonb, text, text[]) is 'Gives a failed job of the tenant another input, and the rights of who does.';
comment on function rowhouse_queue.replay_failed_job(uuid) is 'Makes a failed job of the tenant a job again.';
comment on function rowhouse_queue.discard_failed_job(uuid) is 'Throws a failed job of the tenant away.';

grant execute on function rowhouse_queue.take_jobs(uuid, text[], integer, uuid, uuid[], integer) to ":JOBS";
grant execute on function
  rowhouse_queue.failed_jobs(text, timestamptz, uuid, integer), rowhouse_queue.failed_job(uuid),
  rowhouse_queue.edit_failed_job(uuid, jsonb, text, text[]), rowhouse_queue.replay_failed_job(uuid), rowhouse_queue.discard_failed_job(uuid)
to ":PRIVATE";

reset role;
set local role ":PRIVATE";

-- Inside a definer the caller is the role that was set, not the current user.
create function rowhouse_private.check_job_manager() returns void
language plpgsql stable security definer set search_path = '' as $$
declare
  caller constant text := pg_catalog.current_setting('role');
  permit constant regprocedure := pg_catalog.to_regprocedure('rowhouse_private.manages_jobs()');
begin
  if permit is null or caller = 'none' or not pg_catalog.has_function_privilege(caller::name, permit, 'execute') then
    raise exception 'the caller may not manage jobs' using errcode = '42501';
  end if;
  if rowhouse.tenant_id() is null or rowhouse.actor_id() is null then
    raise exception 'jobs are managed by somebody of a tenant' using errcode = '42501';
  end if;
end
$$;

create function rowhouse_private.failed_jobs(of_task text, behind_at timestamptz, behind_id uuid, most integer) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  perform rowhouse_private.check_job_manager();
  return rowhouse_queue.failed_jobs(of_task, behind_at, behind_id, most);
end
$$;

create function rowhouse_private.failed_job(job_id uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  perform rowhouse_private.check_job_manager();
  return rowhouse_queue.failed_job(job_id);
end
$$;

create function rowhouse_private.edit_failed_job(job_id uuid, given_input jsonb, given_key text, claim_names text[]) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform rowhouse_private.check_job_manager();
  return rowhouse_queue.edit_failed_job(job_id, given_input, given_key, claim_names);
end
$$;

create function rowhouse_private.replay_failed_job(job_id uuid) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform rowhouse_private.check_job_manager();
  return rowhouse_queue.replay_failed_job(job_id);
end
$$;

create function rowhouse_private.discard_failed_job(job_id uuid) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform rowhouse_private.check_job_manager();
  return rowhouse_queue.discard_failed_job(job_id);
end
$$;

comment on function rowhouse_private.check_job_manager() is 'Refuses a caller who may not manage the jobs of a tenant.';
comment on function rowhouse_private.failed_jobs(text, timestamptz, uuid, integer) is 'Failed jobs of the caller''s tenant, the last first, for whoever manages them.';
comment on function rowhouse_private.failed_job(uuid) is 'A failed job of the caller''s tenant, for whoever manages them.';
comment on function rowhouse_private.edit_failed_job(uuid, jsonb, text, text[]) is 'Gives a failed job another input and the caller''s rights.';
comment on function rowhouse_private.replay_failed_job(uuid) is 'Makes a failed job of the caller''s tenant a job again.';
comment on function rowhouse_private.discard_failed_job(uuid) is 'Throws a failed job of the caller''s tenant away.';

grant execute on function
rowhouse_private.failed_jobs(text, timestamptz, uuid, integer), rowhouse_private.failed_job(uuid),
rowhouse_private.edit_failed_job(uuid, jsonb, text, text[]), rowhouse_private.replay_failed_job(uuid), rowhouse_private.discard_failed_job(uuid)
to ":MEMBER";
