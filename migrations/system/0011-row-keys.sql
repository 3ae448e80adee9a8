-- Rows are found by their key, whatever its type and its number of columns: an object of the key's columns. Replaces the
-- functions that knew ids of type uuid alone.

set local role ":OWNER";

drop function rowhouse.create_row(regclass, jsonb);
drop function rowhouse.update_row(regclass, uuid, jsonb);
drop function rowhouse.delete_row(regclass, uuid);

-- With the name of another column, and 'utc' where the column has no zone.
create or replace function rowhouse.touch() returns trigger language plpgsql set search_path = '' as $$
begin
  if tg_nargs = 0 then
    new.updated_at := pg_catalog.now();
  elsif tg_nargs = 1 then
    new := pg_catalog.jsonb_populate_record(new, pg_catalog.jsonb_build_object(tg_argv[0], pg_catalog.now()));
  else
    new := pg_catalog.jsonb_populate_record(
      new, pg_catalog.jsonb_build_object(tg_argv[0], pg_catalog.timezone(tg_argv[1], pg_catalog.now()))
    );
  end if;
  return new;
end
$$;

-- With the names of the key's columns, where that is not `id` alone.
create or replace function rowhouse.note_created() returns trigger language plpgsql set search_path = '' as $$
declare
  creating text := coalesce(pg_catalog.current_setting('rowhouse.creating', true), '');
  given jsonb;
  created text;
begin
  -- create_row says which table it writes to, so that rows written by other triggers on the way are not taken for its own.
  if creating in ('', tg_relid::text) then
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
    perform pg_catalog.set_config('rowhouse.creating', case creating when tg_relid::text then 'done' else creating end, true);
  end if;
  return new;
end
$$;

create function rowhouse.create_row(relation regclass, given jsonb) returns text
language plpgsql volatile security invoker set search_path = '' as $$
declare
  list text := rowhouse.column_list(relation, given);
  created text;
begin
  perform pg_catalog.set_config('rowhouse.created_id', '', true);
  perform pg_catalog.set_config('rowhouse.creating', relation::oid::text, true);
  if list = '' then
    execute pg_catalog.format('insert into %s default values', relation);
  else
    execute pg_catalog.format(
      'insert into %1$s (%2$s) select %2$s from pg_catalog.jsonb_populate_record(null::%1$s, $1)', relation, list
    ) using given;
  end if;
  created := pg_catalog.current_setting('rowhouse.created_id', true);
  perform pg_catalog.set_config('rowhouse.creating', '', true);
  return nullif(created, '');
end
$$;

-- The row whose columns are as in $1. Reads the key once, in a sub-select, so that an index finds the row.
create function rowhouse.row_condition(relation regclass, row_key jsonb) returns text
language plpgsql stable security invoker set search_path = '' as $$
declare
  list text := rowhouse.column_list(relation, row_key);
begin
  if list = '' then
    raise exception 'a key has at least one column' using errcode = '22023';
  end if;
  return pg_catalog.format('(%2$s) = (select %2$s from pg_catalog.jsonb_populate_record(null::%1$s, $1))', relation, list);
end
$$;

create function rowhouse.update_row(relation regclass, row_key jsonb, changes jsonb) returns text
language plpgsql volatile security invoker set search_path = '' as $$
declare
  list text := rowhouse.column_list(relation, changes);
  is_row text := rowhouse.row_condition(relation, row_key);
  target refcursor;
  found_one boolean;
  touched bigint;
begin
  -- Under the select and update policies. The lock makes both hold for the row as it is at the moment of the change.
  open target for execute pg_catalog.format('select true from %s where %s for no key update', relation, is_row)
  using row_key;
  fetch target into found_one;
  if found_one and list = '' then
    return 'updated';
  elsif found_one then
    -- Reads no column, so Postgres does not ask whether the caller may still read the row afterwards.
    execute pg_catalog.format(
      'update %1$s set (%2$s) = (select %2$s from pg_catalog.jsonb_populate_record(null::%1$s, $1)) where current of %3$I',
      relation, list, target
    ) using changes;
    get diagnostics touched = row_count;
    if touched = 1 then
      return 'updated';
    end if;
  end if;
  execute pg_catalog.format('select true from %s where %s', relation, is_row) into found_one using row_key;
  return case when found_one then 'refused' else 'missing' end;
end
$$;

create function rowhouse.delete_row(relation regclass, row_key jsonb) returns text
language plpgsql volatile security invoker set search_path = '' as $$
declare
  is_row text := rowhouse.row_condition(relation, row_key);
  target refcursor;
  found_one boolean;
  touched bigint;
begin
  -- Not locked: "for update" would ask for the right to update.
  open target for execute pg_catalog.format('select true from %s where %s', relation, is_row) using row_key;
  fetch target into found_one;
  if found_one then
    execute pg_catalog.format('delete from %s where current of %I', relation, target);
    get diagnostics touched = row_count;
    if touched = 1 then
      return 'deleted';
    end if;
  end if;
  execute pg_catalog.format('select true from %s where %s', relation, is_row) into found_one using row_key;
  return case when found_one then 'refused' else 'missing' end;
end
$$;

comment on function rowhouse.touch() is 'Trigger: sets updated_at, or the column that it is told.';
comment on function rowhouse.note_created() is 'Trigger: puts the key of the new row into rowhouse.created_id, for callers who may create and not read.';
comment on function rowhouse.create_row(regclass, jsonb) is 'Inserts the given columns; the new id, or the columns of the new key as a list in JSON.';
comment on function rowhouse.row_condition(regclass, jsonb) is 'SQL that finds a row by the columns of its key.';
comment on function rowhouse.update_row(regclass, jsonb, jsonb) is 'Changes the given columns: updated, missing or refused.';
comment on function rowhouse.delete_row(regclass, jsonb) is 'Deletes the row: deleted, missing or refused.';

grant execute on function
rowhouse.create_row(regclass, jsonb), rowhouse.row_condition(regclass, jsonb),
rowhouse.update_row(regclass, jsonb, jsonb), rowhouse.delete_row(regclass, jsonb)
to ":MEMBER", ":ANONYMOUS";
