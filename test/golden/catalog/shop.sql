set local role ":OWNER";

-- Customer: table
create table "app"."customer" (
  "tenant_id" uuid not null default rowhouse.tenant_id(),
  "id" uuid not null default rowhouse.uuid_v7(),
  "name" text not null,
  "hidden" boolean not null default false,
  "group_id" uuid not null,
  "created_at" timestamp with time zone not null default now(),
  "updated_at" timestamp with time zone not null default now(),
  "deleted_at" timestamp with time zone,
  constraint "customer_pkey" primary key ("tenant_id", "id"),
  constraint "customer_group_same_key" unique ("tenant_id", "group_id", "id")
);
comment on table "app"."customer" is 'Who buys.';
alter table "app"."customer" enable row level security, force row level security;
-- Customer: indexes
create unique index "customer_name_key" on "app"."customer" ("tenant_id", "name") where "deleted_at" is null;

-- Folder: table
create table "app"."folder" (
  "tenant_id" uuid not null default rowhouse.tenant_id(),
  "id" uuid not null default rowhouse.uuid_v7(),
  "parent_id" uuid,
  "created_at" timestamp with time zone not null default now(),
  "updated_at" timestamp with time zone not null default now(),
  "deleted_at" timestamp with time zone,
  constraint "folder_pkey" primary key ("tenant_id", "id")
);
alter table "app"."folder" enable row level security, force row level security;
-- Folder: indexes
create index "folder_parent_idx" on "app"."folder" ("tenant_id", "parent_id");

-- Group: table
create table "app"."group" (
  "tenant_id" uuid not null default rowhouse.tenant_id(),
  "id" uuid not null default rowhouse.uuid_v7(),
  "name" text not null,
  "created_at" timestamp with time zone not null default now(),
  "updated_at" timestamp with time zone not null default now(),
  "deleted_at" timestamp with time zone,
  constraint "group_pkey" primary key ("tenant_id", "id")
);
alter table "app"."group" enable row level security, force row level security;

-- Invoice: table
create table "app"."invoice" (
  "tenant_id" uuid not null default rowhouse.tenant_id(),
  "id" uuid not null default rowhouse.uuid_v7(),
  "order_id" uuid not null,
  "created_at" timestamp with time zone not null default now(),
  "updated_at" timestamp with time zone not null default now(),
  "deleted_at" timestamp with time zone,
  constraint "invoice_pkey" primary key ("tenant_id", "id")
);
alter table "app"."invoice" enable row level security, force row level security;
-- Invoice: indexes
create index "invoice_order_idx" on "app"."invoice" ("tenant_id", "order_id");

-- Leaflet: table
create table "app"."leaflet" (
  "id" uuid not null default rowhouse.uuid_v7(),
  "author_id" uuid not null,
  "created_at" timestamp with time zone not null default now(),
  "updated_at" timestamp with time zone not null default now(),
  "deleted_at" timestamp with time zone,
  constraint "leaflet_pkey" primary key ("id")
);
alter table "app"."leaflet" enable row level security, force row level security;
-- Leaflet: indexes
create index "leaflet_author_idx" on "app"."leaflet" ("author_id");

-- Member: table
create table "app"."member" (
  "tenant_id" uuid not null default rowhouse.tenant_id(),
  "id" uuid not null default rowhouse.uuid_v7(),
  "user_id" uuid not null,
  "group_id" uuid not null,
  "created_at" timestamp with time zone not null default now(),
  "updated_at" timestamp with time zone not null default now(),
  "deleted_at" timestamp with time zone,
  constraint "member_pkey" primary key ("tenant_id", "id")
);
alter table "app"."member" enable row level security, force row level security;
-- Member: indexes
create index "member_group_idx" on "app"."member" ("tenant_id", "group_id");
create index "member_user_idx" on "app"."member" ("tenant_id", "user_id");

-- Notice: table
create table "app"."notice" (
  "id" uuid not null default rowhouse.uuid_v7(),
  "open" boolean not null,
  "author_id" uuid not null,
  "created_at" timestamp with time zone not null default now(),
  "updated_at" timestamp with time zone not null default now(),
  "deleted_at" timestamp with time zone,
  constraint "notice_pkey" primary key ("id")
);
alter table "app"."notice" enable row level security, force row level security;
-- Notice: indexes
create index "notice_author_idx" on "app"."notice" ("author_id");

-- Order: table
create table "app"."order" (
  "tenant_id" uuid not null default rowhouse.tenant_id(),
  "id" uuid not null default rowhouse.uuid_v7(),
  "number" text not null,
  "price" integer not null default 0,
  "notes" text,
  "stage" text not null default 'open'::text,
  "secret" integer not null default 0,
  "customer_id" uuid not null,
  "backup_id" uuid,
  "placed_by_id" uuid default rowhouse.actor_id(),
  "customer_group_id" uuid not null,
  "status" text not null default 'draft'::text,
  "created_at" timestamp with time zone not null default now(),
  "updated_at" timestamp with time zone not null default now(),
  "deleted_at" timestamp with time zone,
  constraint "order_pkey" primary key ("tenant_id", "id"),
  constraint "order_number_check" check (char_length("number") <= 20),
  constraint "order_stage_check" check ("stage" in ('open', 'closed')),
  constraint "order_status_check" check ("status" in ('draft', 'placed'))
);
alter table "app"."order" enable row level security, force row level security;
-- Order: indexes
create index "order_backup_idx" on "app"."order" ("tenant_id", "backup_id");
create index "order_customer_group_carried_idx" on "app"."order" ("tenant_id", "customer_group_id") where "deleted_at" is null;
create index "order_customer_idx" on "app"."order" ("tenant_id", "customer_id");
create unique index "order_number_key" on "app"."order" ("tenant_id", "number") where "deleted_at" is null;
create index "order_placed_by_idx" on "app"."order" ("tenant_id", "placed_by_id");
create index "order_price_idx" on "app"."order" ("tenant_id", "price" desc) where "deleted_at" is null;

-- OrderLine: table
create table "app"."order_line" (
  "tenant_id" uuid not null default rowhouse.tenant_id(),
  "id" uuid not null default rowhouse.uuid_v7(),
  "quantity" integer not null,
  "order_id" uuid not null,
  "created_at" timestamp with time zone not null default now(),
  "updated_at" timestamp with time zone not null default now(),
  "deleted_at" timestamp with time zone,
  constraint "order_line_pkey" primary key ("tenant_id", "id"),
  constraint "order_line_quantity_check" check ("quantity" >= 1)
);
alter table "app"."order_line" enable row level security, force row level security;
-- OrderLine: indexes
create index "order_line_order_idx" on "app"."order_line" ("tenant_id", "order_id");

-- Parcel: table
create table "app"."parcel" (
  "tenant_id" uuid not null default rowhouse.tenant_id(),
  "id" uuid not null default rowhouse.uuid_v7(),
  "line_id" uuid not null,
  "product_id" uuid,
  "created_at" timestamp with time zone not null default now(),
  "updated_at" timestamp with time zone not null default now(),
  "deleted_at" timestamp with time zone,
  constraint "parcel_pkey" primary key ("tenant_id", "id")
);
alter table "app"."parcel" enable row level security, force row level security;
-- Parcel: indexes
create index "parcel_line_idx" on "app"."parcel" ("tenant_id", "line_id");
create index "parcel_product_idx" on "app"."parcel" ("tenant_id", "product_id");

-- Product: table
create table "app"."product" (
  "tenant_id" uuid not null default rowhouse.tenant_id(),
  "id" uuid not null default rowhouse.uuid_v7(),
  "name" text not null,
  "created_at" timestamp with time zone not null default now(),
  "updated_at" timestamp with time zone not null default now(),
  "deleted_at" timestamp with time zone,
  constraint "product_pkey" primary key ("tenant_id", "id")
);
alter table "app"."product" enable row level security, force row level security;

-- User: table
create table "app"."user" (
  "id" uuid not null default rowhouse.uuid_v7(),
  "name" text,
  "created_at" timestamp with time zone not null default now(),
  "updated_at" timestamp with time zone not null default now(),
  "deleted_at" timestamp with time zone,
  constraint "user_pkey" primary key ("id")
);
alter table "app"."user" enable row level security, force row level security;

-- Customer: references
alter table "app"."customer" add constraint "customer_tenant_fkey" foreign key ("tenant_id") references rowhouse.tenant ("id");
alter table "app"."customer" add constraint "customer_group_fkey" foreign key ("tenant_id", "group_id") references "app"."group" ("tenant_id", "id") on delete restrict;

-- Folder: references
alter table "app"."folder" add constraint "folder_tenant_fkey" foreign key ("tenant_id") references rowhouse.tenant ("id");
alter table "app"."folder" add constraint "folder_parent_fkey" foreign key ("tenant_id", "parent_id") references "app"."folder" ("tenant_id", "id") on delete set null ("parent_id");

-- Group: references
alter table "app"."group" add constraint "group_tenant_fkey" foreign key ("tenant_id") references rowhouse.tenant ("id");

-- Invoice: references
alter table "app"."invoice" add constraint "invoice_tenant_fkey" foreign key ("tenant_id") references rowhouse.tenant ("id");
alter table "app"."invoice" add constraint "invoice_order_fkey" foreign key ("tenant_id", "order_id") references "app"."order" ("tenant_id", "id") on delete restrict;

-- Leaflet: references
alter table "app"."leaflet" add constraint "leaflet_author_fkey" foreign key ("author_id") references "app"."user" ("id") on delete restrict;

-- Member: references
alter table "app"."member" add constraint "member_tenant_fkey" foreign key ("tenant_id") references rowhouse.tenant ("id");
alter table "app"."member" add constraint "member_user_fkey" foreign key ("user_id") references "app"."user" ("id") on delete restrict;
alter table "app"."member" add constraint "member_group_fkey" foreign key ("tenant_id", "group_id") references "app"."group" ("tenant_id", "id") on delete restrict;

-- Notice: references
alter table "app"."notice" add constraint "notice_author_fkey" foreign key ("author_id") references "app"."user" ("id") on delete restrict;

-- Order: references
alter table "app"."order" add constraint "order_tenant_fkey" foreign key ("tenant_id") references rowhouse.tenant ("id");
alter table "app"."order" add constraint "order_customer_fkey" foreign key ("tenant_id", "customer_id") references "app"."customer" ("tenant_id", "id") on delete restrict;
alter table "app"."order" add constraint "order_backup_fkey" foreign key ("tenant_id", "backup_id") references "app"."customer" ("tenant_id", "id") on delete set null ("backup_id");
alter table "app"."order" add constraint "order_placed_by_fkey" foreign key ("placed_by_id") references "app"."user" ("id") on delete set null ("placed_by_id");
alter table "app"."order" add constraint "order_customer_group_carried_fkey" foreign key ("tenant_id", "customer_id", "customer_group_id") references "app"."customer" ("tenant_id", "id", "group_id") on update cascade on delete restrict;

-- OrderLine: references
alter table "app"."order_line" add constraint "order_line_tenant_fkey" foreign key ("tenant_id") references rowhouse.tenant ("id");
alter table "app"."order_line" add constraint "order_line_order_fkey" foreign key ("tenant_id", "order_id") references "app"."order" ("tenant_id", "id") on delete cascade;

-- Parcel: references
alter table "app"."parcel" add constraint "parcel_tenant_fkey" foreign key ("tenant_id") references rowhouse.tenant ("id");
alter table "app"."parcel" add constraint "parcel_line_fkey" foreign key ("tenant_id", "line_id") references "app"."order_line" ("tenant_id", "id") on delete restrict;
alter table "app"."parcel" add constraint "parcel_product_fkey" foreign key ("tenant_id", "product_id") references "app"."product" ("tenant_id", "id") on delete set null ("product_id");

-- Product: references
alter table "app"."product" add constraint "product_tenant_fkey" foreign key ("tenant_id") references rowhouse.tenant ("id");

set local role ":PRIVATE";

-- Group: view
create view "rowhouse_private"."reached_mine" with (security_barrier) as (
select reached.id from (select distinct t0."group_id" from "app"."member" t0 where t0."user_id" = (select rowhouse.actor_id()) and t0."deleted_at" is null) reached (id)
);
comment on view "rowhouse_private"."reached_mine" is 'Rows of Group that a live Member links to the caller.';
grant select on "rowhouse_private"."reached_mine" to ":ROLE_SALES";

set local role ":PRIVATE";

-- Rows of Group that a live Member links to the caller.
create or replace function "rowhouse_private"."reach_mine"() returns uuid[]
  language sql stable security definer
begin atomic
  select array(select distinct t0."group_id" from "app"."member" t0 where t0."user_id" = (select rowhouse.actor_id()) and t0."deleted_at" is null);
end;
revoke all on function "rowhouse_private"."reach_mine"() from public;
grant execute on function "rowhouse_private"."reach_mine"() to ":ROLE_SALES";
comment on function "rowhouse_private"."reach_mine"() is 'Rows of Group that a live Member links to the caller.';

-- As many values as the planner should think actor.mine makes of a column.
create or replace function "rowhouse_private"."guess_mine"() returns uuid[]
  language sql stable security definer
begin atomic
  select array_fill(one.ids[1], array[least(cardinality(one.ids) ^ 2 / 5, 200)::integer]) from (select "rowhouse_private"."reach_mine"() as ids offset 0) one;
end;
revoke all on function "rowhouse_private"."guess_mine"() from public;
grant execute on function "rowhouse_private"."guess_mine"() to ":ROLE_SALES";
comment on function "rowhouse_private"."guess_mine"() is 'As many values as the planner should think actor.mine makes of a column.';

-- Live rows of User that a rule on a relation asks for.
create or replace function "rowhouse_private"."user_9076dc1e2224"() returns setof uuid
  language sql stable security definer
begin atomic
  select t0."id" from "app"."user" t0 where t0."deleted_at" is null and t0."name" is not null;
end;
revoke all on function "rowhouse_private"."user_9076dc1e2224"() from public;
grant execute on function "rowhouse_private"."user_9076dc1e2224"() to ":ANONYMOUS", ":MEMBER";
comment on function "rowhouse_private"."user_9076dc1e2224"() is 'Live rows of User that a rule on a relation asks for.';

-- Whether the read rules of Customer show the row to the caller.
create or replace function "rowhouse_private"."may_read_customer"(row_id uuid) returns boolean
  language sql stable security definer
begin atomic
  select exists (select from "app"."customer" t0 cross join (select coalesce(nullif(current_setting('role'), 'none'), session_user::text) as role) caller where t0."id" = $1 and ((pg_has_role(caller.role, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller.role, ':ROLE_SALES', 'usage') and t0."group_id" = any ((select "rowhouse_private"."reach_mine"())::uuid[]) and t0."hidden" = false)));
end;
revoke all on function "rowhouse_private"."may_read_customer"(uuid) from public;
comment on function "rowhouse_private"."may_read_customer"(uuid) is 'Whether the read rules of Customer show the row to the caller.';

-- Whether the read rules of Folder show the row to the caller.
create or replace function "rowhouse_private"."may_read_folder"(row_id uuid) returns boolean
  language sql stable security definer
