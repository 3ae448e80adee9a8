-- What somebody types into a search field, as a query of Postgres.

set local role ":OWNER";

-- Words as of `websearch_to_tsquery`, which refuses no text. The last word may go on where it is still being typed: nothing stands behind it.
create function rowhouse.search_query(language regconfig, given text) returns tsquery language plpgsql stable parallel safe
set search_path = '' as $$
declare
  whole text := pg_catalog.websearch_to_tsquery(language, given)::text;
  last_word text := pg_catalog.substring(given, '[^[:space:]"]+$');
  last_part text := pg_catalog.websearch_to_tsquery(language, last_word)::text;
  kept text;
begin
  -- Within quotes, or left out ("-word"): words stay as they are.
  if last_part is null or last_part = '' or last_part !~ '^''.*''$' or pg_catalog.right(whole, pg_catalog.length(last_part)) <> last_part
    or (pg_catalog.length(given) - pg_catalog.length(pg_catalog.replace(given, '"', ''))) % 2 = 1
  then
    return whole::tsquery;
  end if;
  kept := pg_catalog.left(whole, pg_catalog.length(whole) - pg_catalog.length(last_part));
  if kept ~ '!$' then
    return whole::tsquery;
  end if;
  return (kept || pg_catalog.regexp_replace(last_part, '(''(?:[^'']|'''')*'')', '\1:*', 'g'))::tsquery;
end
$$;

comment on function rowhouse.search_query(regconfig, text) is 'Words that somebody types, as a query; the last one may go on.';
