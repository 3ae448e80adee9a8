-- Functions of the triggers that every table has. Nobody calls them, so nobody is granted them.

set local role ":OWNER";

create function rowhouse.touch() returns trigger language plpgsql set search_path = '' as $$
begin
  new.updated_at := pg_catalog.now();
  return new;
end
$$;

create function rowhouse.note_created() returns trigger language plpgsql set search_path = '' as $$
declare
  creating text := coalesce(pg_catalog.current_setting('rowhouse.creating', true), '');
begin
  -- create_row says which table it writes to, so that rows written by other triggers on the way are not taken for its own.
  if creating in ('', tg_relid::text) then
    perform pg_catalog.set_config('rowhouse.created_id', new.id::text, true);
  end if;
  if creating <> '' then
    perform pg_catalog.set_config('rowhouse.creating', case creating when tg_relid::text then 'done' else creating end, true);
  end if;
  return new;
end
$$;

comment on function rowhouse.touch() is 'Trigger: sets updated_at.';
comment on function rowhouse.note_created() is 'Trigger: puts the id of the new row into rowhouse.created_id, for callers who may create and not read.';
