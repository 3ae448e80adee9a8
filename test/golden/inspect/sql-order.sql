set local role "invoicing_owner";

-- "order" holds the rows of Order; each belongs to one tenant.
-- "What a customer asked for."
-- asked for by schema/order.entity.ts:4:29
create table "app"."order" (
  -- "tenant_id" says whose row it is: each Order belongs to one tenant.
  -- asked for by schema/order.entity.ts:4:29
  "tenant_id" uuid not null default rowhouse.tenant_id(),
  -- "id" tells the rows of Order apart; never empty, filled in where it is left out.
  -- asked for by schema/order.entity.ts:4:29
  "id" uuid not null default rowhouse.uuid_v7(),
  -- "number" holds number of Order; required.
  -- asked for by schema/order.entity.ts:8:5
  "number" text not null,
  -- "quoted_until" holds quotedUntil of Order; may be empty.
  -- "The last day on which the customer may accept the quote."
  -- asked for by schema/order.entity.ts:9:5
  "quoted_until" date,
  -- "wanted_on" holds wantedOn of Order; may be empty.
  -- asked for by schema/order.entity.ts:10:5
  "wanted_on" date,
  -- "promised_on" holds promisedOn of Order; may be empty.
  -- asked for by schema/order.entity.ts:11:5
  "promised_on" date,
  -- "notes" holds notes of Order; may be empty.
  -- asked for by schema/order.entity.ts:12:5
  "notes" text,
  -- "currency" holds currency of Order; never empty, filled in where it is left out.
  -- asked for by schema/order.entity.ts:13:5
  "currency" text not null default 'EUR'::text,
  -- "margin" holds margin of Order; may be empty.
  -- "What is left for us."
  -- asked for by schema/order.entity.ts:14:5
  "margin" numeric(19,2),
  -- "customer_id" leads to the Customer that is customer of Order; required.
  -- asked for by schema/order.entity.ts:17:5
  "customer_id" uuid not null,
  -- "placed_by_id" leads to the User that is placedBy of Order; never empty, filled in where it is left out.
  -- asked for by schema/order.entity.ts:18:5
  "placed_by_id" uuid not null default rowhouse.actor_id(),
  -- "customer_organization_id" says whose row it is: each Order belongs to one tenant.
  -- asked for by schema/order.entity.ts:4:29
  "customer_organization_id" uuid not null,
  -- "status" holds the state of each Order; never empty, filled in where it is left out.
  -- asked for by schema/order.entity.ts:24:3
  "status" text not null default 'draft'::text,
  -- "created_at" says when a row of Order was made; never empty, filled in where it is left out.
  -- asked for by schema/order.entity.ts:4:29
  "created_at" timestamp with time zone not null default now(),
  -- "updated_at" says when a row of Order was last changed; never empty, filled in where it is left out.
  -- asked for by schema/order.entity.ts:4:29
  "updated_at" timestamp with time zone not null default now(),
  -- "deleted_at" says when a row of Order was removed; while it is live, nothing; may be empty.
  -- asked for by schema/order.entity.ts:4:29
  "deleted_at" timestamp with time zone,
  -- "order_pkey" tells the rows of Order apart by id, each tenant for itself.
  -- asked for by schema/order.entity.ts:4:29
  constraint "order_pkey" primary key ("tenant_id", "id"),
  -- "order_customer_organization_same_key" lets no two rows of Order have the same id.
  -- asked for by schema/order.entity.ts:4:29
  constraint "order_customer_organization_same_key" unique ("tenant_id", "customer_organization_id", "id"),
  -- "order_number_check" keeps number of Order what it is: text, at most 20 characters.
  -- asked for by schema/order.entity.ts:8:5
  constraint "order_number_check" check (char_length("number") <= 20),
  -- "order_quoted_until_check" keeps quotedUntil of Order what it is: a day of the calendar.
  -- asked for by schema/order.entity.ts:9:5
  constraint "order_quoted_until_check" check (isfinite("quoted_until")),
  -- "order_wanted_on_check" keeps wantedOn of Order what it is: a day of the calendar.
  -- asked for by schema/order.entity.ts:10:5
  constraint "order_wanted_on_check" check (isfinite("wanted_on")),
  -- "order_promised_on_check" keeps promisedOn of Order what it is: a day of the calendar.
  -- asked for by schema/order.entity.ts:11:5
  constraint "order_promised_on_check" check (isfinite("promised_on")),
  -- "order_notes_check" keeps notes of Order what it is: text, at most 2000 characters.
  -- asked for by schema/order.entity.ts:12:5
  constraint "order_notes_check" check (char_length("notes") <= 2000),
  -- "order_currency_check" keeps currency of Order what it is: one of "EUR", "USD", "GBP".
  -- asked for by schema/order.entity.ts:13:5
  constraint "order_currency_check" check ("currency" in ('EUR', 'USD', 'GBP')),
  -- "order_margin_check" keeps margin of Order what it is: an amount of money.
  -- asked for by schema/order.entity.ts:14:5
  constraint "order_margin_check" check ("margin" <> 'NaN'),
  -- "order_status_check" keeps status of Order what it is: one of "draft", "quoted", "placed", "approved", "shipped", "cancelled".
  -- asked for by schema/order.entity.ts:24:3
  constraint "order_status_check" check ("status" in ('draft', 'quoted', 'placed', 'approved', 'shipped', 'cancelled')),
  -- "order__quoted_state_check" keeps status and quotedUntil of Order sound.
  -- asked for by schema/order.entity.ts:24:3, schema/order.entity.ts:9:5
  constraint "order__quoted_state_check" check ("status" <> 'quoted' or "quoted_until" is not null),
  -- "order_rule_f27d1b372ce0" holds every Order to "promised no earlier than wanted".
  -- asked for by schema/order.entity.ts:67:12
  constraint "order_rule_f27d1b372ce0" check ("promised_on" >= "wanted_on")
);
comment on table "app"."order" is 'What a customer asked for.';
comment on column "app"."order"."quoted_until" is 'The last day on which the customer may accept the quote.';
comment on column "app"."order"."margin" is 'What is left for us.';
comment on constraint "order_rule_f27d1b372ce0" on "app"."order" is 'promised no earlier than wanted';
alter table "app"."order" enable row level security, force row level security;
-- "order_created_at_idx" serves lists of Order by createdAt, last first.
-- asked for by schema/order.entity.ts:68:46, schema/order.entity.ts:4:29
create index "order_created_at_idx" on "app"."order" ("tenant_id", "created_at" desc) where "deleted_at" is null;
-- "order_customer_idx" finds the rows of Order by customer in order of id, also when a Customer is deleted.
-- asked for by schema/order.entity.ts:17:5
create index "order_customer_idx" on "app"."order" ("tenant_id", "customer_id", "id");
-- "order_number_key" lets no two live rows of Order of a tenant have the same number.
-- asked for by schema/order.entity.ts:8:5
create unique index "order_number_key" on "app"."order" ("tenant_id", "number") where "deleted_at" is null;
-- "order_placed_by_idx" finds the rows of Order by placedBy, also when a User is deleted.
-- asked for by schema/order.entity.ts:18:5
create index "order_placed_by_idx" on "app"."order" ("tenant_id", "placed_by_id");
-- "order_status_wanted_on_idx" serves lists of Order by status, then wantedOn, last first.
-- asked for by schema/order.entity.ts:68:13, schema/order.entity.ts:24:3, schema/order.entity.ts:10:5
create index "order_status_wanted_on_idx" on "app"."order" ("tenant_id", "status", "wanted_on" desc) where "deleted_at" is null;

