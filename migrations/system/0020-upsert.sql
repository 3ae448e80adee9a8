-- Rows that are made, or changed where the caller sees one with the same unique values. A row that the caller does not see stays hidden: the new
-- one meets it as any other would, in the unique index.

set local role ":OWNER";

-- Keys of the rows that the caller sees with the wanted values.
create function rowhouse.sought_keys(relation regclass, item jsonb, told jsonb) returns setof jsonb
language plpgsql volatile security invoker set search_path = '' as $$
begin
  return query execute pg_catalog.format(
    'select pg_catalog.jsonb_build_object(%2$s) from %1$s t
     cross join pg_catalog.jsonb_populate_record(null::%1$s, $1) as b where %3$s',
    relation, rowhouse.key_pairs(told -> 'key'), rowhouse.sought_terms(relation, item -> 'by', told -> 'caseless')
  ) using item -> 'by';
exception
  -- Who may read no row sees none.
  when insufficient_privilege then
    return;
end
$$;

-- What compares the rows of a table, t, with the wanted values, b.
create function rowhouse.sought_terms(relation regclass, wanted jsonb, caseless jsonb) returns text
language plpgsql stable security invoker set search_path = '' as $$
begin
  perform rowhouse.column_list(relation, wanted);
  return (
    select pg_catalog.string_agg(pg_catalog.format(case
      when value = 'null' then 't.%1$I is null'
      when caseless ? key then 'pg_catalog.lower(t.%1$I) = pg_catalog.lower(b.%1$I)'
      else 't.%1$I = b.%1$I'
    end, key), ' and ' order by key)
    from pg_catalog.jsonb_each(wanted)
  );
end
$$;

create function rowhouse.key_pairs(columns jsonb) returns text
language sql immutable security invoker set search_path = '' as $$
select pg_catalog.string_agg(pg_catalog.format('%1$L, t.%1$I', name), ', ' order by at)
from pg_catalog.jsonb_array_elements_text(columns) with ordinality as names (name, at)
$$;

-- As create_row says keys.
create function rowhouse.key_text(columns jsonb, row_key jsonb) returns text
language sql immutable security invoker set search_path = '' as $$
select case pg_catalog.jsonb_array_length(columns)
  when 1 then row_key ->> (columns ->> 0)
  else (
    select pg_catalog.jsonb_agg(row_key ->> name order by at)::text
    from pg_catalog.jsonb_array_elements_text(columns) with ordinality as names (name, at)
  )
end
$$;

create function rowhouse.upsert_row(relation regclass, item jsonb, told jsonb) returns text
language plpgsql volatile security invoker set search_path = '' as $$
declare
  row_key jsonb;
  answer text;
begin
  for tries in 1 .. 3 loop
    for row_key in select rowhouse.sought_keys(relation, item, told) loop
      answer := rowhouse.update_row(relation, row_key, item -> 'changes');
      if answer = 'updated' then
        return rowhouse.key_text(told -> 'key', row_key);
      -- Rows of all tenants are nobody's to change; the caller's tenant may have one of its own.
      elsif answer = 'refused' and not coalesce((told ->> 'isShared')::boolean, false) then
        raise exception 'a row is not written' using errcode = 'RH000', detail = answer;
      end if;
    end loop;
    begin
      return rowhouse.create_row(relation, item -> 'columns');
    exception
      -- Of somebody who came first, whom the next look finds; or of a row out of sight.
      when unique_violation then
        if tries = 3 then
          raise;
        end if;
    end;
  end loop;
end
$$;

-- Rows that are there are changed in one statement for each set of columns, the others made in one.
create function rowhouse.upsert_rows(relation regclass, given jsonb, told jsonb) returns jsonb
language plpgsql volatile security invoker set search_path = '' as $$
declare
  there jsonb;
  changes jsonb;
  others jsonb;
  created jsonb := '[]';
