-- The trigger of tables whose rows are made and read, never changed. Nobody calls it, so nobody is granted it.

set local role ":OWNER";

create function rowhouse.keep() returns trigger language plpgsql set search_path = '' as $$
begin
  raise exception using errcode = '42501', schema = tg_table_schema, table = tg_table_name,
    message = 'rows of this table are never changed';
end
$$;

comment on function rowhouse.keep() is 'Trigger: refuses every change of a row, whoever asks for it.';