-- "order_tenant_fkey" keeps every Order with a tenant that exists.
-- asked for by schema/order.entity.ts:4:29
alter table "app"."order" add constraint "order_tenant_fkey" foreign key ("tenant_id") references rowhouse.tenant ("id");
-- "order_customer_fkey" keeps customer of Order pointing at a Customer of the same tenant; deleting the Customer is refused meanwhile.
-- asked for by schema/order.entity.ts:17:5
alter table "app"."order" add constraint "order_customer_fkey" foreign key ("tenant_id", "customer_id") references "app"."customer" ("tenant_id", "id") on delete restrict;
-- "order_placed_by_fkey" keeps placedBy of Order pointing at a User; deleting the User is refused meanwhile.
-- asked for by schema/order.entity.ts:18:5
alter table "app"."order" add constraint "order_placed_by_fkey" foreign key ("placed_by_id") references "app"."user" ("id") on delete restrict;
-- "order_customer_organization_carried_fkey" keeps customer of Order and what they lead to in agreement.
-- asked for by schema/order.entity.ts:17:5
alter table "app"."order" add constraint "order_customer_organization_carried_fkey" foreign key ("tenant_id", "customer_id", "customer_organization_id") references "app"."customer" ("tenant_id", "id", "organization_id") on update cascade on delete restrict;

set local role "invoicing_private";

-- "reached_managed": Rows of Organization that a live Membership links to the caller. Policies read it once per statement, as the rows that actor.managed stands for.
-- asked for by policies/actor.ts:12:3
-- Organization: view
create view "rowhouse_private"."reached_managed" with (security_barrier) as (
select reached.id from (select t0."organization_id" from "app"."membership" t0 where t0."user_id" = (select rowhouse.actor_id()) and t0."deleted_at" is null and t0."level" = 'manager'::text) reached (id)
);
comment on view "rowhouse_private"."reached_managed" is 'Rows of Organization that a live Membership links to the caller.';
grant select on "rowhouse_private"."reached_managed" to "invoicing_sales";

-- "reached_organizations": Rows of Organization that a live Membership links to the caller. Policies read it once per statement, as the rows that actor.organizations stands for.
-- asked for by policies/actor.ts:10:3
-- Organization: view
create view "rowhouse_private"."reached_organizations" with (security_barrier) as (
select reached.id from (select t0."organization_id" from "app"."membership" t0 where t0."user_id" = (select rowhouse.actor_id()) and t0."deleted_at" is null) reached (id)
);
comment on view "rowhouse_private"."reached_organizations" is 'Rows of Organization that a live Membership links to the caller.';
grant select on "rowhouse_private"."reached_organizations" to "invoicing_member";
grant select on "rowhouse_private"."reached_organizations" to "invoicing_sales";

-- "reach_organizations": Rows of Organization that a live Membership links to the caller.
-- Rules compare with it as actor.organizations.
-- asked for by policies/actor.ts:10:3
create or replace function "rowhouse_private"."reach_organizations"() returns uuid[]
  language sql stable security definer
begin atomic
  select array(select t0."organization_id" from "app"."membership" t0 where t0."user_id" = (select rowhouse.actor_id()) and t0."deleted_at" is null);
end;
revoke all on function "rowhouse_private"."reach_organizations"() from public;
grant execute on function "rowhouse_private"."reach_organizations"() to "invoicing_member", "invoicing_sales";
comment on function "rowhouse_private"."reach_organizations"() is 'Rows of Organization that a live Membership links to the caller.';

-- "guess_organizations": As many values as the planner should think actor.organizations makes of a column.
-- The planner asks it for policies with actor.organizations.
-- asked for by policies/actor.ts:10:3
create or replace function "rowhouse_private"."guess_organizations"() returns uuid[]
  language sql stable security definer
begin atomic
  select array_fill(one.ids[1], array[least(cardinality(one.ids) ^ 2 / 5, 200)::integer]) from (select "rowhouse_private"."reach_organizations"() as ids offset 0) one;
end;
revoke all on function "rowhouse_private"."guess_organizations"() from public;
grant execute on function "rowhouse_private"."guess_organizations"() to "invoicing_member", "invoicing_sales";
comment on function "rowhouse_private"."guess_organizations"() is 'As many values as the planner should think actor.organizations makes of a column.';

-- "customer_399ee6744bfd": Live rows of Customer that a rule on a relation asks for.
-- Policies ask it once per statement: "leads see the contacts of their region", "leads see the orders of their region" and "leads set the margin of large orders".
-- asked for by policies/contact.policy.ts:12:3, policies/order.policy.ts:9:3, policies/order.policy.ts:34:3
create or replace function "rowhouse_private"."customer_399ee6744bfd"() returns setof uuid
  language sql stable security definer
begin atomic
  select t0."id" from "app"."customer" t0 where t0."deleted_at" is null and t0."region" = (select rowhouse.claim('region'));
end;
revoke all on function "rowhouse_private"."customer_399ee6744bfd"() from public;
grant execute on function "rowhouse_private"."customer_399ee6744bfd"() to "invoicing_lead";
comment on function "rowhouse_private"."customer_399ee6744bfd"() is 'Live rows of Customer that a rule on a relation asks for.';

-- "computed_order_total_b9a9ca66": total of Order, from its id.
-- It computes total when it is read.
-- asked for by schema/order.entity.ts:23:15
create or replace function "rowhouse_private"."computed_order_total_b9a9ca66"(uuid) returns numeric
  language sql stable security definer
begin atomic
  select round((select coalesce(sum(v1.v), 0) from (select round(((t1."unit_price" * (t1."quantity")::numeric) * ('1'::numeric - t1."discount")), 2) as v from "app"."order_line" t1 where t1."order_id" = $1 and t1."deleted_at" is null) v1), 2);
end;
revoke all on function "rowhouse_private"."computed_order_total_b9a9ca66"(uuid) from public;
grant execute on function "rowhouse_private"."computed_order_total_b9a9ca66"(uuid) to "invoicing_member", "invoicing_accountant", "invoicing_admin", "invoicing_lead", "invoicing_sales";
comment on function "rowhouse_private"."computed_order_total_b9a9ca66"(uuid) is 'total of Order, from its id.';

-- "may_read_order": Whether the read rules of Order show the row to the caller.
-- Links to Order, remove and restore ask it: what the caller may not read answers like what is not there.
-- asked for by policies/order.policy.ts:10:3, policies/order.policy.ts:7:3, policies/order.policy.ts:9:3, policies/order.policy.ts:8:3
create or replace function "rowhouse_private"."may_read_order"(row_id uuid) returns boolean
  language sql stable security definer
begin atomic
  select exists (select from "app"."order" t0 cross join (select coalesce(nullif(current_setting('role'), 'none'), session_user::text) as role) caller where t0."id" = $1 and ((pg_has_role(caller.role, 'invoicing_accountant', 'usage') and (t0."status" in ('draft'::text, 'quoted'::text, 'cancelled'::text)) is not true) or (pg_has_role(caller.role, 'invoicing_admin', 'usage')) or (pg_has_role(caller.role, 'invoicing_lead', 'usage') and exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."region" = (select rowhouse.claim('region')))) or (pg_has_role(caller.role, 'invoicing_sales', 'usage') and exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])))));
end;
revoke all on function "rowhouse_private"."may_read_order"(uuid) from public;
comment on function "rowhouse_private"."may_read_order"(uuid) is 'Whether the read rules of Order show the row to the caller.';

