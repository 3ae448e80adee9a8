-- What happened to rows, written in the transaction in which it happened. Nobody changes an event; no role of a request may touch them.

set local role ":OWNER";

create table rowhouse.event (
  id uuid not null default rowhouse.uuid_v7(),
  tenant_id uuid,
  entity text not null,
  type text not null,
  key text not null,
  revision bigint not null generated always as identity,
  at timestamptz not null default pg_catalog.clock_timestamp(),
  actor_id uuid,
  data jsonb not null,
  version smallint not null default 1,
  constraint event_pkey primary key (id)
);

create index event_row on rowhouse.event (tenant_id, entity, key, revision);

alter table rowhouse.event enable row level security, force row level security;

create policy tenant on rowhouse.event as restrictive for all to public
using (tenant_id is not distinct from (select rowhouse.tenant_id()))
with check (tenant_id is not distinct from (select rowhouse.tenant_id()));

create policy private on rowhouse.event for all to ":PRIVATE" using (true) with check (true);

grant select, insert, delete on rowhouse.event to ":PRIVATE";

comment on table rowhouse.event is 'What happened to rows of entities with events, in the order in which it happened to each row.';
comment on column rowhouse.event.revision is 'Counted while the row is locked: of two events of a row the later one has the greater number.';