begin atomic
  select exists (select from "app"."folder" t0 cross join (select coalesce(nullif(current_setting('role'), 'none'), session_user::text) as role) caller where t0."id" = $1 and ((pg_has_role(caller.role, ':MEMBER', 'usage'))));
end;
revoke all on function "rowhouse_private"."may_read_folder"(uuid) from public;
comment on function "rowhouse_private"."may_read_folder"(uuid) is 'Whether the read rules of Folder show the row to the caller.';

-- Whether the read rules of Group show the row to the caller.
create or replace function "rowhouse_private"."may_read_group"(row_id uuid) returns boolean
  language sql stable security definer
begin atomic
  select exists (select from "app"."group" t0 cross join (select coalesce(nullif(current_setting('role'), 'none'), session_user::text) as role) caller where t0."id" = $1 and ((pg_has_role(caller.role, ':MEMBER', 'usage'))));
end;
revoke all on function "rowhouse_private"."may_read_group"(uuid) from public;
comment on function "rowhouse_private"."may_read_group"(uuid) is 'Whether the read rules of Group show the row to the caller.';

-- Whether the read rules of Invoice show the row to the caller.
create or replace function "rowhouse_private"."may_read_invoice"(row_id uuid) returns boolean
  language sql stable security definer
begin atomic
  select exists (select from "app"."invoice" t0 cross join (select coalesce(nullif(current_setting('role'), 'none'), session_user::text) as role) caller where t0."id" = $1 and ((pg_has_role(caller.role, ':MEMBER', 'usage'))));
end;
revoke all on function "rowhouse_private"."may_read_invoice"(uuid) from public;
comment on function "rowhouse_private"."may_read_invoice"(uuid) is 'Whether the read rules of Invoice show the row to the caller.';

-- Whether the read rules of Member show the row to the caller.
create or replace function "rowhouse_private"."may_read_member"(row_id uuid) returns boolean
  language sql stable security definer
begin atomic
  select exists (select from "app"."member" t0 cross join (select coalesce(nullif(current_setting('role'), 'none'), session_user::text) as role) caller where t0."id" = $1 and ((pg_has_role(caller.role, ':ROLE_ADMIN', 'usage'))));
end;
revoke all on function "rowhouse_private"."may_read_member"(uuid) from public;
comment on function "rowhouse_private"."may_read_member"(uuid) is 'Whether the read rules of Member show the row to the caller.';

-- Whether the read rules of Order show the row to the caller.
create or replace function "rowhouse_private"."may_read_order"(row_id uuid) returns boolean
  language sql stable security definer
begin atomic
  select exists (select from "app"."order" t0 cross join (select coalesce(nullif(current_setting('role'), 'none'), session_user::text) as role) caller where t0."id" = $1 and ((pg_has_role(caller.role, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller.role, ':ROLE_CLERK', 'usage') and t0."stage" = 'open'::text) or (pg_has_role(caller.role, ':ROLE_EDITOR', 'usage')) or (pg_has_role(caller.role, ':ROLE_SALES', 'usage') and exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."group_id" = any ((select "rowhouse_private"."reach_mine"())::uuid[])))));
end;
revoke all on function "rowhouse_private"."may_read_order"(uuid) from public;
comment on function "rowhouse_private"."may_read_order"(uuid) is 'Whether the read rules of Order show the row to the caller.';

-- Whether the read rules of OrderLine show the row to the caller.
create or replace function "rowhouse_private"."may_read_order_line"(row_id uuid) returns boolean
  language sql stable security definer
begin atomic
  select exists (select from "app"."order_line" t0 cross join (select coalesce(nullif(current_setting('role'), 'none'), session_user::text) as role) caller where t0."id" = $1 and ((pg_has_role(caller.role, ':MEMBER', 'usage'))));
end;
revoke all on function "rowhouse_private"."may_read_order_line"(uuid) from public;
comment on function "rowhouse_private"."may_read_order_line"(uuid) is 'Whether the read rules of OrderLine show the row to the caller.';

-- Whether the read rules of Parcel show the row to the caller.
create or replace function "rowhouse_private"."may_read_parcel"(row_id uuid) returns boolean
  language sql stable security definer
begin atomic
  select exists (select from "app"."parcel" t0 cross join (select coalesce(nullif(current_setting('role'), 'none'), session_user::text) as role) caller where t0."id" = $1 and ((pg_has_role(caller.role, ':MEMBER', 'usage'))));
end;
revoke all on function "rowhouse_private"."may_read_parcel"(uuid) from public;
comment on function "rowhouse_private"."may_read_parcel"(uuid) is 'Whether the read rules of Parcel show the row to the caller.';

-- Whether the read rules of Product show the row to the caller.
create or replace function "rowhouse_private"."may_read_product"(row_id uuid) returns boolean
  language sql stable security definer
begin atomic
  select exists (select from "app"."product" t0 cross join (select coalesce(nullif(current_setting('role'), 'none'), session_user::text) as role) caller where t0."id" = $1 and ((pg_has_role(caller.role, ':MEMBER', 'usage'))));
end;
revoke all on function "rowhouse_private"."may_read_product"(uuid) from public;
comment on function "rowhouse_private"."may_read_product"(uuid) is 'Whether the read rules of Product show the row to the caller.';

-- Whether the read rules of User show the row to the caller.
create or replace function "rowhouse_private"."may_read_user"(row_id uuid) returns boolean
  language sql stable security definer
begin atomic
  select exists (select from "app"."user" t0 cross join (select coalesce(nullif(current_setting('role'), 'none'), session_user::text) as role) caller where t0."id" = $1 and ((pg_has_role(caller.role, ':ROLE_ADMIN', 'usage'))));
end;
revoke all on function "rowhouse_private"."may_read_user"(uuid) from public;
comment on function "rowhouse_private"."may_read_user"(uuid) is 'Whether the read rules of User show the row to the caller.';

-- One single rule of Order must allow a change whole.
create or replace function "rowhouse_private"."guard_order"() returns trigger
  language plpgsql volatile security definer set search_path = ''
as $body$
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
  refused text[];
  fewest text[];
begin
  if tg_op = 'INSERT' then
    -- admins do anything
    if pg_has_role(caller, ':ROLE_ADMIN', 'usage') then
      if true then
        return new;
      end if;
    end if;
    -- editors make priced orders
    if pg_has_role(caller, ':ROLE_EDITOR', 'usage') then
      if new."price" > 100 and new."notes" is not distinct from null and new."stage" is not distinct from 'open'::text and new."secret" is not distinct from 0 and new."backup_id" is not distinct from null and new."placed_by_id" is not distinct from rowhouse.actor_id() then
        return new;
      end if;
    end if;
    -- sales makes orders
    if pg_has_role(caller, ':ROLE_SALES', 'usage') then
      if new."customer_group_id" = any ((select "rowhouse_private"."reach_mine"())::uuid[]) and new."price" is not distinct from 0 and new."stage" is not distinct from 'open'::text and new."secret" is not distinct from 0 then
        return new;
      end if;
    end if;
  end if;
  if tg_op = 'UPDATE' then
    -- admins do anything
    if pg_has_role(caller, ':ROLE_ADMIN', 'usage') then
      if true then
        return new;
      end if;
    end if;
    -- clerks hand over
    if pg_has_role(caller, ':ROLE_CLERK', 'usage') then
      if new."number" is not distinct from old."number" and new."price" is not distinct from old."price" and new."notes" is not distinct from old."notes" and new."secret" is not distinct from old."secret" and new."customer_id" is not distinct from old."customer_id" and new."backup_id" is not distinct from old."backup_id" and new."placed_by_id" is not distinct from old."placed_by_id" and old."stage" = 'open'::text and new."stage" = 'closed'::text then
        return new;
      end if;
    end if;
    -- notes of closed orders
    if pg_has_role(caller, ':ROLE_SALES', 'usage') then
      if new."number" is not distinct from old."number" and new."price" is not distinct from old."price" and new."stage" is not distinct from old."stage" and new."secret" is not distinct from old."secret" and new."customer_id" is not distinct from old."customer_id" and new."backup_id" is not distinct from old."backup_id" and new."placed_by_id" is not distinct from old."placed_by_id" and old."stage" = 'closed'::text and new."stage" = 'closed'::text then
        return new;
      end if;
    end if;
    -- prices of open orders
    if pg_has_role(caller, ':ROLE_SALES', 'usage') then
      if new."number" is not distinct from old."number" and new."notes" is not distinct from old."notes" and new."secret" is not distinct from old."secret" and new."placed_by_id" is not distinct from old."placed_by_id" and old."stage" = 'open'::text and new."stage" = 'open'::text then
        return new;
      end if;
    end if;
  end if;
  if tg_op = 'INSERT' then
    -- editors make priced orders
    if pg_has_role(caller, ':ROLE_EDITOR', 'usage') then
      if new."price" > 100 then
        refused := array_remove(array[case when new."notes" is distinct from null then 'notes' end, case when new."stage" is distinct from 'open'::text then 'stage' end, case when new."secret" is distinct from 0 then 'secret' end, case when new."backup_id" is distinct from null then 'backup' end, case when new."placed_by_id" is distinct from rowhouse.actor_id() then 'placedBy' end]::text[], null);
        if fewest is null or cardinality(refused) < cardinality(fewest) then fewest := refused; end if;
      end if;
    end if;
    -- sales makes orders
    if pg_has_role(caller, ':ROLE_SALES', 'usage') then
      if new."customer_group_id" = any ((select "rowhouse_private"."reach_mine"())::uuid[]) then
        refused := array_remove(array[case when new."price" is distinct from 0 then 'price' end, case when new."stage" is distinct from 'open'::text then 'stage' end, case when new."secret" is distinct from 0 then 'secret' end]::text[], null);
        if fewest is null or cardinality(refused) < cardinality(fewest) then fewest := refused; end if;
      end if;
    end if;
  end if;
  if tg_op = 'UPDATE' then
    -- clerks hand over
    if pg_has_role(caller, ':ROLE_CLERK', 'usage') then
      if old."stage" = 'open'::text and new."stage" = 'closed'::text then
        refused := array_remove(array[case when new."number" is distinct from old."number" then 'number' end, case when new."price" is distinct from old."price" then 'price' end, case when new."notes" is distinct from old."notes" then 'notes' end, case when new."secret" is distinct from old."secret" then 'secret' end, case when new."customer_id" is distinct from old."customer_id" then 'customer' end, case when new."backup_id" is distinct from old."backup_id" then 'backup' end, case when new."placed_by_id" is distinct from old."placed_by_id" then 'placedBy' end]::text[], null);
        if fewest is null or cardinality(refused) < cardinality(fewest) then fewest := refused; end if;
      end if;
    end if;
    -- notes of closed orders
    if pg_has_role(caller, ':ROLE_SALES', 'usage') then
      if old."stage" = 'closed'::text and new."stage" = 'closed'::text then
        refused := array_remove(array[case when new."number" is distinct from old."number" then 'number' end, case when new."price" is distinct from old."price" then 'price' end, case when new."stage" is distinct from old."stage" then 'stage' end, case when new."secret" is distinct from old."secret" then 'secret' end, case when new."customer_id" is distinct from old."customer_id" then 'customer' end, case when new."backup_id" is distinct from old."backup_id" then 'backup' end, case when new."placed_by_id" is distinct from old."placed_by_id" then 'placedBy' end]::text[], null);
        if fewest is null or cardinality(refused) < cardinality(fewest) then fewest := refused; end if;
      end if;
    end if;
    -- prices of open orders
    if pg_has_role(caller, ':ROLE_SALES', 'usage') then
      if old."stage" = 'open'::text and new."stage" = 'open'::text then
        refused := array_remove(array[case when new."number" is distinct from old."number" then 'number' end, case when new."notes" is distinct from old."notes" then 'notes' end, case when new."secret" is distinct from old."secret" then 'secret' end, case when new."placed_by_id" is distinct from old."placed_by_id" then 'placedBy' end]::text[], null);
        if fewest is null or cardinality(refused) < cardinality(fewest) then fewest := refused; end if;
      end if;
    end if;
  end if;
  raise exception using errcode = '42501', schema = 'app', table = 'order',
    detail = coalesce(pg_catalog.to_json(fewest)::text, ''),
    message = 'no single rule allows this change';
end
$body$;
revoke all on function "rowhouse_private"."guard_order"() from public;
grant execute on function "rowhouse_private"."guard_order"() to ":OWNER";
comment on function "rowhouse_private"."guard_order"() is 'One single rule of Order must allow a change whole.';

-- Relations of Customer lead to live rows that the caller may read.
create or replace function "rowhouse_private"."link_customer"() returns trigger
  language plpgsql volatile security definer set search_path = ''
as $body$
declare
  reachable boolean;
begin
  if new."group_id" is not null then
    if tg_op = 'INSERT' or new."group_id" is distinct from old."group_id" then
      reachable := false;
      select true into reachable from "app"."group" t0 cross join (select coalesce(nullif(current_setting('role'), 'none'), session_user::text) as role) caller where t0."id" = new."group_id" and (t0."deleted_at" is null and ((pg_has_role(caller.role, ':MEMBER', 'usage')))) is true for key share of t0;
      if reachable is not true then
        raise exception using errcode = 'RH404', schema = 'app', table = 'customer', column = 'group_id', message = 'there is no such row';
      end if;
    end if;
  end if;
  return new;
end
$body$;
revoke all on function "rowhouse_private"."link_customer"() from public;
grant execute on function "rowhouse_private"."link_customer"() to ":OWNER";
comment on function "rowhouse_private"."link_customer"() is 'Relations of Customer lead to live rows that the caller may read.';

-- Relations of Folder lead to live rows that the caller may read.
create or replace function "rowhouse_private"."link_folder"() returns trigger
  language plpgsql volatile security definer set search_path = ''
as $body$
declare
  reachable boolean;
begin
  if new."parent_id" is not null then
    if tg_op = 'INSERT' or new."parent_id" is distinct from old."parent_id" then
      reachable := false;
      select true into reachable from "app"."folder" t0 cross join (select coalesce(nullif(current_setting('role'), 'none'), session_user::text) as role) caller where t0."id" = new."parent_id" and (t0."deleted_at" is null and ((pg_has_role(caller.role, ':MEMBER', 'usage')))) is true for key share of t0;
      if reachable is not true then
        raise exception using errcode = 'RH404', schema = 'app', table = 'folder', column = 'parent_id', message = 'there is no such row';
      end if;
    end if;
  end if;
  return new;
end
$body$;
revoke all on function "rowhouse_private"."link_folder"() from public;
grant execute on function "rowhouse_private"."link_folder"() to ":OWNER";
comment on function "rowhouse_private"."link_folder"() is 'Relations of Folder lead to live rows that the caller may read.';

-- Relations of Invoice lead to live rows that the caller may read.
create or replace function "rowhouse_private"."link_invoice"() returns trigger
  language plpgsql volatile security definer set search_path = ''
as $body$
declare
  reachable boolean;
