-- Rows of a table with faces are made through the first of them, and the trigger fires on the table behind it.

set local role ":OWNER";

create or replace function rowhouse.note_created() returns trigger language plpgsql set search_path = '' as $$
declare
  creating text := coalesce(pg_catalog.current_setting('rowhouse.creating', true), '');
  is_told boolean := creating in (tg_relid::text, coalesce(pg_catalog.pg_partition_root(tg_relid), tg_relid)::oid::text);
  given jsonb;
  created text;
begin
  -- create_row says which table it writes to, so that rows written by other triggers on the way are not taken for its own.
  if creating = '' or is_told then
    if tg_nargs = 0 then
      created := new.id::text;
    else
      given := pg_catalog.to_jsonb(new);
      if tg_nargs = 1 then
        created := given ->> tg_argv[0];
      else
        -- Texts: no reader turns a large number into a nearby one.
        select pg_catalog.jsonb_agg(given ->> name order by at)::text into created
        from pg_catalog.unnest(tg_argv) with ordinality as names (name, at);
      end if;
    end if;
    perform pg_catalog.set_config('rowhouse.created_id', created, true);
  end if;
  if creating <> '' then
    perform pg_catalog.set_config('rowhouse.creating', case when is_told then 'done' else creating end, true);
  end if;
  return new;
end
$$;

-- Before the guard of a row: which columns an update names, for those that count as changed whatever is said of them.
create function rowhouse.name_field() returns trigger language plpgsql set search_path = '' as $$
begin
  perform pg_catalog.set_config('rowhouse.named', pg_catalog.concat_ws(
    pg_catalog.chr(31), nullif(pg_catalog.current_setting('rowhouse.named', true), ''), tg_argv[0]
  ), true);
  return new;
end
$$;

comment on function rowhouse.name_field() is 'Trigger: tells the guard behind it that the update names the column.';
