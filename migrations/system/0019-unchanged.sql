-- Changes on condition that nobody changed the row meanwhile. The key of a row may hold, under the empty name, which no column has, an object
-- of columns as the row is expected to be. Postgres compares with the row as it is when it is written: `stale` where the caller may read it, and
-- it is otherwise.

set local role ":OWNER";

-- Each change tells itself from the one before, also where their transactions began at the same moment or the other way round.
create or replace function rowhouse.touch() returns trigger language plpgsql set search_path = '' as $$
declare
  moment timestamptz := pg_catalog.now();
  was timestamptz;
begin
  if tg_nargs = 0 then
    was := old.updated_at;
  elsif tg_nargs = 1 then
    was := pg_catalog.to_jsonb(old) ->> tg_argv[0];
  else
    was := pg_catalog.timezone(tg_argv[1], (pg_catalog.to_jsonb(old) ->> tg_argv[0])::timestamp);
  end if;
  if was >= moment and was < moment + interval '1 second' then
    moment := was + interval '1 microsecond';
  end if;
  if tg_nargs = 0 then
    new.updated_at := moment;
  elsif tg_nargs = 1 then
    new := pg_catalog.jsonb_populate_record(new, pg_catalog.jsonb_build_object(tg_argv[0], moment));
  else
    new := pg_catalog.jsonb_populate_record(
      new, pg_catalog.jsonb_build_object(tg_argv[0], pg_catalog.timezone(tg_argv[1], moment))
    );
  end if;
  return new;
end
$$;

-- The row whose columns are as in $1.
create or replace function rowhouse.row_condition(relation regclass, row_key jsonb) returns text
language plpgsql stable security invoker set search_path = '' as $$
declare
  list text := rowhouse.column_list(relation, row_key - '');
begin
  if list = '' then
    raise exception 'a key has at least one column' using errcode = '22023';
  end if;
  return pg_catalog.format('(%2$s) = (select %2$s from pg_catalog.jsonb_populate_record(null::%1$s, $1))', relation, list);
end
$$;

-- That the row is as $1 expects it: true where it expects nothing.
create function rowhouse.expected_condition(relation regclass, row_key jsonb) returns text
language plpgsql stable security invoker set search_path = '' as $$
declare
  list text;
