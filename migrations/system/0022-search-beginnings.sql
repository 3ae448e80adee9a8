-- By which part of a search the index is asked.

set local role ":OWNER";

-- The index has the words of all tenants, and a beginning of one or two letters is that of very many. Such beginnings are left out here, to be asked of the rows
-- that the other words find. Null where nothing else is asked: then they are asked of all rows of the tenant.
create function rowhouse.search_index_query(asked tsquery) returns tsquery language sql immutable parallel safe
begin atomic
  select case
    when asked::text !~ '(^|[ (])''[^'']{1,2}'':\*' then asked
    when asked::text !~ '[|<]' and without.short !~ '(^|[ (])''[^'']{1,2}'':\*' and without.short <> '' then without.short::tsquery
  end
  from (select regexp_replace(asked::text, '((^| & )''[^'']{1,2}'':\*)+$', '') as short) without;
end;

comment on function rowhouse.search_index_query(tsquery) is 'What the index is asked of a search: no short beginnings. Null: nothing.';