begin
  if new."order_id" is not null then
    if tg_op = 'INSERT' or new."order_id" is distinct from old."order_id" then
      reachable := false;
      select true into reachable from "app"."order" t0 cross join (select coalesce(nullif(current_setting('role'), 'none'), session_user::text) as role) caller where t0."id" = new."order_id" and (t0."deleted_at" is null and ((pg_has_role(caller.role, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller.role, ':ROLE_CLERK', 'usage') and t0."stage" = 'open'::text) or (pg_has_role(caller.role, ':ROLE_EDITOR', 'usage')) or (pg_has_role(caller.role, ':ROLE_SALES', 'usage') and exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."group_id" = any ((select "rowhouse_private"."reach_mine"())::uuid[]))))) is true for key share of t0;
      if reachable is not true then
        raise exception using errcode = 'RH404', schema = 'app', table = 'invoice', column = 'order_id', message = 'there is no such row';
      end if;
    end if;
  end if;
  return new;
end
$body$;
revoke all on function "rowhouse_private"."link_invoice"() from public;
grant execute on function "rowhouse_private"."link_invoice"() to ":OWNER";
comment on function "rowhouse_private"."link_invoice"() is 'Relations of Invoice lead to live rows that the caller may read.';

-- Relations of Leaflet lead to live rows that the caller may read.
create or replace function "rowhouse_private"."link_leaflet"() returns trigger
  language plpgsql volatile security definer set search_path = ''
as $body$
declare
  reachable boolean;
begin
  if new."author_id" is not null and new."author_id" is distinct from rowhouse.actor_id() then
    if tg_op = 'INSERT' or new."author_id" is distinct from old."author_id" then
      reachable := false;
      select true into reachable from "app"."user" t0 cross join (select coalesce(nullif(current_setting('role'), 'none'), session_user::text) as role) caller where t0."id" = new."author_id" and (t0."deleted_at" is null and ((pg_has_role(caller.role, ':ROLE_ADMIN', 'usage')))) is true for key share of t0;
      if reachable is not true then
        raise exception using errcode = 'RH404', schema = 'app', table = 'leaflet', column = 'author_id', message = 'there is no such row';
      end if;
    end if;
  end if;
  return new;
end
$body$;
revoke all on function "rowhouse_private"."link_leaflet"() from public;
grant execute on function "rowhouse_private"."link_leaflet"() to ":OWNER";
comment on function "rowhouse_private"."link_leaflet"() is 'Relations of Leaflet lead to live rows that the caller may read.';

-- Relations of Member lead to live rows that the caller may read.
create or replace function "rowhouse_private"."link_member"() returns trigger
  language plpgsql volatile security definer set search_path = ''
as $body$
declare
  reachable boolean;
begin
  if new."user_id" is not null and new."user_id" is distinct from rowhouse.actor_id() then
    if tg_op = 'INSERT' or new."user_id" is distinct from old."user_id" then
      reachable := false;
      select true into reachable from "app"."user" t0 cross join (select coalesce(nullif(current_setting('role'), 'none'), session_user::text) as role) caller where t0."id" = new."user_id" and (t0."deleted_at" is null and ((pg_has_role(caller.role, ':ROLE_ADMIN', 'usage')))) is true for key share of t0;
      if reachable is not true then
        raise exception using errcode = 'RH404', schema = 'app', table = 'member', column = 'user_id', message = 'there is no such row';
      end if;
    end if;
  end if;
  if new."group_id" is not null then
    if tg_op = 'INSERT' or new."group_id" is distinct from old."group_id" then
      reachable := false;
      select true into reachable from "app"."group" t0 cross join (select coalesce(nullif(current_setting('role'), 'none'), session_user::text) as role) caller where t0."id" = new."group_id" and (t0."deleted_at" is null and ((pg_has_role(caller.role, ':MEMBER', 'usage')))) is true for key share of t0;
      if reachable is not true then
        raise exception using errcode = 'RH404', schema = 'app', table = 'member', column = 'group_id', message = 'there is no such row';
      end if;
    end if;
  end if;
  return new;
end
$body$;
revoke all on function "rowhouse_private"."link_member"() from public;
grant execute on function "rowhouse_private"."link_member"() to ":OWNER";
comment on function "rowhouse_private"."link_member"() is 'Relations of Member lead to live rows that the caller may read.';

-- Relations of Notice lead to live rows that the caller may read.
create or replace function "rowhouse_private"."link_notice"() returns trigger
  language plpgsql volatile security definer set search_path = ''
as $body$
declare
  reachable boolean;
begin
  if new."author_id" is not null and new."author_id" is distinct from rowhouse.actor_id() then
    if tg_op = 'INSERT' or new."author_id" is distinct from old."author_id" then
      reachable := false;
      select true into reachable from "app"."user" t0 cross join (select coalesce(nullif(current_setting('role'), 'none'), session_user::text) as role) caller where t0."id" = new."author_id" and (t0."deleted_at" is null and ((pg_has_role(caller.role, ':ROLE_ADMIN', 'usage')))) is true for key share of t0;
      if reachable is not true then
        raise exception using errcode = 'RH404', schema = 'app', table = 'notice', column = 'author_id', message = 'there is no such row';
      end if;
    end if;
  end if;
  return new;
end
$body$;
revoke all on function "rowhouse_private"."link_notice"() from public;
grant execute on function "rowhouse_private"."link_notice"() to ":OWNER";
comment on function "rowhouse_private"."link_notice"() is 'Relations of Notice lead to live rows that the caller may read.';

-- Relations of Order lead to live rows that the caller may read.
create or replace function "rowhouse_private"."link_order"() returns trigger
  language plpgsql volatile security definer set search_path = ''
as $body$
declare
  reachable boolean;
begin
  if new."customer_id" is not null then
    if tg_op = 'INSERT' or new."customer_id" is distinct from old."customer_id" then
      reachable := false;
      select true into reachable from "app"."customer" t0 cross join (select coalesce(nullif(current_setting('role'), 'none'), session_user::text) as role) caller where t0."id" = new."customer_id" and (t0."deleted_at" is null and ((pg_has_role(caller.role, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller.role, ':ROLE_SALES', 'usage') and t0."group_id" = any ((select "rowhouse_private"."reach_mine"())::uuid[]) and t0."hidden" = false))) is true for key share of t0;
      if reachable is not true then
        raise exception using errcode = 'RH404', schema = 'app', table = 'order', column = 'customer_id', message = 'there is no such row';
      end if;
    end if;
  end if;
  if new."backup_id" is not null then
    if tg_op = 'INSERT' or new."backup_id" is distinct from old."backup_id" then
      reachable := false;
      select true into reachable from "app"."customer" t0 cross join (select coalesce(nullif(current_setting('role'), 'none'), session_user::text) as role) caller where t0."id" = new."backup_id" and (t0."deleted_at" is null and ((pg_has_role(caller.role, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller.role, ':ROLE_SALES', 'usage') and t0."group_id" = any ((select "rowhouse_private"."reach_mine"())::uuid[]) and t0."hidden" = false))) is true for key share of t0;
      if reachable is not true then
        raise exception using errcode = 'RH404', schema = 'app', table = 'order', column = 'backup_id', message = 'there is no such row';
      end if;
    end if;
  end if;
  if new."placed_by_id" is not null and new."placed_by_id" is distinct from rowhouse.actor_id() then
    if tg_op = 'INSERT' or new."placed_by_id" is distinct from old."placed_by_id" then
      reachable := false;
      select true into reachable from "app"."user" t0 cross join (select coalesce(nullif(current_setting('role'), 'none'), session_user::text) as role) caller where t0."id" = new."placed_by_id" and (t0."deleted_at" is null and ((pg_has_role(caller.role, ':ROLE_ADMIN', 'usage')))) is true for key share of t0;
      if reachable is not true then
        raise exception using errcode = 'RH404', schema = 'app', table = 'order', column = 'placed_by_id', message = 'there is no such row';
      end if;
    end if;
  end if;
  return new;
end
$body$;
revoke all on function "rowhouse_private"."link_order"() from public;
grant execute on function "rowhouse_private"."link_order"() to ":OWNER";
comment on function "rowhouse_private"."link_order"() is 'Relations of Order lead to live rows that the caller may read.';

-- Relations of OrderLine lead to live rows that the caller may read.
create or replace function "rowhouse_private"."link_order_line"() returns trigger
  language plpgsql volatile security definer set search_path = ''
as $body$
declare
  reachable boolean;
begin
  if new."order_id" is not null then
    if tg_op = 'INSERT' or new."order_id" is distinct from old."order_id" then
      reachable := false;
      select true into reachable from "app"."order" t0 cross join (select coalesce(nullif(current_setting('role'), 'none'), session_user::text) as role) caller where t0."id" = new."order_id" and (t0."deleted_at" is null and ((pg_has_role(caller.role, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller.role, ':ROLE_CLERK', 'usage') and t0."stage" = 'open'::text) or (pg_has_role(caller.role, ':ROLE_EDITOR', 'usage')) or (pg_has_role(caller.role, ':ROLE_SALES', 'usage') and exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."group_id" = any ((select "rowhouse_private"."reach_mine"())::uuid[]))))) is true for key share of t0;
      if reachable is not true then
        raise exception using errcode = 'RH404', schema = 'app', table = 'order_line', column = 'order_id', message = 'there is no such row';
      end if;
    end if;
  end if;
  return new;
end
$body$;
revoke all on function "rowhouse_private"."link_order_line"() from public;
grant execute on function "rowhouse_private"."link_order_line"() to ":OWNER";
comment on function "rowhouse_private"."link_order_line"() is 'Relations of OrderLine lead to live rows that the caller may read.';

-- Relations of Parcel lead to live rows that the caller may read.
create or replace function "rowhouse_private"."link_parcel"() returns trigger
  language plpgsql volatile security definer set search_path = ''
as $body$
declare
  reachable boolean;
begin
  if new."line_id" is not null then
    if tg_op = 'INSERT' or new."line_id" is distinct from old."line_id" then
      reachable := false;
      select true into reachable from "app"."order_line" t0 cross join (select coalesce(nullif(current_setting('role'), 'none'), session_user::text) as role) caller where t0."id" = new."line_id" and (t0."deleted_at" is null and ((pg_has_role(caller.role, ':MEMBER', 'usage')))) is true for key share of t0;
      if reachable is not true then
        raise exception using errcode = 'RH404', schema = 'app', table = 'parcel', column = 'line_id', message = 'there is no such row';
      end if;
    end if;
  end if;
  if new."product_id" is not null then
    if tg_op = 'INSERT' or new."product_id" is distinct from old."product_id" then
      reachable := false;
      select true into reachable from "app"."product" t0 cross join (select coalesce(nullif(current_setting('role'), 'none'), session_user::text) as role) caller where t0."id" = new."product_id" and (t0."deleted_at" is null and ((pg_has_role(caller.role, ':MEMBER', 'usage')))) is true for key share of t0;
      if reachable is not true then
        raise exception using errcode = 'RH404', schema = 'app', table = 'parcel', column = 'product_id', message = 'there is no such row';
      end if;
    end if;
  end if;
  return new;
end
$body$;
revoke all on function "rowhouse_private"."link_parcel"() from public;
grant execute on function "rowhouse_private"."link_parcel"() to ":OWNER";
comment on function "rowhouse_private"."link_parcel"() is 'Relations of Parcel lead to live rows that the caller may read.';

-- Values that a new row of Order is given.
create or replace function "rowhouse_private"."values_order"() returns trigger
  language plpgsql volatile security definer set search_path = ''
as $body$
begin
  declare
    tenant text := current_setting('rowhouse.tenant_id', true);
    is_other boolean := tenant is distinct from new."tenant_id"::text;
  begin
    if is_other then perform set_config('rowhouse.tenant_id', new."tenant_id"::text, true); end if;
    select t0."group_id" into new."customer_group_id" from "app"."customer" t0 where t0."id" = new."customer_id" for key share;
    if is_other then perform set_config('rowhouse.tenant_id', coalesce(tenant, ''), true); end if;
  end;
  return new;
end
$body$;
revoke all on function "rowhouse_private"."values_order"() from public;
grant execute on function "rowhouse_private"."values_order"() to ":OWNER";
comment on function "rowhouse_private"."values_order"() is 'Values that a new row of Order is given.';

-- Values that hang on relations of Order.
create or replace function "rowhouse_private"."refill_order"() returns trigger
  language plpgsql volatile security definer set search_path = ''
as $body$
begin
  if new."customer_id" is distinct from old."customer_id" then
    declare
      tenant text := current_setting('rowhouse.tenant_id', true);
      is_other boolean := tenant is distinct from new."tenant_id"::text;
    begin
      if is_other then perform set_config('rowhouse.tenant_id', new."tenant_id"::text, true); end if;
      select t0."group_id" into new."customer_group_id" from "app"."customer" t0 where t0."id" = new."customer_id" for key share;
      if is_other then perform set_config('rowhouse.tenant_id', coalesce(tenant, ''), true); end if;
    end;
  end if;
  return new;
end
$body$;
revoke all on function "rowhouse_private"."refill_order"() from public;
grant execute on function "rowhouse_private"."refill_order"() to ":OWNER";
comment on function "rowhouse_private"."refill_order"() is 'Values that hang on relations of Order.';

-- Removes a row of Customer: removed, missing or stale.
create or replace function "rowhouse_private"."remove_customer"(row_id uuid, if_updated_at timestamp with time zone DEFAULT NULL::timestamp with time zone) returns text
  language plpgsql volatile security definer set search_path = ''
as $body$
#variable_conflict use_variable
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
  target "app"."customer";
  instant timestamp with time zone;
  batch uuid[];
  more boolean;
  ids_0 uuid[] := array[row_id]; -- Customer
begin
  if not rowhouse_private."may_read_customer"(row_id) then return 'missing'; end if;
  select t0.* into target from "app"."customer" t0 where t0."id" = row_id and t0."deleted_at" is null for update;
  if not found or not rowhouse_private."may_read_customer"(row_id) then return 'missing'; end if;
  if if_updated_at is not null and target."updated_at" is distinct from if_updated_at then return 'stale'; end if;
  if ((pg_has_role(caller, ':ROLE_ADMIN', 'usage'))) is not true then
    raise exception using errcode = '42501', message = 'no rule allows this';
  end if;
  instant := clock_timestamp();
  update "app"."customer" t0 set "deleted_at" = instant where t0."id" = row_id;
  if exists (select from "app"."order" t0 where t0."customer_id" = any (ids_0) and t0."deleted_at" is null) then
    raise exception using errcode = '23001', schema = 'app', table = 'order', column = 'customer_id', constraint = 'order_customer_fkey', message = 'a live row still refers to it';
  end if;
  return 'removed';
end
$body$;
revoke all on function "rowhouse_private"."remove_customer"(uuid, timestamp with time zone) from public;
grant execute on function "rowhouse_private"."remove_customer"(uuid, timestamp with time zone) to ":ROLE_ADMIN";
comment on function "rowhouse_private"."remove_customer"(uuid, timestamp with time zone) is 'Removes a row of Customer: removed, missing or stale.';

-- Removes a row of Folder: removed, missing or stale.
create or replace function "rowhouse_private"."remove_folder"(row_id uuid, if_updated_at timestamp with time zone DEFAULT NULL::timestamp with time zone) returns text
  language plpgsql volatile security definer set search_path = ''
