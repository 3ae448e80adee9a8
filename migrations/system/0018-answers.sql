-- What was answered to changes that carry an idempotency key, so that none is done twice. Nothing of a request is kept in plain: its key and
-- its input as hashes, of its answer the keys of rows. No role of a request may touch the table; each caller reaches its own answers alone.

set local role ":OWNER";

create table rowhouse.answer (
  tenant_id uuid,
  actor_id uuid not null,
  key_hash bytea not null,
  input_hash bytea not null,
  answer jsonb,
  expires_at timestamptz not null,
  constraint answer_key unique nulls not distinct (actor_id, key_hash, tenant_id)
);

create index answer_expires on rowhouse.answer (expires_at);

alter table rowhouse.answer enable row level security;

-- What is over is nobody's: whoever comes next sweeps it.
create policy private on rowhouse.answer for all to ":PRIVATE"
using (
  (actor_id = (select rowhouse.actor_id()) and tenant_id is not distinct from (select rowhouse.tenant_id()))
  or expires_at <= pg_catalog.now()
)
with check (actor_id = (select rowhouse.actor_id()) and tenant_id is not distinct from (select rowhouse.tenant_id()));

grant select, insert, update, delete on rowhouse.answer to ":PRIVATE";

comment on table rowhouse.answer is 'Answers to changes with an idempotency key, by tenant and caller, until they expire.';

reset role;
set local role ":PRIVATE";

-- Whoever comes with a key that is being used waits until the change is kept or undone. A statement that follows sees what was kept.
create function rowhouse_private.begin_once(key_hash bytea, input_hashes bytea[], lasting interval) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_variable
declare
  tenant uuid := rowhouse.tenant_id();
  actor uuid := rowhouse.actor_id();
  kept rowhouse.answer;
begin
  if actor is null then
    raise exception 'a caller is needed' using errcode = '42501';
  end if;
  if pg_catalog.octet_length(key_hash) is distinct from 32 or pg_catalog.octet_length(input_hashes[1]) is distinct from 32 then
    raise exception 'hashes of 32 bytes are needed' using errcode = '22023';
  end if;
  delete from rowhouse.answer a where a.ctid = any (array(
    select o.ctid from rowhouse.answer o where o.expires_at <= pg_catalog.now()
    order by o.expires_at limit 20 for update skip locked
  ));
  loop
    insert into rowhouse.answer (tenant_id, actor_id, key_hash, input_hash, expires_at)
    values (tenant, actor, key_hash, input_hashes[1], pg_catalog.now() + least(lasting, interval '30 days'))
    on conflict do nothing;
    if found then
      return pg_catalog.jsonb_build_object('is', 'new');
    end if;
    select a.* into kept from rowhouse.answer a
    where a.actor_id = actor and a.key_hash = key_hash and a.tenant_id is not distinct from tenant for update;
    if found and kept.expires_at > pg_catalog.now() then
      if kept.input_hash <> all (input_hashes) then
        return pg_catalog.jsonb_build_object('is', 'other');
      end if;
      return pg_catalog.jsonb_build_object('is', 'same', 'answer', kept.answer);
    end if;
    delete from rowhouse.answer a
    where a.actor_id = actor and a.key_hash = key_hash and a.tenant_id is not distinct from tenant
      and a.expires_at <= pg_catalog.now();
  end loop;
end
$$;

create function rowhouse_private.keep_answer(key_hash bytea, answer jsonb) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_variable
begin
  update rowhouse.answer a set answer = answer
  where a.actor_id = rowhouse.actor_id() and a.key_hash = key_hash
    and a.tenant_id is not distinct from rowhouse.tenant_id() and a.answer is null;
  return found;
end
$$;

comment on function rowhouse_private.begin_once(bytea, bytea[], interval) is
  'Takes an idempotency key of the caller: whether it is new, or what was answered to it.';
comment on function rowhouse_private.keep_answer(bytea, jsonb) is 'Keeps what is answered to a change with an idempotency key.';

grant execute on function
rowhouse_private.begin_once(bytea, bytea[], interval), rowhouse_private.keep_answer(bytea, jsonb)
to ":MEMBER";
