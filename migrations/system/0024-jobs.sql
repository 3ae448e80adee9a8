-- Jobs: what shall be done after a transaction, if it commits. Everything belongs to a role of its own, which has nothing of the app; requests and
-- runners call functions and touch no table. A job is added by ":QUEUE" or from functions of ":PRIVATE", and run by ":JOBS".

grant usage on schema rowhouse to ":QUEUE_KEEPER", ":QUEUE", ":JOBS";
create schema if not exists rowhouse_queue authorization ":QUEUE_KEEPER";
comment on schema rowhouse_queue is 'Jobs, who runs them, and those that failed for good.';
grant usage on schema rowhouse_queue to ":QUEUE", ":JOBS", ":PRIVATE";

alter default privileges for role ":QUEUE_KEEPER" revoke execute on functions from public;

set local role ":OWNER";

grant execute on function rowhouse.tenant_id(), rowhouse.actor_id(), rowhouse.uuid_v7() to ":QUEUE_KEEPER";

-- A request becomes the adder for one call, and is told whom it comes back as by what it was.
create function rowhouse.become_queue() returns text language sql volatile
return pg_catalog.set_config(
  'role', pg_catalog.btrim('":QUEUE"', '"'),
  pg_catalog.set_config('rowhouse.came_as', pg_catalog.current_setting('role'), true) is not null
);

comment on function rowhouse.become_queue() is 'Makes the transaction the one who may add jobs; adding one goes back.';
grant execute on function rowhouse.become_queue() to ":MEMBER", ":ANONYMOUS";

reset role;
set local role ":QUEUE_KEEPER";

create table rowhouse_queue.runner (
  id uuid primary key,
  seen_at timestamptz not null
);

-- "waiting" for its time, "ready", or "taken" by a runner. What is done is deleted.
create table rowhouse_queue.job (
  id uuid primary key default rowhouse.uuid_v7(),
  task text not null check (pg_catalog.char_length(task) between 1 and 200),
  tenant_id uuid,
  actor_id uuid,
  as_role text,
  claims jsonb not null,
  input jsonb not null,
  key text check (pg_catalog.char_length(key) between 1 and 500),
  priority smallint not null,
  state text not null,
  run_at timestamptz not null,
  attempts smallint not null default 0,
  max_attempts smallint not null check (max_attempts >= 1),
  runner uuid,
  progress jsonb,
  error text,
  created_at timestamptz not null default pg_catalog.now(),
  -- Those of no tenant take turns as one.
  turn uuid not null generated always as (coalesce(tenant_id, '00000000-0000-0000-0000-000000000001')) stored
) with (
  fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_cost_delay = 0
);

create index job_ready on rowhouse_queue.job (turn, priority, id) where state = 'ready';
create index job_waiting on rowhouse_queue.job (run_at) where state = 'waiting';
create index job_taken on rowhouse_queue.job (runner) where state = 'taken';
create unique index job_key on rowhouse_queue.job (turn, task, key) where state <> 'taken' and key is not null;

create table rowhouse_queue.failed_job (
  id uuid primary key,
  task text not null,
  tenant_id uuid,
  actor_id uuid,
  as_role text,
  claims jsonb not null,
  input jsonb not null,
  priority smallint not null,
  attempts smallint not null,
  max_attempts smallint not null,
  error text not null,
  created_at timestamptz not null,
  failed_at timestamptz not null
);

create index failed_job_tenant on rowhouse_queue.failed_job (tenant_id, failed_at desc, id);

-- The last tick of each task that runs by the clock.
create table rowhouse_queue.tick (
  task text primary key,
  at timestamptz not null
);

alter table rowhouse_queue.runner enable row level security;
alter table rowhouse_queue.job enable row level security;
alter table rowhouse_queue.failed_job enable row level security;
alter table rowhouse_queue.tick enable row level security;