as $body$
#variable_conflict use_variable
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
  target "app"."folder";
  instant timestamp with time zone;
  batch uuid[];
  more boolean;
  ids_0 uuid[] := array[row_id]; -- Folder
begin
  if not rowhouse_private."may_read_folder"(row_id) then return 'missing'; end if;
  select t0.* into target from "app"."folder" t0 where t0."id" = row_id and t0."deleted_at" is null for update;
  if not found or not rowhouse_private."may_read_folder"(row_id) then return 'missing'; end if;
  if if_updated_at is not null and target."updated_at" is distinct from if_updated_at then return 'stale'; end if;
  if ((pg_has_role(caller, ':MEMBER', 'usage'))) is not true then
    raise exception using errcode = '42501', message = 'no rule allows this';
  end if;
  instant := clock_timestamp();
  update "app"."folder" t0 set "deleted_at" = instant where t0."id" = row_id;
  loop
    more := false;
    -- Folder.parent
    with locked as (
      select t0."id" from "app"."folder" t0
      where t0."parent_id" = any (ids_0) and t0."deleted_at" is null for update
    ), marked as (
      update "app"."folder" t1 set "deleted_at" = instant from locked where t1."id" = locked."id" returning t1."id"
    )
    select array_agg(marked."id") into batch from marked;
    if batch is not null then ids_0 := ids_0 || batch; more := true; end if;
    exit when not more;
  end loop;
  return 'removed';
end
$body$;
revoke all on function "rowhouse_private"."remove_folder"(uuid, timestamp with time zone) from public;
grant execute on function "rowhouse_private"."remove_folder"(uuid, timestamp with time zone) to ":MEMBER";
comment on function "rowhouse_private"."remove_folder"(uuid, timestamp with time zone) is 'Removes a row of Folder: removed, missing or stale.';

-- Removes a row of Invoice: removed, missing or stale.
create or replace function "rowhouse_private"."remove_invoice"(row_id uuid, if_updated_at timestamp with time zone DEFAULT NULL::timestamp with time zone) returns text
  language plpgsql volatile security definer set search_path = ''
as $body$
#variable_conflict use_variable
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
  target "app"."invoice";
  instant timestamp with time zone;
  batch uuid[];
  more boolean;
  ids_0 uuid[] := array[row_id]; -- Invoice
begin
  if not rowhouse_private."may_read_invoice"(row_id) then return 'missing'; end if;
  select t0.* into target from "app"."invoice" t0 where t0."id" = row_id and t0."deleted_at" is null for update;
  if not found or not rowhouse_private."may_read_invoice"(row_id) then return 'missing'; end if;
  if if_updated_at is not null and target."updated_at" is distinct from if_updated_at then return 'stale'; end if;
  if ((pg_has_role(caller, ':MEMBER', 'usage'))) is not true then
    raise exception using errcode = '42501', message = 'no rule allows this';
  end if;
  instant := clock_timestamp();
  update "app"."invoice" t0 set "deleted_at" = instant where t0."id" = row_id;
  return 'removed';
end
$body$;
revoke all on function "rowhouse_private"."remove_invoice"(uuid, timestamp with time zone) from public;
grant execute on function "rowhouse_private"."remove_invoice"(uuid, timestamp with time zone) to ":MEMBER";
comment on function "rowhouse_private"."remove_invoice"(uuid, timestamp with time zone) is 'Removes a row of Invoice: removed, missing or stale.';

-- Removes a row of Member: removed, missing or stale.
create or replace function "rowhouse_private"."remove_member"(row_id uuid, if_updated_at timestamp with time zone DEFAULT NULL::timestamp with time zone) returns text
  language plpgsql volatile security definer set search_path = ''
as $body$
#variable_conflict use_variable
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
  target "app"."member";
  instant timestamp with time zone;
  batch uuid[];
  more boolean;
  ids_0 uuid[] := array[row_id]; -- Member
begin
  if not rowhouse_private."may_read_member"(row_id) then return 'missing'; end if;
  select t0.* into target from "app"."member" t0 where t0."id" = row_id and t0."deleted_at" is null for update;
  if not found or not rowhouse_private."may_read_member"(row_id) then return 'missing'; end if;
  if if_updated_at is not null and target."updated_at" is distinct from if_updated_at then return 'stale'; end if;
  if ((pg_has_role(caller, ':ROLE_ADMIN', 'usage'))) is not true then
    raise exception using errcode = '42501', message = 'no rule allows this';
  end if;
  instant := clock_timestamp();
  update "app"."member" t0 set "deleted_at" = instant where t0."id" = row_id;
  return 'removed';
end
$body$;
revoke all on function "rowhouse_private"."remove_member"(uuid, timestamp with time zone) from public;
grant execute on function "rowhouse_private"."remove_member"(uuid, timestamp with time zone) to ":ROLE_ADMIN";
comment on function "rowhouse_private"."remove_member"(uuid, timestamp with time zone) is 'Removes a row of Member: removed, missing or stale.';

-- Removes a row of Order: removed, missing or stale.
create or replace function "rowhouse_private"."remove_order"(row_id uuid, if_updated_at timestamp with time zone DEFAULT NULL::timestamp with time zone) returns text
  language plpgsql volatile security definer set search_path = ''
as $body$
#variable_conflict use_variable
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
  target "app"."order";
  instant timestamp with time zone;
  batch uuid[];
  more boolean;
  ids_0 uuid[] := array[row_id]; -- Order
  ids_1 uuid[] := '{}'; -- OrderLine
  ids_2 uuid[] := '{}'; -- Parcel
begin
  if not rowhouse_private."may_read_order"(row_id) then return 'missing'; end if;
  select t0.* into target from "app"."order" t0 where t0."id" = row_id and t0."deleted_at" is null for update;
  if not found or not rowhouse_private."may_read_order"(row_id) then return 'missing'; end if;
  if if_updated_at is not null and target."updated_at" is distinct from if_updated_at then return 'stale'; end if;
  -- secret orders stay
  if pg_has_role(caller, ':MEMBER', 'usage') and ((target."secret" > 5) is not true) is not true then
    raise exception using errcode = '42501', detail = 'secret orders stay', hint = 'Secret orders stay.', message = 'a rule denies this';
  end if;
  if ((pg_has_role(caller, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller, ':ROLE_SALES', 'usage') and target."stage" = 'open'::text)) is not true then
    raise exception using errcode = '42501', message = 'no rule allows this';
  end if;
  instant := clock_timestamp();
  update "app"."order" t0 set "deleted_at" = instant where t0."id" = row_id;
  loop
    more := false;
    -- OrderLine.order
    with locked as (
      select t0."id" from "app"."order_line" t0
      where t0."order_id" = any (ids_0) and t0."deleted_at" is null for update
    ), marked as (
      update "app"."order_line" t1 set "deleted_at" = instant from locked where t1."id" = locked."id" returning t1."id"
    )
    select array_agg(marked."id") into batch from marked;
    if batch is not null then ids_1 := ids_1 || batch; more := true; end if;
    -- Parcel.line
    with locked as (
      select t0."id" from "app"."parcel" t0
      where t0."line_id" = any (ids_1) and t0."deleted_at" is null for update
    ), marked as (
      update "app"."parcel" t1 set "deleted_at" = instant from locked where t1."id" = locked."id" returning t1."id"
    )
    select array_agg(marked."id") into batch from marked;
    if batch is not null then ids_2 := ids_2 || batch; more := true; end if;
    exit when not more;
  end loop;
  if exists (select from "app"."invoice" t0 where t0."order_id" = any (ids_0) and t0."deleted_at" is null) then
    raise exception using errcode = '23001', schema = 'app', table = 'invoice', column = 'order_id', constraint = 'invoice_order_fkey', message = 'a live row still refers to it';
  end if;
  return 'removed';
end
$body$;
revoke all on function "rowhouse_private"."remove_order"(uuid, timestamp with time zone) from public;
grant execute on function "rowhouse_private"."remove_order"(uuid, timestamp with time zone) to ":ROLE_ADMIN", ":ROLE_SALES";
comment on function "rowhouse_private"."remove_order"(uuid, timestamp with time zone) is 'Removes a row of Order: removed, missing or stale.';

-- Removes a row of OrderLine: removed, missing or stale.
create or replace function "rowhouse_private"."remove_order_line"(row_id uuid, if_updated_at timestamp with time zone DEFAULT NULL::timestamp with time zone) returns text
  language plpgsql volatile security definer set search_path = ''
as $body$
#variable_conflict use_variable
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
  target "app"."order_line";
  instant timestamp with time zone;
  batch uuid[];
  more boolean;
  ids_0 uuid[] := array[row_id]; -- OrderLine
  ids_1 uuid[] := '{}'; -- Parcel
begin
  if not rowhouse_private."may_read_order_line"(row_id) then return 'missing'; end if;
  select t0.* into target from "app"."order_line" t0 where t0."id" = row_id and t0."deleted_at" is null for update;
  if not found or not rowhouse_private."may_read_order_line"(row_id) then return 'missing'; end if;
  if if_updated_at is not null and target."updated_at" is distinct from if_updated_at then return 'stale'; end if;
  if ((pg_has_role(caller, ':MEMBER', 'usage'))) is not true then
    raise exception using errcode = '42501', message = 'no rule allows this';
  end if;
  instant := clock_timestamp();
  update "app"."order_line" t0 set "deleted_at" = instant where t0."id" = row_id;
  loop
    more := false;
    -- Parcel.line
    with locked as (
      select t0."id" from "app"."parcel" t0
      where t0."line_id" = any (ids_0) and t0."deleted_at" is null for update
    ), marked as (
      update "app"."parcel" t1 set "deleted_at" = instant from locked where t1."id" = locked."id" returning t1."id"
    )
    select array_agg(marked."id") into batch from marked;
    if batch is not null then ids_1 := ids_1 || batch; more := true; end if;
    exit when not more;
  end loop;
  return 'removed';
end
$body$;
revoke all on function "rowhouse_private"."remove_order_line"(uuid, timestamp with time zone) from public;
grant execute on function "rowhouse_private"."remove_order_line"(uuid, timestamp with time zone) to ":MEMBER";
comment on function "rowhouse_private"."remove_order_line"(uuid, timestamp with time zone) is 'Removes a row of OrderLine: removed, missing or stale.';

-- Removes a row of Parcel: removed, missing or stale.
create or replace function "rowhouse_private"."remove_parcel"(row_id uuid, if_updated_at timestamp with time zone DEFAULT NULL::timestamp with time zone) returns text
  language plpgsql volatile security definer set search_path = ''
as $body$
#variable_conflict use_variable
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
  target "app"."parcel";
  instant timestamp with time zone;
  batch uuid[];
  more boolean;
  ids_0 uuid[] := array[row_id]; -- Parcel
begin
  if not rowhouse_private."may_read_parcel"(row_id) then return 'missing'; end if;
  select t0.* into target from "app"."parcel" t0 where t0."id" = row_id and t0."deleted_at" is null for update;
  if not found or not rowhouse_private."may_read_parcel"(row_id) then return 'missing'; end if;
  if if_updated_at is not null and target."updated_at" is distinct from if_updated_at then return 'stale'; end if;
  if ((pg_has_role(caller, ':MEMBER', 'usage'))) is not true then
    raise exception using errcode = '42501', message = 'no rule allows this';
  end if;
  instant := clock_timestamp();
  update "app"."parcel" t0 set "deleted_at" = instant where t0."id" = row_id;
  return 'removed';
end
$body$;
revoke all on function "rowhouse_private"."remove_parcel"(uuid, timestamp with time zone) from public;
grant execute on function "rowhouse_private"."remove_parcel"(uuid, timestamp with time zone) to ":MEMBER";
comment on function "rowhouse_private"."remove_parcel"(uuid, timestamp with time zone) is 'Removes a row of Parcel: removed, missing or stale.';

-- Removes a row of Product: removed, missing or stale.
create or replace function "rowhouse_private"."remove_product"(row_id uuid, if_updated_at timestamp with time zone DEFAULT NULL::timestamp with time zone) returns text
  language plpgsql volatile security definer set search_path = ''
as $body$
#variable_conflict use_variable
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
  target "app"."product";
  instant timestamp with time zone;
  batch uuid[];
  more boolean;
  ids_0 uuid[] := array[row_id]; -- Product
begin
  if not rowhouse_private."may_read_product"(row_id) then return 'missing'; end if;
  select t0.* into target from "app"."product" t0 where t0."id" = row_id and t0."deleted_at" is null for update;
  if not found or not rowhouse_private."may_read_product"(row_id) then return 'missing'; end if;
  if if_updated_at is not null and target."updated_at" is distinct from if_updated_at then return 'stale'; end if;
  if ((pg_has_role(caller, ':MEMBER', 'usage'))) is not true then
    raise exception using errcode = '42501', message = 'no rule allows this';
  end if;
  instant := clock_timestamp();
  update "app"."product" t0 set "deleted_at" = instant where t0."id" = row_id;
  return 'removed';
end
$body$;
revoke all on function "rowhouse_private"."remove_product"(uuid, timestamp with time zone) from public;
grant execute on function "rowhouse_private"."remove_product"(uuid, timestamp with time zone) to ":MEMBER";
comment on function "rowhouse_private"."remove_product"(uuid, timestamp with time zone) is 'Removes a row of Product: removed, missing or stale.';

-- Restores a row of Customer: restored or missing.
create or replace function "rowhouse_private"."restore_customer"(row_id uuid) returns text
  language plpgsql volatile security definer set search_path = ''
as $body$
#variable_conflict use_variable
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
  target "app"."customer";
  instant timestamp with time zone;
  batch uuid[];
  more boolean;
  ids_0 uuid[] := array[row_id]; -- Customer
begin
  if not rowhouse_private."may_read_customer"(row_id) then return 'missing'; end if;
  select t0.* into target from "app"."customer" t0 where t0."id" = row_id and t0."deleted_at" is not null for update;
  if not found or not rowhouse_private."may_read_customer"(row_id) then return 'missing'; end if;
  if ((pg_has_role(caller, ':ROLE_ADMIN', 'usage'))) is not true then
    raise exception using errcode = '42501', message = 'no rule allows this';
  end if;
  instant := target."deleted_at";
  update "app"."customer" t0 set "deleted_at" = null where t0."id" = row_id;
  perform from "app"."group" t0 where t0."id" in (select t1."group_id" from "app"."customer" t1 where t1."id" = any (ids_0)) for key share;
  if exists (select from "app"."group" t0 where t0."id" in (select t1."group_id" from "app"."customer" t1 where t1."id" = any (ids_0)) and t0."deleted_at" is not null) then
    raise exception using errcode = '23001', schema = 'app', table = 'group', column = 'group_id', constraint = 'customer_group_fkey', message = 'a row that it needs is removed';
  end if;
  return 'restored';
end
$body$;
revoke all on function "rowhouse_private"."restore_customer"(uuid) from public;
grant execute on function "rowhouse_private"."restore_customer"(uuid) to ":ROLE_ADMIN";
comment on function "rowhouse_private"."restore_customer"(uuid) is 'Restores a row of Customer: restored or missing.';

