-- Rows of a batch may also be begun: locked for what code does with them, by a function that looks at everything and writes nothing.

set local role ":OWNER";

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
  if answer not in ('updated', 'deleted', 'removed', 'restored', 'begun') then
    raise exception 'a row is not written' using errcode = 'RH000', detail = answer;
  end if;
  return null;
end
$$;
