-- Texts that nobody guesses: digits and small letters without i, l, o and u, five random bits each.

set local role ":OWNER";

create function rowhouse.random_text(length integer) returns text language sql volatile parallel safe
begin atomic
  select pg_catalog.string_agg(
    pg_catalog.substr(
      '0123456789abcdefghjkmnpqrstvwxyz',
      -- The first byte of a uuid of version 4 is random throughout, and from a cryptographic source.
      (pg_catalog.get_byte(pg_catalog.uuid_send(pg_catalog.gen_random_uuid()), 0) & 31) + 1,
      1
    ),
    ''
  )
  from pg_catalog.generate_series(1, length);
end;

comment on function rowhouse.random_text(integer) is 'A text of so many characters that nobody guesses.';

grant execute on function rowhouse.random_text(integer) to ":PRIVATE", ":MEMBER", ":ANONYMOUS";
