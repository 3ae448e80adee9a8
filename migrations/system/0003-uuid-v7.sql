-- Ids in order of time (RFC 9562). Postgres has uuidv7() from 18 on; below, its layout is built here: 48 bits of
-- milliseconds, version, 12 bits of the fraction, variant, 62 random bits.

set local role ":OWNER";

do $do$
begin
  if pg_catalog.current_setting('server_version_num')::integer >= 180000 then
    create function rowhouse.uuid_v7() returns uuid language sql volatile parallel safe
    return pg_catalog.uuidv7();
  else
    create function rowhouse.uuid_v7() returns uuid language sql volatile parallel safe
    begin atomic
      select pg_catalog.encode(
        pg_catalog.substring(pg_catalog.int8send(pg_catalog.floor(clock.ms)::bigint), 3)
          || pg_catalog.substring(pg_catalog.int4send(28672 + pg_catalog.floor((clock.ms % 1) * 4096)::integer), 3)
          || pg_catalog.substring(pg_catalog.uuid_send(pg_catalog.gen_random_uuid()), 9),
        'hex'
      )::uuid
      from (select extract(epoch from pg_catalog.clock_timestamp()) * 1000 as ms) as clock;
    end;
  end if;
end
$do$;

comment on function rowhouse.uuid_v7() is 'A new id, later ones greater.';

grant execute on function rowhouse.uuid_v7() to ":PRIVATE", ":MEMBER", ":ANONYMOUS";
