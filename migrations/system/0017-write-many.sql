-- Writing many rows with the caller's own rights. First all at once; only where that fails, or says too little, one row after the other, each
-- held for itself, so that every row that is refused is told of. Then nothing stays. What all at once accepts is what one after the other does.

set local role ":OWNER";

-- As 0014 has it; create_rows asks for the keys of all rows, with a star behind the table.
create or replace function rowhouse.note_created() returns trigger language plpgsql set search_path = '' as $$
declare
  creating text := coalesce(pg_catalog.current_setting('rowhouse.creating', true), '');
  is_many boolean := creating like '%*';
  is_told boolean := pg_catalog.rtrim(creating, '*')
    in (tg_relid::text, coalesce(pg_catalog.pg_partition_root(tg_relid), tg_relid)::oid::text);
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
    if is_many then
      created := pg_catalog.concat_ws(
        ',', nullif(pg_catalog.current_setting('rowhouse.created_id', true), ''), pg_catalog.to_json(created)::text
      );
    end if;
    perform pg_catalog.set_config('rowhouse.created_id', created, true);
  end if;
  if creating <> '' and not is_many then
    perform pg_catalog.set_config('rowhouse.creating', case when is_told then 'done' else creating end, true);
  end if;
  return new;
end
$$;

-- The columns of an object, each in a term such as 't.%1$I = k.%1$I'.
create function rowhouse.column_terms(relation regclass, given jsonb, term text, between_them text) returns text
language plpgsql stable security invoker set search_path = '' as $$
begin
  -- Refuses what is no column.
  perform rowhouse.column_list(relation, given);
  return (
    select pg_catalog.string_agg(pg_catalog.format(term, name), between_them order by name)
    from pg_catalog.jsonb_object_keys(given) as names (name)
  );
end
$$;

-- Rows in order, in one statement; null where that cannot be said in one. Columns that a row leaves out get their default, as if they were not named.
create function rowhouse.create_rows(relation regclass, given jsonb) returns jsonb
language plpgsql volatile security invoker set search_path = '' as $$
declare
  wanted bigint := pg_catalog.jsonb_array_length(given);
  named jsonb;
  list text;
  read text;
  touched bigint;
  created jsonb;
begin
  select pg_catalog.jsonb_object_agg(name, null) into named
  from pg_catalog.jsonb_array_elements(given) as rows (item), pg_catalog.jsonb_object_keys(item -> 'columns') as names (name);
  if named is null then
    return null;
  end if;
  list := rowhouse.column_terms(relation, named, '%I', ', ');
  select case
    -- What gives those their values cannot be written down.
    when pg_catalog.bool_or(not is_whole and (a.attidentity <> '' or d.adbin is null and y.typtype = 'd')) then null
    else pg_catalog.string_agg(
      case
        when is_whole then pg_catalog.format('r.%I', name)
        else pg_catalog.format(
          'case when e.item -> ''columns'' ? %1$L then r.%1$I else %2$s end', name,
          coalesce(pg_catalog.pg_get_expr(d.adbin, d.adrelid), 'null')
        )
      end, ', ' order by name
    )
  end into read
  from (
    select name, pg_catalog.count(*) = wanted as is_whole
    from pg_catalog.jsonb_array_elements(given) as rows (item), pg_catalog.jsonb_object_keys(item -> 'columns') as names (name)
    group by name
  ) as each
  join pg_catalog.pg_attribute a on a.attrelid = relation and a.attname = each.name
  join pg_catalog.pg_type y on y.oid = a.atttypid
  left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum;
  if read is null then
    return null;
  end if;
  perform pg_catalog.set_config('rowhouse.created_id', '', true);
  perform pg_catalog.set_config('rowhouse.creating', relation::oid::text || '*', true);
  execute pg_catalog.format(
    'insert into %1$s (%2$s) select %3$s from pg_catalog.jsonb_array_elements($1) with ordinality as e (item, at)
     cross join lateral pg_catalog.jsonb_populate_record(null::%1$s, e.item -> ''columns'') as r order by e.at',
    relation, list, read
  ) using given;
  get diagnostics touched = row_count;
  created := ('[' || pg_catalog.current_setting('rowhouse.created_id', true) || ']')::jsonb;
  perform pg_catalog.set_config('rowhouse.creating', '', true);
  if touched <> wanted or pg_catalog.jsonb_array_length(created) <> wanted then
    raise exception 'triggers made other rows than were given' using errcode = 'RH000';
  end if;
  return created;
end
$$;

-- One statement for each set of columns. Unlike a change of a single row it needs the right to read what becomes of the rows: else it fails.
create function rowhouse.update_rows(relation regclass, given jsonb) returns void
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
       where %3$s',
      relation,
      rowhouse.column_terms(relation, shape.items -> 0 -> 'columns', '%1$I = p.%1$I', ', '),
      rowhouse.column_terms(relation, shape.items -> 0 -> 'key', 't.%1$I = k.%1$I', ' and ')
    ) using shape.items;
    get diagnostics touched = row_count;
    if touched <> shape.wanted then
      raise exception 'some rows are not changed' using errcode = 'RH000';
    end if;
  end loop;