-- "guard_order": One single rule of Order must allow a change whole.
-- Trigger "rowhouse_2_guard" runs it.
-- asked for by policies/order.policy.ts:7:3, policies/order.policy.ts:21:3, policies/order.policy.ts:34:3 and 2 more
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
    if pg_has_role(caller, 'invoicing_admin', 'usage') then
      if true then
        return new;
      end if;
    end if;
    -- sales takes orders in its own name
    if pg_has_role(caller, 'invoicing_sales', 'usage') then
      if new."customer_organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[]) and new."placed_by_id" = rowhouse.actor_id() and new."margin" is not distinct from null then
        return new;
      end if;
    end if;
  end if;
  if tg_op = 'UPDATE' then
    -- admins do anything
    if pg_has_role(caller, 'invoicing_admin', 'usage') then
      if true then
        return new;
      end if;
    end if;
    -- drafts are edited, but not handed to customers of others
    if pg_has_role(caller, 'invoicing_sales', 'usage') then
      if new."margin" is not distinct from old."margin" and old."customer_organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[]) and old."status" = 'draft'::text and new."customer_organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[]) then
        return new;
      end if;
    end if;
    -- leads set the margin of large orders
    if pg_has_role(caller, 'invoicing_lead', 'usage') and new."quoted_until" is not distinct from old."quoted_until" and new."wanted_on" is not distinct from old."wanted_on" and new."promised_on" is not distinct from old."promised_on" and new."notes" is not distinct from old."notes" and new."currency" is not distinct from old."currency" and new."customer_id" is not distinct from old."customer_id" then
      if not (pg_has_role(caller, 'invoicing_admin', 'usage') or pg_has_role(caller, 'invoicing_sales', 'usage')) then
        return new;
      end if;
      if exists (select from "app"."customer" t1 where t1."id" = old."customer_id" and t1."deleted_at" is null and t1."region" = rowhouse.claim('region')) and old."status" in ('draft'::text, 'placed'::text) and ((old."currency" = 'EUR'::text and round((select coalesce(sum(v1.v), 0) from (select round(((t1."unit_price" * (t1."quantity")::numeric) * ('1'::numeric - t1."discount")), 2) as v from "app"."order_line" t1 where t1."order_id" = old."id" and t1."deleted_at" is null) v1), 2) <= '10000'::numeric) or (old."currency" = 'USD'::text and round((select coalesce(sum(v1.v), 0) from (select round(((t1."unit_price" * (t1."quantity")::numeric) * ('1'::numeric - t1."discount")), 2) as v from "app"."order_line" t1 where t1."order_id" = old."id" and t1."deleted_at" is null) v1), 2) <= '10000'::numeric)) is not true and exists (select from "app"."customer" t1 where t1."id" = new."customer_id" and t1."deleted_at" is null and t1."region" = rowhouse.claim('region')) and new."status" in ('draft'::text, 'placed'::text) and ((new."currency" = 'EUR'::text and round((select coalesce(sum(v1.v), 0) from (select round(((t1."unit_price" * (t1."quantity")::numeric) * ('1'::numeric - t1."discount")), 2) as v from "app"."order_line" t1 where t1."order_id" = new."id" and t1."deleted_at" is null) v1), 2) <= '10000'::numeric) or (new."currency" = 'USD'::text and round((select coalesce(sum(v1.v), 0) from (select round(((t1."unit_price" * (t1."quantity")::numeric) * ('1'::numeric - t1."discount")), 2) as v from "app"."order_line" t1 where t1."order_id" = new."id" and t1."deleted_at" is null) v1), 2) <= '10000'::numeric)) is not true then
        return new;
      end if;
    end if;
    -- managers set the margin
    if pg_has_role(caller, 'invoicing_sales', 'usage') then
      if new."quoted_until" is not distinct from old."quoted_until" and new."wanted_on" is not distinct from old."wanted_on" and new."promised_on" is not distinct from old."promised_on" and new."notes" is not distinct from old."notes" and new."currency" is not distinct from old."currency" and new."customer_id" is not distinct from old."customer_id" and old."customer_organization_id" = any ((select "rowhouse_private"."reach_managed"())::uuid[]) and old."status" in ('draft'::text, 'placed'::text) and new."customer_organization_id" = any ((select "rowhouse_private"."reach_managed"())::uuid[]) and new."status" in ('draft'::text, 'placed'::text) then
        return new;
      end if;
    end if;
  end if;
  if tg_op = 'INSERT' then
    -- sales takes orders in its own name
    if pg_has_role(caller, 'invoicing_sales', 'usage') then
      if new."customer_organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[]) and new."placed_by_id" = rowhouse.actor_id() then
        refused := array_remove(array[case when new."margin" is distinct from null then 'margin' end]::text[], null);
        if fewest is null or cardinality(refused) < cardinality(fewest) then fewest := refused; end if;
      end if;
    end if;
  end if;
  if tg_op = 'UPDATE' then
    -- drafts are edited, but not handed to customers of others
    if pg_has_role(caller, 'invoicing_sales', 'usage') then
      if old."customer_organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[]) and old."status" = 'draft'::text and new."customer_organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[]) then
        refused := array_remove(array[case when new."margin" is distinct from old."margin" then 'margin' end]::text[], null);
        if fewest is null or cardinality(refused) < cardinality(fewest) then fewest := refused; end if;
      end if;
    end if;
    -- leads set the margin of large orders
    if pg_has_role(caller, 'invoicing_lead', 'usage') then
      if exists (select from "app"."customer" t1 where t1."id" = old."customer_id" and t1."deleted_at" is null and t1."region" = rowhouse.claim('region')) and old."status" in ('draft'::text, 'placed'::text) and ((old."currency" = 'EUR'::text and round((select coalesce(sum(v1.v), 0) from (select round(((t1."unit_price" * (t1."quantity")::numeric) * ('1'::numeric - t1."discount")), 2) as v from "app"."order_line" t1 where t1."order_id" = old."id" and t1."deleted_at" is null) v1), 2) <= '10000'::numeric) or (old."currency" = 'USD'::text and round((select coalesce(sum(v1.v), 0) from (select round(((t1."unit_price" * (t1."quantity")::numeric) * ('1'::numeric - t1."discount")), 2) as v from "app"."order_line" t1 where t1."order_id" = old."id" and t1."deleted_at" is null) v1), 2) <= '10000'::numeric)) is not true and exists (select from "app"."customer" t1 where t1."id" = new."customer_id" and t1."deleted_at" is null and t1."region" = rowhouse.claim('region')) and new."status" in ('draft'::text, 'placed'::text) and ((new."currency" = 'EUR'::text and round((select coalesce(sum(v1.v), 0) from (select round(((t1."unit_price" * (t1."quantity")::numeric) * ('1'::numeric - t1."discount")), 2) as v from "app"."order_line" t1 where t1."order_id" = new."id" and t1."deleted_at" is null) v1), 2) <= '10000'::numeric) or (new."currency" = 'USD'::text and round((select coalesce(sum(v1.v), 0) from (select round(((t1."unit_price" * (t1."quantity")::numeric) * ('1'::numeric - t1."discount")), 2) as v from "app"."order_line" t1 where t1."order_id" = new."id" and t1."deleted_at" is null) v1), 2) <= '10000'::numeric)) is not true then
        refused := array_remove(array[case when new."quoted_until" is distinct from old."quoted_until" then 'quotedUntil' end, case when new."wanted_on" is distinct from old."wanted_on" then 'wantedOn' end, case when new."promised_on" is distinct from old."promised_on" then 'promisedOn' end, case when new."notes" is distinct from old."notes" then 'notes' end, case when new."currency" is distinct from old."currency" then 'currency' end, case when new."customer_id" is distinct from old."customer_id" then 'customer' end]::text[], null);
        if fewest is null or cardinality(refused) < cardinality(fewest) then fewest := refused; end if;
      end if;
    end if;
    -- managers set the margin
    if pg_has_role(caller, 'invoicing_sales', 'usage') then
      if old."customer_organization_id" = any ((select "rowhouse_private"."reach_managed"())::uuid[]) and old."status" in ('draft'::text, 'placed'::text) and new."customer_organization_id" = any ((select "rowhouse_private"."reach_managed"())::uuid[]) and new."status" in ('draft'::text, 'placed'::text) then
        refused := array_remove(array[case when new."quoted_until" is distinct from old."quoted_until" then 'quotedUntil' end, case when new."wanted_on" is distinct from old."wanted_on" then 'wantedOn' end, case when new."promised_on" is distinct from old."promised_on" then 'promisedOn' end, case when new."notes" is distinct from old."notes" then 'notes' end, case when new."currency" is distinct from old."currency" then 'currency' end, case when new."customer_id" is distinct from old."customer_id" then 'customer' end]::text[], null);
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
grant execute on function "rowhouse_private"."guard_order"() to "invoicing_owner";
comment on function "rowhouse_private"."guard_order"() is 'One single rule of Order must allow a change whole.';