begin
  if coalesce((told ->> 'isShared')::boolean, false)
    or exists (
      select from pg_catalog.jsonb_array_elements(given) as rows (item), pg_catalog.jsonb_each(item -> 'by') as each (name, value)
      where value = 'null'
    ) then
    return null;
  end if;
  execute pg_catalog.format(
    'select pg_catalog.jsonb_object_agg(e.at, pg_catalog.jsonb_build_object(%2$s))
     from pg_catalog.jsonb_array_elements($1) with ordinality as e (item, at)
     cross join lateral pg_catalog.jsonb_populate_record(null::%1$s, e.item -> ''by'') as b join %1$s t on %3$s',
    relation, rowhouse.key_pairs(told -> 'key'), rowhouse.sought_terms(relation, given -> 0 -> 'by', told -> 'caseless')
  ) into there using given;
  there := coalesce(there, '{}');
  select
    pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('key', there -> at::text, 'columns', item -> 'changes') order by at)
      filter (where there ? at::text),
    pg_catalog.jsonb_agg(item order by at) filter (where not there ? at::text)
  into changes, others
  from pg_catalog.jsonb_array_elements(given) with ordinality as rows (item, at);
  if changes is not null then
    perform rowhouse.update_rows(relation, changes);
  end if;
  if others is not null then
    created := rowhouse.create_rows(relation, others);
  end if;
  if created is null then
    raise exception 'new rows cannot be made at once' using errcode = 'RH000';
  end if;
  return (
    select pg_catalog.jsonb_agg(case
      when there ? at::text then rowhouse.key_text(told -> 'key', there -> at::text)
      else created ->> (earlier - 1)
    end order by at)
    from (
      select at, (pg_catalog.count(*) filter (where not there ? at::text) over (order by at))::integer as earlier
      from pg_catalog.generate_series(1, pg_catalog.jsonb_array_length(given)) as places (at)
    ) as each
  );
end
$$;

create or replace function rowhouse.write_row(verb text, relation regclass, item jsonb, told jsonb) returns text
language plpgsql volatile security invoker set search_path = '' as $$
declare
  answer text;
begin
  case verb
    when 'create' then
      answer := rowhouse.create_row(relation, item -> 'columns');
      perform rowhouse.add_links(answer, item -> 'links', told -> 'links');
      return answer;
    when 'upsert' then
      answer := rowhouse.upsert_row(relation, item, told);
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

create or replace function rowhouse.write_at_once(verb text, relation regclass, given jsonb, told jsonb) returns jsonb
language plpgsql volatile security invoker set search_path = '' as $$
declare
  written jsonb;
begin
  case verb
    when 'create' then
      written := rowhouse.create_rows(relation, given);
    when 'upsert' then
      written := rowhouse.upsert_rows(relation, given, told);
    when 'update' then
      perform rowhouse.update_rows(relation, given);
      return '[]';
    when 'delete' then
      perform rowhouse.delete_rows(relation, given);
      return '[]';
    else
      return null;
  end case;
  if written is not null and told ? 'links' then
    perform rowhouse.add_links(key, item -> 'links', told -> 'links')
    from pg_catalog.jsonb_array_elements(given) with ordinality as rows (item, at)
    join pg_catalog.jsonb_array_elements_text(written) with ordinality as keys (key, at) using (at);
  end if;
  return written;
end
$$;

-- With the verb whose rules refuse a row: of an upsert `update` where the caller sees a row, else `create`.
create or replace function rowhouse.write_in_turn(verb text, relation regclass, given jsonb, told jsonb) returns jsonb
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
  tried text;
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
        tried := verb;
        denial := null;
        if state = '42501' or state = 'RH000' and about = 'refused' then
          if verb = 'upsert' then
            item := item || pg_catalog.jsonb_build_object(
              'key', (select sought from rowhouse.sought_keys(relation, item, told) as found (sought) limit 1)
            );
            tried := case when item -> 'key' = 'null' then 'create' else 'update' end;
          end if;
          if tried <> 'create' then
            denial := rowhouse.denial_of(tried, item, told);
          end if;
        end if;
        faults := faults || pg_catalog.jsonb_build_object(
          'index', place - 1, 'code', state, 'message', words, 'detail', nullif(about, ''), 'hint', nullif(why, ''),
          'column', nullif(of_column, ''), 'constraint', nullif(of_constraint, ''), 'table', nullif(of_table, ''),
          'schema', nullif(of_schema, ''), 'verb', tried, 'denial', denial
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

comment on function rowhouse.sought_keys(regclass, jsonb, jsonb) is 'Keys of the rows that the caller sees with the wanted values.';
comment on function rowhouse.sought_terms(regclass, jsonb, jsonb) is 'SQL that compares rows with wanted values.';
comment on function rowhouse.key_pairs(jsonb) is 'SQL of a key as an object.';
comment on function rowhouse.key_text(jsonb, jsonb) is 'A key as create_row says it.';
comment on function rowhouse.upsert_row(regclass, jsonb, jsonb) is 'Changes the row that the caller sees with the wanted values, or makes one; its key.';
comment on function rowhouse.upsert_rows(regclass, jsonb, jsonb) is 'Changes or makes rows at once: their keys in order, or null where that cannot be said.';

grant execute on function
rowhouse.sought_keys(regclass, jsonb, jsonb), rowhouse.sought_terms(regclass, jsonb, jsonb), rowhouse.key_pairs(jsonb),
rowhouse.key_text(jsonb, jsonb), rowhouse.upsert_row(regclass, jsonb, jsonb), rowhouse.upsert_rows(regclass, jsonb, jsonb)
to ":MEMBER", ":ANONYMOUS";
