-- Numbers that the database gives rows. Requests never reach the counters; the functions that fill in values do.

set local role ":OWNER";

create table rowhouse.counter (
  tenant_id uuid references rowhouse.tenant (id) on delete cascade,
  entity text not null,
  field text not null,
  series text not null,
  value bigint not null,
  constraint counter_key unique nulls not distinct (tenant_id, entity, field, series)
);

alter table rowhouse.counter enable row level security;

create policy tenant on rowhouse.counter as restrictive for all to public
using (tenant_id is null or tenant_id = (select rowhouse.tenant_id()))
with check (tenant_id is null or tenant_id = (select rowhouse.tenant_id()));

create policy private on rowhouse.counter for all to ":PRIVATE" using (true) with check (true);

grant select, insert, update on rowhouse.counter to ":PRIVATE";

-- For numbers that nobody waits for. Each is a lock of its own until the transaction ends; one transaction that makes many
-- rows would fill the table of locks, so from the hundredth on it takes the whole series for itself instead.
create function rowhouse.claim_number(series bigint, number bigint) returns boolean
language plpgsql volatile security invoker set search_path = '' as $$
declare
  claimed integer := coalesce(nullif(pg_catalog.current_setting('rowhouse.claimed_numbers', true), '')::integer, 0);
begin
  if claimed >= 100 then
    perform pg_catalog.pg_advisory_xact_lock(series);
    return true;
  end if;
  perform pg_catalog.pg_advisory_xact_lock_shared(series);
  if pg_catalog.pg_try_advisory_xact_lock(pg_catalog.hashint8extended(number, series)) then
    perform pg_catalog.set_config('rowhouse.claimed_numbers', (claimed + 1)::text, true);
    return true;
  end if;
  return false;
end
$$;

comment on table rowhouse.counter is 'Last number of each series, by tenant, entity and field.';
comment on function rowhouse.claim_number(bigint, bigint) is 'Whether this transaction may use a number of a series.';

grant execute on function rowhouse.claim_number(bigint, bigint) to ":PRIVATE";