-- "link_order": Relations of Order lead to live rows that the caller may read.
-- Trigger "rowhouse_1_link" runs it.
-- asked for by schema/order.entity.ts:17:5, schema/order.entity.ts:18:5
create or replace function "rowhouse_private"."link_order"() returns trigger
  language plpgsql volatile security definer set search_path = ''
as $body$
declare
  reachable boolean;
begin
  if new."customer_id" is not null then
    if tg_op = 'INSERT' or new."customer_id" is distinct from old."customer_id" then
      reachable := false;
      select true into reachable from "app"."customer" t0 cross join (select coalesce(nullif(current_setting('role'), 'none'), session_user::text) as role) caller where t0."id" = new."customer_id" and (t0."deleted_at" is null and ((pg_has_role(caller.role, 'invoicing_accountant', 'usage')) or (pg_has_role(caller.role, 'invoicing_admin', 'usage')) or (pg_has_role(caller.role, 'invoicing_lead', 'usage') and t0."region" = (select rowhouse.claim('region'))) or (pg_has_role(caller.role, 'invoicing_sales', 'usage') and t0."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])))) is true for key share of t0;
      if reachable is not true then
        raise exception using errcode = 'RH404', schema = 'app', table = 'order', column = 'customer_id', message = 'there is no such row';
      end if;
    end if;
  end if;
  if new."placed_by_id" is not null and new."placed_by_id" is distinct from rowhouse.actor_id() then
    if tg_op = 'INSERT' or new."placed_by_id" is distinct from old."placed_by_id" then
      reachable := false;
      select true into reachable from "app"."user" t0 cross join (select coalesce(nullif(current_setting('role'), 'none'), session_user::text) as role) caller where t0."id" = new."placed_by_id" and (t0."deleted_at" is null and ((pg_has_role(caller.role, 'invoicing_member', 'usage') and t0."id" = (select rowhouse.actor_id())))) is true for key share of t0;
      if reachable is not true then
        raise exception using errcode = 'RH404', schema = 'app', table = 'order', column = 'placed_by_id', message = 'there is no such row';
      end if;
    end if;
  end if;
  return new;
end
$body$;
revoke all on function "rowhouse_private"."link_order"() from public;
grant execute on function "rowhouse_private"."link_order"() to "invoicing_owner";
comment on function "rowhouse_private"."link_order"() is 'Relations of Order lead to live rows that the caller may read.';

-- "values_order": Values that a new row of Order is given.
-- Trigger "rowhouse_1_values" runs it.
-- asked for by schema/order.entity.ts:4:29
create or replace function "rowhouse_private"."values_order"() returns trigger
  language plpgsql volatile security definer set search_path = ''
as $body$
begin
  declare
    tenant text := current_setting('rowhouse.tenant_id', true);
    is_other boolean := tenant is distinct from new."tenant_id"::text;
  begin
    if is_other then perform set_config('rowhouse.tenant_id', new."tenant_id"::text, true); end if;
    select t0."organization_id" into new."customer_organization_id" from "app"."customer" t0 where t0."id" = new."customer_id" for key share;
    if is_other then perform set_config('rowhouse.tenant_id', coalesce(tenant, ''), true); end if;
  end;
  return new;
end
$body$;
revoke all on function "rowhouse_private"."values_order"() from public;
grant execute on function "rowhouse_private"."values_order"() to "invoicing_owner";
comment on function "rowhouse_private"."values_order"() is 'Values that a new row of Order is given.';

-- "refill_order": Values that hang on relations of Order.
-- asked for by schema/order.entity.ts:4:29
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
      select t0."organization_id" into new."customer_organization_id" from "app"."customer" t0 where t0."id" = new."customer_id" for key share;
      if is_other then perform set_config('rowhouse.tenant_id', coalesce(tenant, ''), true); end if;
    end;
  end if;
  return new;
end
$body$;
revoke all on function "rowhouse_private"."refill_order"() from public;
grant execute on function "rowhouse_private"."refill_order"() to "invoicing_owner";
comment on function "rowhouse_private"."refill_order"() is 'Values that hang on relations of Order.';

-- "remove_order": Removes a row of Order: removed, missing or stale.
-- The mutation removeOrder calls it.
-- asked for by policies/order.policy.ts:7:3, policies/order.policy.ts:40:3
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
begin
  if not rowhouse_private."may_read_order"(row_id) then return 'missing'; end if;
  select t0.* into target from "app"."order" t0 where t0."id" = row_id and t0."deleted_at" is null for update;
  if not found or not rowhouse_private."may_read_order"(row_id) then return 'missing'; end if;
  if if_updated_at is not null and target."updated_at" is distinct from if_updated_at then return 'stale'; end if;
  if ((pg_has_role(caller, 'invoicing_admin', 'usage')) or (pg_has_role(caller, 'invoicing_sales', 'usage') and target."status" = 'draft'::text and ((exists (select from "app"."customer" t1 where t1."id" = target."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])) and target."placed_by_id" = rowhouse.actor_id()) or exists (select from "app"."customer" t1 where t1."id" = target."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_managed"())::uuid[]))))) is not true then
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
    exit when not more;
  end loop;
  if exists (select from "app"."invoice" t0 where t0."order_id" = any (ids_0) and t0."deleted_at" is null) then
    raise exception using errcode = '23001', schema = 'app', table = 'invoice', column = 'order_id', constraint = 'invoice_order_fkey', message = 'a live row still refers to it';
  end if;
  return 'removed';
end
$body$;
revoke all on function "rowhouse_private"."remove_order"(uuid, timestamp with time zone) from public;
grant execute on function "rowhouse_private"."remove_order"(uuid, timestamp with time zone) to "invoicing_admin", "invoicing_sales";
comment on function "rowhouse_private"."remove_order"(uuid, timestamp with time zone) is 'Removes a row of Order: removed, missing or stale.';

-- "restore_order": Restores a row of Order: restored or missing.
-- The mutation restoreOrder calls it.
-- asked for by policies/order.policy.ts:7:3, policies/order.policy.ts:40:3
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
begin
  if not rowhouse_private."may_read_order"(row_id) then return 'missing'; end if;
  select t0.* into target from "app"."order" t0 where t0."id" = row_id and t0."deleted_at" is not null for update;
  if not found or not rowhouse_private."may_read_order"(row_id) then return 'missing'; end if;
  if ((pg_has_role(caller, 'invoicing_admin', 'usage')) or (pg_has_role(caller, 'invoicing_sales', 'usage') and target."status" = 'draft'::text and ((exists (select from "app"."customer" t1 where t1."id" = target."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])) and target."placed_by_id" = rowhouse.actor_id()) or exists (select from "app"."customer" t1 where t1."id" = target."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_managed"())::uuid[]))))) is not true then
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
    exit when not more;
  end loop;
  perform from "app"."customer" t0 where t0."id" in (select t1."customer_id" from "app"."order" t1 where t1."id" = any (ids_0)) for key share;
  if exists (select from "app"."customer" t0 where t0."id" in (select t1."customer_id" from "app"."order" t1 where t1."id" = any (ids_0)) and t0."deleted_at" is not null) then
    raise exception using errcode = '23001', schema = 'app', table = 'customer', column = 'customer_id', constraint = 'order_customer_fkey', message = 'a row that it needs is removed';
  end if;
  perform from "app"."user" t0 where t0."id" in (select t1."placed_by_id" from "app"."order" t1 where t1."id" = any (ids_0)) for key share;
  if exists (select from "app"."user" t0 where t0."id" in (select t1."placed_by_id" from "app"."order" t1 where t1."id" = any (ids_0)) and t0."deleted_at" is not null) then
    raise exception using errcode = '23001', schema = 'app', table = 'user', column = 'placed_by_id', constraint = 'order_placed_by_fkey', message = 'a row that it needs is removed';
  end if;
  perform from "app"."order" t0 where t0."id" in (select t1."order_id" from "app"."order_line" t1 where t1."id" = any (ids_1)) for key share;
  if exists (select from "app"."order" t0 where t0."id" in (select t1."order_id" from "app"."order_line" t1 where t1."id" = any (ids_1)) and t0."deleted_at" is not null) then
    raise exception using errcode = '23001', schema = 'app', table = 'order', column = 'order_id', constraint = 'order_line_order_fkey', message = 'a row that it needs is removed';
  end if;
  perform from "app"."product" t0 where t0."id" in (select t1."product_id" from "app"."order_line" t1 where t1."id" = any (ids_1)) for key share;
  if exists (select from "app"."product" t0 where t0."id" in (select t1."product_id" from "app"."order_line" t1 where t1."id" = any (ids_1)) and t0."deleted_at" is not null) then
    raise exception using errcode = '23001', schema = 'app', table = 'product', column = 'product_id', constraint = 'order_line_product_fkey', message = 'a row that it needs is removed';
  end if;
  return 'restored';
end
$body$;
revoke all on function "rowhouse_private"."restore_order"(uuid) from public;
grant execute on function "rowhouse_private"."restore_order"(uuid) to "invoicing_admin", "invoicing_sales";
comment on function "rowhouse_private"."restore_order"(uuid) is 'Restores a row of Order: restored or missing.';

-- "frozen_order": What states of Order freeze stays as it is.
-- asked for by schema/order.entity.ts:4:29
create or replace function "rowhouse_private"."frozen_order"() returns trigger
  language plpgsql volatile security definer set search_path = ''
as $body$
begin
  if old."status" = 'quoted' and old."customer_id" is distinct from new."customer_id" then
    raise exception using errcode = '23514', schema = 'app', table = 'order', column = 'customer_id', detail = 'quoted', message = 'a state freezes this';
  end if;
  if old."status" = 'quoted' and old."currency" is distinct from new."currency" then
    raise exception using errcode = '23514', schema = 'app', table = 'order', column = 'currency', detail = 'quoted', message = 'a state freezes this';
  end if;
  if old."status" = 'quoted' and old."quoted_until" is distinct from new."quoted_until" then
    raise exception using errcode = '23514', schema = 'app', table = 'order', column = 'quoted_until', detail = 'quoted', message = 'a state freezes this';
  end if;
  return new;
end
$body$;
revoke all on function "rowhouse_private"."frozen_order"() from public;
grant execute on function "rowhouse_private"."frozen_order"() to "invoicing_owner";
comment on function "rowhouse_private"."frozen_order"() is 'What states of Order freeze stays as it is.';

-- "options_order": Which transitions rows of Order may take.
-- Buttons ask it: which transitions are open, and why others are not.
-- asked for by schema/order.entity.ts:24:3
create or replace function "rowhouse_private"."options_order"(uuid[]) returns text
  language plpgsql stable security definer set search_path = ''
as $body$
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
begin
  return (select coalesce(pg_catalog.jsonb_object_agg(t0."id"::text, (select coalesce(pg_catalog.jsonb_agg(o.option order by o.place), '[]') from (values 
      (0, case
        when t0."status" <> all (array['draft']) then null
        when ((pg_has_role(caller, 'invoicing_admin', 'usage')) or (pg_has_role(caller, 'invoicing_sales', 'usage') and exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])))) is not true then pg_catalog.jsonb_build_object('verb', 'quote', 'allowed', false)
        when (((select count(*)::numeric from "app"."order_line" t1 where t1."order_id" = t0."id" and t1."deleted_at" is null))::integer > 0) is not true then pg_catalog.jsonb_build_object('verb', 'quote', 'when', case when (((select count(*)::numeric from "app"."order_line" t1 where t1."order_id" = t0."id" and t1."deleted_at" is null))::integer > 0) is not true then array['lineCount'] else '{}'::text[] end)
        when not (t0."quoted_until" is not null) then pg_catalog.jsonb_build_object('verb', 'quote', 'requires', array_remove(array[case when not (t0."quoted_until" is not null) then 'quotedUntil' end]::text[], null))
        else pg_catalog.jsonb_build_object('verb', 'quote', 'allowed', true) end),
      (1, case
        when t0."status" <> all (array['quoted']) then null
        when ((pg_has_role(caller, 'invoicing_admin', 'usage')) or (pg_has_role(caller, 'invoicing_sales', 'usage') and exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])))) is not true then pg_catalog.jsonb_build_object('verb', 'rework', 'allowed', false)
        else pg_catalog.jsonb_build_object('verb', 'rework', 'allowed', true) end),
      (2, case
        when t0."status" <> all (array['quoted']) then null
        when pg_has_role(caller, 'invoicing_member', 'usage') and (t0."quoted_until" >= ((now() at time zone 'utc'))::date) is not true then pg_catalog.jsonb_build_object('verb', 'accept', 'title', 'a quote is accepted while it stands', 'because', 'The quote has run out: rework it.')
        when ((pg_has_role(caller, 'invoicing_admin', 'usage')) or (pg_has_role(caller, 'invoicing_sales', 'usage') and exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])))) is not true then pg_catalog.jsonb_build_object('verb', 'accept', 'allowed', false)
        when (t0."wanted_on" is not null) is not true then pg_catalog.jsonb_build_object('verb', 'accept', 'when', case when (t0."wanted_on" is not null) is not true then array['wantedOn'] else '{}'::text[] end)
        else pg_catalog.jsonb_build_object('verb', 'accept', 'allowed', true) end),
      (3, case
        when t0."status" <> all (array['draft']) then null
        when ((pg_has_role(caller, 'invoicing_admin', 'usage')) or (pg_has_role(caller, 'invoicing_sales', 'usage') and exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])))) is not true then pg_catalog.jsonb_build_object('verb', 'place', 'allowed', false)
        when (t0."wanted_on" is not null and ((select count(*)::numeric from "app"."order_line" t1 where t1."order_id" = t0."id" and t1."deleted_at" is null))::integer > 0) is not true then pg_catalog.jsonb_build_object('verb', 'place', 'when', case when (t0."wanted_on" is not null) is not true then array['wantedOn'] else '{}'::text[] end || case when (((select count(*)::numeric from "app"."order_line" t1 where t1."order_id" = t0."id" and t1."deleted_at" is null))::integer > 0) is not true then array['lineCount'] else '{}'::text[] end)
        else pg_catalog.jsonb_build_object('verb', 'place', 'allowed', true) end),
      (4, case
        when t0."status" <> all (array['placed']) then null
        when ((pg_has_role(caller, 'invoicing_admin', 'usage')) or (pg_has_role(caller, 'invoicing_lead', 'usage') and exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."region" = (select rowhouse.claim('region'))) and t0."placed_by_id" is distinct from (select rowhouse.actor_id()) and (select rowhouse.actor_id()) is not null) or (pg_has_role(caller, 'invoicing_sales', 'usage') and ((t0."currency" = 'EUR'::text and round((select coalesce(sum(v1.v), 0) from (select round(((t1."unit_price" * (t1."quantity")::numeric) * ('1'::numeric - t1."discount")), 2) as v from "app"."order_line" t1 where t1."order_id" = t0."id" and t1."deleted_at" is null) v1), 2) <= '10000'::numeric) or (t0."currency" = 'USD'::text and round((select coalesce(sum(v1.v), 0) from (select round(((t1."unit_price" * (t1."quantity")::numeric) * ('1'::numeric - t1."discount")), 2) as v from "app"."order_line" t1 where t1."order_id" = t0."id" and t1."deleted_at" is null) v1), 2) <= '10000'::numeric)) and exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_managed"())::uuid[])) and t0."placed_by_id" is distinct from (select rowhouse.actor_id()))) is not true then pg_catalog.jsonb_build_object('verb', 'approve', 'allowed', false)
        else pg_catalog.jsonb_build_object('verb', 'approve', 'allowed', true) end),
      (5, case
        when t0."status" <> all (array['approved']) then null
        when ((pg_has_role(caller, 'invoicing_admin', 'usage'))) is not true then pg_catalog.jsonb_build_object('verb', 'ship', 'allowed', false)
        else pg_catalog.jsonb_build_object('verb', 'ship', 'allowed', true) end),
      (6, case
        when t0."status" <> all (array['draft', 'quoted', 'placed']) then null
        when ((pg_has_role(caller, 'invoicing_admin', 'usage')) or (pg_has_role(caller, 'invoicing_sales', 'usage') and exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])))) is not true then pg_catalog.jsonb_build_object('verb', 'cancel', 'allowed', false)
        else pg_catalog.jsonb_build_object('verb', 'cancel', 'allowed', true) end)
    ) o (place, option) where o.option is not null)), '{}')::text from "app"."order" t0 where t0."id" = any ($1)
    and t0."deleted_at" is null
    and (((pg_has_role(caller, 'invoicing_accountant', 'usage') and (t0."status" in ('draft'::text, 'quoted'::text, 'cancelled'::text)) is not true) or (pg_has_role(caller, 'invoicing_admin', 'usage')) or (pg_has_role(caller, 'invoicing_lead', 'usage') and exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."region" = (select rowhouse.claim('region')))) or (pg_has_role(caller, 'invoicing_sales', 'usage') and exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[]))))));