-- Restores a row of Folder: restored or missing.
create or replace function "rowhouse_private"."restore_folder"(row_id uuid) returns text
  language plpgsql volatile security definer set search_path = ''
as $body$
#variable_conflict use_variable
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
  target "app"."folder";
  instant timestamp with time zone;
  batch uuid[];
  more boolean;
  ids_0 uuid[] := array[row_id]; -- Folder
begin
  if not rowhouse_private."may_read_folder"(row_id) then return 'missing'; end if;
  select t0.* into target from "app"."folder" t0 where t0."id" = row_id and t0."deleted_at" is not null for update;
  if not found or not rowhouse_private."may_read_folder"(row_id) then return 'missing'; end if;
  if ((pg_has_role(caller, ':MEMBER', 'usage'))) is not true then
    raise exception using errcode = '42501', message = 'no rule allows this';
  end if;
  instant := target."deleted_at";
  update "app"."folder" t0 set "deleted_at" = null where t0."id" = row_id;
  loop
    more := false;
    -- Folder.parent
    with locked as (
      select t0."id" from "app"."folder" t0
      where t0."parent_id" = any (ids_0) and t0."deleted_at" = instant for update
    ), marked as (
      update "app"."folder" t1 set "deleted_at" = null from locked where t1."id" = locked."id" returning t1."id"
    )
    select array_agg(marked."id") into batch from marked;
    if batch is not null then ids_0 := ids_0 || batch; more := true; end if;
    exit when not more;
  end loop;
  perform from "app"."folder" t0 where t0."id" in (select t1."parent_id" from "app"."folder" t1 where t1."id" = any (ids_0)) for key share;
  if exists (select from "app"."folder" t0 where t0."id" in (select t1."parent_id" from "app"."folder" t1 where t1."id" = any (ids_0)) and t0."deleted_at" is not null) then
    raise exception using errcode = '23001', schema = 'app', table = 'folder', column = 'parent_id', constraint = 'folder_parent_fkey', message = 'a row that it needs is removed';
  end if;
  return 'restored';
end
$body$;
revoke all on function "rowhouse_private"."restore_folder"(uuid) from public;
grant execute on function "rowhouse_private"."restore_folder"(uuid) to ":MEMBER";
comment on function "rowhouse_private"."restore_folder"(uuid) is 'Restores a row of Folder: restored or missing.';

-- Restores a row of Invoice: restored or missing.
create or replace function "rowhouse_private"."restore_invoice"(row_id uuid) returns text
  language plpgsql volatile security definer set search_path = ''
as $body$
#variable_conflict use_variable
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
  target "app"."invoice";
  instant timestamp with time zone;
  batch uuid[];
  more boolean;
  ids_0 uuid[] := array[row_id]; -- Invoice
begin
  if not rowhouse_private."may_read_invoice"(row_id) then return 'missing'; end if;
  select t0.* into target from "app"."invoice" t0 where t0."id" = row_id and t0."deleted_at" is not null for update;
  if not found or not rowhouse_private."may_read_invoice"(row_id) then return 'missing'; end if;
  if ((pg_has_role(caller, ':MEMBER', 'usage'))) is not true then
    raise exception using errcode = '42501', message = 'no rule allows this';
  end if;
  instant := target."deleted_at";
  update "app"."invoice" t0 set "deleted_at" = null where t0."id" = row_id;
  perform from "app"."order" t0 where t0."id" in (select t1."order_id" from "app"."invoice" t1 where t1."id" = any (ids_0)) for key share;
  if exists (select from "app"."order" t0 where t0."id" in (select t1."order_id" from "app"."invoice" t1 where t1."id" = any (ids_0)) and t0."deleted_at" is not null) then
    raise exception using errcode = '23001', schema = 'app', table = 'order', column = 'order_id', constraint = 'invoice_order_fkey', message = 'a row that it needs is removed';
  end if;
  return 'restored';
end
$body$;
revoke all on function "rowhouse_private"."restore_invoice"(uuid) from public;
grant execute on function "rowhouse_private"."restore_invoice"(uuid) to ":MEMBER";
comment on function "rowhouse_private"."restore_invoice"(uuid) is 'Restores a row of Invoice: restored or missing.';

-- Restores a row of Member: restored or missing.
create or replace function "rowhouse_private"."restore_member"(row_id uuid) returns text
  language plpgsql volatile security definer set search_path = ''
as $body$
#variable_conflict use_variable
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
  target "app"."member";
  instant timestamp with time zone;
  batch uuid[];
  more boolean;
  ids_0 uuid[] := array[row_id]; -- Member
begin
  if not rowhouse_private."may_read_member"(row_id) then return 'missing'; end if;
  select t0.* into target from "app"."member" t0 where t0."id" = row_id and t0."deleted_at" is not null for update;
  if not found or not rowhouse_private."may_read_member"(row_id) then return 'missing'; end if;
  if ((pg_has_role(caller, ':ROLE_ADMIN', 'usage'))) is not true then
    raise exception using errcode = '42501', message = 'no rule allows this';
  end if;
  instant := target."deleted_at";
  update "app"."member" t0 set "deleted_at" = null where t0."id" = row_id;
  perform from "app"."user" t0 where t0."id" in (select t1."user_id" from "app"."member" t1 where t1."id" = any (ids_0)) for key share;
  if exists (select from "app"."user" t0 where t0."id" in (select t1."user_id" from "app"."member" t1 where t1."id" = any (ids_0)) and t0."deleted_at" is not null) then
    raise exception using errcode = '23001', schema = 'app', table = 'user', column = 'user_id', constraint = 'member_user_fkey', message = 'a row that it needs is removed';
  end if;
  perform from "app"."group" t0 where t0."id" in (select t1."group_id" from "app"."member" t1 where t1."id" = any (ids_0)) for key share;
  if exists (select from "app"."group" t0 where t0."id" in (select t1."group_id" from "app"."member" t1 where t1."id" = any (ids_0)) and t0."deleted_at" is not null) then
    raise exception using errcode = '23001', schema = 'app', table = 'group', column = 'group_id', constraint = 'member_group_fkey', message = 'a row that it needs is removed';
  end if;
  return 'restored';
end
$body$;
revoke all on function "rowhouse_private"."restore_member"(uuid) from public;
grant execute on function "rowhouse_private"."restore_member"(uuid) to ":ROLE_ADMIN";
comment on function "rowhouse_private"."restore_member"(uuid) is 'Restores a row of Member: restored or missing.';

-- Restores a row of Order: restored or missing.
create or replace function "rowhouse_private"."restore_order"(row_id uuid) returns text
  language plpgsql volatile security definer set search_path = ''
as $body$
#variable_conflict use_variable
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
  target "app"."order";
  instant timestamp with time zone;
  batch uuid[];
  more boolean;
  ids_0 uuid[] := array[row_id]; -- Order
  ids_1 uuid[] := '{}'; -- OrderLine
  ids_2 uuid[] := '{}'; -- Parcel
begin
  if not rowhouse_private."may_read_order"(row_id) then return 'missing'; end if;
  select t0.* into target from "app"."order" t0 where t0."id" = row_id and t0."deleted_at" is not null for update;
  if not found or not rowhouse_private."may_read_order"(row_id) then return 'missing'; end if;
  if ((pg_has_role(caller, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller, ':ROLE_SALES', 'usage') and target."stage" = 'open'::text)) is not true then
    raise exception using errcode = '42501', message = 'no rule allows this';
  end if;
  instant := target."deleted_at";
  update "app"."order" t0 set "deleted_at" = null where t0."id" = row_id;
  loop
    more := false;
    -- OrderLine.order
    with locked as (
      select t0."id" from "app"."order_line" t0
      where t0."order_id" = any (ids_0) and t0."deleted_at" = instant for update
    ), marked as (
      update "app"."order_line" t1 set "deleted_at" = null from locked where t1."id" = locked."id" returning t1."id"
    )
    select array_agg(marked."id") into batch from marked;
    if batch is not null then ids_1 := ids_1 || batch; more := true; end if;
    -- Parcel.line
    with locked as (
      select t0."id" from "app"."parcel" t0
      where t0."line_id" = any (ids_1) and t0."deleted_at" = instant for update
    ), marked as (
      update "app"."parcel" t1 set "deleted_at" = null from locked where t1."id" = locked."id" returning t1."id"
    )
    select array_agg(marked."id") into batch from marked;
    if batch is not null then ids_2 := ids_2 || batch; more := true; end if;
    exit when not more;
  end loop;
  perform from "app"."customer" t0 where t0."id" in (select t1."customer_id" from "app"."order" t1 where t1."id" = any (ids_0)) for key share;
  if exists (select from "app"."customer" t0 where t0."id" in (select t1."customer_id" from "app"."order" t1 where t1."id" = any (ids_0)) and t0."deleted_at" is not null) then
    raise exception using errcode = '23001', schema = 'app', table = 'customer', column = 'customer_id', constraint = 'order_customer_fkey', message = 'a row that it needs is removed';
  end if;
  perform from "app"."order" t0 where t0."id" in (select t1."order_id" from "app"."order_line" t1 where t1."id" = any (ids_1)) for key share;
  if exists (select from "app"."order" t0 where t0."id" in (select t1."order_id" from "app"."order_line" t1 where t1."id" = any (ids_1)) and t0."deleted_at" is not null) then
    raise exception using errcode = '23001', schema = 'app', table = 'order', column = 'order_id', constraint = 'order_line_order_fkey', message = 'a row that it needs is removed';
  end if;
  perform from "app"."order_line" t0 where t0."id" in (select t1."line_id" from "app"."parcel" t1 where t1."id" = any (ids_2)) for key share;
  if exists (select from "app"."order_line" t0 where t0."id" in (select t1."line_id" from "app"."parcel" t1 where t1."id" = any (ids_2)) and t0."deleted_at" is not null) then
    raise exception using errcode = '23001', schema = 'app', table = 'order_line', column = 'line_id', constraint = 'parcel_line_fkey', message = 'a row that it needs is removed';
  end if;
  return 'restored';
end
$body$;
revoke all on function "rowhouse_private"."restore_order"(uuid) from public;
grant execute on function "rowhouse_private"."restore_order"(uuid) to ":ROLE_ADMIN", ":ROLE_SALES";
comment on function "rowhouse_private"."restore_order"(uuid) is 'Restores a row of Order: restored or missing.';

-- Restores a row of OrderLine: restored or missing.
create or replace function "rowhouse_private"."restore_order_line"(row_id uuid) returns text
  language plpgsql volatile security definer set search_path = ''
as $body$
#variable_conflict use_variable
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
  target "app"."order_line";
  instant timestamp with time zone;
  batch uuid[];
  more boolean;
  ids_0 uuid[] := array[row_id]; -- OrderLine
  ids_1 uuid[] := '{}'; -- Parcel
begin
  if not rowhouse_private."may_read_order_line"(row_id) then return 'missing'; end if;
  select t0.* into target from "app"."order_line" t0 where t0."id" = row_id and t0."deleted_at" is not null for update;
  if not found or not rowhouse_private."may_read_order_line"(row_id) then return 'missing'; end if;
  if ((pg_has_role(caller, ':MEMBER', 'usage'))) is not true then
    raise exception using errcode = '42501', message = 'no rule allows this';
  end if;
  instant := target."deleted_at";
  update "app"."order_line" t0 set "deleted_at" = null where t0."id" = row_id;
  loop
    more := false;
    -- Parcel.line
    with locked as (
      select t0."id" from "app"."parcel" t0
      where t0."line_id" = any (ids_0) and t0."deleted_at" = instant for update
    ), marked as (
      update "app"."parcel" t1 set "deleted_at" = null from locked where t1."id" = locked."id" returning t1."id"
    )
    select array_agg(marked."id") into batch from marked;
    if batch is not null then ids_1 := ids_1 || batch; more := true; end if;
    exit when not more;
  end loop;
  perform from "app"."order" t0 where t0."id" in (select t1."order_id" from "app"."order_line" t1 where t1."id" = any (ids_0)) for key share;
  if exists (select from "app"."order" t0 where t0."id" in (select t1."order_id" from "app"."order_line" t1 where t1."id" = any (ids_0)) and t0."deleted_at" is not null) then
    raise exception using errcode = '23001', schema = 'app', table = 'order', column = 'order_id', constraint = 'order_line_order_fkey', message = 'a row that it needs is removed';
  end if;
  perform from "app"."order_line" t0 where t0."id" in (select t1."line_id" from "app"."parcel" t1 where t1."id" = any (ids_1)) for key share;
  if exists (select from "app"."order_line" t0 where t0."id" in (select t1."line_id" from "app"."parcel" t1 where t1."id" = any (ids_1)) and t0."deleted_at" is not null) then
    raise exception using errcode = '23001', schema = 'app', table = 'order_line', column = 'line_id', constraint = 'parcel_line_fkey', message = 'a row that it needs is removed';
  end if;
  return 'restored';
end
$body$;
revoke all on function "rowhouse_private"."restore_order_line"(uuid) from public;
grant execute on function "rowhouse_private"."restore_order_line"(uuid) to ":MEMBER";
comment on function "rowhouse_private"."restore_order_line"(uuid) is 'Restores a row of OrderLine: restored or missing.';

-- Restores a row of Parcel: restored or missing.
create or replace function "rowhouse_private"."restore_parcel"(row_id uuid) returns text
  language plpgsql volatile security definer set search_path = ''
as $body$
#variable_conflict use_variable
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
  target "app"."parcel";
  instant timestamp with time zone;
  batch uuid[];
  more boolean;
  ids_0 uuid[] := array[row_id]; -- Parcel
begin
  if not rowhouse_private."may_read_parcel"(row_id) then return 'missing'; end if;
  select t0.* into target from "app"."parcel" t0 where t0."id" = row_id and t0."deleted_at" is not null for update;
  if not found or not rowhouse_private."may_read_parcel"(row_id) then return 'missing'; end if;
  if ((pg_has_role(caller, ':MEMBER', 'usage'))) is not true then
    raise exception using errcode = '42501', message = 'no rule allows this';
  end if;
  instant := target."deleted_at";
  update "app"."parcel" t0 set "deleted_at" = null where t0."id" = row_id;
  perform from "app"."order_line" t0 where t0."id" in (select t1."line_id" from "app"."parcel" t1 where t1."id" = any (ids_0)) for key share;
  if exists (select from "app"."order_line" t0 where t0."id" in (select t1."line_id" from "app"."parcel" t1 where t1."id" = any (ids_0)) and t0."deleted_at" is not null) then
    raise exception using errcode = '23001', schema = 'app', table = 'order_line', column = 'line_id', constraint = 'parcel_line_fkey', message = 'a row that it needs is removed';
  end if;
  return 'restored';
end
$body$;
revoke all on function "rowhouse_private"."restore_parcel"(uuid) from public;
grant execute on function "rowhouse_private"."restore_parcel"(uuid) to ":MEMBER";
comment on function "rowhouse_private"."restore_parcel"(uuid) is 'Restores a row of Parcel: restored or missing.';

-- Restores a row of Product: restored or missing.
create or replace function "rowhouse_private"."restore_product"(row_id uuid) returns text
  language plpgsql volatile security definer set search_path = ''
