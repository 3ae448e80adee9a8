-- Events are handed to subscribers as jobs, which are added with the event: of a row one after the other for each subscriber. The job of a later
-- event is "held" until the one before is done or has failed for good.

set local role ":OWNER";

-- With whose rights it is handed over, also when that is done again: never shown to a subscriber.
alter table rowhouse.event add column as_role text, add column claims jsonb not null default '{}';

comment on column rowhouse.event.as_role is 'Role in which it was caused, of the same tenant.';

reset role;
set local role ":QUEUE_KEEPER";

create table rowhouse_queue.delivery (
  job_id uuid primary key,
  subscriber text not null,
  turn uuid not null,
  entity text not null,
  row_key text not null,
  revision bigint not null,
  constraint delivery_order unique (subscriber, entity, row_key, turn, revision)
);

alter table rowhouse_queue.delivery enable row level security;

comment on table rowhouse_queue.delivery is 'Jobs that hand an event to a subscriber, by row and in order.';

-- Adds the jobs of an event: subscribers are an object of name and attempts. Those to whom it is being handed over already are left out. The lock
-- keeps the job before from being done unseen, which would leave this one held.
create function rowhouse_queue.deliver(happened rowhouse.event, subscribers jsonb) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
  whose constant uuid := coalesce(happened.tenant_id, '00000000-0000-0000-0000-000000000001');
  told constant jsonb := pg_catalog.jsonb_build_object('event', pg_catalog.jsonb_build_object(
    'id', happened.id, 'tenant', happened.tenant_id, 'entity', happened.entity, 'type', happened.type, 'key', happened.key,
    'revision', happened.revision, 'actor', happened.actor_id, 'data', happened.data, 'version', happened.version,
    'at', pg_catalog.to_char(pg_catalog.timezone('UTC', happened.at), 'YYYY-MM-DD"T"HH24":"MI":"SS.US"Z"')
  ));
  listener record;
  job uuid;
  is_held boolean;
  has_ready boolean := false;
  count integer := 0;
begin
  for listener in select key as name, value::smallint as attempts from pg_catalog.jsonb_each_text(subscribers) loop
    perform from rowhouse_queue.delivery d
    where d.subscriber = listener.name and d.entity = happened.entity and d.row_key = happened.key and d.turn = whose
    order by d.revision limit 1 for key share;
    is_held := found;
    job := rowhouse.uuid_v7();
    insert into rowhouse_queue.delivery (job_id, subscriber, turn, entity, row_key, revision)
    values (job, listener.name, whose, happened.entity, happened.key, happened.revision)
    on conflict do nothing;
    continue when not found;
    insert into rowhouse_queue.job (id, task, tenant_id, actor_id, as_role, claims, input, priority, state, run_at, max_attempts)
    values (
      job, listener.name, happened.tenant_id, happened.actor_id, happened.as_role, happened.claims, told, 0,
      case when is_held then 'held' else 'ready' end, pg_catalog.now(), listener.attempts
    );
    has_ready := has_ready or not is_held;
    count := count + 1;
  end loop;
  if has_ready then
    perform pg_catalog.pg_notify('rowhouse_jobs', 'now');
  end if;
  return count;
end
$$;

-- Whichever way a job goes: what was held behind it is next.
create function rowhouse_queue.deliver_next() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
declare
  gone rowhouse_queue.delivery;
begin
  delete from rowhouse_queue.delivery d where d.job_id = old.id returning * into gone;
  if not found then
    return null;
  end if;
  update rowhouse_queue.job j set state = 'ready', run_at = pg_catalog.now()
  where j.state = 'held' and j.id = (
    select d.job_id from rowhouse_queue.delivery d
    where d.subscriber = gone.subscriber and d.entity = gone.entity and d.row_key = gone.row_key and d.turn = gone.turn
    order by d.revision limit 1
  );
  if found then
    perform pg_catalog.pg_notify('rowhouse_jobs', 'now');
  end if;
  return null;
end
$$;

create trigger deliver_next after delete on rowhouse_queue.job for each row
when (old.task like 'subscribers/%') execute function rowhouse_queue.deliver_next();

comment on function rowhouse_queue.deliver(rowhouse.event, jsonb) is 'Adds the jobs that hand an event to its subscribers.';
comment on function rowhouse_queue.deliver_next() is 'Trigger: lets the next event of the row go to the subscriber.';

grant execute on function rowhouse_queue.deliver(rowhouse.event, jsonb) to ":PRIVATE";