end
$body$;
revoke all on function "rowhouse_private"."options_order"(uuid[]) from public;
grant execute on function "rowhouse_private"."options_order"(uuid[]) to "invoicing_accountant", "invoicing_admin", "invoicing_lead", "invoicing_sales";
comment on function "rowhouse_private"."options_order"(uuid[]) is 'Which transitions rows of Order may take.';

-- "because_order": Why a change of a row of Order is refused, to whom may read it.
-- The server asks it when an update or a delete was refused.
-- asked for by policies/order.policy.ts:7:3, policies/order.policy.ts:21:3, policies/order.policy.ts:34:3 and 2 more
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
  if verb = 'delete' then
    -- only drafts are deleted for good
    if pg_has_role(caller, 'invoicing_member', 'usage') and (target."status" = 'draft'::text) is not true then return pg_catalog.json_build_object('title', 'only drafts are deleted for good', 'because', 'An order that was placed is kept: cancel or remove it.')::text; end if;
  end if;
  return null;
end
$body$;
revoke all on function "rowhouse_private"."because_order"(uuid, text) from public;
grant execute on function "rowhouse_private"."because_order"(uuid, text) to "invoicing_accountant", "invoicing_admin", "invoicing_lead", "invoicing_sales";
comment on function "rowhouse_private"."because_order"(uuid, text) is 'Why a change of a row of Order is refused, to whom may read it.';

