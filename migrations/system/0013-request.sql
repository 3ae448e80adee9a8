-- What the server knows of a request: settings of the transaction, like claims. Absent ones are null, and lacking to rules.

set local role ":OWNER";

create function rowhouse.request_ip() returns inet language sql stable parallel safe
return nullif(pg_catalog.current_setting('rowhouse.request_ip', true), '')::inet;

create function rowhouse.request_mfa() returns boolean language sql stable parallel safe
return coalesce(pg_catalog.current_setting('rowhouse.request_mfa', true) = 'true', false);

create function rowhouse.request_signed_in_for() returns double precision language sql stable parallel safe
return extract(epoch from pg_catalog.now())::double precision
  - nullif(pg_catalog.current_setting('rowhouse.request_signed_in_at', true), '')::double precision;

comment on function rowhouse.request_ip() is 'Address of the client, or null.';
comment on function rowhouse.request_mfa() is 'Whether the caller signed in with a second factor.';
comment on function rowhouse.request_signed_in_for() is 'Seconds since the caller signed in, or null.';

grant execute on function rowhouse.request_ip(), rowhouse.request_mfa(), rowhouse.request_signed_in_for()
to ":PRIVATE", ":MEMBER", ":ANONYMOUS";
