-- Who is asking: settings of the transaction. A setting that was used once reads '' afterwards, never null again.

set local role ":OWNER";

create function rowhouse.tenant_id() returns uuid language sql stable parallel safe
return nullif(pg_catalog.current_setting('rowhouse.tenant_id', true), '')::uuid;

create function rowhouse.actor_id() returns uuid language sql stable parallel safe
return nullif(pg_catalog.current_setting('rowhouse.actor_id', true), '')::uuid;

create function rowhouse.claim(name text) returns text language sql stable parallel safe
return nullif(pg_catalog.current_setting('rowhouse.claim_' || name, true), '');

comment on function rowhouse.tenant_id() is 'The caller''s tenant, or null.';
comment on function rowhouse.actor_id() is 'The caller, or null.';
comment on function rowhouse.claim(text) is 'A claim of the caller by its name in snake case, or null.';

grant execute on function rowhouse.tenant_id(), rowhouse.actor_id(), rowhouse.claim(text)
to ":PRIVATE", ":MEMBER", ":ANONYMOUS";