-- "rights_order": On which of the rows of Order the caller may do a verb.
-- asked for by schema/order.entity.ts:4:29
create or replace function "rowhouse_private"."rights_order"(text, uuid[], text[]) returns setof uuid
  language plpgsql stable security definer rows 100 set search_path = ''
as $body$
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
begin
  return query select t0."id" from "app"."order" t0 where t0."id" = any ($2)
      and case when $1 = 'restore' then not (t0."deleted_at" is null) else t0."deleted_at" is null end
      and (((pg_has_role(caller, 'invoicing_accountant', 'usage') and (t0."status" in ('draft'::text, 'quoted'::text, 'cancelled'::text)) is not true) or (pg_has_role(caller, 'invoicing_admin', 'usage')) or (pg_has_role(caller, 'invoicing_lead', 'usage') and exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."region" = (select rowhouse.claim('region')))) or (pg_has_role(caller, 'invoicing_sales', 'usage') and exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])))))
      and case $1
        when 'update' then (((pg_has_role(caller, 'invoicing_admin', 'usage') and (true))) or ((pg_has_role(caller, 'invoicing_sales', 'usage') and (exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])) and t0."status" = 'draft'::text)) and $3 <@ array['number', 'quotedUntil', 'wantedOn', 'promisedOn', 'notes', 'currency', 'customer', 'placedBy']::text[]) or ((pg_has_role(caller, 'invoicing_lead', 'usage') and (exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."region" = (select rowhouse.claim('region'))) and t0."status" in ('draft'::text, 'placed'::text) and ((t0."currency" = 'EUR'::text and round((select coalesce(sum(v1.v), 0) from (select round(((t1."unit_price" * (t1."quantity")::numeric) * ('1'::numeric - t1."discount")), 2) as v from "app"."order_line" t1 where t1."order_id" = t0."id" and t1."deleted_at" is null) v1), 2) <= '10000'::numeric) or (t0."currency" = 'USD'::text and round((select coalesce(sum(v1.v), 0) from (select round(((t1."unit_price" * (t1."quantity")::numeric) * ('1'::numeric - t1."discount")), 2) as v from "app"."order_line" t1 where t1."order_id" = t0."id" and t1."deleted_at" is null) v1), 2) <= '10000'::numeric)) is not true)) and $3 <@ array['margin']::text[]) or ((pg_has_role(caller, 'invoicing_sales', 'usage') and (exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_managed"())::uuid[])) and t0."status" in ('draft'::text, 'placed'::text))) and $3 <@ array['margin']::text[]))
        when 'remove' then (((pg_has_role(caller, 'invoicing_admin', 'usage') and (true))) or ((pg_has_role(caller, 'invoicing_sales', 'usage') and (t0."status" = 'draft'::text and ((exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])) and t0."placed_by_id" = (select rowhouse.actor_id())) or exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_managed"())::uuid[])))))))
        when 'restore' then (((pg_has_role(caller, 'invoicing_admin', 'usage') and (true))) or ((pg_has_role(caller, 'invoicing_sales', 'usage') and (t0."status" = 'draft'::text and ((exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])) and t0."placed_by_id" = (select rowhouse.actor_id())) or exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_managed"())::uuid[])))))))
        when 'delete' then (((pg_has_role(caller, 'invoicing_admin', 'usage') and (true)))) and not (pg_has_role(caller, 'invoicing_member', 'usage') and (t0."status" = 'draft'::text) is not true)
        when 'quote' then (((pg_has_role(caller, 'invoicing_admin', 'usage') and (true))) or ((pg_has_role(caller, 'invoicing_sales', 'usage') and (exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[]))))))
        when 'rework' then (((pg_has_role(caller, 'invoicing_admin', 'usage') and (true))) or ((pg_has_role(caller, 'invoicing_sales', 'usage') and (exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[]))))))
        when 'accept' then (((pg_has_role(caller, 'invoicing_admin', 'usage') and (true))) or ((pg_has_role(caller, 'invoicing_sales', 'usage') and (exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])))))) and not (pg_has_role(caller, 'invoicing_member', 'usage') and (t0."quoted_until" >= ((now() at time zone 'utc'))::date) is not true)
        when 'place' then (((pg_has_role(caller, 'invoicing_admin', 'usage') and (true))) or ((pg_has_role(caller, 'invoicing_sales', 'usage') and (exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[]))))))
        when 'approve' then (((pg_has_role(caller, 'invoicing_admin', 'usage') and (true))) or ((pg_has_role(caller, 'invoicing_lead', 'usage') and (exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."region" = (select rowhouse.claim('region'))) and t0."placed_by_id" is distinct from (select rowhouse.actor_id()) and (select rowhouse.actor_id()) is not null))) or ((pg_has_role(caller, 'invoicing_sales', 'usage') and (((t0."currency" = 'EUR'::text and round((select coalesce(sum(v1.v), 0) from (select round(((t1."unit_price" * (t1."quantity")::numeric) * ('1'::numeric - t1."discount")), 2) as v from "app"."order_line" t1 where t1."order_id" = t0."id" and t1."deleted_at" is null) v1), 2) <= '10000'::numeric) or (t0."currency" = 'USD'::text and round((select coalesce(sum(v1.v), 0) from (select round(((t1."unit_price" * (t1."quantity")::numeric) * ('1'::numeric - t1."discount")), 2) as v from "app"."order_line" t1 where t1."order_id" = t0."id" and t1."deleted_at" is null) v1), 2) <= '10000'::numeric)) and exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_managed"())::uuid[])) and t0."placed_by_id" is distinct from (select rowhouse.actor_id())))))
        when 'ship' then (((pg_has_role(caller, 'invoicing_admin', 'usage') and (true))))
        when 'cancel' then (((pg_has_role(caller, 'invoicing_admin', 'usage') and (true))) or ((pg_has_role(caller, 'invoicing_sales', 'usage') and (exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[]))))))
        when 'duplicate' then (((pg_has_role(caller, 'invoicing_admin', 'usage') and (true))) or ((pg_has_role(caller, 'invoicing_sales', 'usage') and (exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[]))))))
        when 'bill' then (((pg_has_role(caller, 'invoicing_accountant', 'usage') and (true))) or ((pg_has_role(caller, 'invoicing_admin', 'usage') and (true))))
        else false end;