end
$$;

create function rowhouse.delete_rows(relation regclass, given jsonb) returns void
language plpgsql volatile security invoker set search_path = '' as $$
declare
  touched bigint;
begin
  execute pg_catalog.format(
    'delete from %1$s t using pg_catalog.jsonb_array_elements($1) as e (item)
     cross join lateral pg_catalog.jsonb_populate_record(null::%1$s, e.item -> ''key'') as k where %2$s',
    relation, rowhouse.column_terms(relation, given -> 0 -> 'key', 't.%1$I = k.%1$I', ' and ')
  ) using given;
  get diagnostics touched = row_count;
  if touched <> pg_catalog.jsonb_array_length(given) then
    raise exception 'some rows are not deleted' using errcode = 'RH000';
  end if;
end
$$;

-- Values of a row's key, as arguments.
create function rowhouse.key_arguments(columns jsonb, row_key jsonb) returns text
language sql immutable security invoker set search_path = '' as $$
select pg_catalog.string_agg(pg_catalog.quote_nullable(row_key ->> name), ', ' order by at)
from pg_catalog.jsonb_array_elements_text(columns) with ordinality as names (name, at)
$$;

-- The links of a new row: each list of keys with the function that adds them.
create function rowhouse.add_links(row_id text, links jsonb, functions jsonb) returns void
language plpgsql volatile security invoker set search_path = '' as $$
declare
  others jsonb;
  place integer;
  answer text;
begin
  for others, place in
    select value, at from pg_catalog.jsonb_array_elements(links) with ordinality as lists (value, at)
    where pg_catalog.jsonb_typeof(value) = 'array'
  loop
    execute pg_catalog.format(
      'select rowhouse_private.%I(%L, %L)', functions ->> (place - 1), row_id,
      (select pg_catalog.array_agg(value) from pg_catalog.jsonb_array_elements_text(others))::text
    ) into answer;
    if answer is distinct from 'done' then
      raise exception 'a link is refused' using errcode = 'RH000', detail = coalesce(answer, ''), hint = place - 1;
    end if;
  end loop;
end
$$;

-- One row, as it would be written alone; its key. Answers that are no success are raised.
create function rowhouse.write_row(verb text, relation regclass, item jsonb, told jsonb) returns text
language plpgsql volatile security invoker set search_path = '' as $$
declare
  answer text;
begin
  case verb
    when 'create' then
      answer := rowhouse.create_row(relation, item -> 'columns');
      perform rowhouse.add_links(answer, item -> 'links', told -> 'links');
      return answer;
    when 'update' then
      answer := rowhouse.update_row(relation, item -> 'key', item -> 'columns');
    when 'delete' then
      answer := rowhouse.delete_row(relation, item -> 'key');
    else
      execute pg_catalog.format(
        'select rowhouse_private.%I(%s)', told ->> 'function', rowhouse.key_arguments(told -> 'key', item -> 'key')
      ) into answer;
  end case;
  if answer not in ('updated', 'deleted', 'removed', 'restored') then
    raise exception 'a row is not written' using errcode = 'RH000', detail = answer;
  end if;
  return null;
end
$$;

-- All rows at once: their keys, where they are new; null where that cannot be said.
create function rowhouse.write_at_once(verb text, relation regclass, given jsonb, told jsonb) returns jsonb
language plpgsql volatile security invoker set search_path = '' as $$
declare
  created jsonb;
begin
  case verb
    when 'create' then
      created := rowhouse.create_rows(relation, given);
      if created is not null and told ? 'links' then
        perform rowhouse.add_links(key, item -> 'links', told -> 'links')
        from pg_catalog.jsonb_array_elements(given) with ordinality as rows (item, at)
        join pg_catalog.jsonb_array_elements_text(created) with ordinality as keys (key, at) using (at);
      end if;
      return created;
    when 'update' then
      perform rowhouse.update_rows(relation, given);
      return '[]';
    when 'delete' then
      perform rowhouse.delete_rows(relation, given);
      return '[]';
    else
      return null;
  end case;
end
$$;

-- The deny that stands against a change, where the app has a function that tells it.
create function rowhouse.denial_of(verb text, item jsonb, told jsonb) returns text
language plpgsql volatile security invoker set search_path = '' as $$
declare
  denial text;
begin
  if told ->> 'because' is null then
    return null;
  end if;
  execute pg_catalog.format(
    'select rowhouse_private.%I(%s, %L)', told ->> 'because', rowhouse.key_arguments(told -> 'key', item -> 'key'), verb
  ) into denial;
  return denial;
exception
  -- For whom no rule lets read such rows: those may not even ask.
  when insufficient_privilege then
    return null;
end
$$;

-- Rows one after the other: { keys }, or { faults } of all that are refused, with nothing changed.
create function rowhouse.write_in_turn(verb text, relation regclass, given jsonb, told jsonb) returns jsonb
language plpgsql volatile security invoker set search_path = '' as $$
declare
  item jsonb;
  place bigint;
  keys text[] := '{}';
  faults jsonb[] := '{}';
  state text;
  words text;
  about text;
  why text;
  of_column text;
  of_constraint text;
  of_table text;
  of_schema text;
  denial text;
