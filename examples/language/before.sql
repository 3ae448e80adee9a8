-- What an older program shows: the view that an entity adopts.
create schema books;
create view books.turnover as
  select '00000000-0000-7000-8000-00000000000a'::uuid as company_id, date '2026-01-01' as month, 100 as total;
