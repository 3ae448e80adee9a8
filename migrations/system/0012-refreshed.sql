-- When the rows of reports that keep them were computed. Requests read the moment through the view of the report alone.

set local role ":OWNER";

create table rowhouse.refreshed (
  tenant_id uuid not null references rowhouse.tenant (id) on delete cascade,
  report text not null,
  made_of text not null,
  refreshed_at timestamptz not null,
  constraint refreshed_pkey primary key (tenant_id, report)
);

alter table rowhouse.refreshed enable row level security, force row level security;

create policy tenant on rowhouse.refreshed as restrictive for all to public
using (tenant_id = (select rowhouse.tenant_id()))
with check (tenant_id = (select rowhouse.tenant_id()));

create policy private on rowhouse.refreshed for all to ":PRIVATE" using (true) with check (true);

create policy shown on rowhouse.refreshed for select to ":OWNER" using (true);

grant select, insert, update on rowhouse.refreshed to ":PRIVATE";

comment on table rowhouse.refreshed is 'When the rows of reports were computed, of which select, by tenant.';