end
$body$;
revoke all on function "rowhouse_private"."rights_order"(text, uuid[], text[]) from public;
grant execute on function "rowhouse_private"."rights_order"(text, uuid[], text[]) to "invoicing_accountant", "invoicing_admin", "invoicing_lead", "invoicing_sales";
comment on function "rowhouse_private"."rights_order"(text, uuid[], text[]) is 'On which of the rows of Order the caller may do a verb.';

set local role "invoicing_owner";

-- The grant of select lets the functions that decide rules look at Order.
-- asked for by schema/order.entity.ts:4:29
grant select on "app"."order" to "invoicing_private";
-- The grant of update lets the functions that decide rules mark rows of Order as removed or restored (deleted_at, status and updated_at).
-- asked for by schema/order.entity.ts:4:29
grant update ("deleted_at", "status", "updated_at") on "app"."order" to "invoicing_private";
-- The grant of select lets accountant read rows of Order (14 of 16 columns); which rows, policies decide: "accountants see what was placed".
-- asked for by policies/order.policy.ts:10:3
grant select ("created_at", "currency", "customer_id", "deleted_at", "id", "margin", "notes", "number", "placed_by_id", "promised_on", "quoted_until", "status", "updated_at", "wanted_on") on "app"."order" to "invoicing_accountant";
-- The grant of delete lets admin delete rows of Order; which rows, policies decide: "admins do anything".
-- asked for by policies/order.policy.ts:7:3
grant delete on "app"."order" to "invoicing_admin";
-- The grant of insert lets admin create rows of Order (9 of 16 columns); which rows, policies decide: "admins do anything".
-- asked for by policies/order.policy.ts:7:3
grant insert ("currency", "customer_id", "margin", "notes", "number", "placed_by_id", "promised_on", "quoted_until", "wanted_on") on "app"."order" to "invoicing_admin";
-- The grant of select lets admin read rows of Order (14 of 16 columns); which rows, policies decide: "admins do anything".
-- asked for by policies/order.policy.ts:7:3
grant select ("created_at", "currency", "customer_id", "deleted_at", "id", "margin", "notes", "number", "placed_by_id", "promised_on", "quoted_until", "status", "updated_at", "wanted_on") on "app"."order" to "invoicing_admin";
-- The grant of update lets admin update rows of Order (7 of 16 columns); which rows, policies decide: "admins do anything".
-- asked for by policies/order.policy.ts:7:3
grant update ("currency", "customer_id", "margin", "notes", "promised_on", "quoted_until", "wanted_on") on "app"."order" to "invoicing_admin";
-- The grant of select lets lead read rows of Order (14 of 16 columns); which rows, policies decide: "leads see the orders of their region".
-- asked for by policies/order.policy.ts:9:3
grant select ("created_at", "currency", "customer_id", "deleted_at", "id", "margin", "notes", "number", "placed_by_id", "promised_on", "quoted_until", "status", "updated_at", "wanted_on") on "app"."order" to "invoicing_lead";
-- The grant of update lets lead update rows of Order (1 of 16 columns); which rows, policies decide: "leads set the margin of large orders".
-- asked for by policies/order.policy.ts:34:3
grant update ("margin") on "app"."order" to "invoicing_lead";
-- The grant of insert lets sales create rows of Order (8 of 16 columns); which rows, policies decide: "sales takes orders in its own name".
-- asked for by policies/order.policy.ts:15:3
grant insert ("currency", "customer_id", "notes", "number", "placed_by_id", "promised_on", "quoted_until", "wanted_on") on "app"."order" to "invoicing_sales";
-- The grant of select lets sales read rows of Order (14 of 16 columns); which rows, policies decide: "sales sees the orders of its customers".
-- asked for by policies/order.policy.ts:8:3
grant select ("created_at", "currency", "customer_id", "deleted_at", "id", "margin", "notes", "number", "placed_by_id", "promised_on", "quoted_until", "status", "updated_at", "wanted_on") on "app"."order" to "invoicing_sales";
-- The grant of update lets sales update rows of Order (7 of 16 columns); which rows, policies decide: "drafts are edited, but not handed to customers of others" and "managers set the margin".
-- asked for by policies/order.policy.ts:21:3, policies/order.policy.ts:28:3
grant update ("currency", "customer_id", "margin", "notes", "promised_on", "quoted_until", "wanted_on") on "app"."order" to "invoicing_sales";
-- "d_058666d80b40" refuses to let everyone signed in delete Order: "only drafts are deleted for good".
-- asked for by policies/order.policy.ts:67:3
create policy "d_058666d80b40" on "app"."order" as restrictive for delete to "invoicing_member"
  using ("status" = 'draft'::text);
comment on policy "d_058666d80b40" on "app"."order" is 'only drafts are deleted for good';
-- "private" of Order: the functions that decide rules see every row of the tenant, whoever asks.
-- asked for by schema/order.entity.ts:4:29
create policy "private" on "app"."order" for all to "invoicing_private"
  using (true)
  with check (true);
comment on policy "private" on "app"."order" is 'Functions that decide rules see every row of the tenant.';
-- "r_03c5302036ec" lets sales update Order: "managers set the margin".
-- asked for by policies/order.policy.ts:28:3
create policy "r_03c5302036ec" on "app"."order" for update to "invoicing_sales"
  using ("deleted_at" is null and "customer_organization_id" = any (array(select reached.id from "rowhouse_private"."reached_managed" reached)) and "status" in ('draft'::text, 'placed'::text))
  with check ("customer_organization_id" = any (array(select reached.id from "rowhouse_private"."reached_managed" reached)) and "status" in ('draft'::text, 'placed'::text));
comment on policy "r_03c5302036ec" on "app"."order" is 'managers set the margin';
-- "r_0bfb7a8dec3a" lets admin read Order: "admins do anything".
-- asked for by policies/order.policy.ts:7:3
create policy "r_0bfb7a8dec3a" on "app"."order" for select to "invoicing_admin"
  using ("deleted_at" is null);