as $body$
#variable_conflict use_variable
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
  target "app"."product";
  instant timestamp with time zone;
  batch uuid[];
  more boolean;
  ids_0 uuid[] := array[row_id]; -- Product
begin
  if not rowhouse_private."may_read_product"(row_id) then return 'missing'; end if;
  select t0.* into target from "app"."product" t0 where t0."id" = row_id and t0."deleted_at" is not null for update;
  if not found or not rowhouse_private."may_read_product"(row_id) then return 'missing'; end if;
  if ((pg_has_role(caller, ':MEMBER', 'usage'))) is not true then
    raise exception using errcode = '42501', message = 'no rule allows this';
  end if;
  instant := target."deleted_at";
  update "app"."product" t0 set "deleted_at" = null where t0."id" = row_id;
  return 'restored';
end
$body$;
revoke all on function "rowhouse_private"."restore_product"(uuid) from public;
grant execute on function "rowhouse_private"."restore_product"(uuid) to ":MEMBER";
comment on function "rowhouse_private"."restore_product"(uuid) is 'Restores a row of Product: restored or missing.';

-- Why a change of a row of Order is refused, to whom may read it.
create or replace function "rowhouse_private"."because_order"(row_id uuid, verb text) returns text
  language plpgsql stable security definer set search_path = ''
as $body$
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
  target "app"."order";
begin
  if not "rowhouse_private"."may_read_order"(row_id) then return null; end if;
  select t0.* into target from "app"."order" t0 where t0."id" = row_id and t0."deleted_at" is null;
  if not found then return null; end if;
  if verb = 'update' then
    -- secret orders stay
    if pg_has_role(caller, ':MEMBER', 'usage') and ((target."secret" > 5) is not true) is not true then return pg_catalog.json_build_object('title', 'secret orders stay', 'because', 'Secret orders stay.')::text; end if;
  end if;
  if verb = 'delete' then
    -- secret orders stay
    if pg_has_role(caller, ':MEMBER', 'usage') and ((target."secret" > 5) is not true) is not true then return pg_catalog.json_build_object('title', 'secret orders stay', 'because', 'Secret orders stay.')::text; end if;
  end if;
  return null;
end
$body$;
revoke all on function "rowhouse_private"."because_order"(uuid, text) from public;
grant execute on function "rowhouse_private"."because_order"(uuid, text) to ":ROLE_ADMIN", ":ROLE_CLERK", ":ROLE_EDITOR", ":ROLE_SALES";
comment on function "rowhouse_private"."because_order"(uuid, text) is 'Why a change of a row of Order is refused, to whom may read it.';

-- On which of the rows of Customer the caller may do a verb.
create or replace function "rowhouse_private"."rights_customer"(text, uuid[], text[]) returns setof uuid
  language plpgsql stable security definer rows 100 set search_path = ''
as $body$
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
begin
  return query select t0."id" from "app"."customer" t0 where t0."id" = any ($2)
      and case when $1 = 'restore' then not (t0."deleted_at" is null) else t0."deleted_at" is null end
      and (((pg_has_role(caller, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller, ':ROLE_SALES', 'usage') and t0."group_id" = any ((select "rowhouse_private"."reach_mine"())::uuid[]) and t0."hidden" = false)))
      and case $1
        when 'update' then (((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))))
        when 'remove' then (((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))))
        when 'restore' then (((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))))
        when 'delete' then (((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))))
        else false end;
end
$body$;
revoke all on function "rowhouse_private"."rights_customer"(text, uuid[], text[]) from public;
grant execute on function "rowhouse_private"."rights_customer"(text, uuid[], text[]) to ":ROLE_ADMIN";
comment on function "rowhouse_private"."rights_customer"(text, uuid[], text[]) is 'On which of the rows of Customer the caller may do a verb.';

-- On which of the rows of Folder the caller may do a verb.
create or replace function "rowhouse_private"."rights_folder"(text, uuid[], text[]) returns setof uuid
  language plpgsql stable security definer rows 100 set search_path = ''
as $body$
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
begin
  return query select t0."id" from "app"."folder" t0 where t0."id" = any ($2)
      and case when $1 = 'restore' then not (t0."deleted_at" is null) else t0."deleted_at" is null end
      and (((pg_has_role(caller, ':MEMBER', 'usage'))))
      and case $1
        when 'update' then (((pg_has_role(caller, ':MEMBER', 'usage') and (true))))
        when 'remove' then (((pg_has_role(caller, ':MEMBER', 'usage') and (true))))
        when 'restore' then (((pg_has_role(caller, ':MEMBER', 'usage') and (true))))
        when 'delete' then (((pg_has_role(caller, ':MEMBER', 'usage') and (true))))
        else false end;
end
$body$;
revoke all on function "rowhouse_private"."rights_folder"(text, uuid[], text[]) from public;
grant execute on function "rowhouse_private"."rights_folder"(text, uuid[], text[]) to ":MEMBER";
comment on function "rowhouse_private"."rights_folder"(text, uuid[], text[]) is 'On which of the rows of Folder the caller may do a verb.';

-- On which of the rows of Invoice the caller may do a verb.
create or replace function "rowhouse_private"."rights_invoice"(text, uuid[], text[]) returns setof uuid
  language plpgsql stable security definer rows 100 set search_path = ''
as $body$
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
begin
  return query select t0."id" from "app"."invoice" t0 where t0."id" = any ($2)
      and case when $1 = 'restore' then not (t0."deleted_at" is null) else t0."deleted_at" is null end
      and (((pg_has_role(caller, ':MEMBER', 'usage'))))
      and case $1
        when 'update' then (((pg_has_role(caller, ':MEMBER', 'usage') and (true))))
        when 'remove' then (((pg_has_role(caller, ':MEMBER', 'usage') and (true))))
        when 'restore' then (((pg_has_role(caller, ':MEMBER', 'usage') and (true))))
        when 'delete' then (((pg_has_role(caller, ':MEMBER', 'usage') and (true))))
        else false end;
end
$body$;
revoke all on function "rowhouse_private"."rights_invoice"(text, uuid[], text[]) from public;
grant execute on function "rowhouse_private"."rights_invoice"(text, uuid[], text[]) to ":MEMBER";
comment on function "rowhouse_private"."rights_invoice"(text, uuid[], text[]) is 'On which of the rows of Invoice the caller may do a verb.';

-- On which of the rows of Member the caller may do a verb.
create or replace function "rowhouse_private"."rights_member"(text, uuid[], text[]) returns setof uuid
  language plpgsql stable security definer rows 100 set search_path = ''
as $body$
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
begin
  return query select t0."id" from "app"."member" t0 where t0."id" = any ($2)
      and case when $1 = 'restore' then not (t0."deleted_at" is null) else t0."deleted_at" is null end
      and (((pg_has_role(caller, ':ROLE_ADMIN', 'usage'))))
      and case $1
        when 'update' then (((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))))
        when 'remove' then (((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))))
        when 'restore' then (((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))))
        when 'delete' then (((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))))
        else false end;
end
$body$;
revoke all on function "rowhouse_private"."rights_member"(text, uuid[], text[]) from public;
grant execute on function "rowhouse_private"."rights_member"(text, uuid[], text[]) to ":ROLE_ADMIN";
comment on function "rowhouse_private"."rights_member"(text, uuid[], text[]) is 'On which of the rows of Member the caller may do a verb.';

-- On which of the rows of Order the caller may do a verb.
create or replace function "rowhouse_private"."rights_order"(text, uuid[], text[]) returns setof uuid
  language plpgsql stable security definer rows 100 set search_path = ''
as $body$
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
begin
  return query select t0."id" from "app"."order" t0 where t0."id" = any ($2)
      and case when $1 = 'restore' then not (t0."deleted_at" is null) else t0."deleted_at" is null end
      and (((pg_has_role(caller, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller, ':ROLE_CLERK', 'usage') and t0."stage" = 'open'::text) or (pg_has_role(caller, ':ROLE_EDITOR', 'usage')) or (pg_has_role(caller, ':ROLE_SALES', 'usage') and exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."group_id" = any ((select "rowhouse_private"."reach_mine"())::uuid[])))))
      and case $1
        when 'update' then (((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))) or ((pg_has_role(caller, ':ROLE_CLERK', 'usage') and (t0."stage" = 'open'::text)) and $3 <@ array['stage']::text[]) or ((pg_has_role(caller, ':ROLE_SALES', 'usage') and (t0."stage" = 'closed'::text)) and $3 <@ array['notes']::text[]) or ((pg_has_role(caller, ':ROLE_SALES', 'usage') and (t0."stage" = 'open'::text)) and $3 <@ array['price', 'stage', 'customer', 'backup']::text[])) and not (pg_has_role(caller, ':MEMBER', 'usage') and ((t0."secret" > 5) is not true) is not true)
        when 'remove' then (((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))) or ((pg_has_role(caller, ':ROLE_SALES', 'usage') and (t0."stage" = 'open'::text)))) and not (pg_has_role(caller, ':MEMBER', 'usage') and ((t0."secret" > 5) is not true) is not true)
        when 'restore' then (((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))) or ((pg_has_role(caller, ':ROLE_SALES', 'usage') and (t0."stage" = 'open'::text))))
        when 'delete' then (((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true)))) and not (pg_has_role(caller, ':MEMBER', 'usage') and ((t0."secret" > 5) is not true) is not true)
        else false end;
end
$body$;
revoke all on function "rowhouse_private"."rights_order"(text, uuid[], text[]) from public;
grant execute on function "rowhouse_private"."rights_order"(text, uuid[], text[]) to ":ROLE_ADMIN", ":ROLE_CLERK", ":ROLE_SALES";
comment on function "rowhouse_private"."rights_order"(text, uuid[], text[]) is 'On which of the rows of Order the caller may do a verb.';

-- On which of the rows of OrderLine the caller may do a verb.
create or replace function "rowhouse_private"."rights_order_line"(text, uuid[], text[]) returns setof uuid
  language plpgsql stable security definer rows 100 set search_path = ''
as $body$
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
begin
  return query select t0."id" from "app"."order_line" t0 where t0."id" = any ($2)
      and case when $1 = 'restore' then not (t0."deleted_at" is null) else t0."deleted_at" is null end
      and (((pg_has_role(caller, ':MEMBER', 'usage'))))
      and case $1
        when 'update' then (((pg_has_role(caller, ':MEMBER', 'usage') and (true))))
        when 'remove' then (((pg_has_role(caller, ':MEMBER', 'usage') and (true))))
        when 'restore' then (((pg_has_role(caller, ':MEMBER', 'usage') and (true))))
        when 'delete' then (((pg_has_role(caller, ':MEMBER', 'usage') and (true))))
        else false end;
end
$body$;
revoke all on function "rowhouse_private"."rights_order_line"(text, uuid[], text[]) from public;
grant execute on function "rowhouse_private"."rights_order_line"(text, uuid[], text[]) to ":MEMBER";
comment on function "rowhouse_private"."rights_order_line"(text, uuid[], text[]) is 'On which of the rows of OrderLine the caller may do a verb.';

-- On which of the rows of Parcel the caller may do a verb.
create or replace function "rowhouse_private"."rights_parcel"(text, uuid[], text[]) returns setof uuid
  language plpgsql stable security definer rows 100 set search_path = ''
as $body$
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
begin
  return query select t0."id" from "app"."parcel" t0 where t0."id" = any ($2)
      and case when $1 = 'restore' then not (t0."deleted_at" is null) else t0."deleted_at" is null end
      and (((pg_has_role(caller, ':MEMBER', 'usage'))))
      and case $1
        when 'update' then (((pg_has_role(caller, ':MEMBER', 'usage') and (true))))
        when 'remove' then (((pg_has_role(caller, ':MEMBER', 'usage') and (true))))
        when 'restore' then (((pg_has_role(caller, ':MEMBER', 'usage') and (true))))
        when 'delete' then (((pg_has_role(caller, ':MEMBER', 'usage') and (true))))
        else false end;
end
$body$;
revoke all on function "rowhouse_private"."rights_parcel"(text, uuid[], text[]) from public;
grant execute on function "rowhouse_private"."rights_parcel"(text, uuid[], text[]) to ":MEMBER";
comment on function "rowhouse_private"."rights_parcel"(text, uuid[], text[]) is 'On which of the rows of Parcel the caller may do a verb.';

-- On which of the rows of Product the caller may do a verb.
create or replace function "rowhouse_private"."rights_product"(text, uuid[], text[]) returns setof uuid
  language plpgsql stable security definer rows 100 set search_path = ''
as $body$
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
begin
  return query select t0."id" from "app"."product" t0 where t0."id" = any ($2)
      and case when $1 = 'restore' then not (t0."deleted_at" is null) else t0."deleted_at" is null end
      and (((pg_has_role(caller, ':MEMBER', 'usage'))))
      and case $1
        when 'update' then (((pg_has_role(caller, ':MEMBER', 'usage') and (true))))
        when 'remove' then (((pg_has_role(caller, ':MEMBER', 'usage') and (true))))
        when 'restore' then (((pg_has_role(caller, ':MEMBER', 'usage') and (true))))
        when 'delete' then (((pg_has_role(caller, ':MEMBER', 'usage') and (true))))
        else false end;
end
$body$;
revoke all on function "rowhouse_private"."rights_product"(text, uuid[], text[]) from public;
grant execute on function "rowhouse_private"."rights_product"(text, uuid[], text[]) to ":MEMBER";
comment on function "rowhouse_private"."rights_product"(text, uuid[], text[]) is 'On which of the rows of Product the caller may do a verb.';

set local role ":OWNER";

-- Customer: grants
grant select on "app"."customer" to ":PRIVATE";
grant update ("deleted_at", "updated_at") on "app"."customer" to ":PRIVATE";
grant delete on "app"."customer" to ":ROLE_ADMIN";
grant insert ("group_id", "hidden", "name") on "app"."customer" to ":ROLE_ADMIN";
grant select ("created_at", "deleted_at", "group_id", "hidden", "id", "name", "updated_at") on "app"."customer" to ":ROLE_ADMIN";
grant update ("group_id", "hidden", "name") on "app"."customer" to ":ROLE_ADMIN";
grant select ("created_at", "deleted_at", "group_id", "hidden", "id", "name", "updated_at") on "app"."customer" to ":ROLE_SALES";
-- Customer: policy, all: Functions that decide rules see every row of the tenant.
create policy "private" on "app"."customer" for all to ":PRIVATE"
  using (true)
  with check (true);
comment on policy "private" on "app"."customer" is 'Functions that decide rules see every row of the tenant.';
-- Customer: policy, update: admins do anything
create policy "r_55679ad3d3e6" on "app"."customer" for update to ":ROLE_ADMIN"
  using ("deleted_at" is null)
  with check (true);
comment on policy "r_55679ad3d3e6" on "app"."customer" is 'admins do anything';
-- Customer: policy, insert: admins do anything
create policy "r_ab29d88d1bb1" on "app"."customer" for insert to ":ROLE_ADMIN"
  with check (true);
comment on policy "r_ab29d88d1bb1" on "app"."customer" is 'admins do anything';
-- Customer: policy, select: admins do anything
create policy "r_b034854d4a79" on "app"."customer" for select to ":ROLE_ADMIN"
  using ("deleted_at" is null);
