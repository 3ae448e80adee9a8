-- Writing a row with the caller's own rights: grants, policies, checks and triggers all apply. A table's name and its
-- columns become SQL only after they were found in the catalog, and quoted.

set local role ":OWNER";

create function rowhouse.column_list(relation regclass, given jsonb) returns text
language plpgsql stable security invoker set search_path = '' as $$
declare
  key text;
  list text := '';
begin
  if relation is null or pg_catalog.jsonb_typeof(given) is distinct from 'object' then
    raise exception 'a table and an object of columns are needed' using errcode = '22023';
  end if;
  for key in select pg_catalog.jsonb_object_keys(given) loop
    if not exists (
      select from pg_catalog.pg_attribute
      where attrelid = relation and attname::text = key and attnum > 0 and not attisdropped
    ) then
      raise exception 'column % of relation % does not exist', pg_catalog.quote_ident(key), relation
        using errcode = '42703';
    end if;
    list := list || case list when '' then '' else ', ' end || pg_catalog.quote_ident(key);
  end loop;
  return list;
end
$$;

create function rowhouse.create_row(relation regclass, given jsonb) returns uuid
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
  return nullif(created, '')::uuid;
end
$$;

create function rowhouse.update_row(relation regclass, row_id uuid, changes jsonb) returns text
language plpgsql volatile security invoker set search_path = '' as $$
declare
  list text := rowhouse.column_list(relation, changes);
  target refcursor;
  found_one boolean;
  touched bigint;
begin
  -- Under the select and update policies. The lock makes both hold for the row as it is at the moment of the change.
  open target for execute pg_catalog.format('select true from %s where id = $1 for no key update', relation) using row_id;
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
  execute pg_catalog.format('select true from %s where id = $1', relation) into found_one using row_id;
  return case when found_one then 'refused' else 'missing' end;
end
$$;

create function rowhouse.delete_row(relation regclass, row_id uuid) returns text
language plpgsql volatile security invoker set search_path = '' as $$
declare
  target refcursor;
  found_one boolean;
  touched bigint;
begin
  if relation is null then
    raise exception 'a table is needed' using errcode = '22023';
  end if;
  -- Not locked: "for update" would ask for the right to update.
  open target for execute pg_catalog.format('select true from %s where id = $1', relation) using row_id;
  fetch target into found_one;
  if found_one then
    execute pg_catalog.format('delete from %s where current of %I', relation, target);
    get diagnostics touched = row_count;
    if touched = 1 then
      return 'deleted';
    end if;
  end if;
  execute pg_catalog.format('select true from %s where id = $1', relation) into found_one using row_id;
  return case when found_one then 'refused' else 'missing' end;
end
$$;

comment on function rowhouse.create_row(regclass, jsonb) is 'Inserts the given columns; the new id.';
comment on function rowhouse.update_row(regclass, uuid, jsonb) is 'Changes the given columns: updated, missing or refused.';
comment on function rowhouse.delete_row(regclass, uuid) is 'Deletes the row: deleted, missing or refused.';

grant execute on function
rowhouse.column_list(regclass, jsonb), rowhouse.create_row(regclass, jsonb),
rowhouse.update_row(regclass, uuid, jsonb), rowhouse.delete_row(regclass, uuid)
to ":MEMBER", ":ANONYMOUS";