comment on table rowhouse_queue.runner is 'Who runs jobs, and when it was last heard of.';
comment on table rowhouse_queue.job is 'What is to be done, for whom.';
comment on table rowhouse_queue.failed_job is 'Jobs that failed for good.';
comment on table rowhouse_queue.tick is 'When each task that runs by the clock last did.';

-- Whose work it is, is read from the transaction, never taken from who adds it: the tenant, the actor, the role, and the claims by these names.
create function rowhouse_queue.add_job(
  given_task text, given_input jsonb, claim_names text[] default '{}', given_key text default null,
  given_run_at timestamptz default null, given_priority smallint default 0, given_attempts smallint default 6
) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
  came_as constant text := nullif(pg_catalog.current_setting('role', true), 'none');
  cause_role constant text := case came_as
    when pg_catalog.btrim('":QUEUE"', '"') then nullif(pg_catalog.current_setting('rowhouse.came_as', true), '') else came_as
  end;
  cause_tenant constant uuid := rowhouse.tenant_id();
  cause_claims constant jsonb := coalesce((
    select pg_catalog.jsonb_object_agg(name, pg_catalog.current_setting('rowhouse.claim_' || name, true))
    from pg_catalog.unnest(claim_names) as name
    where coalesce(pg_catalog.current_setting('rowhouse.claim_' || name, true), '') <> ''
  ), '{}');
  is_waiting constant boolean := given_run_at > pg_catalog.now();
  added uuid;
begin
  loop
    insert into rowhouse_queue.job (task, tenant_id, actor_id, as_role, claims, input, key, priority, state, run_at, max_attempts)
    values (
      given_task, cause_tenant, rowhouse.actor_id(), cause_role, cause_claims, given_input, given_key, given_priority,
      case when is_waiting then 'waiting' else 'ready' end, coalesce(given_run_at, pg_catalog.now()), given_attempts
    )
    on conflict do nothing returning id into added;
    exit when added is not null;
    -- Locked, so that nobody begins it before this transaction is seen. The rights go with the input: nobody's words run as somebody else.
    update rowhouse_queue.job as j
    set actor_id = rowhouse.actor_id(), as_role = cause_role, claims = cause_claims, input = given_input,
      priority = least(j.priority, given_priority), attempts = 0, max_attempts = given_attempts,
      run_at = least(j.run_at, coalesce(given_run_at, pg_catalog.now())),
      state = case when j.state = 'waiting' and is_waiting then 'waiting' else 'ready' end
    where j.turn = coalesce(cause_tenant, '00000000-0000-0000-0000-000000000001') and j.task = given_task and j.key = given_key
      and j.state <> 'taken'
    returning j.id into added;
    exit when added is not null;
  end loop;
  perform pg_catalog.pg_notify('rowhouse_jobs', case when is_waiting then 'later' else 'now' end);
  return added;
end
$$;

-- Adds a job and makes the transaction again who it was.
create function rowhouse_queue.add_and_return(
  given_task text, given_input jsonb, claim_names text[], given_key text, given_run_at timestamptz, given_priority smallint,
  given_attempts smallint
) returns uuid
language plpgsql volatile set search_path = '' as $$
declare
  added constant uuid := rowhouse_queue.add_job(
    given_task, given_input, claim_names, given_key, given_run_at, given_priority, given_attempts
  );
begin
  perform pg_catalog.set_config('role', pg_catalog.current_setting('rowhouse.came_as'), true);
  return added;
end
$$;

comment on function rowhouse_queue.add_job(text, jsonb, text[], text, timestamptz, smallint, smallint) is
  'Adds a job that runs when the transaction has committed, in the name of who it is.';
comment on function rowhouse_queue.add_and_return(text, jsonb, text[], text, timestamptz, smallint, smallint) is
  'Adds a job for who became ":QUEUE" to do so.';

grant execute on function rowhouse_queue.add_job(text, jsonb, text[], text, timestamptz, smallint, smallint) to ":QUEUE", ":PRIVATE";
grant execute on function rowhouse_queue.add_and_return(text, jsonb, text[], text, timestamptz, smallint, smallint) to ":QUEUE";