comment on policy "r_b034854d4a79" on "app"."customer" is 'admins do anything';
-- Customer: policy, select: sales sees its customers
create policy "r_b6b11ee937c9" on "app"."customer" for select to ":ROLE_SALES"
  using ("deleted_at" is null and ("group_id" = any (array(select reached.id from "rowhouse_private"."reached_mine" reached)) and (((case when "group_id" is null then "group_id" end) is null and (case when "group_id" is null then "group_id" end) is null) or "group_id" = any ("rowhouse_private"."reach_mine"()) or (case when "group_id" is null then "group_id" end) = any ("rowhouse_private"."guess_mine"()))) and "hidden" = false);
comment on policy "r_b6b11ee937c9" on "app"."customer" is 'sales sees its customers';
-- Customer: policy, delete: admins do anything
create policy "r_f02e91eef23c" on "app"."customer" for delete to ":ROLE_ADMIN"
  using ("deleted_at" is null);
comment on policy "r_f02e91eef23c" on "app"."customer" is 'admins do anything';
-- Customer: restrictive policy, all: Nobody sees or writes rows of another tenant.
create policy "tenant" on "app"."customer" as restrictive for all to public
  using ("tenant_id" = (select rowhouse.tenant_id()))
  with check ("tenant_id" = (select rowhouse.tenant_id()));
comment on policy "tenant" on "app"."customer" is 'Nobody sees or writes rows of another tenant.';
-- Customer: triggers
create trigger "rowhouse_1_link" before insert or update of "group_id" on "app"."customer" for each row when (current_user not in (':OWNER', ':PRIVATE')) execute function "rowhouse_private"."link_customer"();
create trigger "rowhouse_3_touch" before update on "app"."customer" for each row execute function rowhouse.touch();
create trigger "rowhouse_4_created" before insert on "app"."customer" for each row execute function rowhouse.note_created();

-- Folder: grants
grant delete on "app"."folder" to ":MEMBER";
grant insert ("parent_id") on "app"."folder" to ":MEMBER";
grant select ("created_at", "deleted_at", "id", "parent_id", "updated_at") on "app"."folder" to ":MEMBER";
grant update ("parent_id") on "app"."folder" to ":MEMBER";
grant select on "app"."folder" to ":PRIVATE";
grant update ("deleted_at", "updated_at") on "app"."folder" to ":PRIVATE";
-- Folder: policy, all: Functions that decide rules see every row of the tenant.
create policy "private" on "app"."folder" for all to ":PRIVATE"
  using (true)
  with check (true);
comment on policy "private" on "app"."folder" is 'Functions that decide rules see every row of the tenant.';
-- Folder: policy, update: all
create policy "r_37325af36b55" on "app"."folder" for update to ":MEMBER"
  using ("deleted_at" is null)
  with check (true);
comment on policy "r_37325af36b55" on "app"."folder" is 'all';
-- Folder: policy, insert: all
create policy "r_6f0ab93dd104" on "app"."folder" for insert to ":MEMBER"
  with check (true);
comment on policy "r_6f0ab93dd104" on "app"."folder" is 'all';
-- Folder: policy, select: all
create policy "r_863b00243756" on "app"."folder" for select to ":MEMBER"
  using ("deleted_at" is null);
comment on policy "r_863b00243756" on "app"."folder" is 'all';
-- Folder: policy, delete: all
create policy "r_874b4a6ba756" on "app"."folder" for delete to ":MEMBER"
  using ("deleted_at" is null);
comment on policy "r_874b4a6ba756" on "app"."folder" is 'all';
-- Folder: restrictive policy, all: Nobody sees or writes rows of another tenant.
create policy "tenant" on "app"."folder" as restrictive for all to public
  using ("tenant_id" = (select rowhouse.tenant_id()))
  with check ("tenant_id" = (select rowhouse.tenant_id()));
comment on policy "tenant" on "app"."folder" is 'Nobody sees or writes rows of another tenant.';
-- Folder: triggers
create trigger "rowhouse_1_link" before insert or update of "parent_id" on "app"."folder" for each row when (current_user not in (':OWNER', ':PRIVATE')) execute function "rowhouse_private"."link_folder"();
create trigger "rowhouse_3_touch" before update on "app"."folder" for each row execute function rowhouse.touch();
create trigger "rowhouse_4_created" before insert on "app"."folder" for each row execute function rowhouse.note_created();

-- Group: grants
grant select ("created_at", "deleted_at", "id", "name", "updated_at") on "app"."group" to ":MEMBER";
grant select on "app"."group" to ":PRIVATE";
grant update ("deleted_at", "updated_at") on "app"."group" to ":PRIVATE";
-- Group: policy, all: Functions that decide rules see every row of the tenant.
create policy "private" on "app"."group" for all to ":PRIVATE"
  using (true)
  with check (true);
comment on policy "private" on "app"."group" is 'Functions that decide rules see every row of the tenant.';
-- Group: policy, select: all
create policy "r_17139fafc115" on "app"."group" for select to ":MEMBER"
  using ("deleted_at" is null);
comment on policy "r_17139fafc115" on "app"."group" is 'all';
-- Group: restrictive policy, all: Nobody sees or writes rows of another tenant.
create policy "tenant" on "app"."group" as restrictive for all to public
  using ("tenant_id" = (select rowhouse.tenant_id()))
  with check ("tenant_id" = (select rowhouse.tenant_id()));
comment on policy "tenant" on "app"."group" is 'Nobody sees or writes rows of another tenant.';
-- Group: triggers
create trigger "rowhouse_3_touch" before update on "app"."group" for each row execute function rowhouse.touch();
create trigger "rowhouse_4_created" before insert on "app"."group" for each row execute function rowhouse.note_created();

-- Invoice: grants
grant delete on "app"."invoice" to ":MEMBER";
grant insert ("order_id") on "app"."invoice" to ":MEMBER";
grant select ("created_at", "deleted_at", "id", "order_id", "updated_at") on "app"."invoice" to ":MEMBER";
grant update ("order_id") on "app"."invoice" to ":MEMBER";
grant select on "app"."invoice" to ":PRIVATE";
grant update ("deleted_at", "updated_at") on "app"."invoice" to ":PRIVATE";
-- Invoice: policy, all: Functions that decide rules see every row of the tenant.
create policy "private" on "app"."invoice" for all to ":PRIVATE"
  using (true)
  with check (true);
comment on policy "private" on "app"."invoice" is 'Functions that decide rules see every row of the tenant.';
-- Invoice: policy, select: all
create policy "r_13bd21c510e7" on "app"."invoice" for select to ":MEMBER"
  using ("deleted_at" is null);
comment on policy "r_13bd21c510e7" on "app"."invoice" is 'all';
-- Invoice: policy, update: all
create policy "r_4d591a2940e9" on "app"."invoice" for update to ":MEMBER"
  using ("deleted_at" is null)
  with check (true);
comment on policy "r_4d591a2940e9" on "app"."invoice" is 'all';
-- Invoice: policy, insert: all
create policy "r_4ee7fa248f90" on "app"."invoice" for insert to ":MEMBER"
  with check (true);
comment on policy "r_4ee7fa248f90" on "app"."invoice" is 'all';
-- Invoice: policy, delete: all
create policy "r_9579fc942130" on "app"."invoice" for delete to ":MEMBER"
  using ("deleted_at" is null);
comment on policy "r_9579fc942130" on "app"."invoice" is 'all';
-- Invoice: restrictive policy, all: Nobody sees or writes rows of another tenant.
create policy "tenant" on "app"."invoice" as restrictive for all to public
  using ("tenant_id" = (select rowhouse.tenant_id()))
  with check ("tenant_id" = (select rowhouse.tenant_id()));
comment on policy "tenant" on "app"."invoice" is 'Nobody sees or writes rows of another tenant.';
-- Invoice: triggers
create trigger "rowhouse_1_link" before insert or update of "order_id" on "app"."invoice" for each row when (current_user not in (':OWNER', ':PRIVATE')) execute function "rowhouse_private"."link_invoice"();
create trigger "rowhouse_3_touch" before update on "app"."invoice" for each row execute function rowhouse.touch();
create trigger "rowhouse_4_created" before insert on "app"."invoice" for each row execute function rowhouse.note_created();

-- Leaflet: grants
grant select ("author_id", "created_at", "deleted_at", "id", "updated_at") on "app"."leaflet" to ":ANONYMOUS";
grant select ("author_id", "created_at", "deleted_at", "id", "updated_at") on "app"."leaflet" to ":MEMBER";
grant select on "app"."leaflet" to ":PRIVATE";
grant update ("deleted_at", "updated_at") on "app"."leaflet" to ":PRIVATE";
-- Leaflet: restrictive policy, select: only mine
create policy "d_22b37fc8d25b" on "app"."leaflet" as restrictive for select to ":ANONYMOUS", ":MEMBER"
  using ("author_id" = (select rowhouse.actor_id()));
comment on policy "d_22b37fc8d25b" on "app"."leaflet" is 'only mine';
-- Leaflet: policy, all: Functions that decide rules see every row of the tenant.
create policy "private" on "app"."leaflet" for all to ":PRIVATE"
  using (true)
  with check (true);
comment on policy "private" on "app"."leaflet" is 'Functions that decide rules see every row of the tenant.';
-- Leaflet: policy, select: all
create policy "r_f8e6ca2b41d2" on "app"."leaflet" for select to ":ANONYMOUS", ":MEMBER"
  using ("deleted_at" is null);
comment on policy "r_f8e6ca2b41d2" on "app"."leaflet" is 'all';
-- Leaflet: triggers
create trigger "rowhouse_1_link" before insert or update of "author_id" on "app"."leaflet" for each row when (current_user not in (':OWNER', ':PRIVATE')) execute function "rowhouse_private"."link_leaflet"();
create trigger "rowhouse_3_touch" before update on "app"."leaflet" for each row execute function rowhouse.touch();
create trigger "rowhouse_4_created" before insert on "app"."leaflet" for each row execute function rowhouse.note_created();

-- Member: grants
grant select on "app"."member" to ":PRIVATE";
grant update ("deleted_at", "updated_at") on "app"."member" to ":PRIVATE";
grant delete on "app"."member" to ":ROLE_ADMIN";
grant insert ("group_id", "user_id") on "app"."member" to ":ROLE_ADMIN";
grant select ("created_at", "deleted_at", "group_id", "id", "updated_at", "user_id") on "app"."member" to ":ROLE_ADMIN";
grant update ("group_id", "user_id") on "app"."member" to ":ROLE_ADMIN";
-- Member: policy, all: Functions that decide rules see every row of the tenant.
create policy "private" on "app"."member" for all to ":PRIVATE"
  using (true)
  with check (true);
comment on policy "private" on "app"."member" is 'Functions that decide rules see every row of the tenant.';
-- Member: policy, delete: admins do anything
create policy "r_55037660c65e" on "app"."member" for delete to ":ROLE_ADMIN"
  using ("deleted_at" is null);
comment on policy "r_55037660c65e" on "app"."member" is 'admins do anything';
-- Member: policy, update: admins do anything
create policy "r_93346313f713" on "app"."member" for update to ":ROLE_ADMIN"
  using ("deleted_at" is null)
  with check (true);
comment on policy "r_93346313f713" on "app"."member" is 'admins do anything';
-- Member: policy, select: admins do anything
create policy "r_c5ff04f26481" on "app"."member" for select to ":ROLE_ADMIN"
  using ("deleted_at" is null);
comment on policy "r_c5ff04f26481" on "app"."member" is 'admins do anything';
-- Member: policy, insert: admins do anything
create policy "r_c6abfa35fcc9" on "app"."member" for insert to ":ROLE_ADMIN"
  with check (true);
comment on policy "r_c6abfa35fcc9" on "app"."member" is 'admins do anything';
-- Member: restrictive policy, all: Nobody sees or writes rows of another tenant.
create policy "tenant" on "app"."member" as restrictive for all to public
  using ("tenant_id" = (select rowhouse.tenant_id()))
  with check ("tenant_id" = (select rowhouse.tenant_id()));
comment on policy "tenant" on "app"."member" is 'Nobody sees or writes rows of another tenant.';
-- Member: triggers
create trigger "rowhouse_1_link" before insert or update of "user_id", "group_id" on "app"."member" for each row when (current_user not in (':OWNER', ':PRIVATE')) execute function "rowhouse_private"."link_member"();
create trigger "rowhouse_3_touch" before update on "app"."member" for each row execute function rowhouse.touch();
create trigger "rowhouse_4_created" before insert on "app"."member" for each row execute function rowhouse.note_created();

-- Notice: grants
grant select ("author_id", "created_at", "deleted_at", "id", "open", "updated_at") on "app"."notice" to ":ANONYMOUS";
grant select ("author_id", "created_at", "deleted_at", "id", "open", "updated_at") on "app"."notice" to ":MEMBER";
grant select on "app"."notice" to ":PRIVATE";
grant update ("deleted_at", "updated_at") on "app"."notice" to ":PRIVATE";
-- Notice: policy, all: Functions that decide rules see every row of the tenant.
create policy "private" on "app"."notice" for all to ":PRIVATE"
  using (true)
  with check (true);
comment on policy "private" on "app"."notice" is 'Functions that decide rules see every row of the tenant.';
-- Notice: policy, select: open notices of named people
create policy "r_d7229122263e" on "app"."notice" for select to ":ANONYMOUS", ":MEMBER"
  using ("deleted_at" is null and "open" = true and "author_id" = any (array(select "rowhouse_private"."user_9076dc1e2224"())));
comment on policy "r_d7229122263e" on "app"."notice" is 'open notices of named people';
-- Notice: triggers
create trigger "rowhouse_1_link" before insert or update of "author_id" on "app"."notice" for each row when (current_user not in (':OWNER', ':PRIVATE')) execute function "rowhouse_private"."link_notice"();
create trigger "rowhouse_3_touch" before update on "app"."notice" for each row execute function rowhouse.touch();
create trigger "rowhouse_4_created" before insert on "app"."notice" for each row execute function rowhouse.note_created();

-- Order: grants
grant select on "app"."order" to ":PRIVATE";
grant update ("deleted_at", "updated_at") on "app"."order" to ":PRIVATE";
grant delete on "app"."order" to ":ROLE_ADMIN";
grant insert ("backup_id", "customer_id", "notes", "number", "placed_by_id", "price", "secret", "stage") on "app"."order" to ":ROLE_ADMIN";
grant select ("backup_id", "created_at", "customer_id", "deleted_at", "id", "notes", "number", "placed_by_id", "price", "secret", "stage", "status", "updated_at") on "app"."order" to ":ROLE_ADMIN";
grant update ("backup_id", "customer_id", "notes", "number", "placed_by_id", "price", "secret", "stage") on "app"."order" to ":ROLE_ADMIN";
grant select ("backup_id", "created_at", "customer_id", "deleted_at", "id", "notes", "number", "placed_by_id", "price", "secret", "stage", "status", "updated_at") on "app"."order" to ":ROLE_CLERK";
grant update ("stage") on "app"."order" to ":ROLE_CLERK";
grant insert ("customer_id", "number", "price") on "app"."order" to ":ROLE_EDITOR";
grant select ("backup_id", "created_at", "customer_id", "deleted_at", "id", "notes", "number", "placed_by_id", "price", "secret", "stage", "status", "updated_at") on "app"."order" to ":ROLE_EDITOR";
grant insert ("backup_id", "customer_id", "notes", "number", "placed_by_id") on "app"."order" to ":ROLE_SALES";
grant select ("backup_id", "created_at", "customer_id", "deleted_at", "id", "notes", "number", "placed_by_id", "price", "secret", "stage", "status", "updated_at") on "app"."order" to ":ROLE_SALES";
grant update ("backup_id", "customer_id", "notes", "price", "stage") on "app"."order" to ":ROLE_SALES";
-- Order: restrictive policy, delete: secret orders stay
create policy "d_1aa90966cc3d" on "app"."order" as restrictive for delete to ":MEMBER"
  using (("secret" > 5) is not true);
