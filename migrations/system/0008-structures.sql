-- What check constraints say of lists, shapes and dicts: a check may not hold a query, so it calls one of these. All of them
-- are immutable for good: what they accept today they accept in every later version, or a restored dump would not load.

set local role ":OWNER";

-- Elements of a list of texts: characters, and patterns that each element matches.
create function rowhouse.texts_fit(given text[], fewest integer, most integer, patterns text[]) returns boolean
language sql immutable parallel safe
begin atomic
  select coalesce(pg_catalog.bool_and(
    pg_catalog.char_length(element) between coalesce(fewest, 0) and coalesce(most, 2147483647)
      and element ~ all (patterns)
  ), true)
  from pg_catalog.unnest(given) as element;
end;

-- Elements of a list of binary data.
create function rowhouse.bytes_fit(given bytea[], most integer) returns boolean
language sql immutable parallel safe
begin atomic
  select coalesce(pg_catalog.bool_and(pg_catalog.octet_length(element) <= most), true) from pg_catalog.unnest(given) as element;
end;

-- A day of the calendar, years 0001 to 9999. No cast: those depend on settings.
create function rowhouse.is_day(given text) returns boolean
language sql immutable strict parallel safe
return case
  when given ~ '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$' and given !~ '^0000' then
    pg_catalog.substr(given, 9, 2)::integer <= case
      when pg_catalog.substr(given, 6, 2) in ('04', '06', '09', '11') then 30
      when pg_catalog.substr(given, 6, 2) <> '02' then 31
      when pg_catalog.substr(given, 1, 4)::integer % 4 <> 0 then 28
      when pg_catalog.substr(given, 1, 4)::integer % 100 = 0 and pg_catalog.substr(given, 1, 4)::integer % 400 <> 0 then 28
      else 29
    end
  else false
end;

-- Whether JSON is of a form. The forms are laid down in docs/reference/database.md.
create function rowhouse.json_fits(given jsonb, wanted jsonb) returns boolean
language plpgsql immutable strict parallel safe set search_path = '' as $$
declare
  kind constant text := wanted ->> 'kind';
  type constant text := pg_catalog.jsonb_typeof(given);
  held constant text := given #>> '{}';
  part record;
begin
  case kind
    when 'text' then
      return type = 'string'
        and pg_catalog.char_length(held) between coalesce((wanted -> 'min')::integer, 0) and coalesce((wanted -> 'max')::integer, 2147483647)
        and not exists (
          select from pg_catalog.jsonb_array_elements_text(coalesce(wanted -> 'patterns', '[]')) as pattern where held !~ pattern
        );
    when 'choice' then
      return type = 'string' and wanted -> 'values' ? held;
    when 'boolean' then
      return type = 'boolean';
    when 'number' then
      -- Not in one expression: Postgres does not promise to look at the type first.
      if type <> 'number' then
        return false;
      end if;
      return held::numeric between coalesce((wanted ->> 'min')::numeric, -1.7976931348623157e308) and coalesce((wanted ->> 'max')::numeric, 1.7976931348623157e308)
        and (not coalesce((wanted -> 'whole')::boolean, false) or held::numeric % 1 = 0);
    when 'digits' then
      if type <> 'string' or pg_catalog.char_length(held) > 2003
        or held !~ '^-?(0|[1-9][0-9]*)(\.[0-9]+)?$' or held ~ '^-0(\.0+)?$' then
        return false;
      end if;
      return pg_catalog.scale(held::numeric) <= (wanted -> 'scale')::integer
        and pg_catalog.abs(held::numeric) < pg_catalog.power(10::numeric, (wanted -> 'whole')::numeric)
        and held::numeric >= coalesce((wanted ->> 'min')::numeric, held::numeric)
        and held::numeric <= coalesce((wanted ->> 'max')::numeric, held::numeric);
    when 'date' then
      return type = 'string' and rowhouse.is_day(held);
    when 'datetime' then
      return type = 'string' and held ~ '^[^T]{10}T([01][0-9]|2[0-3])(:[0-5][0-9]){2}(\.[0-9]{1,6})?Z$'
        and rowhouse.is_day(pg_catalog.substr(held, 1, 10));
    when 'time' then
      return type = 'string' and held ~ '^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?$';
    when 'uuid' then
      return type = 'string' and held ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';
    when 'base64' then
      return type = 'string'
        and held ~ '^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$'
        and pg_catalog.char_length(held) / 4 * 3 - (pg_catalog.char_length(held) - pg_catalog.char_length(pg_catalog.rtrim(held, '='))) <= (wanted -> 'maxBytes')::integer;
    when 'list' then
      if type <> 'array' then
        return false;
      end if;
      if pg_catalog.jsonb_array_length(given) not between coalesce((wanted -> 'min')::integer, 0) and coalesce((wanted -> 'max')::integer, 2147483647) then
        return false;
      end if;
      for part in select value from pg_catalog.jsonb_array_elements(given) loop
        if not rowhouse.json_fits(part.value, wanted -> 'of') then
          return false;
        end if;
      end loop;
      return true;
    when 'shape' then
      if type <> 'object' then
        return false;
      end if;
      if exists (select from pg_catalog.jsonb_object_keys(given) as key where not wanted -> 'parts' ? key) then
        return false;
      end if;
      for part in select key, value from pg_catalog.jsonb_each(wanted -> 'parts') loop
        if coalesce(given -> part.key, 'null') = 'null' then
          if not coalesce((part.value -> 'optional')::boolean, false) then
            return false;
          end if;
        elsif not rowhouse.json_fits(given -> part.key, part.value) then
          return false;
        end if;
      end loop;
      return true;
    when 'dict' then
      if type <> 'object' then
        return false;
      end if;
      if (select pg_catalog.count(*) from pg_catalog.jsonb_object_keys(given)) > coalesce((wanted -> 'max')::integer, 2147483647) then
        return false;
      end if;
      if wanted ? 'values' then
        for part in select value from pg_catalog.jsonb_each(given) loop
          if not rowhouse.json_fits(part.value, wanted -> 'values') then
            return false;
          end if;
        end loop;
        return true;
      end if;
      -- Any JSON that comes back as it was: not too deep, and no number that a double cannot hold exactly.
      return not pg_catalog.jsonb_path_exists(given, 'strict $.**{32 to last} ? (@.type() == "object" || @.type() == "array")')
        and not pg_catalog.jsonb_path_exists(
          given, 'strict $.** ? (@.type() == "number" && (@ > 9007199254740991 || @ < -9007199254740991))'
        );
    else
      raise exception 'there is no form of JSON called %', kind using errcode = '22023';
  end case;
end
$$;

comment on function rowhouse.texts_fit(text[], integer, integer, text[]) is 'Whether each text has as many characters as it may, and matches the patterns.';
comment on function rowhouse.bytes_fit(bytea[], integer) is 'Whether each element has as many bytes as it may.';
comment on function rowhouse.is_day(text) is 'Whether a text is a day of the calendar.';
comment on function rowhouse.json_fits(jsonb, jsonb) is 'Whether JSON is of a form.';

grant execute on function
  rowhouse.texts_fit(text[], integer, integer, text[]), rowhouse.bytes_fit(bytea[], integer), rowhouse.is_day(text),
  rowhouse.json_fits(jsonb, jsonb)
to ":PRIVATE", ":MEMBER", ":ANONYMOUS";
