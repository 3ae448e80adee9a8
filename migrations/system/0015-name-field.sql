-- As 0014 has it, but by assignment: `perform` would be a statement of its own for each row.
create or replace function rowhouse.name_field() returns trigger language plpgsql set search_path = '' as $$
declare
  earlier text := pg_catalog.current_setting('rowhouse.named', true);
  told text;
begin
  told := pg_catalog.set_config('rowhouse.named', case
    when earlier <> '' then earlier || pg_catalog.chr(31) || tg_argv[0] else tg_argv[0]
  end, true);
  return new;
end
$$;