begin
  if not row_key ? '' then
    return 'true';
  end if;
  list := rowhouse.column_list(relation, row_key -> '');
  return pg_catalog.format(
    'row(%2$s) is not distinct from (select row(%2$s) from pg_catalog.jsonb_populate_record(null::%1$s, $1 -> ''''))',
    relation, list
  );
end
$$;

create or replace function rowhouse.update_row(relation regclass, row_key jsonb, changes jsonb) returns text
language plpgsql volatile security invoker set search_path = '' as $$
declare
  list text := rowhouse.column_list(relation, changes);
  is_row text := rowhouse.row_condition(relation, row_key);
  is_expected text := rowhouse.expected_condition(relation, row_key);
  target refcursor;
  is_same boolean;
  touched bigint;
begin
  -- Under the select and update policies. The lock makes both hold for the row as it is at the moment of the change.
  open target for execute pg_catalog.format('select %s from %s where %s for no key update', is_expected, relation, is_row)
  using row_key;
  fetch target into is_same;
  if is_same and list = '' then
    return 'updated';
  elsif is_same then
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
  execute pg_catalog.format('select %s from %s where %s', is_expected, relation, is_row) into is_same using row_key;
  return case is_same when true then 'refused' when false then 'stale' else 'missing' end;
end
$$;

create or replace function rowhouse.delete_row(relation regclass, row_key jsonb) returns text
language plpgsql volatile security invoker set search_path = '' as $$
declare
  is_row text := rowhouse.row_condition(relation, row_key);
  is_expected text := rowhouse.expected_condition(relation, row_key);
  target refcursor;
  is_same boolean;
  touched bigint;
begin
  if relation is null then
    raise exception 'a table is needed' using errcode = '22023';
  end if;
  if is_expected <> 'true' then
    -- Postgres asks the condition again of a row that somebody changed meanwhile; behind a cursor it would not.
    execute pg_catalog.format('delete from %s where %s and %s', relation, is_row, is_expected) using row_key;
    get diagnostics touched = row_count;
  else
    -- Not locked: "for update" would ask for the right to update.
    open target for execute pg_catalog.format('select true from %s where %s', relation, is_row) using row_key;
    fetch target into is_same;
    if is_same then
      execute pg_catalog.format('delete from %s where current of %I', relation, target);
      get diagnostics touched = row_count;
    end if;
  end if;
  if touched = 1 then
    return 'deleted';
  end if;
  execute pg_catalog.format('select %s from %s where %s', is_expected, relation, is_row) into is_same using row_key;
  return case is_same when true then 'refused' when false then 'stale' else 'missing' end;
end
$$;

-- That a row t of many is as its item e expects it.
create function rowhouse.expected_terms(relation regclass, given jsonb) returns text
language plpgsql stable security invoker set search_path = '' as $$
declare
  expected jsonb;
begin
  select item -> 'key' -> '' into expected
  from pg_catalog.jsonb_array_elements(given) as rows (item) where item -> 'key' ? '' limit 1;
  if expected is null then
    return 'true';
  end if;
  return pg_catalog.format(
    'not (e.item -> ''key'' ? '''') or row(%2$s) is not distinct from'
    ' (select row(%3$s) from pg_catalog.jsonb_populate_record(null::%1$s, e.item -> ''key'' -> '''') as x)',
    relation, rowhouse.column_terms(relation, expected, 't.%1$I', ', '), rowhouse.column_terms(relation, expected, 'x.%1$I', ', ')
  );
end
$$;

-- One statement for each set of columns. Unlike a change of a single row it needs the right to read what becomes of the rows: else it fails.
create or replace function rowhouse.update_rows(relation regclass, given jsonb) returns void
language plpgsql volatile security invoker set search_path = '' as $$
declare
  shape record;
  touched bigint;
begin
  for shape in
    select pg_catalog.jsonb_agg(item) as items, pg_catalog.count(*) as wanted, names
    from (
      select item, (
        select pg_catalog.array_agg(name order by name) from pg_catalog.jsonb_object_keys(item -> 'columns') as keys (name)
      ) as names
      from pg_catalog.jsonb_array_elements(given) as rows (item)
    ) as each
    group by names
  loop
    if shape.names is null then
      raise exception 'no column is given' using errcode = 'RH000';
    end if;
    execute pg_catalog.format(
      'update %1$s t set %2$s from pg_catalog.jsonb_array_elements($1) as e (item)
       cross join lateral pg_catalog.jsonb_populate_record(null::%1$s, e.item -> ''key'') as k
       cross join lateral pg_catalog.jsonb_populate_record(null::%1$s, e.item -> ''columns'') as p
       where %3$s and (%4$s)',
      relation,
      rowhouse.column_terms(relation, shape.items -> 0 -> 'columns', '%1$I = p.%1$I', ', '),
      rowhouse.column_terms(relation, (shape.items -> 0 -> 'key') - '', 't.%1$I = k.%1$I', ' and '),
      rowhouse.expected_terms(relation, shape.items)
    ) using shape.items;
    get diagnostics touched = row_count;
    if touched <> shape.wanted then
      raise exception 'some rows are not changed' using errcode = 'RH000';
    end if;
  end loop;
end
$$;

create or replace function rowhouse.delete_rows(relation regclass, given jsonb) returns void
language plpgsql volatile security invoker set search_path = '' as $$
declare
  touched bigint;
begin
  execute pg_catalog.format(
    'delete from %1$s t using pg_catalog.jsonb_array_elements($1) as e (item)
     cross join lateral pg_catalog.jsonb_populate_record(null::%1$s, e.item -> ''key'') as k where %2$s and (%3$s)',
    relation, rowhouse.column_terms(relation, (given -> 0 -> 'key') - '', 't.%1$I = k.%1$I', ' and '),
    rowhouse.expected_terms(relation, given)
  ) using given;
  get diagnostics touched = row_count;
  if touched <> pg_catalog.jsonb_array_length(given) then
    raise exception 'some rows are not deleted' using errcode = 'RH000';
  end if;
end
$$;

comment on function rowhouse.expected_condition(regclass, jsonb) is 'SQL that tells whether a row is as its key expects it.';
comment on function rowhouse.expected_terms(regclass, jsonb) is 'SQL that tells whether a row of many is as its key expects it.';
comment on function rowhouse.update_row(regclass, jsonb, jsonb) is 'Changes the given columns: updated, missing, refused or stale.';
comment on function rowhouse.delete_row(regclass, jsonb) is 'Deletes the row: deleted, missing, refused or stale.';

grant execute on function rowhouse.expected_condition(regclass, jsonb), rowhouse.expected_terms(regclass, jsonb)
to ":MEMBER", ":ANONYMOUS";
