-- Tenants. No request role is granted anything; foreign keys need no grant.

set local role ":OWNER";

create table rowhouse.tenant (
  id uuid primary key default rowhouse.uuid_v7(),
  slug text not null unique,
  name text not null,
  created_at timestamptz not null default pg_catalog.now()
);

alter table rowhouse.tenant enable row level security;

comment on table rowhouse.tenant is 'Tenants. Row security is on without a policy: only the owner sees them.';