comment on policy "d_1aa90966cc3d" on "app"."order" is 'secret orders stay';
-- Order: restrictive policy, update: secret orders stay
create policy "d_dd7fb7a1df5c" on "app"."order" as restrictive for update to ":MEMBER"
  using (("secret" > 5) is not true)
  with check (true);
comment on policy "d_dd7fb7a1df5c" on "app"."order" is 'secret orders stay';
-- Order: policy, all: Functions that decide rules see every row of the tenant.
create policy "private" on "app"."order" for all to ":PRIVATE"
  using (true)
  with check (true);
comment on policy "private" on "app"."order" is 'Functions that decide rules see every row of the tenant.';
-- Order: policy, select: admins do anything
create policy "r_0bfb7a8dec3a" on "app"."order" for select to ":ROLE_ADMIN"
  using ("deleted_at" is null);
comment on policy "r_0bfb7a8dec3a" on "app"."order" is 'admins do anything';
-- Order: policy, select: clerks see open orders
create policy "r_62bdc5e037a8" on "app"."order" for select to ":ROLE_CLERK"
  using ("deleted_at" is null and "stage" = 'open'::text);
comment on policy "r_62bdc5e037a8" on "app"."order" is 'clerks see open orders';
-- Order: policy, delete: admins do anything
create policy "r_679d1c89f460" on "app"."order" for delete to ":ROLE_ADMIN"
  using ("deleted_at" is null);
comment on policy "r_679d1c89f460" on "app"."order" is 'admins do anything';
-- Order: policy, insert: editors make priced orders
create policy "r_804d510466b1" on "app"."order" for insert to ":ROLE_EDITOR"
  with check ("price" > 100);
comment on policy "r_804d510466b1" on "app"."order" is 'editors make priced orders';
-- Order: policy, update: admins do anything
create policy "r_86ccd697f0b2" on "app"."order" for update to ":ROLE_ADMIN"
  using ("deleted_at" is null)
  with check (true);
comment on policy "r_86ccd697f0b2" on "app"."order" is 'admins do anything';
-- Order: policy, select: editors see all
create policy "r_91eb97a7fb60" on "app"."order" for select to ":ROLE_EDITOR"
  using ("deleted_at" is null);
comment on policy "r_91eb97a7fb60" on "app"."order" is 'editors see all';
-- Order: policy, update: clerks hand over
create policy "r_abc29714b0b3" on "app"."order" for update to ":ROLE_CLERK"
  using ("deleted_at" is null and "stage" = 'open'::text)
  with check ("stage" = 'closed'::text);
comment on policy "r_abc29714b0b3" on "app"."order" is 'clerks hand over';
-- Order: policy, select: sales sees its orders
create policy "r_cbd45c221359" on "app"."order" for select to ":ROLE_SALES"
  using ("deleted_at" is null and ("customer_group_id" = any (array(select reached.id from "rowhouse_private"."reached_mine" reached)) and (((case when "customer_group_id" is null then "customer_group_id" end) is null and (case when "customer_group_id" is null then "customer_group_id" end) is null) or "customer_group_id" = any ("rowhouse_private"."reach_mine"()) or (case when "customer_group_id" is null then "customer_group_id" end) = any ("rowhouse_private"."guess_mine"()))));
comment on policy "r_cbd45c221359" on "app"."order" is 'sales sees its orders';
-- Order: policy, insert: sales makes orders
create policy "r_d78b50af885f" on "app"."order" for insert to ":ROLE_SALES"
  with check ("customer_group_id" = any (array(select reached.id from "rowhouse_private"."reached_mine" reached)));
comment on policy "r_d78b50af885f" on "app"."order" is 'sales makes orders';
-- Order: policy, update: notes of closed orders
create policy "r_dd858181ed2e" on "app"."order" for update to ":ROLE_SALES"
  using ("deleted_at" is null and "stage" = 'closed'::text)
  with check ("stage" = 'closed'::text);
comment on policy "r_dd858181ed2e" on "app"."order" is 'notes of closed orders';
-- Order: policy, insert: admins do anything
create policy "r_eabe82f2a0f9" on "app"."order" for insert to ":ROLE_ADMIN"
  with check (true);
comment on policy "r_eabe82f2a0f9" on "app"."order" is 'admins do anything';
-- Order: policy, update: prices of open orders
create policy "r_ed54d6960f4f" on "app"."order" for update to ":ROLE_SALES"
  using ("deleted_at" is null and "stage" = 'open'::text)
  with check ("stage" = 'open'::text);
comment on policy "r_ed54d6960f4f" on "app"."order" is 'prices of open orders';
-- Order: restrictive policy, all: Nobody sees or writes rows of another tenant.
create policy "tenant" on "app"."order" as restrictive for all to public
  using ("tenant_id" = (select rowhouse.tenant_id()))
  with check ("tenant_id" = (select rowhouse.tenant_id()));
comment on policy "tenant" on "app"."order" is 'Nobody sees or writes rows of another tenant.';
-- Order: triggers
create trigger "rowhouse_1_link" before insert or update of "customer_id", "backup_id", "placed_by_id" on "app"."order" for each row when (current_user not in (':OWNER', ':PRIVATE')) execute function "rowhouse_private"."link_order"();
create trigger "rowhouse_1_refill" before update of "customer_id" on "app"."order" for each row execute function "rowhouse_private"."refill_order"();
create trigger "rowhouse_1_values" before insert on "app"."order" for each row execute function "rowhouse_private"."values_order"();
create trigger "rowhouse_2_guard" before insert or update on "app"."order" for each row when (current_user not in (':OWNER', ':PRIVATE')) execute function "rowhouse_private"."guard_order"();
create trigger "rowhouse_3_touch" before update on "app"."order" for each row when ((old."customer_group_id" is not distinct from new."customer_group_id") or not (old."customer_id" is not distinct from new."customer_id")) execute function rowhouse.touch();
create trigger "rowhouse_4_created" before insert on "app"."order" for each row execute function rowhouse.note_created();

-- OrderLine: grants
grant delete on "app"."order_line" to ":MEMBER";
grant insert ("order_id", "quantity") on "app"."order_line" to ":MEMBER";
grant select ("created_at", "deleted_at", "id", "order_id", "quantity", "updated_at") on "app"."order_line" to ":MEMBER";
grant update ("order_id", "quantity") on "app"."order_line" to ":MEMBER";
grant select on "app"."order_line" to ":PRIVATE";
grant update ("deleted_at", "updated_at") on "app"."order_line" to ":PRIVATE";
-- OrderLine: policy, all: Functions that decide rules see every row of the tenant.
create policy "private" on "app"."order_line" for all to ":PRIVATE"
  using (true)
  with check (true);
comment on policy "private" on "app"."order_line" is 'Functions that decide rules see every row of the tenant.';
-- OrderLine: policy, delete: all
create policy "r_22aede8e5d4d" on "app"."order_line" for delete to ":MEMBER"
  using ("deleted_at" is null);
comment on policy "r_22aede8e5d4d" on "app"."order_line" is 'all';
-- OrderLine: policy, select: all
create policy "r_3cf49bc61205" on "app"."order_line" for select to ":MEMBER"
  using ("deleted_at" is null);
comment on policy "r_3cf49bc61205" on "app"."order_line" is 'all';
-- OrderLine: policy, insert: all
create policy "r_7109af4f7194" on "app"."order_line" for insert to ":MEMBER"
  with check (true);
comment on policy "r_7109af4f7194" on "app"."order_line" is 'all';
-- OrderLine: policy, update: all
create policy "r_7c972bffad69" on "app"."order_line" for update to ":MEMBER"
  using ("deleted_at" is null)
  with check (true);
comment on policy "r_7c972bffad69" on "app"."order_line" is 'all';
-- OrderLine: restrictive policy, all: Nobody sees or writes rows of another tenant.
create policy "tenant" on "app"."order_line" as restrictive for all to public
  using ("tenant_id" = (select rowhouse.tenant_id()))
  with check ("tenant_id" = (select rowhouse.tenant_id()));
comment on policy "tenant" on "app"."order_line" is 'Nobody sees or writes rows of another tenant.';
-- OrderLine: triggers
create trigger "rowhouse_1_link" before insert or update of "order_id" on "app"."order_line" for each row when (current_user not in (':OWNER', ':PRIVATE')) execute function "rowhouse_private"."link_order_line"();
create trigger "rowhouse_3_touch" before update on "app"."order_line" for each row execute function rowhouse.touch();
create trigger "rowhouse_4_created" before insert on "app"."order_line" for each row execute function rowhouse.note_created();

-- Parcel: grants
grant delete on "app"."parcel" to ":MEMBER";
grant insert ("line_id", "product_id") on "app"."parcel" to ":MEMBER";
grant select ("created_at", "deleted_at", "id", "line_id", "product_id", "updated_at") on "app"."parcel" to ":MEMBER";
grant update ("line_id", "product_id") on "app"."parcel" to ":MEMBER";
grant select on "app"."parcel" to ":PRIVATE";
grant update ("deleted_at", "updated_at") on "app"."parcel" to ":PRIVATE";
-- Parcel: policy, all: Functions that decide rules see every row of the tenant.
create policy "private" on "app"."parcel" for all to ":PRIVATE"
  using (true)
  with check (true);
comment on policy "private" on "app"."parcel" is 'Functions that decide rules see every row of the tenant.';
-- Parcel: policy, update: all
create policy "r_3f1b0198accd" on "app"."parcel" for update to ":MEMBER"
  using ("deleted_at" is null)
  with check (true);
comment on policy "r_3f1b0198accd" on "app"."parcel" is 'all';
-- Parcel: policy, delete: all
create policy "r_5f7340cbf555" on "app"."parcel" for delete to ":MEMBER"
  using ("deleted_at" is null);
comment on policy "r_5f7340cbf555" on "app"."parcel" is 'all';
-- Parcel: policy, select: all
create policy "r_bb095f55b550" on "app"."parcel" for select to ":MEMBER"
  using ("deleted_at" is null);
comment on policy "r_bb095f55b550" on "app"."parcel" is 'all';
-- Parcel: policy, insert: all
create policy "r_c77dd57bb0a4" on "app"."parcel" for insert to ":MEMBER"
  with check (true);
comment on policy "r_c77dd57bb0a4" on "app"."parcel" is 'all';
-- Parcel: restrictive policy, all: Nobody sees or writes rows of another tenant.
create policy "tenant" on "app"."parcel" as restrictive for all to public
  using ("tenant_id" = (select rowhouse.tenant_id()))
  with check ("tenant_id" = (select rowhouse.tenant_id()));
comment on policy "tenant" on "app"."parcel" is 'Nobody sees or writes rows of another tenant.';
-- Parcel: triggers
create trigger "rowhouse_1_link" before insert or update of "line_id", "product_id" on "app"."parcel" for each row when (current_user not in (':OWNER', ':PRIVATE')) execute function "rowhouse_private"."link_parcel"();
create trigger "rowhouse_3_touch" before update on "app"."parcel" for each row execute function rowhouse.touch();
create trigger "rowhouse_4_created" before insert on "app"."parcel" for each row execute function rowhouse.note_created();

-- Product: grants
grant delete on "app"."product" to ":MEMBER";
grant insert ("name") on "app"."product" to ":MEMBER";
grant select ("created_at", "deleted_at", "id", "name", "updated_at") on "app"."product" to ":MEMBER";
grant update ("name") on "app"."product" to ":MEMBER";
grant select on "app"."product" to ":PRIVATE";
grant update ("deleted_at", "updated_at") on "app"."product" to ":PRIVATE";
-- Product: policy, all: Functions that decide rules see every row of the tenant.
create policy "private" on "app"."product" for all to ":PRIVATE"
  using (true)
  with check (true);
comment on policy "private" on "app"."product" is 'Functions that decide rules see every row of the tenant.';
-- Product: policy, select: all
create policy "r_3b0a2a25a5d0" on "app"."product" for select to ":MEMBER"
  using ("deleted_at" is null);
comment on policy "r_3b0a2a25a5d0" on "app"."product" is 'all';
-- Product: policy, delete: all
create policy "r_4dc86b8dbe37" on "app"."product" for delete to ":MEMBER"
  using ("deleted_at" is null);
comment on policy "r_4dc86b8dbe37" on "app"."product" is 'all';
-- Product: policy, update: all
create policy "r_76736a71d912" on "app"."product" for update to ":MEMBER"
  using ("deleted_at" is null)
  with check (true);
comment on policy "r_76736a71d912" on "app"."product" is 'all';
-- Product: policy, insert: all
create policy "r_f85499b12537" on "app"."product" for insert to ":MEMBER"
  with check (true);
comment on policy "r_f85499b12537" on "app"."product" is 'all';
-- Product: restrictive policy, all: Nobody sees or writes rows of another tenant.
create policy "tenant" on "app"."product" as restrictive for all to public
  using ("tenant_id" = (select rowhouse.tenant_id()))
  with check ("tenant_id" = (select rowhouse.tenant_id()));
comment on policy "tenant" on "app"."product" is 'Nobody sees or writes rows of another tenant.';
-- Product: triggers
create trigger "rowhouse_3_touch" before update on "app"."product" for each row execute function rowhouse.touch();
create trigger "rowhouse_4_created" before insert on "app"."product" for each row execute function rowhouse.note_created();

-- User: grants
grant select on "app"."user" to ":PRIVATE";
grant update ("deleted_at", "updated_at") on "app"."user" to ":PRIVATE";
grant select ("created_at", "deleted_at", "id", "name", "updated_at") on "app"."user" to ":ROLE_ADMIN";
-- User: policy, all: Functions that decide rules see every row of the tenant.
create policy "private" on "app"."user" for all to ":PRIVATE"
  using (true)
  with check (true);
comment on policy "private" on "app"."user" is 'Functions that decide rules see every row of the tenant.';
-- User: policy, select: admins see people
create policy "r_66c7a4753295" on "app"."user" for select to ":ROLE_ADMIN"
  using ("deleted_at" is null);
comment on policy "r_66c7a4753295" on "app"."user" is 'admins see people';
-- User: triggers
create trigger "rowhouse_3_touch" before update on "app"."user" for each row execute function rowhouse.touch();
create trigger "rowhouse_4_created" before insert on "app"."user" for each row execute function rowhouse.note_created();

reset role;