comment on policy "r_0bfb7a8dec3a" on "app"."order" is 'admins do anything';
-- "r_0feb082db6e5" lets lead update Order: "leads set the margin of large orders".
-- asked for by policies/order.policy.ts:34:3
create policy "r_0feb082db6e5" on "app"."order" for update to "invoicing_lead"
  using ("deleted_at" is null and "customer_id" = any (array(select "rowhouse_private"."customer_399ee6744bfd"())) and "status" in ('draft'::text, 'placed'::text) and (("currency" = 'EUR'::text and "rowhouse_private"."computed_order_total_b9a9ca66"("id") <= '10000'::numeric) or ("currency" = 'USD'::text and "rowhouse_private"."computed_order_total_b9a9ca66"("id") <= '10000'::numeric)) is not true)
  with check ("customer_id" = any (array(select "rowhouse_private"."customer_399ee6744bfd"())) and "status" in ('draft'::text, 'placed'::text) and (("currency" = 'EUR'::text and "rowhouse_private"."computed_order_total_b9a9ca66"("id") <= '10000'::numeric) or ("currency" = 'USD'::text and "rowhouse_private"."computed_order_total_b9a9ca66"("id") <= '10000'::numeric)) is not true);
comment on policy "r_0feb082db6e5" on "app"."order" is 'leads set the margin of large orders';
-- "r_485c4ce880c4" lets sales create Order: "sales takes orders in its own name".
-- asked for by policies/order.policy.ts:15:3
create policy "r_485c4ce880c4" on "app"."order" for insert to "invoicing_sales"
  with check ("customer_organization_id" = any (array(select reached.id from "rowhouse_private"."reached_organizations" reached)) and "placed_by_id" = (select rowhouse.actor_id()));
comment on policy "r_485c4ce880c4" on "app"."order" is 'sales takes orders in its own name';
-- "r_679d1c89f460" lets admin delete Order: "admins do anything".
-- asked for by policies/order.policy.ts:7:3
create policy "r_679d1c89f460" on "app"."order" for delete to "invoicing_admin"
  using ("deleted_at" is null);
comment on policy "r_679d1c89f460" on "app"."order" is 'admins do anything';
-- "r_86ccd697f0b2" lets admin update Order: "admins do anything".
-- asked for by policies/order.policy.ts:7:3
create policy "r_86ccd697f0b2" on "app"."order" for update to "invoicing_admin"
  using ("deleted_at" is null)
  with check (true);
comment on policy "r_86ccd697f0b2" on "app"."order" is 'admins do anything';
-- "r_b442f675453f" lets lead read Order: "leads see the orders of their region".
-- asked for by policies/order.policy.ts:9:3
create policy "r_b442f675453f" on "app"."order" for select to "invoicing_lead"
  using ("deleted_at" is null and "customer_id" = any (array(select "rowhouse_private"."customer_399ee6744bfd"())));
comment on policy "r_b442f675453f" on "app"."order" is 'leads see the orders of their region';
-- "r_bcd9a1e3be0a" lets accountant read Order: "accountants see what was placed".
-- asked for by policies/order.policy.ts:10:3
create policy "r_bcd9a1e3be0a" on "app"."order" for select to "invoicing_accountant"
  using ("deleted_at" is null and ("status" in ('draft'::text, 'quoted'::text, 'cancelled'::text)) is not true);
comment on policy "r_bcd9a1e3be0a" on "app"."order" is 'accountants see what was placed';
-- "r_d5827915f241" lets sales update Order: "drafts are edited, but not handed to customers of others".
-- asked for by policies/order.policy.ts:21:3
create policy "r_d5827915f241" on "app"."order" for update to "invoicing_sales"
  using ("deleted_at" is null and "customer_organization_id" = any (array(select reached.id from "rowhouse_private"."reached_organizations" reached)) and "status" = 'draft'::text)
  with check ("customer_organization_id" = any (array(select reached.id from "rowhouse_private"."reached_organizations" reached)));
comment on policy "r_d5827915f241" on "app"."order" is 'drafts are edited, but not handed to customers of others';
-- "r_e55c2a123014" lets sales read Order: "sales sees the orders of its customers".
-- asked for by policies/order.policy.ts:8:3
create policy "r_e55c2a123014" on "app"."order" for select to "invoicing_sales"
  using ("deleted_at" is null and ("customer_organization_id" = any (array(select reached.id from "rowhouse_private"."reached_organizations" reached)) and (((case when "customer_organization_id" is null then "customer_organization_id" end) is null and (case when "customer_organization_id" is null then "customer_organization_id" end) is null) or "customer_organization_id" = any ("rowhouse_private"."reach_organizations"()) or (case when "customer_organization_id" is null then "customer_organization_id" end) = any ("rowhouse_private"."guess_organizations"()))));
comment on policy "r_e55c2a123014" on "app"."order" is 'sales sees the orders of its customers';
-- "r_eabe82f2a0f9" lets admin create Order: "admins do anything".
-- asked for by policies/order.policy.ts:7:3
create policy "r_eabe82f2a0f9" on "app"."order" for insert to "invoicing_admin"
  with check (true);
comment on policy "r_eabe82f2a0f9" on "app"."order" is 'admins do anything';
-- "tenant" of Order: nobody sees or writes rows of another tenant, whatever the rules say.
-- asked for by schema/order.entity.ts:4:29
create policy "tenant" on "app"."order" as restrictive for all to public
  using ("tenant_id" = (select rowhouse.tenant_id()))
  with check ("tenant_id" = (select rowhouse.tenant_id()));
comment on policy "tenant" on "app"."order" is 'Nobody sees or writes rows of another tenant.';
-- "rowhouse_1_link" lets customer and placedBy of Order lead only to live rows that the caller may read.
-- asked for by schema/order.entity.ts:17:5, schema/order.entity.ts:18:5
create trigger "rowhouse_1_link" before insert or update of "customer_id", "placed_by_id" on "app"."order" for each row when (current_user not in ('invoicing_owner', 'invoicing_private')) execute function "rowhouse_private"."link_order"();
-- "rowhouse_1_refill" of Order: Values that hang on relations of Order.
-- asked for by schema/order.entity.ts:17:5, schema/order.entity.ts:4:29
create trigger "rowhouse_1_refill" before update of "customer_id" on "app"."order" for each row execute function "rowhouse_private"."refill_order"();
-- "rowhouse_1_values" gives new rows of Order the values that the database decides.
-- asked for by schema/order.entity.ts:13:5
create trigger "rowhouse_1_values" before insert on "app"."order" for each row execute function "rowhouse_private"."values_order"();
-- "rowhouse_2_guard" holds each change of Order to one single rule, which policies alone cannot.
-- asked for by policies/order.policy.ts:7:3, policies/order.policy.ts:21:3, policies/order.policy.ts:34:3 and 2 more
create trigger "rowhouse_2_guard" before insert or update on "app"."order" for each row when (current_user not in ('invoicing_owner', 'invoicing_private')) execute function "rowhouse_private"."guard_order"();
-- "rowhouse_3_frozen" of Order: What states of Order freeze stays as it is.
-- asked for by schema/order.entity.ts:4:29
create trigger "rowhouse_3_frozen" before update on "app"."order" for each row when (current_user <> 'invoicing_owner' and old."status" = new."status" and ((old."status" = 'quoted' and old."customer_id" is distinct from new."customer_id") or (old."status" = 'quoted' and old."currency" is distinct from new."currency") or (old."status" = 'quoted' and old."quoted_until" is distinct from new."quoted_until"))) execute function "rowhouse_private"."frozen_order"();
-- "rowhouse_3_touch" keeps updatedAt of Order.
-- asked for by schema/order.entity.ts:4:29
create trigger "rowhouse_3_touch" before update on "app"."order" for each row when ((old."customer_organization_id" is not distinct from new."customer_organization_id") or not (old."customer_id" is not distinct from new."customer_id")) execute function rowhouse.touch();
-- "rowhouse_4_created" tells the server the id of each new Order.
-- asked for by schema/order.entity.ts:4:29
create trigger "rowhouse_4_created" before insert on "app"."order" for each row execute function rowhouse.note_created();

reset role;