begin
  for item, place in select value, at from pg_catalog.jsonb_array_elements(given) with ordinality as rows (value, at) loop
    begin
      keys := keys || rowhouse.write_row(verb, relation, item, told);
    exception
      when data_exception or integrity_constraint_violation or insufficient_privilege or program_limit_exceeded
        or sqlstate 'RH000' or sqlstate 'RH404' or sqlstate 'RH422' then
        get stacked diagnostics state = returned_sqlstate, words = message_text, about = pg_exception_detail,
          why = pg_exception_hint, of_column = column_name, of_constraint = constraint_name,
          of_table = table_name, of_schema = schema_name;
        denial := null;
        if state = '42501' or state = 'RH000' and about = 'refused' then
          denial := rowhouse.denial_of(verb, item, told);
        end if;
        faults := faults || pg_catalog.jsonb_build_object(
          'index', place - 1, 'code', state, 'message', words, 'detail', nullif(about, ''), 'hint', nullif(why, ''),
          'column', nullif(of_column, ''), 'constraint', nullif(of_constraint, ''), 'table', nullif(of_table, ''),
          'schema', nullif(of_schema, ''), 'denial', denial
        );
    end;
  end loop;
  if pg_catalog.cardinality(faults) > 0 then
    raise exception 'some rows are refused' using errcode = 'RH001';
  end if;
  return pg_catalog.jsonb_build_object('keys', pg_catalog.to_jsonb(keys));
exception
  when sqlstate 'RH001' then
    return pg_catalog.jsonb_build_object('faults', pg_catalog.to_jsonb(faults));
end
$$;

create function rowhouse.write_rows(verb text, relation regclass, given jsonb, told jsonb) returns jsonb
language plpgsql volatile security invoker set search_path = '' as $$
declare
  keys jsonb;
begin
  if relation is null or pg_catalog.jsonb_typeof(given) is distinct from 'array' then
    raise exception 'a table and a list of rows are needed' using errcode = '22023';
  end if;
  if pg_catalog.jsonb_array_length(given) > 1 and not coalesce((told ->> 'inTurn')::boolean, false) then
    begin
      keys := rowhouse.write_at_once(verb, relation, given, told);
      if keys is not null then
        return pg_catalog.jsonb_build_object('keys', keys);
      end if;
    exception
      when data_exception or integrity_constraint_violation or insufficient_privilege or program_limit_exceeded
        or sqlstate 'RH000' or sqlstate 'RH404' or sqlstate 'RH422' then
        keys := null;
    end;
  end if;
  return rowhouse.write_in_turn(verb, relation, given, told);
end
$$;

comment on function rowhouse.note_created() is 'Trigger: puts the key of the new row into rowhouse.created_id, for callers who may create and not read.';
comment on function rowhouse.column_terms(regclass, jsonb, text, text) is 'SQL that says something of each column of an object.';
comment on function rowhouse.create_rows(regclass, jsonb) is 'Inserts rows in one statement: the new keys in order, or null where one statement cannot say it.';
comment on function rowhouse.update_rows(regclass, jsonb) is 'Changes rows in one statement for each set of columns; fails unless all are changed.';
comment on function rowhouse.delete_rows(regclass, jsonb) is 'Deletes rows in one statement; fails unless all are deleted.';
comment on function rowhouse.key_arguments(jsonb, jsonb) is 'Values of a key as arguments of a function.';
comment on function rowhouse.add_links(text, jsonb, jsonb) is 'Links a new row to others.';
comment on function rowhouse.write_row(text, regclass, jsonb, jsonb) is 'Writes one row of many; the key of a new one.';
comment on function rowhouse.write_at_once(text, regclass, jsonb, jsonb) is 'Writes rows all at once; fails unless all are written.';
comment on function rowhouse.denial_of(text, jsonb, jsonb) is 'The rule that denies a change, for whom may read the row.';
comment on function rowhouse.write_in_turn(text, regclass, jsonb, jsonb) is 'Writes rows one after the other: their keys, or the faults of all that are refused.';
comment on function rowhouse.write_rows(text, regclass, jsonb, jsonb) is 'Writes rows, all or none: their keys, or the faults of all that are refused.';

grant execute on function
rowhouse.column_terms(regclass, jsonb, text, text), rowhouse.create_rows(regclass, jsonb), rowhouse.update_rows(regclass, jsonb),
rowhouse.delete_rows(regclass, jsonb), rowhouse.key_arguments(jsonb, jsonb), rowhouse.add_links(text, jsonb, jsonb),
rowhouse.write_row(text, regclass, jsonb, jsonb), rowhouse.write_at_once(text, regclass, jsonb, jsonb),
rowhouse.denial_of(text, jsonb, jsonb), rowhouse.write_in_turn(text, regclass, jsonb, jsonb),
rowhouse.write_rows(text, regclass, jsonb, jsonb)
to ":MEMBER", ":ANONYMOUS";
