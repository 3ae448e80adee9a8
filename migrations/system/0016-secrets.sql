-- What is made of secrets: hashes and ciphertexts. Rows hold a mark that leads here; no role of a request may touch this table, and no function
-- that one may call reads it.

set local role ":OWNER";

create table rowhouse.secret (
  mark uuid not null,
  entity text not null,
  field text not null,
  sealed text not null,
  constraint secret_pkey primary key (mark)
);

alter table rowhouse.secret enable row level security;

create policy private on rowhouse.secret for all to ":PRIVATE" using (true) with check (true);

grant select, insert, delete on rowhouse.secret to ":PRIVATE";

comment on table rowhouse.secret is 'Hashes and ciphertexts of secrets, by the mark that their row holds.';
