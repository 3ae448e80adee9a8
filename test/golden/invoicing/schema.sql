set local role ":OWNER";

-- Contact: table
create table "app"."contact" (
  "tenant_id" uuid not null default rowhouse.tenant_id(),
  "id" uuid not null default rowhouse.uuid_v7(),
  "name" text not null,
  "email" text not null,
  "phone" text,
  "part" text not null default 'buyer'::text,
  "newsletter" boolean not null default false,
  "customer_id" uuid not null,
  "customer_organization_id" uuid not null,
  "created_at" timestamp with time zone not null default now(),
  "updated_at" timestamp with time zone not null default now(),
  "deleted_at" timestamp with time zone,
  constraint "contact_pkey" primary key ("tenant_id", "id"),
  constraint "contact_name_check" check (char_length("name") <= 120),
  constraint "contact_email_check" check (char_length("email") <= 254 and "email" ~ E'^(?:[^\\u0009-\\u000d @\\u00a0\\u1680\\u2000-\\u200a\\u2028-\\u2029\\u202f\\u205f\\u3000\\ufeff]+@[^\\u0009-\\u000d .@\\u00a0\\u1680\\u2000-\\u200a\\u2028-\\u2029\\u202f\\u205f\\u3000\\ufeff]+(?:\\.[^\\u0009-\\u000d .@\\u00a0\\u1680\\u2000-\\u200a\\u2028-\\u2029\\u202f\\u205f\\u3000\\ufeff]+)+)$'),
  constraint "contact_phone_check" check ("phone" ~ E'^(?:\\+?[(0-9][ (-)\\u002d-9]{1,28}[0-9])$'),
  constraint "contact_part_check" check ("part" in ('buyer', 'billing', 'shipping'))
);
comment on table "app"."contact" is 'Somebody to talk to at a customer.';
alter table "app"."contact" enable row level security, force row level security;
-- Contact: indexes
create unique index "contact_customer_email_key" on "app"."contact" ("tenant_id", "customer_id", "email") where "deleted_at" is null;
create index "contact_customer_idx" on "app"."contact" ("tenant_id", "customer_id", "id");
create index "contact_customer_organization_carried_idx" on "app"."contact" ("tenant_id", "customer_organization_id") where "deleted_at" is null;

-- Customer: table
create table "app"."customer" (
  "tenant_id" uuid not null default rowhouse.tenant_id(),
  "id" uuid not null default rowhouse.uuid_v7(),
  "number" text not null,
  "name" text not null,
  "region" text not null,
  "website" text,
  "since" date not null default (now() at time zone 'utc')::date,
  "credit_limit" numeric(19,2) not null default '0'::numeric,
  "payment_term" integer not null default 30,
  "organization_id" uuid not null,
  "created_at" timestamp with time zone not null default now(),
  "updated_at" timestamp with time zone not null default now(),
  "deleted_at" timestamp with time zone,
  constraint "customer_pkey" primary key ("tenant_id", "id"),
  constraint "customer_organization_same_key" unique ("tenant_id", "organization_id", "id"),
  constraint "customer_number_check" check (char_length("number") <= 20),
  constraint "customer_name_check" check (char_length("name") <= 120),
  constraint "customer_region_check" check ("region" in ('eu', 'us', 'apac')),
  constraint "customer_website_check" check ("website" ~ E'^(?:https?://[^\\u0009-\\u000d \\u00a0\\u1680\\u2000-\\u200a\\u2028-\\u2029\\u202f\\u205f\\u3000\\ufeff]+)$'),
  constraint "customer_since_check" check (isfinite("since")),
  constraint "customer_credit_limit_check" check ("credit_limit" <> 'NaN' and "credit_limit" >= '0'::numeric),
  constraint "customer_payment_term_check" check ("payment_term" >= 0 and "payment_term" <= 120)
);
comment on table "app"."customer" is 'A company that buys from us.';
comment on column "app"."customer"."credit_limit" is 'What it may owe us at any time.';
alter table "app"."customer" enable row level security, force row level security;
-- Customer: indexes
create index "customer_name_idx" on "app"."customer" ("tenant_id", "name") where "deleted_at" is null;
create unique index "customer_number_key" on "app"."customer" ("tenant_id", "number") where "deleted_at" is null;
create index "customer_region_name_idx" on "app"."customer" ("tenant_id", "region", "name") where "deleted_at" is null;

-- Invoice: table
create table "app"."invoice" (
  "tenant_id" uuid not null default rowhouse.tenant_id(),
  "id" uuid not null default rowhouse.uuid_v7(),
  "number" text not null,
  "issued_at" timestamp with time zone not null default now(),
  "due_on" date,
  "currency" text not null default 'EUR'::text,
  "amount" numeric(19,2) not null,
  "order_id" uuid not null,
  "order_customer_organization_id" uuid not null,
  "paid" numeric,
  "balance" numeric,
  "status" text not null default 'draft'::text,
  "created_at" timestamp with time zone not null default now(),
  "updated_at" timestamp with time zone not null default now(),
  "deleted_at" timestamp with time zone,
  constraint "invoice_pkey" primary key ("tenant_id", "id"),
  constraint "invoice_order_customer_organization_same_key" unique ("tenant_id", "order_customer_organization_id", "id"),
  constraint "invoice_issued_at_check" check (isfinite("issued_at")),
  constraint "invoice_due_on_check" check (isfinite("due_on")),
  constraint "invoice_currency_check" check ("currency" in ('EUR', 'USD', 'GBP')),
  constraint "invoice_amount_check" check ("amount" <> 'NaN' and "amount" >= '0'::numeric),
  constraint "invoice_status_check" check ("status" in ('draft', 'sent', 'reminded', 'warned', 'paid', 'void'))
);
comment on table "app"."invoice" is 'What a customer owes us for an order.';
comment on column "app"."invoice"."balance" is 'What is still to be paid.';
alter table "app"."invoice" enable row level security, force row level security;
-- Invoice: indexes
create index "invoice_balance_idx" on "app"."invoice" ("tenant_id", "balance" desc) where "deleted_at" is null;
create unique index "invoice_number_key" on "app"."invoice" ("tenant_id", "number");
create index "invoice_order_idx" on "app"."invoice" ("tenant_id", "order_id");
create unique index "invoice_order_key" on "app"."invoice" ("tenant_id", "order_id") where "deleted_at" is null;
create index "invoice_status_due_on_idx" on "app"."invoice" ("tenant_id", "status", "due_on") where "deleted_at" is null;

-- InvoiceTransition: table
create table "app"."invoice_transition" (
  "tenant_id" uuid not null default rowhouse.tenant_id(),
  "step" integer not null,
  "verb" text not null,
  "from" text not null,
  "to" text not null,
  "at" timestamp with time zone not null,
  "note" text,
  "invoice_id" uuid not null,
  "by_id" uuid,
  constraint "invoice_transition_pkey" primary key ("tenant_id", "invoice_id", "step")
);
comment on table "app"."invoice_transition" is 'Changes of the state of rows of Invoice.';
comment on column "app"."invoice_transition"."step" is 'Counts the transitions of a row, from 1.';
comment on column "app"."invoice_transition"."verb" is 'What was done: the name of the transition.';
comment on column "app"."invoice_transition"."from" is 'The state that the row left.';
comment on column "app"."invoice_transition"."to" is 'The state that the row came to.';
comment on column "app"."invoice_transition"."at" is 'When it was done.';
comment on column "app"."invoice_transition"."note" is 'What whoever did it said of it; shown to all who see the row.';
comment on column "app"."invoice_transition"."invoice_id" is 'The row whose state was changed, as it is now.';
comment on column "app"."invoice_transition"."by_id" is 'Who changed it; nobody where the app knows no such caller, or where that one was deleted.';
alter table "app"."invoice_transition" enable row level security, force row level security;
-- InvoiceTransition: indexes
create index "invoice_transition_by_idx" on "app"."invoice_transition" ("tenant_id", "by_id");

-- Membership: table
create table "app"."membership" (
  "tenant_id" uuid not null default rowhouse.tenant_id(),
  "id" uuid not null default rowhouse.uuid_v7(),
  "level" text not null,
  "since" date not null default (now() at time zone 'utc')::date,
  "user_id" uuid not null,
  "organization_id" uuid not null,
  "created_at" timestamp with time zone not null default now(),
  "updated_at" timestamp with time zone not null default now(),
  "deleted_at" timestamp with time zone,
  constraint "membership_pkey" primary key ("tenant_id", "id"),
  constraint "membership_level_check" check ("level" in ('member', 'manager')),
  constraint "membership_since_check" check (isfinite("since"))
);
comment on table "app"."membership" is 'Somebody works for an organization. Customers, orders and invoices of the organization follow from it.';
alter table "app"."membership" enable row level security, force row level security;
-- Membership: indexes
create index "membership_organization_idx" on "app"."membership" ("tenant_id", "organization_id", "id");
create index "membership_user_idx" on "app"."membership" ("tenant_id", "user_id", "id");
create unique index "membership_user_organization_key" on "app"."membership" ("tenant_id", "user_id", "organization_id") where "deleted_at" is null;

-- Order: table
create table "app"."order" (
  "tenant_id" uuid not null default rowhouse.tenant_id(),
  "id" uuid not null default rowhouse.uuid_v7(),
  "number" text not null,
  "quoted_until" date,
  "wanted_on" date,
  "promised_on" date,
  "notes" text,
  "currency" text not null default 'EUR'::text,
  "margin" numeric(19,2),
  "customer_id" uuid not null,
  "placed_by_id" uuid not null default rowhouse.actor_id(),
  "customer_organization_id" uuid not null,
  "status" text not null default 'draft'::text,
  "created_at" timestamp with time zone not null default now(),
  "updated_at" timestamp with time zone not null default now(),
  "deleted_at" timestamp with time zone,
  constraint "order_pkey" primary key ("tenant_id", "id"),
  constraint "order_customer_organization_same_key" unique ("tenant_id", "customer_organization_id", "id"),
  constraint "order_number_check" check (char_length("number") <= 20),
  constraint "order_quoted_until_check" check (isfinite("quoted_until")),
  constraint "order_wanted_on_check" check (isfinite("wanted_on")),
  constraint "order_promised_on_check" check (isfinite("promised_on")),
  constraint "order_notes_check" check (char_length("notes") <= 2000),
  constraint "order_currency_check" check ("currency" in ('EUR', 'USD', 'GBP')),
  constraint "order_margin_check" check ("margin" <> 'NaN'),
  constraint "order_status_check" check ("status" in ('draft', 'quoted', 'placed', 'approved', 'shipped', 'cancelled')),
  constraint "order__quoted_state_check" check ("status" <> 'quoted' or "quoted_until" is not null),
  constraint "order_rule_f27d1b372ce0" check ("promised_on" >= "wanted_on")
);
comment on table "app"."order" is 'What a customer asked for.';
comment on column "app"."order"."quoted_until" is 'The last day on which the customer may accept the quote.';
comment on column "app"."order"."margin" is 'What is left for us.';
comment on constraint "order_rule_f27d1b372ce0" on "app"."order" is 'promised no earlier than wanted';
alter table "app"."order" enable row level security, force row level security;
-- Order: indexes
create index "order_created_at_idx" on "app"."order" ("tenant_id", "created_at" desc) where "deleted_at" is null;
create index "order_customer_idx" on "app"."order" ("tenant_id", "customer_id", "id");
create unique index "order_number_key" on "app"."order" ("tenant_id", "number") where "deleted_at" is null;
create index "order_placed_by_idx" on "app"."order" ("tenant_id", "placed_by_id");
create index "order_status_wanted_on_idx" on "app"."order" ("tenant_id", "status", "wanted_on" desc) where "deleted_at" is null;

-- OrderLine: table
create table "app"."order_line" (
  "tenant_id" uuid not null default rowhouse.tenant_id(),
  "id" uuid not null default rowhouse.uuid_v7(),
  "quantity" integer not null,
  "unit_price" numeric(19,2) not null,
  "discount" numeric(4,3) not null default '0'::numeric,
  "order_id" uuid not null,
  "product_id" uuid not null,
  "order_position" integer not null,
  "order_customer_organization_id" uuid not null,
  "created_at" timestamp with time zone not null default now(),
  "updated_at" timestamp with time zone not null default now(),
  "deleted_at" timestamp with time zone,
  constraint "order_line_pkey" primary key ("tenant_id", "id"),
  constraint "order_line_order_position_key" unique ("tenant_id", "order_id", "order_position") deferrable,
  constraint "order_line_quantity_check" check ("quantity" >= 1),
  constraint "order_line_unit_price_check" check ("unit_price" <> 'NaN' and "unit_price" >= '0'::numeric),
  constraint "order_line_discount_check" check ("discount" <> 'NaN' and "discount" >= '0'::numeric and "discount" <= '1'::numeric)
);
comment on table "app"."order_line" is 'One product on one order.';
comment on column "app"."order_line"."unit_price" is 'That of the price list, unless agreed otherwise.';
comment on column "app"."order_line"."discount" is '0.1 is ten percent.';
alter table "app"."order_line" enable row level security, force row level security;
-- OrderLine: indexes
create index "order_line_order_customer_organization_carried_idx" on "app"."order_line" ("tenant_id", "order_customer_organization_id") where "deleted_at" is null;
create index "order_line_order_idx" on "app"."order_line" ("tenant_id", "order_id");
create index "order_line_product_idx" on "app"."order_line" ("tenant_id", "product_id", "id");

-- OrderTransition: table
create table "app"."order_transition" (
  "tenant_id" uuid not null default rowhouse.tenant_id(),
  "step" integer not null,
  "verb" text not null,
  "from" text not null,
  "to" text not null,
  "at" timestamp with time zone not null,
  "note" text,
  "order_id" uuid not null,
  "by_id" uuid,
  constraint "order_transition_pkey" primary key ("tenant_id", "order_id", "step")
);
comment on table "app"."order_transition" is 'Changes of the state of rows of Order.';
comment on column "app"."order_transition"."step" is 'Counts the transitions of a row, from 1.';
comment on column "app"."order_transition"."verb" is 'What was done: the name of the transition.';
comment on column "app"."order_transition"."from" is 'The state that the row left.';
comment on column "app"."order_transition"."to" is 'The state that the row came to.';
comment on column "app"."order_transition"."at" is 'When it was done.';
comment on column "app"."order_transition"."note" is 'What whoever did it said of it; shown to all who see the row.';
comment on column "app"."order_transition"."order_id" is 'The row whose state was changed, as it is now.';
comment on column "app"."order_transition"."by_id" is 'Who changed it; nobody where the app knows no such caller, or where that one was deleted.';
alter table "app"."order_transition" enable row level security, force row level security;
-- OrderTransition: indexes
create index "order_transition_by_idx" on "app"."order_transition" ("tenant_id", "by_id");

-- Organization: table
create table "app"."organization" (
  "tenant_id" uuid not null default rowhouse.tenant_id(),
  "id" uuid not null default rowhouse.uuid_v7(),
  "name" text not null,
  "slug" text not null,
  "opens_at" time without time zone not null default '08:00'::time without time zone,
  "created_at" timestamp with time zone not null default now(),
  "updated_at" timestamp with time zone not null default now(),
  "deleted_at" timestamp with time zone,
  constraint "organization_pkey" primary key ("tenant_id", "id"),
  constraint "organization_name_check" check (char_length("name") <= 120),
  constraint "organization_slug_check" check (char_length("slug") <= 40 and "slug" ~ '^(?:[0-9a-z]+(?:-[0-9a-z]+)*)$'),
  constraint "organization_opens_at_check" check ("opens_at" < '24:00')
);
comment on table "app"."organization" is 'A branch that looks after its own customers.';
comment on column "app"."organization"."opens_at" is 'Local time of the branch.';
alter table "app"."organization" enable row level security, force row level security;
-- Organization: indexes
create unique index "organization_slug_key" on "app"."organization" ("tenant_id", "slug") where "deleted_at" is null;

-- Payment: table
create table "app"."payment" (
  "tenant_id" uuid not null default rowhouse.tenant_id(),
  "id" uuid not null default rowhouse.uuid_v7(),
  "received_at" timestamp with time zone not null default now(),
  "method" text not null default 'transfer'::text,
  "reference" text,
  "amount" numeric(19,2) not null,
  "invoice_id" uuid not null,
  "invoice_order_customer_organization_id" uuid not null,
  "created_at" timestamp with time zone not null default now(),
  "updated_at" timestamp with time zone not null default now(),
  "deleted_at" timestamp with time zone,
  constraint "payment_pkey" primary key ("tenant_id", "id"),
  constraint "payment_received_at_check" check (isfinite("received_at")),
  constraint "payment_method_check" check ("method" in ('transfer', 'card', 'cash')),
  constraint "payment_reference_check" check (char_length("reference") <= 80),
  constraint "payment_amount_check" check ("amount" <> 'NaN')
);
comment on table "app"."payment" is 'Money that came in.';
comment on column "app"."payment"."reference" is 'What the bank statement says.';
alter table "app"."payment" enable row level security, force row level security;
-- Payment: indexes
create index "payment_invoice_idx" on "app"."payment" ("tenant_id", "invoice_id", "id");
create index "payment_invoice_order_customer_organization_carried_idx" on "app"."payment" ("tenant_id", "invoice_order_customer_organization_id") where "deleted_at" is null;
create index "payment_received_at_idx" on "app"."payment" ("tenant_id", "received_at" desc) where "deleted_at" is null;

-- Product: table
create table "app"."product" (
  "tenant_id" uuid not null default rowhouse.tenant_id(),
  "id" uuid not null default rowhouse.uuid_v7(),
  "sku" text not null,
  "name" text not null,
  "description" text,
  "price" numeric(19,2) not null,
  "weight" double precision,
  "stock" integer not null default 0,
  "barcode" bigint,
  "catalog_id" uuid not null default gen_random_uuid(),
  "active" boolean not null default true,
  "created_at" timestamp with time zone not null default now(),
  "updated_at" timestamp with time zone not null default now(),
  "deleted_at" timestamp with time zone,
  constraint "product_pkey" primary key ("tenant_id", "id"),
  constraint "product_sku_check" check (char_length("sku") <= 7 and "sku" ~ '^(?:[A-Z]{2}-[0-9]{4})$'),
  constraint "product_name_check" check (char_length("name") <= 120),
  constraint "product_price_check" check ("price" <> 'NaN' and "price" >= '0'::numeric),
  constraint "product_weight_check" check ("weight" > '-Infinity' and "weight" < 'Infinity' and "weight" >= '0'::double precision),
  constraint "product_stock_check" check ("stock" >= 0),
  constraint "product_barcode_check" check ("barcode" >= '0'::bigint)
);
comment on table "app"."product" is 'Something we sell.';
comment on column "app"."product"."weight" is 'Kilograms, with packaging.';
comment on column "app"."product"."barcode" is 'GTIN.';
comment on column "app"."product"."catalog_id" is 'What the supplier catalog calls it.';
alter table "app"."product" enable row level security, force row level security;
-- Product: indexes
create unique index "product_barcode_key" on "app"."product" ("tenant_id", "barcode") where "deleted_at" is null;
create unique index "product_catalog_id_key" on "app"."product" ("tenant_id", "catalog_id") where "deleted_at" is null;
create unique index "product_sku_key" on "app"."product" ("tenant_id", "sku") where "deleted_at" is null;

-- User: table
create table "app"."user" (
  "id" uuid not null default rowhouse.uuid_v7(),
  "name" text not null,
  "email" text not null,
  "phone" text,
  "timezone" text not null default 'Europe/Berlin'::text,
  "created_at" timestamp with time zone not null default now(),
  "updated_at" timestamp with time zone not null default now(),
  "deleted_at" timestamp with time zone,
  constraint "user_pkey" primary key ("id"),
  constraint "user_name_check" check (char_length("name") <= 120),
  constraint "user_email_check" check (char_length("email") <= 254 and "email" ~ E'^(?:[^\\u0009-\\u000d @\\u00a0\\u1680\\u2000-\\u200a\\u2028-\\u2029\\u202f\\u205f\\u3000\\ufeff]+@[^\\u0009-\\u000d .@\\u00a0\\u1680\\u2000-\\u200a\\u2028-\\u2029\\u202f\\u205f\\u3000\\ufeff]+(?:\\.[^\\u0009-\\u000d .@\\u00a0\\u1680\\u2000-\\u200a\\u2028-\\u2029\\u202f\\u205f\\u3000\\ufeff]+)+)$'),
  constraint "user_phone_check" check ("phone" ~ E'^(?:\\+?[(0-9][ (-)\\u002d-9]{1,28}[0-9])$'),
  constraint "user_timezone_check" check ("timezone" ~ E'^(?:[A-Za-z][+\\u002d0-9A-Z_a-z]*(?:/[+\\u002d0-9A-Z_a-z]+)*)$')
);
comment on table "app"."user" is 'A person who signs in. One account serves every tenant; what it may do there is said by roles and memberships.';
alter table "app"."user" enable row level security, force row level security;
-- User: indexes
create unique index "user_email_key" on "app"."user" (lower("email")) where "deleted_at" is null;

-- Contact: references
alter table "app"."contact" add constraint "contact_tenant_fkey" foreign key ("tenant_id") references rowhouse.tenant ("id");
alter table "app"."contact" add constraint "contact_customer_fkey" foreign key ("tenant_id", "customer_id") references "app"."customer" ("tenant_id", "id") on delete cascade;
alter table "app"."contact" add constraint "contact_customer_organization_carried_fkey" foreign key ("tenant_id", "customer_id", "customer_organization_id") references "app"."customer" ("tenant_id", "id", "organization_id") on update cascade on delete cascade;

-- Customer: references
alter table "app"."customer" add constraint "customer_tenant_fkey" foreign key ("tenant_id") references rowhouse.tenant ("id");
alter table "app"."customer" add constraint "customer_organization_fkey" foreign key ("tenant_id", "organization_id") references "app"."organization" ("tenant_id", "id") on delete restrict;

-- Invoice: references
alter table "app"."invoice" add constraint "invoice_tenant_fkey" foreign key ("tenant_id") references rowhouse.tenant ("id");
alter table "app"."invoice" add constraint "invoice_order_fkey" foreign key ("tenant_id", "order_id") references "app"."order" ("tenant_id", "id") on delete restrict;
alter table "app"."invoice" add constraint "invoice_order_customer_organization_carried_fkey" foreign key ("tenant_id", "order_id", "order_customer_organization_id") references "app"."order" ("tenant_id", "id", "customer_organization_id") on update cascade on delete restrict;

-- InvoiceTransition: references
alter table "app"."invoice_transition" add constraint "invoice_transition_invoice_fkey" foreign key ("tenant_id", "invoice_id") references "app"."invoice" ("tenant_id", "id") on delete cascade;
alter table "app"."invoice_transition" add constraint "invoice_transition_by_fkey" foreign key ("by_id") references "app"."user" ("id") on delete set null ("by_id");

-- Membership: references
alter table "app"."membership" add constraint "membership_tenant_fkey" foreign key ("tenant_id") references rowhouse.tenant ("id");
alter table "app"."membership" add constraint "membership_user_fkey" foreign key ("user_id") references "app"."user" ("id") on delete cascade;
alter table "app"."membership" add constraint "membership_organization_fkey" foreign key ("tenant_id", "organization_id") references "app"."organization" ("tenant_id", "id") on delete cascade;

-- Order: references
alter table "app"."order" add constraint "order_tenant_fkey" foreign key ("tenant_id") references rowhouse.tenant ("id");
alter table "app"."order" add constraint "order_customer_fkey" foreign key ("tenant_id", "customer_id") references "app"."customer" ("tenant_id", "id") on delete restrict;
alter table "app"."order" add constraint "order_placed_by_fkey" foreign key ("placed_by_id") references "app"."user" ("id") on delete restrict;
alter table "app"."order" add constraint "order_customer_organization_carried_fkey" foreign key ("tenant_id", "customer_id", "customer_organization_id") references "app"."customer" ("tenant_id", "id", "organization_id") on update cascade on delete restrict;

-- OrderLine: references
alter table "app"."order_line" add constraint "order_line_tenant_fkey" foreign key ("tenant_id") references rowhouse.tenant ("id");
alter table "app"."order_line" add constraint "order_line_order_fkey" foreign key ("tenant_id", "order_id") references "app"."order" ("tenant_id", "id") on delete cascade;
alter table "app"."order_line" add constraint "order_line_product_fkey" foreign key ("tenant_id", "product_id") references "app"."product" ("tenant_id", "id") on delete restrict;
alter table "app"."order_line" add constraint "order_line_order_customer_organization_carried_fkey" foreign key ("tenant_id", "order_id", "order_customer_organization_id") references "app"."order" ("tenant_id", "id", "customer_organization_id") on update cascade on delete cascade;

-- OrderTransition: references
alter table "app"."order_transition" add constraint "order_transition_order_fkey" foreign key ("tenant_id", "order_id") references "app"."order" ("tenant_id", "id") on delete cascade;
alter table "app"."order_transition" add constraint "order_transition_by_fkey" foreign key ("by_id") references "app"."user" ("id") on delete set null ("by_id");

-- Organization: references
alter table "app"."organization" add constraint "organization_tenant_fkey" foreign key ("tenant_id") references rowhouse.tenant ("id");

-- Payment: references
alter table "app"."payment" add constraint "payment_tenant_fkey" foreign key ("tenant_id") references rowhouse.tenant ("id");
alter table "app"."payment" add constraint "payment_invoice_fkey" foreign key ("tenant_id", "invoice_id") references "app"."invoice" ("tenant_id", "id") on delete restrict;
alter table "app"."payment" add constraint "payment_invoice_order_customer_organization_carried_fkey" foreign key ("tenant_id", "invoice_id", "invoice_order_customer_organization_id") references "app"."invoice" ("tenant_id", "id", "order_customer_organization_id") on update cascade on delete restrict;

-- Product: references
alter table "app"."product" add constraint "product_tenant_fkey" foreign key ("tenant_id") references rowhouse.tenant ("id");

set local role ":PRIVATE";

-- Organization: view
create view "rowhouse_private"."reached_managed" with (security_barrier) as (
select reached.id from (select t0."organization_id" from "app"."membership" t0 where t0."user_id" = (select rowhouse.actor_id()) and t0."deleted_at" is null and t0."level" = 'manager'::text) reached (id)
);
comment on view "rowhouse_private"."reached_managed" is 'Rows of Organization that a live Membership links to the caller.';
grant select on "rowhouse_private"."reached_managed" to ":ROLE_SALES";

set local role ":PRIVATE";

-- Organization: view
create view "rowhouse_private"."reached_organizations" with (security_barrier) as (
select reached.id from (select t0."organization_id" from "app"."membership" t0 where t0."user_id" = (select rowhouse.actor_id()) and t0."deleted_at" is null) reached (id)
);
comment on view "rowhouse_private"."reached_organizations" is 'Rows of Organization that a live Membership links to the caller.';
grant select on "rowhouse_private"."reached_organizations" to ":MEMBER";
grant select on "rowhouse_private"."reached_organizations" to ":ROLE_SALES";

set local role ":PRIVATE";

-- Rows of Organization that a live Membership links to the caller.
create or replace function "rowhouse_private"."reach_managed"() returns uuid[]
  language sql stable security definer
begin atomic
  select array(select t0."organization_id" from "app"."membership" t0 where t0."user_id" = (select rowhouse.actor_id()) and t0."deleted_at" is null and t0."level" = 'manager'::text);
end;
revoke all on function "rowhouse_private"."reach_managed"() from public;
grant execute on function "rowhouse_private"."reach_managed"() to ":MEMBER", ":ROLE_SALES";
comment on function "rowhouse_private"."reach_managed"() is 'Rows of Organization that a live Membership links to the caller.';

-- Rows of Organization that a live Membership links to the caller.
create or replace function "rowhouse_private"."reach_organizations"() returns uuid[]
  language sql stable security definer
begin atomic
  select array(select t0."organization_id" from "app"."membership" t0 where t0."user_id" = (select rowhouse.actor_id()) and t0."deleted_at" is null);
end;
revoke all on function "rowhouse_private"."reach_organizations"() from public;
grant execute on function "rowhouse_private"."reach_organizations"() to ":MEMBER", ":ROLE_SALES";
comment on function "rowhouse_private"."reach_organizations"() is 'Rows of Organization that a live Membership links to the caller.';

-- As many values as the planner should think actor.managed makes of a column.
create or replace function "rowhouse_private"."guess_managed"() returns uuid[]
  language sql stable security definer
begin atomic
  select array_fill(one.ids[1], array[least(cardinality(one.ids) ^ 2 / 5, 200)::integer]) from (select "rowhouse_private"."reach_managed"() as ids offset 0) one;
end;
revoke all on function "rowhouse_private"."guess_managed"() from public;
grant execute on function "rowhouse_private"."guess_managed"() to ":MEMBER", ":ROLE_SALES";
comment on function "rowhouse_private"."guess_managed"() is 'As many values as the planner should think actor.managed makes of a column.';

-- As many values as the planner should think actor.organizations makes of a column.
create or replace function "rowhouse_private"."guess_organizations"() returns uuid[]
  language sql stable security definer
begin atomic
  select array_fill(one.ids[1], array[least(cardinality(one.ids) ^ 2 / 5, 200)::integer]) from (select "rowhouse_private"."reach_organizations"() as ids offset 0) one;
end;
revoke all on function "rowhouse_private"."guess_organizations"() from public;
grant execute on function "rowhouse_private"."guess_organizations"() to ":MEMBER", ":ROLE_SALES";
comment on function "rowhouse_private"."guess_organizations"() is 'As many values as the planner should think actor.organizations makes of a column.';

-- Live rows of Customer that a rule on a relation asks for.
create or replace function "rowhouse_private"."customer_399ee6744bfd"() returns setof uuid
  language sql stable security definer
begin atomic
  select t0."id" from "app"."customer" t0 where t0."deleted_at" is null and t0."region" = (select rowhouse.claim('region'));
end;
revoke all on function "rowhouse_private"."customer_399ee6744bfd"() from public;
grant execute on function "rowhouse_private"."customer_399ee6744bfd"() to ":ROLE_LEAD";
comment on function "rowhouse_private"."customer_399ee6744bfd"() is 'Live rows of Customer that a rule on a relation asks for.';

-- Live rows of Order that a rule on a relation asks for.
create or replace function "rowhouse_private"."order_49ad8293a315"() returns setof uuid
  language sql stable security definer
begin atomic
  select t0."id" from "app"."order" t0 where t0."deleted_at" is null and exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."region" = (select rowhouse.claim('region')));
end;
revoke all on function "rowhouse_private"."order_49ad8293a315"() from public;
grant execute on function "rowhouse_private"."order_49ad8293a315"() to ":ROLE_LEAD";
comment on function "rowhouse_private"."order_49ad8293a315"() is 'Live rows of Order that a rule on a relation asks for.';

-- Live rows of Order that a rule on a relation asks for.
create or replace function "rowhouse_private"."order_9da468a5857c"() returns setof uuid
  language sql stable security definer
begin atomic
  select t0."id" from "app"."order" t0 where t0."deleted_at" is null and exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])) and t0."status" = 'draft'::text;
end;
revoke all on function "rowhouse_private"."order_9da468a5857c"() from public;
grant execute on function "rowhouse_private"."order_9da468a5857c"() to ":ROLE_SALES";
comment on function "rowhouse_private"."order_9da468a5857c"() is 'Live rows of Order that a rule on a relation asks for.';

-- Live rows of Order that a rule on a relation asks for.
create or replace function "rowhouse_private"."order_f98695acb718"() returns setof uuid
  language sql stable security definer
begin atomic
  select t0."id" from "app"."order" t0 where t0."deleted_at" is null and (t0."status" in ('draft'::text, 'quoted'::text, 'cancelled'::text)) is not true;
end;
revoke all on function "rowhouse_private"."order_f98695acb718"() from public;
grant execute on function "rowhouse_private"."order_f98695acb718"() to ":ROLE_ACCOUNTANT";
comment on function "rowhouse_private"."order_f98695acb718"() is 'Live rows of Order that a rule on a relation asks for.';

-- lineCount of Order, from its id.
create or replace function "rowhouse_private"."computed_order_line_count_c5383008"(uuid) returns integer
  language sql stable security definer
begin atomic
  select ((select count(*)::numeric from "app"."order_line" t1 where t1."order_id" = $1 and t1."deleted_at" is null))::integer;
end;
revoke all on function "rowhouse_private"."computed_order_line_count_c5383008"(uuid) from public;
grant execute on function "rowhouse_private"."computed_order_line_count_c5383008"(uuid) to ":MEMBER", ":ROLE_ACCOUNTANT", ":ROLE_ADMIN", ":ROLE_LEAD", ":ROLE_SALES";
comment on function "rowhouse_private"."computed_order_line_count_c5383008"(uuid) is 'lineCount of Order, from its id.';

-- total of Order, from its id.
create or replace function "rowhouse_private"."computed_order_total_b9a9ca66"(uuid) returns numeric
  language sql stable security definer
begin atomic
  select round((select coalesce(sum(v1.v), 0) from (select round(((t1."unit_price" * (t1."quantity")::numeric) * ('1'::numeric - t1."discount")), 2) as v from "app"."order_line" t1 where t1."order_id" = $1 and t1."deleted_at" is null) v1), 2);
end;
revoke all on function "rowhouse_private"."computed_order_total_b9a9ca66"(uuid) from public;
grant execute on function "rowhouse_private"."computed_order_total_b9a9ca66"(uuid) to ":MEMBER", ":ROLE_ACCOUNTANT", ":ROLE_ADMIN", ":ROLE_LEAD", ":ROLE_SALES";
comment on function "rowhouse_private"."computed_order_total_b9a9ca66"(uuid) is 'total of Order, from its id.';

-- Whether the read rules of Contact show the row to the caller.
create or replace function "rowhouse_private"."may_read_contact"(row_id uuid) returns boolean
  language sql stable security definer
begin atomic
  select exists (select from "app"."contact" t0 cross join (select coalesce(nullif(current_setting('role'), 'none'), session_user::text) as role) caller where t0."id" = $1 and ((pg_has_role(caller.role, ':ROLE_ACCOUNTANT', 'usage') and t0."part" = 'billing'::text) or (pg_has_role(caller.role, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller.role, ':ROLE_LEAD', 'usage') and exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."region" = (select rowhouse.claim('region')))) or (pg_has_role(caller.role, ':ROLE_SALES', 'usage') and exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])))));
end;
revoke all on function "rowhouse_private"."may_read_contact"(uuid) from public;
comment on function "rowhouse_private"."may_read_contact"(uuid) is 'Whether the read rules of Contact show the row to the caller.';

-- Whether the read rules of Customer show the row to the caller.
create or replace function "rowhouse_private"."may_read_customer"(row_id uuid) returns boolean
  language sql stable security definer
begin atomic
  select exists (select from "app"."customer" t0 cross join (select coalesce(nullif(current_setting('role'), 'none'), session_user::text) as role) caller where t0."id" = $1 and ((pg_has_role(caller.role, ':ROLE_ACCOUNTANT', 'usage')) or (pg_has_role(caller.role, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller.role, ':ROLE_LEAD', 'usage') and t0."region" = (select rowhouse.claim('region'))) or (pg_has_role(caller.role, ':ROLE_SALES', 'usage') and t0."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[]))));
end;
revoke all on function "rowhouse_private"."may_read_customer"(uuid) from public;
comment on function "rowhouse_private"."may_read_customer"(uuid) is 'Whether the read rules of Customer show the row to the caller.';

-- Whether the read rules of Invoice show the row to the caller.
create or replace function "rowhouse_private"."may_read_invoice"(row_id uuid) returns boolean
  language sql stable security definer
begin atomic
  select exists (select from "app"."invoice" t0 cross join (select coalesce(nullif(current_setting('role'), 'none'), session_user::text) as role) caller where t0."id" = $1 and ((pg_has_role(caller.role, ':ROLE_ACCOUNTANT', 'usage')) or (pg_has_role(caller.role, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller.role, ':ROLE_SALES', 'usage') and t0."status" is distinct from 'draft'::text and exists (select from "app"."order" t1 where t1."id" = t0."order_id" and t1."deleted_at" is null and exists (select from "app"."customer" t2 where t2."id" = t1."customer_id" and t2."deleted_at" is null and t2."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[]))))));
end;
revoke all on function "rowhouse_private"."may_read_invoice"(uuid) from public;
comment on function "rowhouse_private"."may_read_invoice"(uuid) is 'Whether the read rules of Invoice show the row to the caller.';

-- Whether the read rules of Membership show the row to the caller.
create or replace function "rowhouse_private"."may_read_membership"(row_id uuid) returns boolean
  language sql stable security definer
begin atomic
  select exists (select from "app"."membership" t0 cross join (select coalesce(nullif(current_setting('role'), 'none'), session_user::text) as role) caller where t0."id" = $1 and ((pg_has_role(caller.role, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller.role, ':MEMBER', 'usage') and (t0."user_id" = (select rowhouse.actor_id()) or t0."organization_id" = any ((select "rowhouse_private"."reach_managed"())::uuid[])))));
end;
revoke all on function "rowhouse_private"."may_read_membership"(uuid) from public;
comment on function "rowhouse_private"."may_read_membership"(uuid) is 'Whether the read rules of Membership show the row to the caller.';

-- Whether the read rules of Order show the row to the caller.
create or replace function "rowhouse_private"."may_read_order"(row_id uuid) returns boolean
  language sql stable security definer
begin atomic
  select exists (select from "app"."order" t0 cross join (select coalesce(nullif(current_setting('role'), 'none'), session_user::text) as role) caller where t0."id" = $1 and ((pg_has_role(caller.role, ':ROLE_ACCOUNTANT', 'usage') and (t0."status" in ('draft'::text, 'quoted'::text, 'cancelled'::text)) is not true) or (pg_has_role(caller.role, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller.role, ':ROLE_LEAD', 'usage') and exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."region" = (select rowhouse.claim('region')))) or (pg_has_role(caller.role, ':ROLE_SALES', 'usage') and exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])))));
end;
revoke all on function "rowhouse_private"."may_read_order"(uuid) from public;
comment on function "rowhouse_private"."may_read_order"(uuid) is 'Whether the read rules of Order show the row to the caller.';

-- Whether the read rules of OrderLine show the row to the caller.
create or replace function "rowhouse_private"."may_read_order_line"(row_id uuid) returns boolean
  language sql stable security definer
begin atomic
  select exists (select from "app"."order_line" t0 cross join (select coalesce(nullif(current_setting('role'), 'none'), session_user::text) as role) caller where t0."id" = $1 and ((pg_has_role(caller.role, ':ROLE_ACCOUNTANT', 'usage') and exists (select from "app"."order" t1 where t1."id" = t0."order_id" and t1."deleted_at" is null and (t1."status" in ('draft'::text, 'quoted'::text, 'cancelled'::text)) is not true)) or (pg_has_role(caller.role, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller.role, ':ROLE_LEAD', 'usage') and exists (select from "app"."order" t1 where t1."id" = t0."order_id" and t1."deleted_at" is null and exists (select from "app"."customer" t2 where t2."id" = t1."customer_id" and t2."deleted_at" is null and t2."region" = (select rowhouse.claim('region'))))) or (pg_has_role(caller.role, ':ROLE_SALES', 'usage') and exists (select from "app"."order" t1 where t1."id" = t0."order_id" and t1."deleted_at" is null and exists (select from "app"."customer" t2 where t2."id" = t1."customer_id" and t2."deleted_at" is null and t2."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[]))))));
end;
revoke all on function "rowhouse_private"."may_read_order_line"(uuid) from public;
comment on function "rowhouse_private"."may_read_order_line"(uuid) is 'Whether the read rules of OrderLine show the row to the caller.';

-- Whether the read rules of Organization show the row to the caller.
create or replace function "rowhouse_private"."may_read_organization"(row_id uuid) returns boolean
  language sql stable security definer
begin atomic
  select exists (select from "app"."organization" t0 cross join (select coalesce(nullif(current_setting('role'), 'none'), session_user::text) as role) caller where t0."id" = $1 and ((pg_has_role(caller.role, ':ROLE_ADMIN', 'usage')) or ((pg_has_role(caller.role, ':ROLE_ACCOUNTANT', 'usage') or pg_has_role(caller.role, ':ROLE_LEAD', 'usage'))) or (pg_has_role(caller.role, ':MEMBER', 'usage') and t0."id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[]))));
end;
revoke all on function "rowhouse_private"."may_read_organization"(uuid) from public;
comment on function "rowhouse_private"."may_read_organization"(uuid) is 'Whether the read rules of Organization show the row to the caller.';

-- Whether the read rules of Payment show the row to the caller.
create or replace function "rowhouse_private"."may_read_payment"(row_id uuid) returns boolean
  language sql stable security definer
begin atomic
  select exists (select from "app"."payment" t0 cross join (select coalesce(nullif(current_setting('role'), 'none'), session_user::text) as role) caller where t0."id" = $1 and ((pg_has_role(caller.role, ':ROLE_ACCOUNTANT', 'usage')) or (pg_has_role(caller.role, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller.role, ':ROLE_SALES', 'usage') and exists (select from "app"."invoice" t1 where t1."id" = t0."invoice_id" and t1."deleted_at" is null and exists (select from "app"."order" t2 where t2."id" = t1."order_id" and t2."deleted_at" is null and exists (select from "app"."customer" t3 where t3."id" = t2."customer_id" and t3."deleted_at" is null and t3."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])))))));
end;
revoke all on function "rowhouse_private"."may_read_payment"(uuid) from public;
comment on function "rowhouse_private"."may_read_payment"(uuid) is 'Whether the read rules of Payment show the row to the caller.';

-- Whether the read rules of Product show the row to the caller.
create or replace function "rowhouse_private"."may_read_product"(row_id uuid) returns boolean
  language sql stable security definer
begin atomic
  select exists (select from "app"."product" t0 cross join (select coalesce(nullif(current_setting('role'), 'none'), session_user::text) as role) caller where t0."id" = $1 and ((pg_has_role(caller.role, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller.role, ':MEMBER', 'usage'))));
end;
revoke all on function "rowhouse_private"."may_read_product"(uuid) from public;
comment on function "rowhouse_private"."may_read_product"(uuid) is 'Whether the read rules of Product show the row to the caller.';

-- Whether the read rules of User show the row to the caller.
create or replace function "rowhouse_private"."may_read_user"(row_id uuid) returns boolean
  language sql stable security definer
begin atomic
  select exists (select from "app"."user" t0 cross join (select coalesce(nullif(current_setting('role'), 'none'), session_user::text) as role) caller where t0."id" = $1 and ((pg_has_role(caller.role, ':MEMBER', 'usage') and t0."id" = (select rowhouse.actor_id()))));
end;
revoke all on function "rowhouse_private"."may_read_user"(uuid) from public;
comment on function "rowhouse_private"."may_read_user"(uuid) is 'Whether the read rules of User show the row to the caller.';

-- One single rule of Contact must allow a change whole.
create or replace function "rowhouse_private"."guard_contact"() returns trigger
  language plpgsql volatile security definer set search_path = ''
as $body$
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
begin
  if tg_op = 'UPDATE' then
    -- admins do anything
    if pg_has_role(caller, ':ROLE_ADMIN', 'usage') then
      if true then
        return new;
      end if;
    end if;
    -- sales keeps the contacts of its customers
    if pg_has_role(caller, ':ROLE_SALES', 'usage') then
      if not (pg_has_role(caller, ':ROLE_ADMIN', 'usage')) then
        return new;
      end if;
      if old."customer_organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[]) and new."customer_organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[]) then
        return new;
      end if;
    end if;
  end if;
  raise exception using errcode = '42501', schema = 'app', table = 'contact',
    message = 'no single rule allows this change';
end
$body$;
revoke all on function "rowhouse_private"."guard_contact"() from public;
grant execute on function "rowhouse_private"."guard_contact"() to ":OWNER";
comment on function "rowhouse_private"."guard_contact"() is 'One single rule of Contact must allow a change whole.';

-- One single rule of Customer must allow a change whole.
create or replace function "rowhouse_private"."guard_customer"() returns trigger
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
    -- sales wins customers for its organizations
    if pg_has_role(caller, ':ROLE_SALES', 'usage') then
      if new."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[]) and new."credit_limit" is not distinct from '0'::numeric and new."payment_term" is not distinct from 30 then
        return new;
      end if;
    end if;
  end if;
  if tg_op = 'UPDATE' then
    -- accountants decide about credit
    if pg_has_role(caller, ':ROLE_ACCOUNTANT', 'usage') then
      if new."name" is not distinct from old."name" and new."region" is not distinct from old."region" and new."website" is not distinct from old."website" and new."since" is not distinct from old."since" and new."organization_id" is not distinct from old."organization_id" then
        return new;
      end if;
    end if;
    -- admins do anything
    if pg_has_role(caller, ':ROLE_ADMIN', 'usage') then
      if true then
        return new;
      end if;
    end if;
    -- managers hand customers to other organizations
    if pg_has_role(caller, ':ROLE_SALES', 'usage') then
      if new."name" is not distinct from old."name" and new."region" is not distinct from old."region" and new."website" is not distinct from old."website" and new."since" is not distinct from old."since" and new."credit_limit" is not distinct from old."credit_limit" and new."payment_term" is not distinct from old."payment_term" and old."organization_id" = any ((select "rowhouse_private"."reach_managed"())::uuid[]) and rowhouse.actor_id() is not null then
        return new;
      end if;
    end if;
    -- sales keeps its customers up to date
    if pg_has_role(caller, ':ROLE_SALES', 'usage') then
      if new."credit_limit" is not distinct from old."credit_limit" and new."payment_term" is not distinct from old."payment_term" and new."organization_id" is not distinct from old."organization_id" and old."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[]) and new."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[]) then
        return new;
      end if;
    end if;
  end if;
  if tg_op = 'INSERT' then
    -- sales wins customers for its organizations
    if pg_has_role(caller, ':ROLE_SALES', 'usage') then
      if new."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[]) then
        refused := array_remove(array[case when new."credit_limit" is distinct from '0'::numeric then 'creditLimit' end, case when new."payment_term" is distinct from 30 then 'paymentTerm' end]::text[], null);
        if fewest is null or cardinality(refused) < cardinality(fewest) then fewest := refused; end if;
      end if;
    end if;
  end if;
  if tg_op = 'UPDATE' then
    -- accountants decide about credit
    if pg_has_role(caller, ':ROLE_ACCOUNTANT', 'usage') then
      if true then
        refused := array_remove(array[case when new."name" is distinct from old."name" then 'name' end, case when new."region" is distinct from old."region" then 'region' end, case when new."website" is distinct from old."website" then 'website' end, case when new."since" is distinct from old."since" then 'since' end, case when new."organization_id" is distinct from old."organization_id" then 'organization' end]::text[], null);
        if fewest is null or cardinality(refused) < cardinality(fewest) then fewest := refused; end if;
      end if;
    end if;
    -- managers hand customers to other organizations
    if pg_has_role(caller, ':ROLE_SALES', 'usage') then
      if old."organization_id" = any ((select "rowhouse_private"."reach_managed"())::uuid[]) and rowhouse.actor_id() is not null then
        refused := array_remove(array[case when new."name" is distinct from old."name" then 'name' end, case when new."region" is distinct from old."region" then 'region' end, case when new."website" is distinct from old."website" then 'website' end, case when new."since" is distinct from old."since" then 'since' end, case when new."credit_limit" is distinct from old."credit_limit" then 'creditLimit' end, case when new."payment_term" is distinct from old."payment_term" then 'paymentTerm' end]::text[], null);
        if fewest is null or cardinality(refused) < cardinality(fewest) then fewest := refused; end if;
      end if;
    end if;
    -- sales keeps its customers up to date
    if pg_has_role(caller, ':ROLE_SALES', 'usage') then
      if old."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[]) and new."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[]) then
        refused := array_remove(array[case when new."credit_limit" is distinct from old."credit_limit" then 'creditLimit' end, case when new."payment_term" is distinct from old."payment_term" then 'paymentTerm' end, case when new."organization_id" is distinct from old."organization_id" then 'organization' end]::text[], null);
        if fewest is null or cardinality(refused) < cardinality(fewest) then fewest := refused; end if;
      end if;
    end if;
  end if;
  raise exception using errcode = '42501', schema = 'app', table = 'customer',
    detail = coalesce(pg_catalog.to_json(fewest)::text, ''),
    message = 'no single rule allows this change';
end
$body$;
revoke all on function "rowhouse_private"."guard_customer"() from public;
grant execute on function "rowhouse_private"."guard_customer"() to ":OWNER";
comment on function "rowhouse_private"."guard_customer"() is 'One single rule of Customer must allow a change whole.';

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
    -- sales takes orders in its own name
    if pg_has_role(caller, ':ROLE_SALES', 'usage') then
      if new."customer_organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[]) and new."placed_by_id" = rowhouse.actor_id() and new."margin" is not distinct from null then
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
    -- drafts are edited, but not handed to customers of others
    if pg_has_role(caller, ':ROLE_SALES', 'usage') then
      if new."margin" is not distinct from old."margin" and old."customer_organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[]) and old."status" = 'draft'::text and new."customer_organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[]) then
        return new;
      end if;
    end if;
    -- leads set the margin of large orders
    if pg_has_role(caller, ':ROLE_LEAD', 'usage') and new."quoted_until" is not distinct from old."quoted_until" and new."wanted_on" is not distinct from old."wanted_on" and new."promised_on" is not distinct from old."promised_on" and new."notes" is not distinct from old."notes" and new."currency" is not distinct from old."currency" and new."customer_id" is not distinct from old."customer_id" then
      if not (pg_has_role(caller, ':ROLE_ADMIN', 'usage') or pg_has_role(caller, ':ROLE_SALES', 'usage')) then
        return new;
      end if;
      if exists (select from "app"."customer" t1 where t1."id" = old."customer_id" and t1."deleted_at" is null and t1."region" = rowhouse.claim('region')) and old."status" in ('draft'::text, 'placed'::text) and ((old."currency" = 'EUR'::text and round((select coalesce(sum(v1.v), 0) from (select round(((t1."unit_price" * (t1."quantity")::numeric) * ('1'::numeric - t1."discount")), 2) as v from "app"."order_line" t1 where t1."order_id" = old."id" and t1."deleted_at" is null) v1), 2) <= '10000'::numeric) or (old."currency" = 'USD'::text and round((select coalesce(sum(v1.v), 0) from (select round(((t1."unit_price" * (t1."quantity")::numeric) * ('1'::numeric - t1."discount")), 2) as v from "app"."order_line" t1 where t1."order_id" = old."id" and t1."deleted_at" is null) v1), 2) <= '10000'::numeric)) is not true and exists (select from "app"."customer" t1 where t1."id" = new."customer_id" and t1."deleted_at" is null and t1."region" = rowhouse.claim('region')) and new."status" in ('draft'::text, 'placed'::text) and ((new."currency" = 'EUR'::text and round((select coalesce(sum(v1.v), 0) from (select round(((t1."unit_price" * (t1."quantity")::numeric) * ('1'::numeric - t1."discount")), 2) as v from "app"."order_line" t1 where t1."order_id" = new."id" and t1."deleted_at" is null) v1), 2) <= '10000'::numeric) or (new."currency" = 'USD'::text and round((select coalesce(sum(v1.v), 0) from (select round(((t1."unit_price" * (t1."quantity")::numeric) * ('1'::numeric - t1."discount")), 2) as v from "app"."order_line" t1 where t1."order_id" = new."id" and t1."deleted_at" is null) v1), 2) <= '10000'::numeric)) is not true then
        return new;
      end if;
    end if;
    -- managers set the margin
    if pg_has_role(caller, ':ROLE_SALES', 'usage') then
      if new."quoted_until" is not distinct from old."quoted_until" and new."wanted_on" is not distinct from old."wanted_on" and new."promised_on" is not distinct from old."promised_on" and new."notes" is not distinct from old."notes" and new."currency" is not distinct from old."currency" and new."customer_id" is not distinct from old."customer_id" and old."customer_organization_id" = any ((select "rowhouse_private"."reach_managed"())::uuid[]) and old."status" in ('draft'::text, 'placed'::text) and new."customer_organization_id" = any ((select "rowhouse_private"."reach_managed"())::uuid[]) and new."status" in ('draft'::text, 'placed'::text) then
        return new;
      end if;
    end if;
  end if;
  if tg_op = 'INSERT' then
    -- sales takes orders in its own name
    if pg_has_role(caller, ':ROLE_SALES', 'usage') then
      if new."customer_organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[]) and new."placed_by_id" = rowhouse.actor_id() then
        refused := array_remove(array[case when new."margin" is distinct from null then 'margin' end]::text[], null);
        if fewest is null or cardinality(refused) < cardinality(fewest) then fewest := refused; end if;
      end if;
    end if;
  end if;
  if tg_op = 'UPDATE' then
    -- drafts are edited, but not handed to customers of others
    if pg_has_role(caller, ':ROLE_SALES', 'usage') then
      if old."customer_organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[]) and old."status" = 'draft'::text and new."customer_organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[]) then
        refused := array_remove(array[case when new."margin" is distinct from old."margin" then 'margin' end]::text[], null);
        if fewest is null or cardinality(refused) < cardinality(fewest) then fewest := refused; end if;
      end if;
    end if;
    -- leads set the margin of large orders
    if pg_has_role(caller, ':ROLE_LEAD', 'usage') then
      if exists (select from "app"."customer" t1 where t1."id" = old."customer_id" and t1."deleted_at" is null and t1."region" = rowhouse.claim('region')) and old."status" in ('draft'::text, 'placed'::text) and ((old."currency" = 'EUR'::text and round((select coalesce(sum(v1.v), 0) from (select round(((t1."unit_price" * (t1."quantity")::numeric) * ('1'::numeric - t1."discount")), 2) as v from "app"."order_line" t1 where t1."order_id" = old."id" and t1."deleted_at" is null) v1), 2) <= '10000'::numeric) or (old."currency" = 'USD'::text and round((select coalesce(sum(v1.v), 0) from (select round(((t1."unit_price" * (t1."quantity")::numeric) * ('1'::numeric - t1."discount")), 2) as v from "app"."order_line" t1 where t1."order_id" = old."id" and t1."deleted_at" is null) v1), 2) <= '10000'::numeric)) is not true and exists (select from "app"."customer" t1 where t1."id" = new."customer_id" and t1."deleted_at" is null and t1."region" = rowhouse.claim('region')) and new."status" in ('draft'::text, 'placed'::text) and ((new."currency" = 'EUR'::text and round((select coalesce(sum(v1.v), 0) from (select round(((t1."unit_price" * (t1."quantity")::numeric) * ('1'::numeric - t1."discount")), 2) as v from "app"."order_line" t1 where t1."order_id" = new."id" and t1."deleted_at" is null) v1), 2) <= '10000'::numeric) or (new."currency" = 'USD'::text and round((select coalesce(sum(v1.v), 0) from (select round(((t1."unit_price" * (t1."quantity")::numeric) * ('1'::numeric - t1."discount")), 2) as v from "app"."order_line" t1 where t1."order_id" = new."id" and t1."deleted_at" is null) v1), 2) <= '10000'::numeric)) is not true then
        refused := array_remove(array[case when new."quoted_until" is distinct from old."quoted_until" then 'quotedUntil' end, case when new."wanted_on" is distinct from old."wanted_on" then 'wantedOn' end, case when new."promised_on" is distinct from old."promised_on" then 'promisedOn' end, case when new."notes" is distinct from old."notes" then 'notes' end, case when new."currency" is distinct from old."currency" then 'currency' end, case when new."customer_id" is distinct from old."customer_id" then 'customer' end]::text[], null);
        if fewest is null or cardinality(refused) < cardinality(fewest) then fewest := refused; end if;
      end if;
    end if;
    -- managers set the margin
    if pg_has_role(caller, ':ROLE_SALES', 'usage') then
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
grant execute on function "rowhouse_private"."guard_order"() to ":OWNER";
comment on function "rowhouse_private"."guard_order"() is 'One single rule of Order must allow a change whole.';

-- One single rule of OrderLine must allow a change whole.
create or replace function "rowhouse_private"."guard_order_line"() returns trigger
  language plpgsql volatile security definer set search_path = ''
as $body$
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
begin
  if tg_op = 'UPDATE' then
    -- admins do anything
    if pg_has_role(caller, ':ROLE_ADMIN', 'usage') then
      if true then
        return new;
      end if;
    end if;
    -- sales writes the lines of drafts
    if pg_has_role(caller, ':ROLE_SALES', 'usage') then
      if not (pg_has_role(caller, ':ROLE_ADMIN', 'usage')) then
        return new;
      end if;
      if exists (select from "app"."order" t1 where t1."id" = old."order_id" and t1."deleted_at" is null and exists (select from "app"."customer" t2 where t2."id" = t1."customer_id" and t2."deleted_at" is null and t2."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])) and t1."status" = 'draft'::text) and exists (select from "app"."order" t1 where t1."id" = new."order_id" and t1."deleted_at" is null and exists (select from "app"."customer" t2 where t2."id" = t1."customer_id" and t2."deleted_at" is null and t2."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])) and t1."status" = 'draft'::text) then
        return new;
      end if;
    end if;
  end if;
  raise exception using errcode = '42501', schema = 'app', table = 'order_line',
    message = 'no single rule allows this change';
end
$body$;
revoke all on function "rowhouse_private"."guard_order_line"() from public;
grant execute on function "rowhouse_private"."guard_order_line"() to ":OWNER";
comment on function "rowhouse_private"."guard_order_line"() is 'One single rule of OrderLine must allow a change whole.';

-- One single rule of Organization must allow a change whole.
create or replace function "rowhouse_private"."guard_organization"() returns trigger
  language plpgsql volatile security definer set search_path = ''
as $body$
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
begin
  if tg_op = 'UPDATE' then
    -- admins do anything
    if pg_has_role(caller, ':ROLE_ADMIN', 'usage') then
      if true then
        return new;
      end if;
    end if;
    -- managers keep the details of their organizations
    if pg_has_role(caller, ':ROLE_SALES', 'usage') then
      if not (pg_has_role(caller, ':ROLE_ADMIN', 'usage')) then
        return new;
      end if;
      if old."id" = any ((select "rowhouse_private"."reach_managed"())::uuid[]) and new."id" = any ((select "rowhouse_private"."reach_managed"())::uuid[]) then
        return new;
      end if;
    end if;
  end if;
  raise exception using errcode = '42501', schema = 'app', table = 'organization',
    message = 'no single rule allows this change';
end
$body$;
revoke all on function "rowhouse_private"."guard_organization"() from public;
grant execute on function "rowhouse_private"."guard_organization"() to ":OWNER";
comment on function "rowhouse_private"."guard_organization"() is 'One single rule of Organization must allow a change whole.';

-- One single rule of Product must allow a change whole.
create or replace function "rowhouse_private"."guard_product"() returns trigger
  language plpgsql volatile security definer set search_path = ''
as $body$
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
  refused text[];
  fewest text[];
begin
  if tg_op = 'UPDATE' then
    -- admins do anything
    if pg_has_role(caller, ':ROLE_ADMIN', 'usage') then
      if true then
        return new;
      end if;
    end if;
    -- leads keep the catalog
    if pg_has_role(caller, ':ROLE_LEAD', 'usage') then
      if true then
        return new;
      end if;
    end if;
    -- sales corrects the stock
    if pg_has_role(caller, ':ROLE_SALES', 'usage') then
      if new."name" is not distinct from old."name" and new."description" is not distinct from old."description" and new."price" is not distinct from old."price" and new."weight" is not distinct from old."weight" and new."barcode" is not distinct from old."barcode" and new."active" is not distinct from old."active" and old."active" = true and new."active" = true then
        return new;
      end if;
    end if;
  end if;
  if tg_op = 'UPDATE' then
    -- sales corrects the stock
    if pg_has_role(caller, ':ROLE_SALES', 'usage') then
      if old."active" = true and new."active" = true then
        refused := array_remove(array[case when new."name" is distinct from old."name" then 'name' end, case when new."description" is distinct from old."description" then 'description' end, case when new."price" is distinct from old."price" then 'price' end, case when new."weight" is distinct from old."weight" then 'weight' end, case when new."barcode" is distinct from old."barcode" then 'barcode' end, case when new."active" is distinct from old."active" then 'active' end]::text[], null);
        if fewest is null or cardinality(refused) < cardinality(fewest) then fewest := refused; end if;
      end if;
    end if;
  end if;
  raise exception using errcode = '42501', schema = 'app', table = 'product',
    detail = coalesce(pg_catalog.to_json(fewest)::text, ''),
    message = 'no single rule allows this change';
end
$body$;
revoke all on function "rowhouse_private"."guard_product"() from public;
grant execute on function "rowhouse_private"."guard_product"() to ":OWNER";
comment on function "rowhouse_private"."guard_product"() is 'One single rule of Product must allow a change whole.';

-- One single rule of User must allow a change whole.
create or replace function "rowhouse_private"."guard_user"() returns trigger
  language plpgsql volatile security definer set search_path = ''
as $body$
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
  refused text[];
  fewest text[];
begin
  if tg_op = 'UPDATE' then
    -- people keep their own profile
    if pg_has_role(caller, ':MEMBER', 'usage') then
      if new."email" is not distinct from old."email" and old."id" = rowhouse.actor_id() and new."id" = rowhouse.actor_id() then
        return new;
      end if;
    end if;
  end if;
  if tg_op = 'UPDATE' then
    -- people keep their own profile
    if pg_has_role(caller, ':MEMBER', 'usage') then
      if old."id" = rowhouse.actor_id() and new."id" = rowhouse.actor_id() then
        refused := array_remove(array[case when new."email" is distinct from old."email" then 'email' end]::text[], null);
        if fewest is null or cardinality(refused) < cardinality(fewest) then fewest := refused; end if;
      end if;
    end if;
  end if;
  raise exception using errcode = '42501', schema = 'app', table = 'user',
    detail = coalesce(pg_catalog.to_json(fewest)::text, ''),
    message = 'no single rule allows this change';
end
$body$;
revoke all on function "rowhouse_private"."guard_user"() from public;
grant execute on function "rowhouse_private"."guard_user"() to ":OWNER";
comment on function "rowhouse_private"."guard_user"() is 'One single rule of User must allow a change whole.';

-- Relations of Contact lead to live rows that the caller may read.
create or replace function "rowhouse_private"."link_contact"() returns trigger
  language plpgsql volatile security definer set search_path = ''
as $body$
declare
  reachable boolean;
begin
  if new."customer_id" is not null then
    if tg_op = 'INSERT' or new."customer_id" is distinct from old."customer_id" then
      reachable := false;
      select true into reachable from "app"."customer" t0 cross join (select coalesce(nullif(current_setting('role'), 'none'), session_user::text) as role) caller where t0."id" = new."customer_id" and (t0."deleted_at" is null and ((pg_has_role(caller.role, ':ROLE_ACCOUNTANT', 'usage')) or (pg_has_role(caller.role, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller.role, ':ROLE_LEAD', 'usage') and t0."region" = (select rowhouse.claim('region'))) or (pg_has_role(caller.role, ':ROLE_SALES', 'usage') and t0."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])))) is true for key share of t0;
      if reachable is not true then
        raise exception using errcode = 'RH404', schema = 'app', table = 'contact', column = 'customer_id', message = 'there is no such row';
      end if;
    end if;
  end if;
  return new;
end
$body$;
revoke all on function "rowhouse_private"."link_contact"() from public;
grant execute on function "rowhouse_private"."link_contact"() to ":OWNER";
comment on function "rowhouse_private"."link_contact"() is 'Relations of Contact lead to live rows that the caller may read.';

-- Relations of Customer lead to live rows that the caller may read.
create or replace function "rowhouse_private"."link_customer"() returns trigger
  language plpgsql volatile security definer set search_path = ''
as $body$
declare
  reachable boolean;
begin
  if new."organization_id" is not null then
    if tg_op = 'INSERT' or new."organization_id" is distinct from old."organization_id" then
      reachable := false;
      select true into reachable from "app"."organization" t0 cross join (select coalesce(nullif(current_setting('role'), 'none'), session_user::text) as role) caller where t0."id" = new."organization_id" and (t0."deleted_at" is null and ((pg_has_role(caller.role, ':ROLE_ADMIN', 'usage')) or ((pg_has_role(caller.role, ':ROLE_ACCOUNTANT', 'usage') or pg_has_role(caller.role, ':ROLE_LEAD', 'usage'))) or (pg_has_role(caller.role, ':MEMBER', 'usage') and t0."id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])))) is true for key share of t0;
      if reachable is not true then
        raise exception using errcode = 'RH404', schema = 'app', table = 'customer', column = 'organization_id', message = 'there is no such row';
      end if;
    end if;
  end if;
  return new;
end
$body$;
revoke all on function "rowhouse_private"."link_customer"() from public;
grant execute on function "rowhouse_private"."link_customer"() to ":OWNER";
comment on function "rowhouse_private"."link_customer"() is 'Relations of Customer lead to live rows that the caller may read.';

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
      select true into reachable from "app"."order" t0 cross join (select coalesce(nullif(current_setting('role'), 'none'), session_user::text) as role) caller where t0."id" = new."order_id" and (t0."deleted_at" is null and ((pg_has_role(caller.role, ':ROLE_ACCOUNTANT', 'usage') and (t0."status" in ('draft'::text, 'quoted'::text, 'cancelled'::text)) is not true) or (pg_has_role(caller.role, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller.role, ':ROLE_LEAD', 'usage') and exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."region" = (select rowhouse.claim('region')))) or (pg_has_role(caller.role, ':ROLE_SALES', 'usage') and exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[]))))) is true for key share of t0;
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

-- Relations of Membership lead to live rows that the caller may read.
create or replace function "rowhouse_private"."link_membership"() returns trigger
  language plpgsql volatile security definer set search_path = ''
as $body$
declare
  reachable boolean;
begin
  if new."user_id" is not null and new."user_id" is distinct from rowhouse.actor_id() then
    if tg_op = 'INSERT' or new."user_id" is distinct from old."user_id" then
      reachable := false;
      select true into reachable from "app"."user" t0 cross join (select coalesce(nullif(current_setting('role'), 'none'), session_user::text) as role) caller where t0."id" = new."user_id" and (t0."deleted_at" is null and ((pg_has_role(caller.role, ':MEMBER', 'usage') and t0."id" = (select rowhouse.actor_id())))) is true for key share of t0;
      if reachable is not true then
        raise exception using errcode = 'RH404', schema = 'app', table = 'membership', column = 'user_id', message = 'there is no such row';
      end if;
    end if;
  end if;
  if new."organization_id" is not null then
    if tg_op = 'INSERT' or new."organization_id" is distinct from old."organization_id" then
      reachable := false;
      select true into reachable from "app"."organization" t0 cross join (select coalesce(nullif(current_setting('role'), 'none'), session_user::text) as role) caller where t0."id" = new."organization_id" and (t0."deleted_at" is null and ((pg_has_role(caller.role, ':ROLE_ADMIN', 'usage')) or ((pg_has_role(caller.role, ':ROLE_ACCOUNTANT', 'usage') or pg_has_role(caller.role, ':ROLE_LEAD', 'usage'))) or (pg_has_role(caller.role, ':MEMBER', 'usage') and t0."id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])))) is true for key share of t0;
      if reachable is not true then
        raise exception using errcode = 'RH404', schema = 'app', table = 'membership', column = 'organization_id', message = 'there is no such row';
      end if;
    end if;
  end if;
  return new;
end
$body$;
revoke all on function "rowhouse_private"."link_membership"() from public;
grant execute on function "rowhouse_private"."link_membership"() to ":OWNER";
comment on function "rowhouse_private"."link_membership"() is 'Relations of Membership lead to live rows that the caller may read.';

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
      select true into reachable from "app"."customer" t0 cross join (select coalesce(nullif(current_setting('role'), 'none'), session_user::text) as role) caller where t0."id" = new."customer_id" and (t0."deleted_at" is null and ((pg_has_role(caller.role, ':ROLE_ACCOUNTANT', 'usage')) or (pg_has_role(caller.role, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller.role, ':ROLE_LEAD', 'usage') and t0."region" = (select rowhouse.claim('region'))) or (pg_has_role(caller.role, ':ROLE_SALES', 'usage') and t0."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])))) is true for key share of t0;
      if reachable is not true then
        raise exception using errcode = 'RH404', schema = 'app', table = 'order', column = 'customer_id', message = 'there is no such row';
      end if;
    end if;
  end if;
  if new."placed_by_id" is not null and new."placed_by_id" is distinct from rowhouse.actor_id() then
    if tg_op = 'INSERT' or new."placed_by_id" is distinct from old."placed_by_id" then
      reachable := false;
      select true into reachable from "app"."user" t0 cross join (select coalesce(nullif(current_setting('role'), 'none'), session_user::text) as role) caller where t0."id" = new."placed_by_id" and (t0."deleted_at" is null and ((pg_has_role(caller.role, ':MEMBER', 'usage') and t0."id" = (select rowhouse.actor_id())))) is true for key share of t0;
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
      select true into reachable from "app"."order" t0 cross join (select coalesce(nullif(current_setting('role'), 'none'), session_user::text) as role) caller where t0."id" = new."order_id" and (t0."deleted_at" is null and ((pg_has_role(caller.role, ':ROLE_ACCOUNTANT', 'usage') and (t0."status" in ('draft'::text, 'quoted'::text, 'cancelled'::text)) is not true) or (pg_has_role(caller.role, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller.role, ':ROLE_LEAD', 'usage') and exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."region" = (select rowhouse.claim('region')))) or (pg_has_role(caller.role, ':ROLE_SALES', 'usage') and exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[]))))) is true for key share of t0;
      if reachable is not true then
        raise exception using errcode = 'RH404', schema = 'app', table = 'order_line', column = 'order_id', message = 'there is no such row';
      end if;
    end if;
  end if;
  if new."product_id" is not null then
    if tg_op = 'INSERT' or new."product_id" is distinct from old."product_id" then
      reachable := false;
      select true into reachable from "app"."product" t0 cross join (select coalesce(nullif(current_setting('role'), 'none'), session_user::text) as role) caller where t0."id" = new."product_id" and (t0."deleted_at" is null and ((pg_has_role(caller.role, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller.role, ':MEMBER', 'usage')))) is true for key share of t0;
      if reachable is not true then
        raise exception using errcode = 'RH404', schema = 'app', table = 'order_line', column = 'product_id', message = 'there is no such row';
      end if;
    end if;
  end if;
  return new;
end
$body$;
revoke all on function "rowhouse_private"."link_order_line"() from public;
grant execute on function "rowhouse_private"."link_order_line"() to ":OWNER";
comment on function "rowhouse_private"."link_order_line"() is 'Relations of OrderLine lead to live rows that the caller may read.';

-- Relations of Payment lead to live rows that the caller may read.
create or replace function "rowhouse_private"."link_payment"() returns trigger
  language plpgsql volatile security definer set search_path = ''
as $body$
declare
  reachable boolean;
begin
  if new."invoice_id" is not null then
    if tg_op = 'INSERT' or new."invoice_id" is distinct from old."invoice_id" then
      reachable := false;
      select true into reachable from "app"."invoice" t0 cross join (select coalesce(nullif(current_setting('role'), 'none'), session_user::text) as role) caller where t0."id" = new."invoice_id" and (t0."deleted_at" is null and ((pg_has_role(caller.role, ':ROLE_ACCOUNTANT', 'usage')) or (pg_has_role(caller.role, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller.role, ':ROLE_SALES', 'usage') and t0."status" is distinct from 'draft'::text and exists (select from "app"."order" t1 where t1."id" = t0."order_id" and t1."deleted_at" is null and exists (select from "app"."customer" t2 where t2."id" = t1."customer_id" and t2."deleted_at" is null and t2."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])))))) is true for key share of t0;
      if reachable is not true then
        raise exception using errcode = 'RH404', schema = 'app', table = 'payment', column = 'invoice_id', message = 'there is no such row';
      end if;
    end if;
  end if;
  return new;
end
$body$;
revoke all on function "rowhouse_private"."link_payment"() from public;
grant execute on function "rowhouse_private"."link_payment"() to ":OWNER";
comment on function "rowhouse_private"."link_payment"() is 'Relations of Payment lead to live rows that the caller may read.';

-- Values that a new row of Contact is given.
create or replace function "rowhouse_private"."values_contact"() returns trigger
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
revoke all on function "rowhouse_private"."values_contact"() from public;
grant execute on function "rowhouse_private"."values_contact"() to ":OWNER";
comment on function "rowhouse_private"."values_contact"() is 'Values that a new row of Contact is given.';

-- Values that a new row of Invoice is given.
create or replace function "rowhouse_private"."values_invoice"() returns trigger
  language plpgsql volatile security definer set search_path = ''
as $body$
declare
  of_series text;
  counted bigint;
  is_ours boolean;
  is_claimed boolean;
begin
  declare
    tenant text := current_setting('rowhouse.tenant_id', true);
    is_other boolean := tenant is distinct from new."tenant_id"::text;
  begin
    if is_other then perform set_config('rowhouse.tenant_id', new."tenant_id"::text, true); end if;
    select t0."customer_organization_id" into new."order_customer_organization_id" from "app"."order" t0 where t0."id" = new."order_id" for key share;
    if is_other then perform set_config('rowhouse.tenant_id', coalesce(tenant, ''), true); end if;
  end;
  if new."number" is null then
    of_series := pg_catalog.jsonb_build_array()::text;
    if not exists (select from rowhouse.counter c where c.tenant_id = new."tenant_id" and c.entity = 'Invoice' and c.field = 'number' and c.series = of_series) then
      insert into rowhouse.counter (tenant_id, entity, field, series, value)
        values (new."tenant_id", 'Invoice', 'number', of_series, 0) on conflict do nothing;
      if found then
        select coalesce(max(pg_catalog.substring(t0."number", ('^' || E'INV\\-' || '([0-9]{5,18})' || '$'))::bigint), 0) into counted
          from "app"."invoice" t0 where t0."tenant_id" = new."tenant_id" and t0."number" ~ ('^' || E'INV\\-' || '([0-9]{5,18})' || '$');
        update rowhouse.counter c set value = counted where c.tenant_id = new."tenant_id" and c.entity = 'Invoice' and c.field = 'number' and c.series = of_series;
      end if;
    end if;
    loop
      update rowhouse.counter c set value = c.value + 1 where c.tenant_id = new."tenant_id" and c.entity = 'Invoice' and c.field = 'number' and c.series = of_series returning c.value into counted;
      new."number" := 'INV-' || pg_catalog.lpad(counted::text, greatest('5'::integer, pg_catalog.length(counted::text)), '0');
      is_claimed := exists (select from "app"."invoice" t0 where t0."tenant_id" = new."tenant_id" and t0."number" = new."number");
      exit when not is_claimed;
    end loop;
  end if;
  return new;
end
$body$;
revoke all on function "rowhouse_private"."values_invoice"() from public;
grant execute on function "rowhouse_private"."values_invoice"() to ":OWNER";
comment on function "rowhouse_private"."values_invoice"() is 'Values that a new row of Invoice is given.';

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
    select t0."organization_id" into new."customer_organization_id" from "app"."customer" t0 where t0."id" = new."customer_id" for key share;
    if is_other then perform set_config('rowhouse.tenant_id', coalesce(tenant, ''), true); end if;
  end;
  return new;
end
$body$;
revoke all on function "rowhouse_private"."values_order"() from public;
grant execute on function "rowhouse_private"."values_order"() to ":OWNER";
comment on function "rowhouse_private"."values_order"() is 'Values that a new row of Order is given.';

-- Values that a new row of OrderLine is given.
create or replace function "rowhouse_private"."values_order_line"() returns trigger
  language plpgsql volatile security definer set search_path = ''
as $body$
begin
  declare
    tenant text := current_setting('rowhouse.tenant_id', true);
    is_other boolean := tenant is distinct from new."tenant_id"::text;
  begin
    if is_other then perform set_config('rowhouse.tenant_id', new."tenant_id"::text, true); end if;
    select t0."customer_organization_id" into new."order_customer_organization_id" from "app"."order" t0 where t0."id" = new."order_id" for key share;
    if is_other then perform set_config('rowhouse.tenant_id', coalesce(tenant, ''), true); end if;
  end;
  if new."unit_price" is null then
    new."unit_price" := (select t0."price" from "app"."product" t0 where t0."id" = new."product_id" and t0."deleted_at" is null and "rowhouse_private"."may_read_product"(t0."id"));
    if new."unit_price" is not null and (select t0."currency" from "app"."order" t0 where t0."id" = new."order_id" and t0."deleted_at" is null and "rowhouse_private"."may_read_order"(t0."id")) is distinct from 'EUR' then
      raise exception using errcode = '23514', schema = 'app', table = 'order_line', column = 'unit_price', message = 'the amount to copy is in another currency';
    end if;
  end if;
  if new."order_position" is null then
    perform from "app"."order" t0 where t0."id" = new."order_id" for no key update;
    select coalesce(max(t0."order_position"), 0) + 1 into new."order_position"
      from "app"."order_line" t0 where t0."order_id" = new."order_id";
  end if;
  return new;
end
$body$;
revoke all on function "rowhouse_private"."values_order_line"() from public;
grant execute on function "rowhouse_private"."values_order_line"() to ":OWNER";
comment on function "rowhouse_private"."values_order_line"() is 'Values that a new row of OrderLine is given.';

-- Values that a new row of Payment is given.
create or replace function "rowhouse_private"."values_payment"() returns trigger
  language plpgsql volatile security definer set search_path = ''
as $body$
begin
  declare
    tenant text := current_setting('rowhouse.tenant_id', true);
    is_other boolean := tenant is distinct from new."tenant_id"::text;
  begin
    if is_other then perform set_config('rowhouse.tenant_id', new."tenant_id"::text, true); end if;
    select t0."order_customer_organization_id" into new."invoice_order_customer_organization_id" from "app"."invoice" t0 where t0."id" = new."invoice_id" for key share;
    if is_other then perform set_config('rowhouse.tenant_id', coalesce(tenant, ''), true); end if;
  end;
  return new;
end
$body$;
revoke all on function "rowhouse_private"."values_payment"() from public;
grant execute on function "rowhouse_private"."values_payment"() to ":OWNER";
comment on function "rowhouse_private"."values_payment"() is 'Values that a new row of Payment is given.';

-- Values that hang on relations of Contact.
create or replace function "rowhouse_private"."refill_contact"() returns trigger
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
revoke all on function "rowhouse_private"."refill_contact"() from public;
grant execute on function "rowhouse_private"."refill_contact"() to ":OWNER";
comment on function "rowhouse_private"."refill_contact"() is 'Values that hang on relations of Contact.';

-- Values that hang on relations of Invoice.
create or replace function "rowhouse_private"."refill_invoice"() returns trigger
  language plpgsql volatile security definer set search_path = ''
as $body$
begin
  if new."order_id" is distinct from old."order_id" then
    declare
      tenant text := current_setting('rowhouse.tenant_id', true);
      is_other boolean := tenant is distinct from new."tenant_id"::text;
    begin
      if is_other then perform set_config('rowhouse.tenant_id', new."tenant_id"::text, true); end if;
      select t0."customer_organization_id" into new."order_customer_organization_id" from "app"."order" t0 where t0."id" = new."order_id" for key share;
      if is_other then perform set_config('rowhouse.tenant_id', coalesce(tenant, ''), true); end if;
    end;
  end if;
  return new;
end
$body$;
revoke all on function "rowhouse_private"."refill_invoice"() from public;
grant execute on function "rowhouse_private"."refill_invoice"() to ":OWNER";
comment on function "rowhouse_private"."refill_invoice"() is 'Values that hang on relations of Invoice.';

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
      select t0."organization_id" into new."customer_organization_id" from "app"."customer" t0 where t0."id" = new."customer_id" for key share;
      if is_other then perform set_config('rowhouse.tenant_id', coalesce(tenant, ''), true); end if;
    end;
  end if;
  return new;
end
$body$;
revoke all on function "rowhouse_private"."refill_order"() from public;
grant execute on function "rowhouse_private"."refill_order"() to ":OWNER";
comment on function "rowhouse_private"."refill_order"() is 'Values that hang on relations of Order.';

-- Values that hang on relations of OrderLine.
create or replace function "rowhouse_private"."refill_order_line"() returns trigger
  language plpgsql volatile security definer set search_path = ''
as $body$
begin
  if new."order_id" is distinct from old."order_id" then
    perform from "app"."order" t0 where t0."id" = new."order_id" for no key update;
    select coalesce(max(t0."order_position"), 0) + 1 into new."order_position"
      from "app"."order_line" t0 where t0."order_id" = new."order_id";
  end if;
  if new."order_id" is distinct from old."order_id" then
    declare
      tenant text := current_setting('rowhouse.tenant_id', true);
      is_other boolean := tenant is distinct from new."tenant_id"::text;
    begin
      if is_other then perform set_config('rowhouse.tenant_id', new."tenant_id"::text, true); end if;
      select t0."customer_organization_id" into new."order_customer_organization_id" from "app"."order" t0 where t0."id" = new."order_id" for key share;
      if is_other then perform set_config('rowhouse.tenant_id', coalesce(tenant, ''), true); end if;
    end;
  end if;
  return new;
end
$body$;
revoke all on function "rowhouse_private"."refill_order_line"() from public;
grant execute on function "rowhouse_private"."refill_order_line"() to ":OWNER";
comment on function "rowhouse_private"."refill_order_line"() is 'Values that hang on relations of OrderLine.';

-- Values that hang on relations of Payment.
create or replace function "rowhouse_private"."refill_payment"() returns trigger
  language plpgsql volatile security definer set search_path = ''
as $body$
begin
  if new."invoice_id" is distinct from old."invoice_id" then
    declare
      tenant text := current_setting('rowhouse.tenant_id', true);
      is_other boolean := tenant is distinct from new."tenant_id"::text;
    begin
      if is_other then perform set_config('rowhouse.tenant_id', new."tenant_id"::text, true); end if;
      select t0."order_customer_organization_id" into new."invoice_order_customer_organization_id" from "app"."invoice" t0 where t0."id" = new."invoice_id" for key share;
      if is_other then perform set_config('rowhouse.tenant_id', coalesce(tenant, ''), true); end if;
    end;
  end if;
  return new;
end
$body$;
revoke all on function "rowhouse_private"."refill_payment"() from public;
grant execute on function "rowhouse_private"."refill_payment"() to ":OWNER";
comment on function "rowhouse_private"."refill_payment"() is 'Values that hang on relations of Payment.';

-- Moves a row of OrderLine among its siblings: moved, missing or refused.
create or replace function "rowhouse_private"."move_order_line"(row_id uuid, before_id uuid, after_id uuid, place integer) returns text
  language plpgsql volatile security definer set search_path = ''
as $body$
#variable_conflict use_variable
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
  target "app"."order_line";
  whole uuid;
  anchor uuid;
  anchor_place integer;
  side integer;
begin
  if not rowhouse_private."may_read_order_line"(row_id) then return 'missing'; end if;
  select t0."order_id" into whole from "app"."order_line" t0 where t0."id" = row_id and t0."deleted_at" is null;
  perform from "app"."order" t0 where t0."id" = whole for no key update;
  select t0.* into target from "app"."order_line" t0 where t0."id" = row_id and t0."deleted_at" is null and t0."order_id" = whole for update;
  if not found or not rowhouse_private."may_read_order_line"(row_id) then return 'missing'; end if;
  if ((pg_has_role(caller, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller, ':ROLE_SALES', 'usage') and exists (select from "app"."order" t1 where t1."id" = target."order_id" and t1."deleted_at" is null and exists (select from "app"."customer" t2 where t2."id" = t1."customer_id" and t2."deleted_at" is null and t2."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])) and t1."status" = 'draft'::text) and exists (select from "app"."order" t1 where t1."id" = target."order_id" and t1."deleted_at" is null and exists (select from "app"."customer" t2 where t2."id" = t1."customer_id" and t2."deleted_at" is null and t2."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])) and t1."status" = 'draft'::text))) is not true then return 'refused'; end if;
  if before_id is not null or after_id is not null then
    anchor := coalesce(before_id, after_id);
    side := case when before_id is null then 1 else -1 end;
    select t0."order_position" into anchor_place from "app"."order_line" t0 where t0."order_id" = whole and t0."deleted_at" is null and t0."id" = anchor;
    if not found or not rowhouse_private."may_read_order_line"(anchor) then
      raise exception using errcode = 'RH404', schema = 'app', table = 'order_line', message = 'there is no such row';
    end if;
  else
    select t0."order_position" into anchor_place from "app"."order_line" t0 where t0."order_id" = whole and t0."deleted_at" is null and t0."id" <> row_id
      order by t0."order_position" offset greatest(place - 1, 0) limit 1;
    side := -1;
    if not found then
      select max(t0."order_position") into anchor_place from "app"."order_line" t0 where t0."order_id" = whole and t0."deleted_at" is null and t0."id" <> row_id;
      side := 1;
    end if;
  end if;
  if anchor = row_id or anchor_place is null then return 'moved'; end if;
  update "app"."order_line" t1 set "order_position" = placed.place, "updated_at" = case when t1."id" = row_id then pg_catalog.now() else t1."updated_at" end
  from (
    select t0."id", (row_number() over (order by
      case when t0."id" = row_id then anchor_place else t0."order_position" end,
      case when t0."id" = row_id then side else 0 end))::integer as place
    from "app"."order_line" t0 where t0."order_id" = whole
  ) placed
  where t1."id" = placed."id" and t1."order_position" <> placed.place;
  return 'moved';
end
$body$;
revoke all on function "rowhouse_private"."move_order_line"(uuid, uuid, uuid, integer) from public;
grant execute on function "rowhouse_private"."move_order_line"(uuid, uuid, uuid, integer) to ":ROLE_ADMIN", ":ROLE_SALES";
comment on function "rowhouse_private"."move_order_line"(uuid, uuid, uuid, integer) is 'Moves a row of OrderLine among its siblings: moved, missing or refused.';

-- Begins "duplicate" with a row of Order: begun, or what stands in the way.
create or replace function "rowhouse_private"."begin_duplicate__order"(row_id uuid, if_updated_at timestamp with time zone DEFAULT NULL::timestamp with time zone) returns text
  language plpgsql volatile security definer set search_path = ''
as $body$
#variable_conflict use_variable
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
  target "app"."order";
begin
  if not rowhouse_private."may_read_order"(row_id) then return 'missing'; end if;
  select t0.* into target from "app"."order" t0 where t0."id" = row_id and t0."deleted_at" is null for update;
  if not found or not rowhouse_private."may_read_order"(row_id) then return 'missing'; end if;
  if if_updated_at is not null and target."updated_at" is distinct from if_updated_at then return 'stale'; end if;
  if ((pg_has_role(caller, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller, ':ROLE_SALES', 'usage') and exists (select from "app"."customer" t1 where t1."id" = target."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])))) is not true then
    raise exception using errcode = '42501', message = 'no rule allows this';
  end if;
  return 'begun';
end
$body$;
revoke all on function "rowhouse_private"."begin_duplicate__order"(uuid, timestamp with time zone) from public;
grant execute on function "rowhouse_private"."begin_duplicate__order"(uuid, timestamp with time zone) to ":ROLE_ADMIN", ":ROLE_SALES";
comment on function "rowhouse_private"."begin_duplicate__order"(uuid, timestamp with time zone) is 'Begins "duplicate" with a row of Order: begun, or what stands in the way.';

-- Begins "bill" with a row of Order: begun, or what stands in the way.
create or replace function "rowhouse_private"."begin_bill__order"(row_id uuid, if_updated_at timestamp with time zone DEFAULT NULL::timestamp with time zone) returns text
  language plpgsql volatile security definer set search_path = ''
as $body$
#variable_conflict use_variable
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
  target "app"."order";
begin
  if not rowhouse_private."may_read_order"(row_id) then return 'missing'; end if;
  select t0.* into target from "app"."order" t0 where t0."id" = row_id and t0."deleted_at" is null for update;
  if not found or not rowhouse_private."may_read_order"(row_id) then return 'missing'; end if;
  if if_updated_at is not null and target."updated_at" is distinct from if_updated_at then return 'stale'; end if;
  if ((pg_has_role(caller, ':ROLE_ACCOUNTANT', 'usage')) or (pg_has_role(caller, ':ROLE_ADMIN', 'usage'))) is not true then
    raise exception using errcode = '42501', message = 'no rule allows this';
  end if;
  if (target."status" in ('approved'::text, 'shipped'::text) and ((select count(*)::numeric from "app"."order_line" t1 where t1."order_id" = target."id" and t1."deleted_at" is null))::integer > 0) is not true then return pg_catalog.json_build_object('when', array['status', 'lineCount'])::text; end if;
  return 'begun';
end
$body$;
revoke all on function "rowhouse_private"."begin_bill__order"(uuid, timestamp with time zone) from public;
grant execute on function "rowhouse_private"."begin_bill__order"(uuid, timestamp with time zone) to ":ROLE_ACCOUNTANT", ":ROLE_ADMIN";
comment on function "rowhouse_private"."begin_bill__order"(uuid, timestamp with time zone) is 'Begins "bill" with a row of Order: begun, or what stands in the way.';

-- Removes a row of Contact: removed, missing or stale.
create or replace function "rowhouse_private"."remove_contact"(row_id uuid, if_updated_at timestamp with time zone DEFAULT NULL::timestamp with time zone) returns text
  language plpgsql volatile security definer set search_path = ''
as $body$
#variable_conflict use_variable
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
  target "app"."contact";
  instant timestamp with time zone;
  batch uuid[];
  more boolean;
  ids_0 uuid[] := array[row_id]; -- Contact
begin
  if not rowhouse_private."may_read_contact"(row_id) then return 'missing'; end if;
  select t0.* into target from "app"."contact" t0 where t0."id" = row_id and t0."deleted_at" is null for update;
  if not found or not rowhouse_private."may_read_contact"(row_id) then return 'missing'; end if;
  if if_updated_at is not null and target."updated_at" is distinct from if_updated_at then return 'stale'; end if;
  if ((pg_has_role(caller, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller, ':ROLE_SALES', 'usage') and exists (select from "app"."customer" t1 where t1."id" = target."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])))) is not true then
    raise exception using errcode = '42501', message = 'no rule allows this';
  end if;
  instant := clock_timestamp();
  update "app"."contact" t0 set "deleted_at" = instant where t0."id" = row_id;
  return 'removed';
end
$body$;
revoke all on function "rowhouse_private"."remove_contact"(uuid, timestamp with time zone) from public;
grant execute on function "rowhouse_private"."remove_contact"(uuid, timestamp with time zone) to ":ROLE_ADMIN", ":ROLE_SALES";
comment on function "rowhouse_private"."remove_contact"(uuid, timestamp with time zone) is 'Removes a row of Contact: removed, missing or stale.';

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
  ids_1 uuid[] := '{}'; -- Contact
begin
  if not rowhouse_private."may_read_customer"(row_id) then return 'missing'; end if;
  select t0.* into target from "app"."customer" t0 where t0."id" = row_id and t0."deleted_at" is null for update;
  if not found or not rowhouse_private."may_read_customer"(row_id) then return 'missing'; end if;
  if if_updated_at is not null and target."updated_at" is distinct from if_updated_at then return 'stale'; end if;
  if ((pg_has_role(caller, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller, ':ROLE_SALES', 'usage') and target."organization_id" = any ((select "rowhouse_private"."reach_managed"())::uuid[]))) is not true then
    raise exception using errcode = '42501', message = 'no rule allows this';
  end if;
  instant := clock_timestamp();
  update "app"."customer" t0 set "deleted_at" = instant where t0."id" = row_id;
  loop
    more := false;
    -- Contact.customer
    with locked as (
      select t0."id" from "app"."contact" t0
      where t0."customer_id" = any (ids_0) and t0."deleted_at" is null for update
    ), marked as (
      update "app"."contact" t1 set "deleted_at" = instant from locked where t1."id" = locked."id" returning t1."id"
    )
    select array_agg(marked."id") into batch from marked;
    if batch is not null then ids_1 := ids_1 || batch; more := true; end if;
    exit when not more;
  end loop;
  if exists (select from "app"."order" t0 where t0."customer_id" = any (ids_0) and t0."deleted_at" is null) then
    raise exception using errcode = '23001', schema = 'app', table = 'order', column = 'customer_id', constraint = 'order_customer_fkey', message = 'a live row still refers to it';
  end if;
  return 'removed';
end
$body$;
revoke all on function "rowhouse_private"."remove_customer"(uuid, timestamp with time zone) from public;
grant execute on function "rowhouse_private"."remove_customer"(uuid, timestamp with time zone) to ":ROLE_ADMIN", ":ROLE_SALES";
comment on function "rowhouse_private"."remove_customer"(uuid, timestamp with time zone) is 'Removes a row of Customer: removed, missing or stale.';

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
  -- what was sent stays as it is
  if pg_has_role(caller, ':MEMBER', 'usage') and (target."status" = 'draft'::text) is not true then
    raise exception using errcode = '42501', detail = 'what was sent stays as it is', hint = 'An invoice that was sent is a document: void it and issue another.', message = 'a rule denies this';
  end if;
  if ((pg_has_role(caller, ':ROLE_ACCOUNTANT', 'usage')) or (pg_has_role(caller, ':ROLE_ADMIN', 'usage'))) is not true then
    raise exception using errcode = '42501', message = 'no rule allows this';
  end if;
  instant := clock_timestamp();
  update "app"."invoice" t0 set "deleted_at" = instant where t0."id" = row_id;
  if exists (select from "app"."payment" t0 where t0."invoice_id" = any (ids_0) and t0."deleted_at" is null) then
    raise exception using errcode = '23001', schema = 'app', table = 'payment', column = 'invoice_id', constraint = 'payment_invoice_fkey', message = 'a live row still refers to it';
  end if;
  return 'removed';
end
$body$;
revoke all on function "rowhouse_private"."remove_invoice"(uuid, timestamp with time zone) from public;
grant execute on function "rowhouse_private"."remove_invoice"(uuid, timestamp with time zone) to ":ROLE_ACCOUNTANT", ":ROLE_ADMIN";
comment on function "rowhouse_private"."remove_invoice"(uuid, timestamp with time zone) is 'Removes a row of Invoice: removed, missing or stale.';

-- Removes a row of Membership: removed, missing or stale.
create or replace function "rowhouse_private"."remove_membership"(row_id uuid, if_updated_at timestamp with time zone DEFAULT NULL::timestamp with time zone) returns text
  language plpgsql volatile security definer set search_path = ''
as $body$
#variable_conflict use_variable
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
  target "app"."membership";
  instant timestamp with time zone;
  batch uuid[];
  more boolean;
  ids_0 uuid[] := array[row_id]; -- Membership
begin
  if not rowhouse_private."may_read_membership"(row_id) then return 'missing'; end if;
  select t0.* into target from "app"."membership" t0 where t0."id" = row_id and t0."deleted_at" is null for update;
  if not found or not rowhouse_private."may_read_membership"(row_id) then return 'missing'; end if;
  if if_updated_at is not null and target."updated_at" is distinct from if_updated_at then return 'stale'; end if;
  if ((pg_has_role(caller, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller, ':ROLE_SALES', 'usage') and target."organization_id" = any ((select "rowhouse_private"."reach_managed"())::uuid[]) and target."level" = 'member'::text)) is not true then
    raise exception using errcode = '42501', message = 'no rule allows this';
  end if;
  instant := clock_timestamp();
  update "app"."membership" t0 set "deleted_at" = instant where t0."id" = row_id;
  return 'removed';
end
$body$;
revoke all on function "rowhouse_private"."remove_membership"(uuid, timestamp with time zone) from public;
grant execute on function "rowhouse_private"."remove_membership"(uuid, timestamp with time zone) to ":ROLE_ADMIN", ":ROLE_SALES";
comment on function "rowhouse_private"."remove_membership"(uuid, timestamp with time zone) is 'Removes a row of Membership: removed, missing or stale.';

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
begin
  if not rowhouse_private."may_read_order"(row_id) then return 'missing'; end if;
  select t0.* into target from "app"."order" t0 where t0."id" = row_id and t0."deleted_at" is null for update;
  if not found or not rowhouse_private."may_read_order"(row_id) then return 'missing'; end if;
  if if_updated_at is not null and target."updated_at" is distinct from if_updated_at then return 'stale'; end if;
  if ((pg_has_role(caller, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller, ':ROLE_SALES', 'usage') and target."status" = 'draft'::text and ((exists (select from "app"."customer" t1 where t1."id" = target."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])) and target."placed_by_id" = rowhouse.actor_id()) or exists (select from "app"."customer" t1 where t1."id" = target."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_managed"())::uuid[]))))) is not true then
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
begin
  if not rowhouse_private."may_read_order_line"(row_id) then return 'missing'; end if;
  select t0.* into target from "app"."order_line" t0 where t0."id" = row_id and t0."deleted_at" is null for update;
  if not found or not rowhouse_private."may_read_order_line"(row_id) then return 'missing'; end if;
  if if_updated_at is not null and target."updated_at" is distinct from if_updated_at then return 'stale'; end if;
  if ((pg_has_role(caller, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller, ':ROLE_SALES', 'usage') and exists (select from "app"."order" t1 where t1."id" = target."order_id" and t1."deleted_at" is null and exists (select from "app"."customer" t2 where t2."id" = t1."customer_id" and t2."deleted_at" is null and t2."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])) and t1."status" = 'draft'::text))) is not true then
    raise exception using errcode = '42501', message = 'no rule allows this';
  end if;
  instant := clock_timestamp();
  update "app"."order_line" t0 set "deleted_at" = instant where t0."id" = row_id;
  return 'removed';
end
$body$;
revoke all on function "rowhouse_private"."remove_order_line"(uuid, timestamp with time zone) from public;
grant execute on function "rowhouse_private"."remove_order_line"(uuid, timestamp with time zone) to ":ROLE_ADMIN", ":ROLE_SALES";
comment on function "rowhouse_private"."remove_order_line"(uuid, timestamp with time zone) is 'Removes a row of OrderLine: removed, missing or stale.';

-- Removes a row of Organization: removed, missing or stale.
create or replace function "rowhouse_private"."remove_organization"(row_id uuid, if_updated_at timestamp with time zone DEFAULT NULL::timestamp with time zone) returns text
  language plpgsql volatile security definer set search_path = ''
as $body$
#variable_conflict use_variable
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
  target "app"."organization";
  instant timestamp with time zone;
  batch uuid[];
  more boolean;
  ids_0 uuid[] := array[row_id]; -- Organization
  ids_1 uuid[] := '{}'; -- Membership
begin
  if not rowhouse_private."may_read_organization"(row_id) then return 'missing'; end if;
  select t0.* into target from "app"."organization" t0 where t0."id" = row_id and t0."deleted_at" is null for update;
  if not found or not rowhouse_private."may_read_organization"(row_id) then return 'missing'; end if;
  if if_updated_at is not null and target."updated_at" is distinct from if_updated_at then return 'stale'; end if;
  if ((pg_has_role(caller, ':ROLE_ADMIN', 'usage'))) is not true then
    raise exception using errcode = '42501', message = 'no rule allows this';
  end if;
  instant := clock_timestamp();
  update "app"."organization" t0 set "deleted_at" = instant where t0."id" = row_id;
  loop
    more := false;
    -- Membership.organization
    with locked as (
      select t0."id" from "app"."membership" t0
      where t0."organization_id" = any (ids_0) and t0."deleted_at" is null for update
    ), marked as (
      update "app"."membership" t1 set "deleted_at" = instant from locked where t1."id" = locked."id" returning t1."id"
    )
    select array_agg(marked."id") into batch from marked;
    if batch is not null then ids_1 := ids_1 || batch; more := true; end if;
    exit when not more;
  end loop;
  if exists (select from "app"."customer" t0 where t0."organization_id" = any (ids_0) and t0."deleted_at" is null) then
    raise exception using errcode = '23001', schema = 'app', table = 'customer', column = 'organization_id', constraint = 'customer_organization_fkey', message = 'a live row still refers to it';
  end if;
  return 'removed';
end
$body$;
revoke all on function "rowhouse_private"."remove_organization"(uuid, timestamp with time zone) from public;
grant execute on function "rowhouse_private"."remove_organization"(uuid, timestamp with time zone) to ":ROLE_ADMIN";
comment on function "rowhouse_private"."remove_organization"(uuid, timestamp with time zone) is 'Removes a row of Organization: removed, missing or stale.';

-- Removes a row of Payment: removed, missing or stale.
create or replace function "rowhouse_private"."remove_payment"(row_id uuid, if_updated_at timestamp with time zone DEFAULT NULL::timestamp with time zone) returns text
  language plpgsql volatile security definer set search_path = ''
as $body$
#variable_conflict use_variable
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
  target "app"."payment";
  instant timestamp with time zone;
  batch uuid[];
  more boolean;
  ids_0 uuid[] := array[row_id]; -- Payment
begin
  if not rowhouse_private."may_read_payment"(row_id) then return 'missing'; end if;
  select t0.* into target from "app"."payment" t0 where t0."id" = row_id and t0."deleted_at" is null for update;
  if not found or not rowhouse_private."may_read_payment"(row_id) then return 'missing'; end if;
  if if_updated_at is not null and target."updated_at" is distinct from if_updated_at then return 'stale'; end if;
  if ((pg_has_role(caller, ':ROLE_ACCOUNTANT', 'usage')) or (pg_has_role(caller, ':ROLE_ADMIN', 'usage'))) is not true then
    raise exception using errcode = '42501', message = 'no rule allows this';
  end if;
  instant := clock_timestamp();
  update "app"."payment" t0 set "deleted_at" = instant where t0."id" = row_id;
  return 'removed';
end
$body$;
revoke all on function "rowhouse_private"."remove_payment"(uuid, timestamp with time zone) from public;
grant execute on function "rowhouse_private"."remove_payment"(uuid, timestamp with time zone) to ":ROLE_ACCOUNTANT", ":ROLE_ADMIN";
comment on function "rowhouse_private"."remove_payment"(uuid, timestamp with time zone) is 'Removes a row of Payment: removed, missing or stale.';

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
  if ((pg_has_role(caller, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller, ':ROLE_LEAD', 'usage'))) is not true then
    raise exception using errcode = '42501', message = 'no rule allows this';
  end if;
  instant := clock_timestamp();
  update "app"."product" t0 set "deleted_at" = instant where t0."id" = row_id;
  if exists (select from "app"."order_line" t0 where t0."product_id" = any (ids_0) and t0."deleted_at" is null) then
    raise exception using errcode = '23001', schema = 'app', table = 'order_line', column = 'product_id', constraint = 'order_line_product_fkey', message = 'a live row still refers to it';
  end if;
  return 'removed';
end
$body$;
revoke all on function "rowhouse_private"."remove_product"(uuid, timestamp with time zone) from public;
grant execute on function "rowhouse_private"."remove_product"(uuid, timestamp with time zone) to ":ROLE_ADMIN", ":ROLE_LEAD";
comment on function "rowhouse_private"."remove_product"(uuid, timestamp with time zone) is 'Removes a row of Product: removed, missing or stale.';

-- Restores a row of Contact: restored or missing.
create or replace function "rowhouse_private"."restore_contact"(row_id uuid) returns text
  language plpgsql volatile security definer set search_path = ''
as $body$
#variable_conflict use_variable
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
  target "app"."contact";
  instant timestamp with time zone;
  batch uuid[];
  more boolean;
  ids_0 uuid[] := array[row_id]; -- Contact
begin
  if not rowhouse_private."may_read_contact"(row_id) then return 'missing'; end if;
  select t0.* into target from "app"."contact" t0 where t0."id" = row_id and t0."deleted_at" is not null for update;
  if not found or not rowhouse_private."may_read_contact"(row_id) then return 'missing'; end if;
  if ((pg_has_role(caller, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller, ':ROLE_SALES', 'usage') and exists (select from "app"."customer" t1 where t1."id" = target."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])))) is not true then
    raise exception using errcode = '42501', message = 'no rule allows this';
  end if;
  instant := target."deleted_at";
  update "app"."contact" t0 set "deleted_at" = null where t0."id" = row_id;
  perform from "app"."customer" t0 where t0."id" in (select t1."customer_id" from "app"."contact" t1 where t1."id" = any (ids_0)) for key share;
  if exists (select from "app"."customer" t0 where t0."id" in (select t1."customer_id" from "app"."contact" t1 where t1."id" = any (ids_0)) and t0."deleted_at" is not null) then
    raise exception using errcode = '23001', schema = 'app', table = 'customer', column = 'customer_id', constraint = 'contact_customer_fkey', message = 'a row that it needs is removed';
  end if;
  return 'restored';
end
$body$;
revoke all on function "rowhouse_private"."restore_contact"(uuid) from public;
grant execute on function "rowhouse_private"."restore_contact"(uuid) to ":ROLE_ADMIN", ":ROLE_SALES";
comment on function "rowhouse_private"."restore_contact"(uuid) is 'Restores a row of Contact: restored or missing.';

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
  ids_1 uuid[] := '{}'; -- Contact
begin
  if not rowhouse_private."may_read_customer"(row_id) then return 'missing'; end if;
  select t0.* into target from "app"."customer" t0 where t0."id" = row_id and t0."deleted_at" is not null for update;
  if not found or not rowhouse_private."may_read_customer"(row_id) then return 'missing'; end if;
  if ((pg_has_role(caller, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller, ':ROLE_SALES', 'usage') and target."organization_id" = any ((select "rowhouse_private"."reach_managed"())::uuid[]))) is not true then
    raise exception using errcode = '42501', message = 'no rule allows this';
  end if;
  instant := target."deleted_at";
  update "app"."customer" t0 set "deleted_at" = null where t0."id" = row_id;
  loop
    more := false;
    -- Contact.customer
    with locked as (
      select t0."id" from "app"."contact" t0
      where t0."customer_id" = any (ids_0) and t0."deleted_at" = instant for update
    ), marked as (
      update "app"."contact" t1 set "deleted_at" = null from locked where t1."id" = locked."id" returning t1."id"
    )
    select array_agg(marked."id") into batch from marked;
    if batch is not null then ids_1 := ids_1 || batch; more := true; end if;
    exit when not more;
  end loop;
  perform from "app"."organization" t0 where t0."id" in (select t1."organization_id" from "app"."customer" t1 where t1."id" = any (ids_0)) for key share;
  if exists (select from "app"."organization" t0 where t0."id" in (select t1."organization_id" from "app"."customer" t1 where t1."id" = any (ids_0)) and t0."deleted_at" is not null) then
    raise exception using errcode = '23001', schema = 'app', table = 'organization', column = 'organization_id', constraint = 'customer_organization_fkey', message = 'a row that it needs is removed';
  end if;
  perform from "app"."customer" t0 where t0."id" in (select t1."customer_id" from "app"."contact" t1 where t1."id" = any (ids_1)) for key share;
  if exists (select from "app"."customer" t0 where t0."id" in (select t1."customer_id" from "app"."contact" t1 where t1."id" = any (ids_1)) and t0."deleted_at" is not null) then
    raise exception using errcode = '23001', schema = 'app', table = 'customer', column = 'customer_id', constraint = 'contact_customer_fkey', message = 'a row that it needs is removed';
  end if;
  return 'restored';
end
$body$;
revoke all on function "rowhouse_private"."restore_customer"(uuid) from public;
grant execute on function "rowhouse_private"."restore_customer"(uuid) to ":ROLE_ADMIN", ":ROLE_SALES";
comment on function "rowhouse_private"."restore_customer"(uuid) is 'Restores a row of Customer: restored or missing.';

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
  if ((pg_has_role(caller, ':ROLE_ACCOUNTANT', 'usage')) or (pg_has_role(caller, ':ROLE_ADMIN', 'usage'))) is not true then
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
grant execute on function "rowhouse_private"."restore_invoice"(uuid) to ":ROLE_ACCOUNTANT", ":ROLE_ADMIN";
comment on function "rowhouse_private"."restore_invoice"(uuid) is 'Restores a row of Invoice: restored or missing.';

-- Restores a row of Membership: restored or missing.
create or replace function "rowhouse_private"."restore_membership"(row_id uuid) returns text
  language plpgsql volatile security definer set search_path = ''
as $body$
#variable_conflict use_variable
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
  target "app"."membership";
  instant timestamp with time zone;
  batch uuid[];
  more boolean;
  ids_0 uuid[] := array[row_id]; -- Membership
begin
  if not rowhouse_private."may_read_membership"(row_id) then return 'missing'; end if;
  select t0.* into target from "app"."membership" t0 where t0."id" = row_id and t0."deleted_at" is not null for update;
  if not found or not rowhouse_private."may_read_membership"(row_id) then return 'missing'; end if;
  if ((pg_has_role(caller, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller, ':ROLE_SALES', 'usage') and target."organization_id" = any ((select "rowhouse_private"."reach_managed"())::uuid[]) and target."level" = 'member'::text)) is not true then
    raise exception using errcode = '42501', message = 'no rule allows this';
  end if;
  instant := target."deleted_at";
  update "app"."membership" t0 set "deleted_at" = null where t0."id" = row_id;
  perform from "app"."user" t0 where t0."id" in (select t1."user_id" from "app"."membership" t1 where t1."id" = any (ids_0)) for key share;
  if exists (select from "app"."user" t0 where t0."id" in (select t1."user_id" from "app"."membership" t1 where t1."id" = any (ids_0)) and t0."deleted_at" is not null) then
    raise exception using errcode = '23001', schema = 'app', table = 'user', column = 'user_id', constraint = 'membership_user_fkey', message = 'a row that it needs is removed';
  end if;
  perform from "app"."organization" t0 where t0."id" in (select t1."organization_id" from "app"."membership" t1 where t1."id" = any (ids_0)) for key share;
  if exists (select from "app"."organization" t0 where t0."id" in (select t1."organization_id" from "app"."membership" t1 where t1."id" = any (ids_0)) and t0."deleted_at" is not null) then
    raise exception using errcode = '23001', schema = 'app', table = 'organization', column = 'organization_id', constraint = 'membership_organization_fkey', message = 'a row that it needs is removed';
  end if;
  return 'restored';
end
$body$;
revoke all on function "rowhouse_private"."restore_membership"(uuid) from public;
grant execute on function "rowhouse_private"."restore_membership"(uuid) to ":ROLE_ADMIN", ":ROLE_SALES";
comment on function "rowhouse_private"."restore_membership"(uuid) is 'Restores a row of Membership: restored or missing.';

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
begin
  if not rowhouse_private."may_read_order"(row_id) then return 'missing'; end if;
  select t0.* into target from "app"."order" t0 where t0."id" = row_id and t0."deleted_at" is not null for update;
  if not found or not rowhouse_private."may_read_order"(row_id) then return 'missing'; end if;
  if ((pg_has_role(caller, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller, ':ROLE_SALES', 'usage') and target."status" = 'draft'::text and ((exists (select from "app"."customer" t1 where t1."id" = target."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])) and target."placed_by_id" = rowhouse.actor_id()) or exists (select from "app"."customer" t1 where t1."id" = target."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_managed"())::uuid[]))))) is not true then
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
begin
  if not rowhouse_private."may_read_order_line"(row_id) then return 'missing'; end if;
  select t0.* into target from "app"."order_line" t0 where t0."id" = row_id and t0."deleted_at" is not null for update;
  if not found or not rowhouse_private."may_read_order_line"(row_id) then return 'missing'; end if;
  if ((pg_has_role(caller, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller, ':ROLE_SALES', 'usage') and exists (select from "app"."order" t1 where t1."id" = target."order_id" and t1."deleted_at" is null and exists (select from "app"."customer" t2 where t2."id" = t1."customer_id" and t2."deleted_at" is null and t2."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])) and t1."status" = 'draft'::text))) is not true then
    raise exception using errcode = '42501', message = 'no rule allows this';
  end if;
  instant := target."deleted_at";
  update "app"."order_line" t0 set "deleted_at" = null where t0."id" = row_id;
  perform from "app"."order" t0 where t0."id" in (select t1."order_id" from "app"."order_line" t1 where t1."id" = any (ids_0)) for key share;
  if exists (select from "app"."order" t0 where t0."id" in (select t1."order_id" from "app"."order_line" t1 where t1."id" = any (ids_0)) and t0."deleted_at" is not null) then
    raise exception using errcode = '23001', schema = 'app', table = 'order', column = 'order_id', constraint = 'order_line_order_fkey', message = 'a row that it needs is removed';
  end if;
  perform from "app"."product" t0 where t0."id" in (select t1."product_id" from "app"."order_line" t1 where t1."id" = any (ids_0)) for key share;
  if exists (select from "app"."product" t0 where t0."id" in (select t1."product_id" from "app"."order_line" t1 where t1."id" = any (ids_0)) and t0."deleted_at" is not null) then
    raise exception using errcode = '23001', schema = 'app', table = 'product', column = 'product_id', constraint = 'order_line_product_fkey', message = 'a row that it needs is removed';
  end if;
  return 'restored';
end
$body$;
revoke all on function "rowhouse_private"."restore_order_line"(uuid) from public;
grant execute on function "rowhouse_private"."restore_order_line"(uuid) to ":ROLE_ADMIN", ":ROLE_SALES";
comment on function "rowhouse_private"."restore_order_line"(uuid) is 'Restores a row of OrderLine: restored or missing.';

-- Restores a row of Organization: restored or missing.
create or replace function "rowhouse_private"."restore_organization"(row_id uuid) returns text
  language plpgsql volatile security definer set search_path = ''
as $body$
#variable_conflict use_variable
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
  target "app"."organization";
  instant timestamp with time zone;
  batch uuid[];
  more boolean;
  ids_0 uuid[] := array[row_id]; -- Organization
  ids_1 uuid[] := '{}'; -- Membership
begin
  if not rowhouse_private."may_read_organization"(row_id) then return 'missing'; end if;
  select t0.* into target from "app"."organization" t0 where t0."id" = row_id and t0."deleted_at" is not null for update;
  if not found or not rowhouse_private."may_read_organization"(row_id) then return 'missing'; end if;
  if ((pg_has_role(caller, ':ROLE_ADMIN', 'usage'))) is not true then
    raise exception using errcode = '42501', message = 'no rule allows this';
  end if;
  instant := target."deleted_at";
  update "app"."organization" t0 set "deleted_at" = null where t0."id" = row_id;
  loop
    more := false;
    -- Membership.organization
    with locked as (
      select t0."id" from "app"."membership" t0
      where t0."organization_id" = any (ids_0) and t0."deleted_at" = instant for update
    ), marked as (
      update "app"."membership" t1 set "deleted_at" = null from locked where t1."id" = locked."id" returning t1."id"
    )
    select array_agg(marked."id") into batch from marked;
    if batch is not null then ids_1 := ids_1 || batch; more := true; end if;
    exit when not more;
  end loop;
  perform from "app"."user" t0 where t0."id" in (select t1."user_id" from "app"."membership" t1 where t1."id" = any (ids_1)) for key share;
  if exists (select from "app"."user" t0 where t0."id" in (select t1."user_id" from "app"."membership" t1 where t1."id" = any (ids_1)) and t0."deleted_at" is not null) then
    raise exception using errcode = '23001', schema = 'app', table = 'user', column = 'user_id', constraint = 'membership_user_fkey', message = 'a row that it needs is removed';
  end if;
  perform from "app"."organization" t0 where t0."id" in (select t1."organization_id" from "app"."membership" t1 where t1."id" = any (ids_1)) for key share;
  if exists (select from "app"."organization" t0 where t0."id" in (select t1."organization_id" from "app"."membership" t1 where t1."id" = any (ids_1)) and t0."deleted_at" is not null) then
    raise exception using errcode = '23001', schema = 'app', table = 'organization', column = 'organization_id', constraint = 'membership_organization_fkey', message = 'a row that it needs is removed';
  end if;
  return 'restored';
end
$body$;
revoke all on function "rowhouse_private"."restore_organization"(uuid) from public;
grant execute on function "rowhouse_private"."restore_organization"(uuid) to ":ROLE_ADMIN";
comment on function "rowhouse_private"."restore_organization"(uuid) is 'Restores a row of Organization: restored or missing.';

-- Restores a row of Payment: restored or missing.
create or replace function "rowhouse_private"."restore_payment"(row_id uuid) returns text
  language plpgsql volatile security definer set search_path = ''
as $body$
#variable_conflict use_variable
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
  target "app"."payment";
  instant timestamp with time zone;
  batch uuid[];
  more boolean;
  ids_0 uuid[] := array[row_id]; -- Payment
begin
  if not rowhouse_private."may_read_payment"(row_id) then return 'missing'; end if;
  select t0.* into target from "app"."payment" t0 where t0."id" = row_id and t0."deleted_at" is not null for update;
  if not found or not rowhouse_private."may_read_payment"(row_id) then return 'missing'; end if;
  if ((pg_has_role(caller, ':ROLE_ACCOUNTANT', 'usage')) or (pg_has_role(caller, ':ROLE_ADMIN', 'usage'))) is not true then
    raise exception using errcode = '42501', message = 'no rule allows this';
  end if;
  instant := target."deleted_at";
  update "app"."payment" t0 set "deleted_at" = null where t0."id" = row_id;
  perform from "app"."invoice" t0 where t0."id" in (select t1."invoice_id" from "app"."payment" t1 where t1."id" = any (ids_0)) for key share;
  if exists (select from "app"."invoice" t0 where t0."id" in (select t1."invoice_id" from "app"."payment" t1 where t1."id" = any (ids_0)) and t0."deleted_at" is not null) then
    raise exception using errcode = '23001', schema = 'app', table = 'invoice', column = 'invoice_id', constraint = 'payment_invoice_fkey', message = 'a row that it needs is removed';
  end if;
  return 'restored';
end
$body$;
revoke all on function "rowhouse_private"."restore_payment"(uuid) from public;
grant execute on function "rowhouse_private"."restore_payment"(uuid) to ":ROLE_ACCOUNTANT", ":ROLE_ADMIN";
comment on function "rowhouse_private"."restore_payment"(uuid) is 'Restores a row of Payment: restored or missing.';

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
  if ((pg_has_role(caller, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller, ':ROLE_LEAD', 'usage'))) is not true then
    raise exception using errcode = '42501', message = 'no rule allows this';
  end if;
  instant := target."deleted_at";
  update "app"."product" t0 set "deleted_at" = null where t0."id" = row_id;
  return 'restored';
end
$body$;
revoke all on function "rowhouse_private"."restore_product"(uuid) from public;
grant execute on function "rowhouse_private"."restore_product"(uuid) to ":ROLE_ADMIN", ":ROLE_LEAD";
comment on function "rowhouse_private"."restore_product"(uuid) is 'Restores a row of Product: restored or missing.';

-- Brings a row of Invoice to another state: updated, or what stands in the way.
create or replace function "rowhouse_private"."act_send__invoice"(row_id uuid, note text DEFAULT NULL::text, if_updated_at timestamp with time zone DEFAULT NULL::timestamp with time zone) returns text
  language plpgsql volatile security definer set search_path = ''
as $body$
#variable_conflict use_variable
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
  target "app"."invoice";
  who uuid;
begin
  if not rowhouse_private."may_read_invoice"(row_id) then return 'missing'; end if;
  select t0.* into target from "app"."invoice" t0 where t0."id" = row_id and t0."deleted_at" is null for update;
  if not found or not rowhouse_private."may_read_invoice"(row_id) then return 'missing'; end if;
  if if_updated_at is not null and target."updated_at" is distinct from if_updated_at then return 'stale'; end if;
  if target."status" <> all (array['draft']) then return pg_catalog.json_build_object('state', target."status")::text; end if;
  if ((pg_has_role(caller, ':ROLE_ACCOUNTANT', 'usage')) or (pg_has_role(caller, ':ROLE_ADMIN', 'usage'))) is not true then
    raise exception using errcode = '42501', message = 'no rule allows this';
  end if;
  if (target."due_on" is not null) is not true then
    return pg_catalog.json_build_object('when', case when (target."due_on" is not null) is not true then array['dueOn'] else '{}'::text[] end)::text;
  end if;
  if pg_catalog.length(note) > 2000 then return 'long'; end if;
  perform set_config('rowhouse.transition', pg_catalog.json_build_object('verb', 'send', 'note', note)::text, true);
  update "app"."invoice" t0 set "status" = 'sent' where t0."id" = row_id;
  perform set_config('rowhouse.transition', '', true);
  select t0."id" into who from "app"."user" t0 where t0."id" = rowhouse.actor_id();
  insert into "app"."invoice_transition" ("tenant_id", "invoice_id", "step", "by_id", "verb", "from", "to", "at", "note")
    values (target."tenant_id", target."id", coalesce((select max(t0."step") from "app"."invoice_transition" t0 where t0."tenant_id" = target."tenant_id" and t0."invoice_id" = target."id"), 0) + 1, who, 'send', target."status", 'sent', pg_catalog.clock_timestamp(), note);
  return 'updated';
end
$body$;
revoke all on function "rowhouse_private"."act_send__invoice"(uuid, text, timestamp with time zone) from public;
grant execute on function "rowhouse_private"."act_send__invoice"(uuid, text, timestamp with time zone) to ":ROLE_ACCOUNTANT", ":ROLE_ADMIN";
comment on function "rowhouse_private"."act_send__invoice"(uuid, text, timestamp with time zone) is 'Brings a row of Invoice to another state: updated, or what stands in the way.';

-- Brings a row of Invoice to another state: updated, or what stands in the way.
create or replace function "rowhouse_private"."act_remind__invoice"(row_id uuid, note text DEFAULT NULL::text, if_updated_at timestamp with time zone DEFAULT NULL::timestamp with time zone) returns text
  language plpgsql volatile security definer set search_path = ''
as $body$
#variable_conflict use_variable
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
  target "app"."invoice";
  who uuid;
begin
  if not rowhouse_private."may_read_invoice"(row_id) then return 'missing'; end if;
  select t0.* into target from "app"."invoice" t0 where t0."id" = row_id and t0."deleted_at" is null for update;
  if not found or not rowhouse_private."may_read_invoice"(row_id) then return 'missing'; end if;
  if if_updated_at is not null and target."updated_at" is distinct from if_updated_at then return 'stale'; end if;
  if target."status" <> all (array['sent']) then return pg_catalog.json_build_object('state', target."status")::text; end if;
  if ((pg_has_role(caller, ':ROLE_ACCOUNTANT', 'usage')) or (pg_has_role(caller, ':ROLE_ADMIN', 'usage'))) is not true then
    raise exception using errcode = '42501', message = 'no rule allows this';
  end if;
  if pg_catalog.length(note) > 2000 then return 'long'; end if;
  perform set_config('rowhouse.transition', pg_catalog.json_build_object('verb', 'remind', 'note', note)::text, true);
  update "app"."invoice" t0 set "status" = 'reminded' where t0."id" = row_id;
  perform set_config('rowhouse.transition', '', true);
  select t0."id" into who from "app"."user" t0 where t0."id" = rowhouse.actor_id();
  insert into "app"."invoice_transition" ("tenant_id", "invoice_id", "step", "by_id", "verb", "from", "to", "at", "note")
    values (target."tenant_id", target."id", coalesce((select max(t0."step") from "app"."invoice_transition" t0 where t0."tenant_id" = target."tenant_id" and t0."invoice_id" = target."id"), 0) + 1, who, 'remind', target."status", 'reminded', pg_catalog.clock_timestamp(), note);
  return 'updated';
end
$body$;
revoke all on function "rowhouse_private"."act_remind__invoice"(uuid, text, timestamp with time zone) from public;
grant execute on function "rowhouse_private"."act_remind__invoice"(uuid, text, timestamp with time zone) to ":ROLE_ACCOUNTANT", ":ROLE_ADMIN";
comment on function "rowhouse_private"."act_remind__invoice"(uuid, text, timestamp with time zone) is 'Brings a row of Invoice to another state: updated, or what stands in the way.';

-- Brings a row of Invoice to another state: updated, or what stands in the way.
create or replace function "rowhouse_private"."act_warn__invoice"(row_id uuid, note text DEFAULT NULL::text, if_updated_at timestamp with time zone DEFAULT NULL::timestamp with time zone) returns text
  language plpgsql volatile security definer set search_path = ''
as $body$
#variable_conflict use_variable
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
  target "app"."invoice";
  who uuid;
begin
  if not rowhouse_private."may_read_invoice"(row_id) then return 'missing'; end if;
  select t0.* into target from "app"."invoice" t0 where t0."id" = row_id and t0."deleted_at" is null for update;
  if not found or not rowhouse_private."may_read_invoice"(row_id) then return 'missing'; end if;
  if if_updated_at is not null and target."updated_at" is distinct from if_updated_at then return 'stale'; end if;
  if target."status" <> all (array['reminded']) then return pg_catalog.json_build_object('state', target."status")::text; end if;
  if ((pg_has_role(caller, ':ROLE_ACCOUNTANT', 'usage')) or (pg_has_role(caller, ':ROLE_ADMIN', 'usage'))) is not true then
    raise exception using errcode = '42501', message = 'no rule allows this';
  end if;
  if pg_catalog.length(note) > 2000 then return 'long'; end if;
  perform set_config('rowhouse.transition', pg_catalog.json_build_object('verb', 'warn', 'note', note)::text, true);
  update "app"."invoice" t0 set "status" = 'warned' where t0."id" = row_id;
  perform set_config('rowhouse.transition', '', true);
  select t0."id" into who from "app"."user" t0 where t0."id" = rowhouse.actor_id();
  insert into "app"."invoice_transition" ("tenant_id", "invoice_id", "step", "by_id", "verb", "from", "to", "at", "note")
    values (target."tenant_id", target."id", coalesce((select max(t0."step") from "app"."invoice_transition" t0 where t0."tenant_id" = target."tenant_id" and t0."invoice_id" = target."id"), 0) + 1, who, 'warn', target."status", 'warned', pg_catalog.clock_timestamp(), note);
  return 'updated';
end
$body$;
revoke all on function "rowhouse_private"."act_warn__invoice"(uuid, text, timestamp with time zone) from public;
grant execute on function "rowhouse_private"."act_warn__invoice"(uuid, text, timestamp with time zone) to ":ROLE_ACCOUNTANT", ":ROLE_ADMIN";
comment on function "rowhouse_private"."act_warn__invoice"(uuid, text, timestamp with time zone) is 'Brings a row of Invoice to another state: updated, or what stands in the way.';

-- Brings a row of Invoice to another state: updated, or what stands in the way.
create or replace function "rowhouse_private"."act_settle__invoice"(row_id uuid, note text DEFAULT NULL::text, if_updated_at timestamp with time zone DEFAULT NULL::timestamp with time zone) returns text
  language plpgsql volatile security definer set search_path = ''
as $body$
#variable_conflict use_variable
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
  target "app"."invoice";
  who uuid;
begin
  if not rowhouse_private."may_read_invoice"(row_id) then return 'missing'; end if;
  select t0.* into target from "app"."invoice" t0 where t0."id" = row_id and t0."deleted_at" is null for update;
  if not found or not rowhouse_private."may_read_invoice"(row_id) then return 'missing'; end if;
  if if_updated_at is not null and target."updated_at" is distinct from if_updated_at then return 'stale'; end if;
  if target."status" <> all (array['sent', 'reminded', 'warned']) then return pg_catalog.json_build_object('state', target."status")::text; end if;
  if ((pg_has_role(caller, ':ROLE_ACCOUNTANT', 'usage')) or (pg_has_role(caller, ':ROLE_ADMIN', 'usage'))) is not true then
    raise exception using errcode = '42501', message = 'no rule allows this';
  end if;
  if pg_catalog.length(note) > 2000 then return 'long'; end if;
  update "app"."invoice" t0 set "status" = 'paid' where t0."id" = row_id;
  select t0."id" into who from "app"."user" t0 where t0."id" = rowhouse.actor_id();
  insert into "app"."invoice_transition" ("tenant_id", "invoice_id", "step", "by_id", "verb", "from", "to", "at", "note")
    values (target."tenant_id", target."id", coalesce((select max(t0."step") from "app"."invoice_transition" t0 where t0."tenant_id" = target."tenant_id" and t0."invoice_id" = target."id"), 0) + 1, who, 'settle', target."status", 'paid', pg_catalog.clock_timestamp(), note);
  return 'updated';
end
$body$;
revoke all on function "rowhouse_private"."act_settle__invoice"(uuid, text, timestamp with time zone) from public;
grant execute on function "rowhouse_private"."act_settle__invoice"(uuid, text, timestamp with time zone) to ":ROLE_ACCOUNTANT", ":ROLE_ADMIN";
comment on function "rowhouse_private"."act_settle__invoice"(uuid, text, timestamp with time zone) is 'Brings a row of Invoice to another state: updated, or what stands in the way.';

-- Brings a row of Invoice to another state: updated, or what stands in the way.
create or replace function "rowhouse_private"."act_void__invoice"(row_id uuid, note text DEFAULT NULL::text, if_updated_at timestamp with time zone DEFAULT NULL::timestamp with time zone) returns text
  language plpgsql volatile security definer set search_path = ''
as $body$
#variable_conflict use_variable
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
  target "app"."invoice";
  who uuid;
begin
  if not rowhouse_private."may_read_invoice"(row_id) then return 'missing'; end if;
  select t0.* into target from "app"."invoice" t0 where t0."id" = row_id and t0."deleted_at" is null for update;
  if not found or not rowhouse_private."may_read_invoice"(row_id) then return 'missing'; end if;
  if if_updated_at is not null and target."updated_at" is distinct from if_updated_at then return 'stale'; end if;
  if target."status" <> all (array['draft', 'sent', 'reminded', 'warned']) then return pg_catalog.json_build_object('state', target."status")::text; end if;
  if ((pg_has_role(caller, ':ROLE_ACCOUNTANT', 'usage')) or (pg_has_role(caller, ':ROLE_ADMIN', 'usage'))) is not true then
    raise exception using errcode = '42501', message = 'no rule allows this';
  end if;
  if pg_catalog.length(note) > 2000 then return 'long'; end if;
  update "app"."invoice" t0 set "status" = 'void' where t0."id" = row_id;
  select t0."id" into who from "app"."user" t0 where t0."id" = rowhouse.actor_id();
  insert into "app"."invoice_transition" ("tenant_id", "invoice_id", "step", "by_id", "verb", "from", "to", "at", "note")
    values (target."tenant_id", target."id", coalesce((select max(t0."step") from "app"."invoice_transition" t0 where t0."tenant_id" = target."tenant_id" and t0."invoice_id" = target."id"), 0) + 1, who, 'void', target."status", 'void', pg_catalog.clock_timestamp(), note);
  return 'updated';
end
$body$;
revoke all on function "rowhouse_private"."act_void__invoice"(uuid, text, timestamp with time zone) from public;
grant execute on function "rowhouse_private"."act_void__invoice"(uuid, text, timestamp with time zone) to ":ROLE_ACCOUNTANT", ":ROLE_ADMIN";
comment on function "rowhouse_private"."act_void__invoice"(uuid, text, timestamp with time zone) is 'Brings a row of Invoice to another state: updated, or what stands in the way.';

-- Brings a row of Order to another state: updated, or what stands in the way.
create or replace function "rowhouse_private"."act_quote__order"(row_id uuid, note text DEFAULT NULL::text, if_updated_at timestamp with time zone DEFAULT NULL::timestamp with time zone) returns text
  language plpgsql volatile security definer set search_path = ''
as $body$
#variable_conflict use_variable
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
  target "app"."order";
  who uuid;
begin
  if not rowhouse_private."may_read_order"(row_id) then return 'missing'; end if;
  select t0.* into target from "app"."order" t0 where t0."id" = row_id and t0."deleted_at" is null for update;
  if not found or not rowhouse_private."may_read_order"(row_id) then return 'missing'; end if;
  if if_updated_at is not null and target."updated_at" is distinct from if_updated_at then return 'stale'; end if;
  if target."status" <> all (array['draft']) then return pg_catalog.json_build_object('state', target."status")::text; end if;
  if ((pg_has_role(caller, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller, ':ROLE_SALES', 'usage') and exists (select from "app"."customer" t1 where t1."id" = target."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])))) is not true then
    raise exception using errcode = '42501', message = 'no rule allows this';
  end if;
  if (((select count(*)::numeric from "app"."order_line" t1 where t1."order_id" = target."id" and t1."deleted_at" is null))::integer > 0) is not true then
    return pg_catalog.json_build_object('when', case when (((select count(*)::numeric from "app"."order_line" t1 where t1."order_id" = target."id" and t1."deleted_at" is null))::integer > 0) is not true then array['lineCount'] else '{}'::text[] end)::text;
  end if;
  if not (target."quoted_until" is not null) then
    return pg_catalog.json_build_object('requires', array_remove(array[case when not (target."quoted_until" is not null) then 'quotedUntil' end]::text[], null))::text;
  end if;
  if pg_catalog.length(note) > 2000 then return 'long'; end if;
  update "app"."order" t0 set "status" = 'quoted' where t0."id" = row_id;
  select t0."id" into who from "app"."user" t0 where t0."id" = rowhouse.actor_id();
  insert into "app"."order_transition" ("tenant_id", "order_id", "step", "by_id", "verb", "from", "to", "at", "note")
    values (target."tenant_id", target."id", coalesce((select max(t0."step") from "app"."order_transition" t0 where t0."tenant_id" = target."tenant_id" and t0."order_id" = target."id"), 0) + 1, who, 'quote', target."status", 'quoted', pg_catalog.clock_timestamp(), note);
  return 'updated';
end
$body$;
revoke all on function "rowhouse_private"."act_quote__order"(uuid, text, timestamp with time zone) from public;
grant execute on function "rowhouse_private"."act_quote__order"(uuid, text, timestamp with time zone) to ":ROLE_ADMIN", ":ROLE_SALES";
comment on function "rowhouse_private"."act_quote__order"(uuid, text, timestamp with time zone) is 'Brings a row of Order to another state: updated, or what stands in the way.';

-- Brings a row of Order to another state: updated, or what stands in the way.
create or replace function "rowhouse_private"."act_rework__order"(row_id uuid, note text DEFAULT NULL::text, if_updated_at timestamp with time zone DEFAULT NULL::timestamp with time zone) returns text
  language plpgsql volatile security definer set search_path = ''
as $body$
#variable_conflict use_variable
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
  target "app"."order";
  who uuid;
begin
  if not rowhouse_private."may_read_order"(row_id) then return 'missing'; end if;
  select t0.* into target from "app"."order" t0 where t0."id" = row_id and t0."deleted_at" is null for update;
  if not found or not rowhouse_private."may_read_order"(row_id) then return 'missing'; end if;
  if if_updated_at is not null and target."updated_at" is distinct from if_updated_at then return 'stale'; end if;
  if target."status" <> all (array['quoted']) then return pg_catalog.json_build_object('state', target."status")::text; end if;
  if ((pg_has_role(caller, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller, ':ROLE_SALES', 'usage') and exists (select from "app"."customer" t1 where t1."id" = target."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])))) is not true then
    raise exception using errcode = '42501', message = 'no rule allows this';
  end if;
  if pg_catalog.length(note) > 2000 then return 'long'; end if;
  update "app"."order" t0 set "status" = 'draft' where t0."id" = row_id;
  select t0."id" into who from "app"."user" t0 where t0."id" = rowhouse.actor_id();
  insert into "app"."order_transition" ("tenant_id", "order_id", "step", "by_id", "verb", "from", "to", "at", "note")
    values (target."tenant_id", target."id", coalesce((select max(t0."step") from "app"."order_transition" t0 where t0."tenant_id" = target."tenant_id" and t0."order_id" = target."id"), 0) + 1, who, 'rework', target."status", 'draft', pg_catalog.clock_timestamp(), note);
  return 'updated';
end
$body$;
revoke all on function "rowhouse_private"."act_rework__order"(uuid, text, timestamp with time zone) from public;
grant execute on function "rowhouse_private"."act_rework__order"(uuid, text, timestamp with time zone) to ":ROLE_ADMIN", ":ROLE_SALES";
comment on function "rowhouse_private"."act_rework__order"(uuid, text, timestamp with time zone) is 'Brings a row of Order to another state: updated, or what stands in the way.';

-- Brings a row of Order to another state: updated, or what stands in the way.
create or replace function "rowhouse_private"."act_accept__order"(row_id uuid, note text DEFAULT NULL::text, if_updated_at timestamp with time zone DEFAULT NULL::timestamp with time zone) returns text
  language plpgsql volatile security definer set search_path = ''
as $body$
#variable_conflict use_variable
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
  target "app"."order";
  who uuid;
begin
  if not rowhouse_private."may_read_order"(row_id) then return 'missing'; end if;
  select t0.* into target from "app"."order" t0 where t0."id" = row_id and t0."deleted_at" is null for update;
  if not found or not rowhouse_private."may_read_order"(row_id) then return 'missing'; end if;
  if if_updated_at is not null and target."updated_at" is distinct from if_updated_at then return 'stale'; end if;
  if target."status" <> all (array['quoted']) then return pg_catalog.json_build_object('state', target."status")::text; end if;
  -- a quote is accepted while it stands
  if pg_has_role(caller, ':MEMBER', 'usage') and (target."quoted_until" >= ((now() at time zone 'utc'))::date) is not true then
    raise exception using errcode = '42501', detail = 'a quote is accepted while it stands', hint = 'The quote has run out: rework it.', message = 'a rule denies this';
  end if;
  if ((pg_has_role(caller, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller, ':ROLE_SALES', 'usage') and exists (select from "app"."customer" t1 where t1."id" = target."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])))) is not true then
    raise exception using errcode = '42501', message = 'no rule allows this';
  end if;
  if (target."wanted_on" is not null) is not true then
    return pg_catalog.json_build_object('when', case when (target."wanted_on" is not null) is not true then array['wantedOn'] else '{}'::text[] end)::text;
  end if;
  if pg_catalog.length(note) > 2000 then return 'long'; end if;
  update "app"."order" t0 set "status" = 'placed' where t0."id" = row_id;
  select t0."id" into who from "app"."user" t0 where t0."id" = rowhouse.actor_id();
  insert into "app"."order_transition" ("tenant_id", "order_id", "step", "by_id", "verb", "from", "to", "at", "note")
    values (target."tenant_id", target."id", coalesce((select max(t0."step") from "app"."order_transition" t0 where t0."tenant_id" = target."tenant_id" and t0."order_id" = target."id"), 0) + 1, who, 'accept', target."status", 'placed', pg_catalog.clock_timestamp(), note);
  return 'updated';
end
$body$;
revoke all on function "rowhouse_private"."act_accept__order"(uuid, text, timestamp with time zone) from public;
grant execute on function "rowhouse_private"."act_accept__order"(uuid, text, timestamp with time zone) to ":ROLE_ADMIN", ":ROLE_SALES";
comment on function "rowhouse_private"."act_accept__order"(uuid, text, timestamp with time zone) is 'Brings a row of Order to another state: updated, or what stands in the way.';

-- Brings a row of Order to another state: updated, or what stands in the way.
create or replace function "rowhouse_private"."act_place__order"(row_id uuid, note text DEFAULT NULL::text, if_updated_at timestamp with time zone DEFAULT NULL::timestamp with time zone) returns text
  language plpgsql volatile security definer set search_path = ''
as $body$
#variable_conflict use_variable
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
  target "app"."order";
  who uuid;
begin
  if not rowhouse_private."may_read_order"(row_id) then return 'missing'; end if;
  select t0.* into target from "app"."order" t0 where t0."id" = row_id and t0."deleted_at" is null for update;
  if not found or not rowhouse_private."may_read_order"(row_id) then return 'missing'; end if;
  if if_updated_at is not null and target."updated_at" is distinct from if_updated_at then return 'stale'; end if;
  if target."status" <> all (array['draft']) then return pg_catalog.json_build_object('state', target."status")::text; end if;
  if ((pg_has_role(caller, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller, ':ROLE_SALES', 'usage') and exists (select from "app"."customer" t1 where t1."id" = target."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])))) is not true then
    raise exception using errcode = '42501', message = 'no rule allows this';
  end if;
  if (target."wanted_on" is not null and ((select count(*)::numeric from "app"."order_line" t1 where t1."order_id" = target."id" and t1."deleted_at" is null))::integer > 0) is not true then
    return pg_catalog.json_build_object('when', case when (target."wanted_on" is not null) is not true then array['wantedOn'] else '{}'::text[] end || case when (((select count(*)::numeric from "app"."order_line" t1 where t1."order_id" = target."id" and t1."deleted_at" is null))::integer > 0) is not true then array['lineCount'] else '{}'::text[] end)::text;
  end if;
  if pg_catalog.length(note) > 2000 then return 'long'; end if;
  update "app"."order" t0 set "status" = 'placed' where t0."id" = row_id;
  select t0."id" into who from "app"."user" t0 where t0."id" = rowhouse.actor_id();
  insert into "app"."order_transition" ("tenant_id", "order_id", "step", "by_id", "verb", "from", "to", "at", "note")
    values (target."tenant_id", target."id", coalesce((select max(t0."step") from "app"."order_transition" t0 where t0."tenant_id" = target."tenant_id" and t0."order_id" = target."id"), 0) + 1, who, 'place', target."status", 'placed', pg_catalog.clock_timestamp(), note);
  return 'updated';
end
$body$;
revoke all on function "rowhouse_private"."act_place__order"(uuid, text, timestamp with time zone) from public;
grant execute on function "rowhouse_private"."act_place__order"(uuid, text, timestamp with time zone) to ":ROLE_ADMIN", ":ROLE_SALES";
comment on function "rowhouse_private"."act_place__order"(uuid, text, timestamp with time zone) is 'Brings a row of Order to another state: updated, or what stands in the way.';

-- Brings a row of Order to another state: updated, or what stands in the way.
create or replace function "rowhouse_private"."act_approve__order"(row_id uuid, note text DEFAULT NULL::text, if_updated_at timestamp with time zone DEFAULT NULL::timestamp with time zone) returns text
  language plpgsql volatile security definer set search_path = ''
as $body$
#variable_conflict use_variable
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
  target "app"."order";
  who uuid;
begin
  if not rowhouse_private."may_read_order"(row_id) then return 'missing'; end if;
  select t0.* into target from "app"."order" t0 where t0."id" = row_id and t0."deleted_at" is null for update;
  if not found or not rowhouse_private."may_read_order"(row_id) then return 'missing'; end if;
  if if_updated_at is not null and target."updated_at" is distinct from if_updated_at then return 'stale'; end if;
  if target."status" <> all (array['placed']) then return pg_catalog.json_build_object('state', target."status")::text; end if;
  if ((pg_has_role(caller, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller, ':ROLE_LEAD', 'usage') and exists (select from "app"."customer" t1 where t1."id" = target."customer_id" and t1."deleted_at" is null and t1."region" = rowhouse.claim('region')) and target."placed_by_id" is distinct from rowhouse.actor_id() and rowhouse.actor_id() is not null) or (pg_has_role(caller, ':ROLE_SALES', 'usage') and ((target."currency" = 'EUR'::text and round((select coalesce(sum(v1.v), 0) from (select round(((t1."unit_price" * (t1."quantity")::numeric) * ('1'::numeric - t1."discount")), 2) as v from "app"."order_line" t1 where t1."order_id" = target."id" and t1."deleted_at" is null) v1), 2) <= '10000'::numeric) or (target."currency" = 'USD'::text and round((select coalesce(sum(v1.v), 0) from (select round(((t1."unit_price" * (t1."quantity")::numeric) * ('1'::numeric - t1."discount")), 2) as v from "app"."order_line" t1 where t1."order_id" = target."id" and t1."deleted_at" is null) v1), 2) <= '10000'::numeric)) and exists (select from "app"."customer" t1 where t1."id" = target."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_managed"())::uuid[])) and target."placed_by_id" is distinct from rowhouse.actor_id())) is not true then
    raise exception using errcode = '42501', message = 'no rule allows this';
  end if;
  if pg_catalog.length(note) > 2000 then return 'long'; end if;
  update "app"."order" t0 set "status" = 'approved' where t0."id" = row_id;
  select t0."id" into who from "app"."user" t0 where t0."id" = rowhouse.actor_id();
  insert into "app"."order_transition" ("tenant_id", "order_id", "step", "by_id", "verb", "from", "to", "at", "note")
    values (target."tenant_id", target."id", coalesce((select max(t0."step") from "app"."order_transition" t0 where t0."tenant_id" = target."tenant_id" and t0."order_id" = target."id"), 0) + 1, who, 'approve', target."status", 'approved', pg_catalog.clock_timestamp(), note);
  return 'updated';
end
$body$;
revoke all on function "rowhouse_private"."act_approve__order"(uuid, text, timestamp with time zone) from public;
grant execute on function "rowhouse_private"."act_approve__order"(uuid, text, timestamp with time zone) to ":ROLE_ADMIN", ":ROLE_LEAD", ":ROLE_SALES";
comment on function "rowhouse_private"."act_approve__order"(uuid, text, timestamp with time zone) is 'Brings a row of Order to another state: updated, or what stands in the way.';

-- Brings a row of Order to another state: updated, or what stands in the way.
create or replace function "rowhouse_private"."act_ship__order"(row_id uuid, note text DEFAULT NULL::text, if_updated_at timestamp with time zone DEFAULT NULL::timestamp with time zone) returns text
  language plpgsql volatile security definer set search_path = ''
as $body$
#variable_conflict use_variable
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
  target "app"."order";
  who uuid;
begin
  if not rowhouse_private."may_read_order"(row_id) then return 'missing'; end if;
  select t0.* into target from "app"."order" t0 where t0."id" = row_id and t0."deleted_at" is null for update;
  if not found or not rowhouse_private."may_read_order"(row_id) then return 'missing'; end if;
  if if_updated_at is not null and target."updated_at" is distinct from if_updated_at then return 'stale'; end if;
  if target."status" <> all (array['approved']) then return pg_catalog.json_build_object('state', target."status")::text; end if;
  if ((pg_has_role(caller, ':ROLE_ADMIN', 'usage'))) is not true then
    raise exception using errcode = '42501', message = 'no rule allows this';
  end if;
  if pg_catalog.length(note) > 2000 then return 'long'; end if;
  update "app"."order" t0 set "status" = 'shipped' where t0."id" = row_id;
  select t0."id" into who from "app"."user" t0 where t0."id" = rowhouse.actor_id();
  insert into "app"."order_transition" ("tenant_id", "order_id", "step", "by_id", "verb", "from", "to", "at", "note")
    values (target."tenant_id", target."id", coalesce((select max(t0."step") from "app"."order_transition" t0 where t0."tenant_id" = target."tenant_id" and t0."order_id" = target."id"), 0) + 1, who, 'ship', target."status", 'shipped', pg_catalog.clock_timestamp(), note);
  return 'updated';
end
$body$;
revoke all on function "rowhouse_private"."act_ship__order"(uuid, text, timestamp with time zone) from public;
grant execute on function "rowhouse_private"."act_ship__order"(uuid, text, timestamp with time zone) to ":ROLE_ADMIN";
comment on function "rowhouse_private"."act_ship__order"(uuid, text, timestamp with time zone) is 'Brings a row of Order to another state: updated, or what stands in the way.';

-- Brings a row of Order to another state: updated, or what stands in the way.
create or replace function "rowhouse_private"."act_cancel__order"(row_id uuid, note text DEFAULT NULL::text, if_updated_at timestamp with time zone DEFAULT NULL::timestamp with time zone) returns text
  language plpgsql volatile security definer set search_path = ''
as $body$
#variable_conflict use_variable
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
  target "app"."order";
  who uuid;
begin
  if not rowhouse_private."may_read_order"(row_id) then return 'missing'; end if;
  select t0.* into target from "app"."order" t0 where t0."id" = row_id and t0."deleted_at" is null for update;
  if not found or not rowhouse_private."may_read_order"(row_id) then return 'missing'; end if;
  if if_updated_at is not null and target."updated_at" is distinct from if_updated_at then return 'stale'; end if;
  if target."status" <> all (array['draft', 'quoted', 'placed']) then return pg_catalog.json_build_object('state', target."status")::text; end if;
  if ((pg_has_role(caller, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller, ':ROLE_SALES', 'usage') and exists (select from "app"."customer" t1 where t1."id" = target."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])))) is not true then
    raise exception using errcode = '42501', message = 'no rule allows this';
  end if;
  if pg_catalog.length(note) > 2000 then return 'long'; end if;
  update "app"."order" t0 set "status" = 'cancelled' where t0."id" = row_id;
  select t0."id" into who from "app"."user" t0 where t0."id" = rowhouse.actor_id();
  insert into "app"."order_transition" ("tenant_id", "order_id", "step", "by_id", "verb", "from", "to", "at", "note")
    values (target."tenant_id", target."id", coalesce((select max(t0."step") from "app"."order_transition" t0 where t0."tenant_id" = target."tenant_id" and t0."order_id" = target."id"), 0) + 1, who, 'cancel', target."status", 'cancelled', pg_catalog.clock_timestamp(), note);
  return 'updated';
end
$body$;
revoke all on function "rowhouse_private"."act_cancel__order"(uuid, text, timestamp with time zone) from public;
grant execute on function "rowhouse_private"."act_cancel__order"(uuid, text, timestamp with time zone) to ":ROLE_ADMIN", ":ROLE_SALES";
comment on function "rowhouse_private"."act_cancel__order"(uuid, text, timestamp with time zone) is 'Brings a row of Order to another state: updated, or what stands in the way.';

-- What states of Order freeze stays as it is.
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
grant execute on function "rowhouse_private"."frozen_order"() to ":OWNER";
comment on function "rowhouse_private"."frozen_order"() is 'What states of Order freeze stays as it is.';

-- Which transitions rows of Invoice may take.
create or replace function "rowhouse_private"."options_invoice"(uuid[]) returns text
  language plpgsql stable security definer set search_path = ''
as $body$
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
begin
  return (select coalesce(pg_catalog.jsonb_object_agg(t0."id"::text, (select coalesce(pg_catalog.jsonb_agg(o.option order by o.place), '[]') from (values 
      (0, case
        when t0."status" <> all (array['draft']) then null
        when ((pg_has_role(caller, ':ROLE_ACCOUNTANT', 'usage')) or (pg_has_role(caller, ':ROLE_ADMIN', 'usage'))) is not true then pg_catalog.jsonb_build_object('verb', 'send', 'allowed', false)
        when (t0."due_on" is not null) is not true then pg_catalog.jsonb_build_object('verb', 'send', 'when', case when (t0."due_on" is not null) is not true then array['dueOn'] else '{}'::text[] end)
        else pg_catalog.jsonb_build_object('verb', 'send', 'allowed', true) end),
      (1, case
        when t0."status" <> all (array['sent']) then null
        when ((pg_has_role(caller, ':ROLE_ACCOUNTANT', 'usage')) or (pg_has_role(caller, ':ROLE_ADMIN', 'usage'))) is not true then pg_catalog.jsonb_build_object('verb', 'remind', 'allowed', false)
        else pg_catalog.jsonb_build_object('verb', 'remind', 'allowed', true) end),
      (2, case
        when t0."status" <> all (array['reminded']) then null
        when ((pg_has_role(caller, ':ROLE_ACCOUNTANT', 'usage')) or (pg_has_role(caller, ':ROLE_ADMIN', 'usage'))) is not true then pg_catalog.jsonb_build_object('verb', 'warn', 'allowed', false)
        else pg_catalog.jsonb_build_object('verb', 'warn', 'allowed', true) end),
      (3, case
        when t0."status" <> all (array['sent', 'reminded', 'warned']) then null
        when ((pg_has_role(caller, ':ROLE_ACCOUNTANT', 'usage')) or (pg_has_role(caller, ':ROLE_ADMIN', 'usage'))) is not true then pg_catalog.jsonb_build_object('verb', 'settle', 'allowed', false)
        else pg_catalog.jsonb_build_object('verb', 'settle', 'allowed', true) end),
      (4, case
        when t0."status" <> all (array['draft', 'sent', 'reminded', 'warned']) then null
        when ((pg_has_role(caller, ':ROLE_ACCOUNTANT', 'usage')) or (pg_has_role(caller, ':ROLE_ADMIN', 'usage'))) is not true then pg_catalog.jsonb_build_object('verb', 'void', 'allowed', false)
        else pg_catalog.jsonb_build_object('verb', 'void', 'allowed', true) end)
    ) o (place, option) where o.option is not null)), '{}')::text from "app"."invoice" t0 where t0."id" = any ($1)
    and t0."deleted_at" is null
    and (((pg_has_role(caller, ':ROLE_ACCOUNTANT', 'usage')) or (pg_has_role(caller, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller, ':ROLE_SALES', 'usage') and t0."status" is distinct from 'draft'::text and exists (select from "app"."order" t1 where t1."id" = t0."order_id" and t1."deleted_at" is null and exists (select from "app"."customer" t2 where t2."id" = t1."customer_id" and t2."deleted_at" is null and t2."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])))))));
end
$body$;
revoke all on function "rowhouse_private"."options_invoice"(uuid[]) from public;
grant execute on function "rowhouse_private"."options_invoice"(uuid[]) to ":ROLE_ACCOUNTANT", ":ROLE_ADMIN", ":ROLE_SALES";
comment on function "rowhouse_private"."options_invoice"(uuid[]) is 'Which transitions rows of Invoice may take.';

-- Which transitions rows of Order may take.
create or replace function "rowhouse_private"."options_order"(uuid[]) returns text
  language plpgsql stable security definer set search_path = ''
as $body$
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
begin
  return (select coalesce(pg_catalog.jsonb_object_agg(t0."id"::text, (select coalesce(pg_catalog.jsonb_agg(o.option order by o.place), '[]') from (values 
      (0, case
        when t0."status" <> all (array['draft']) then null
        when ((pg_has_role(caller, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller, ':ROLE_SALES', 'usage') and exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])))) is not true then pg_catalog.jsonb_build_object('verb', 'quote', 'allowed', false)
        when (((select count(*)::numeric from "app"."order_line" t1 where t1."order_id" = t0."id" and t1."deleted_at" is null))::integer > 0) is not true then pg_catalog.jsonb_build_object('verb', 'quote', 'when', case when (((select count(*)::numeric from "app"."order_line" t1 where t1."order_id" = t0."id" and t1."deleted_at" is null))::integer > 0) is not true then array['lineCount'] else '{}'::text[] end)
        when not (t0."quoted_until" is not null) then pg_catalog.jsonb_build_object('verb', 'quote', 'requires', array_remove(array[case when not (t0."quoted_until" is not null) then 'quotedUntil' end]::text[], null))
        else pg_catalog.jsonb_build_object('verb', 'quote', 'allowed', true) end),
      (1, case
        when t0."status" <> all (array['quoted']) then null
        when ((pg_has_role(caller, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller, ':ROLE_SALES', 'usage') and exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])))) is not true then pg_catalog.jsonb_build_object('verb', 'rework', 'allowed', false)
        else pg_catalog.jsonb_build_object('verb', 'rework', 'allowed', true) end),
      (2, case
        when t0."status" <> all (array['quoted']) then null
        when pg_has_role(caller, ':MEMBER', 'usage') and (t0."quoted_until" >= ((now() at time zone 'utc'))::date) is not true then pg_catalog.jsonb_build_object('verb', 'accept', 'title', 'a quote is accepted while it stands', 'because', 'The quote has run out: rework it.')
        when ((pg_has_role(caller, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller, ':ROLE_SALES', 'usage') and exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])))) is not true then pg_catalog.jsonb_build_object('verb', 'accept', 'allowed', false)
        when (t0."wanted_on" is not null) is not true then pg_catalog.jsonb_build_object('verb', 'accept', 'when', case when (t0."wanted_on" is not null) is not true then array['wantedOn'] else '{}'::text[] end)
        else pg_catalog.jsonb_build_object('verb', 'accept', 'allowed', true) end),
      (3, case
        when t0."status" <> all (array['draft']) then null
        when ((pg_has_role(caller, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller, ':ROLE_SALES', 'usage') and exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])))) is not true then pg_catalog.jsonb_build_object('verb', 'place', 'allowed', false)
        when (t0."wanted_on" is not null and ((select count(*)::numeric from "app"."order_line" t1 where t1."order_id" = t0."id" and t1."deleted_at" is null))::integer > 0) is not true then pg_catalog.jsonb_build_object('verb', 'place', 'when', case when (t0."wanted_on" is not null) is not true then array['wantedOn'] else '{}'::text[] end || case when (((select count(*)::numeric from "app"."order_line" t1 where t1."order_id" = t0."id" and t1."deleted_at" is null))::integer > 0) is not true then array['lineCount'] else '{}'::text[] end)
        else pg_catalog.jsonb_build_object('verb', 'place', 'allowed', true) end),
      (4, case
        when t0."status" <> all (array['placed']) then null
        when ((pg_has_role(caller, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller, ':ROLE_LEAD', 'usage') and exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."region" = (select rowhouse.claim('region'))) and t0."placed_by_id" is distinct from (select rowhouse.actor_id()) and (select rowhouse.actor_id()) is not null) or (pg_has_role(caller, ':ROLE_SALES', 'usage') and ((t0."currency" = 'EUR'::text and round((select coalesce(sum(v1.v), 0) from (select round(((t1."unit_price" * (t1."quantity")::numeric) * ('1'::numeric - t1."discount")), 2) as v from "app"."order_line" t1 where t1."order_id" = t0."id" and t1."deleted_at" is null) v1), 2) <= '10000'::numeric) or (t0."currency" = 'USD'::text and round((select coalesce(sum(v1.v), 0) from (select round(((t1."unit_price" * (t1."quantity")::numeric) * ('1'::numeric - t1."discount")), 2) as v from "app"."order_line" t1 where t1."order_id" = t0."id" and t1."deleted_at" is null) v1), 2) <= '10000'::numeric)) and exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_managed"())::uuid[])) and t0."placed_by_id" is distinct from (select rowhouse.actor_id()))) is not true then pg_catalog.jsonb_build_object('verb', 'approve', 'allowed', false)
        else pg_catalog.jsonb_build_object('verb', 'approve', 'allowed', true) end),
      (5, case
        when t0."status" <> all (array['approved']) then null
        when ((pg_has_role(caller, ':ROLE_ADMIN', 'usage'))) is not true then pg_catalog.jsonb_build_object('verb', 'ship', 'allowed', false)
        else pg_catalog.jsonb_build_object('verb', 'ship', 'allowed', true) end),
      (6, case
        when t0."status" <> all (array['draft', 'quoted', 'placed']) then null
        when ((pg_has_role(caller, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller, ':ROLE_SALES', 'usage') and exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])))) is not true then pg_catalog.jsonb_build_object('verb', 'cancel', 'allowed', false)
        else pg_catalog.jsonb_build_object('verb', 'cancel', 'allowed', true) end)
    ) o (place, option) where o.option is not null)), '{}')::text from "app"."order" t0 where t0."id" = any ($1)
    and t0."deleted_at" is null
    and (((pg_has_role(caller, ':ROLE_ACCOUNTANT', 'usage') and (t0."status" in ('draft'::text, 'quoted'::text, 'cancelled'::text)) is not true) or (pg_has_role(caller, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller, ':ROLE_LEAD', 'usage') and exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."region" = (select rowhouse.claim('region')))) or (pg_has_role(caller, ':ROLE_SALES', 'usage') and exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[]))))));
end
$body$;
revoke all on function "rowhouse_private"."options_order"(uuid[]) from public;
grant execute on function "rowhouse_private"."options_order"(uuid[]) to ":ROLE_ACCOUNTANT", ":ROLE_ADMIN", ":ROLE_LEAD", ":ROLE_SALES";
comment on function "rowhouse_private"."options_order"(uuid[]) is 'Which transitions rows of Order may take.';

-- Why a change of a row of Invoice is refused, to whom may read it.
create or replace function "rowhouse_private"."because_invoice"(row_id uuid, verb text) returns text
  language plpgsql stable security definer set search_path = ''
as $body$
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
  target "app"."invoice";
begin
  if not "rowhouse_private"."may_read_invoice"(row_id) then return null; end if;
  select t0.* into target from "app"."invoice" t0 where t0."id" = row_id and t0."deleted_at" is null;
  if not found then return null; end if;
  if verb = 'update' then
    -- what was sent stays as it is
    if pg_has_role(caller, ':MEMBER', 'usage') and (target."status" = 'draft'::text) is not true then return pg_catalog.json_build_object('title', 'what was sent stays as it is', 'because', 'An invoice that was sent is a document: void it and issue another.')::text; end if;
  end if;
  if verb = 'delete' then
    -- what was sent stays as it is
    if pg_has_role(caller, ':MEMBER', 'usage') and (target."status" = 'draft'::text) is not true then return pg_catalog.json_build_object('title', 'what was sent stays as it is', 'because', 'An invoice that was sent is a document: void it and issue another.')::text; end if;
  end if;
  return null;
end
$body$;
revoke all on function "rowhouse_private"."because_invoice"(uuid, text) from public;
grant execute on function "rowhouse_private"."because_invoice"(uuid, text) to ":ROLE_ACCOUNTANT", ":ROLE_ADMIN", ":ROLE_SALES";
comment on function "rowhouse_private"."because_invoice"(uuid, text) is 'Why a change of a row of Invoice is refused, to whom may read it.';

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
  if verb = 'delete' then
    -- only drafts are deleted for good
    if pg_has_role(caller, ':MEMBER', 'usage') and (target."status" = 'draft'::text) is not true then return pg_catalog.json_build_object('title', 'only drafts are deleted for good', 'because', 'An order that was placed is kept: cancel or remove it.')::text; end if;
  end if;
  return null;
end
$body$;
revoke all on function "rowhouse_private"."because_order"(uuid, text) from public;
grant execute on function "rowhouse_private"."because_order"(uuid, text) to ":ROLE_ACCOUNTANT", ":ROLE_ADMIN", ":ROLE_LEAD", ":ROLE_SALES";
comment on function "rowhouse_private"."because_order"(uuid, text) is 'Why a change of a row of Order is refused, to whom may read it.';

-- Why a change of a row of Organization is refused, to whom may read it.
create or replace function "rowhouse_private"."because_organization"(row_id uuid, verb text) returns text
  language plpgsql stable security definer set search_path = ''
as $body$
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
  target "app"."organization";
begin
  if not "rowhouse_private"."may_read_organization"(row_id) then return null; end if;
  select t0.* into target from "app"."organization" t0 where t0."id" = row_id and t0."deleted_at" is null;
  if not found then return null; end if;
  if verb = 'delete' then
    -- organizations are never deleted for good
    if (pg_has_role(caller, ':ANONYMOUS', 'usage') or pg_has_role(caller, ':MEMBER', 'usage')) and (false) is not true then return pg_catalog.json_build_object('title', 'organizations are never deleted for good', 'because', 'Remove the organization instead: its orders and invoices are kept.')::text; end if;
  end if;
  return null;
end
$body$;
revoke all on function "rowhouse_private"."because_organization"(uuid, text) from public;
grant execute on function "rowhouse_private"."because_organization"(uuid, text) to ":MEMBER", ":ROLE_ACCOUNTANT", ":ROLE_ADMIN", ":ROLE_LEAD";
comment on function "rowhouse_private"."because_organization"(uuid, text) is 'Why a change of a row of Organization is refused, to whom may read it.';

-- Why a change of a row of Payment is refused, to whom may read it.
create or replace function "rowhouse_private"."because_payment"(row_id uuid, verb text) returns text
  language plpgsql stable security definer set search_path = ''
as $body$
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
  target "app"."payment";
begin
  if not "rowhouse_private"."may_read_payment"(row_id) then return null; end if;
  select t0.* into target from "app"."payment" t0 where t0."id" = row_id and t0."deleted_at" is null;
  if not found then return null; end if;
  if verb = 'delete' then
    -- payments are never deleted for good
    if (pg_has_role(caller, ':ANONYMOUS', 'usage') or pg_has_role(caller, ':MEMBER', 'usage')) and (false) is not true then return pg_catalog.json_build_object('title', 'payments are never deleted for good', 'because', 'Remove the payment instead: the books keep what came in.')::text; end if;
  end if;
  return null;
end
$body$;
revoke all on function "rowhouse_private"."because_payment"(uuid, text) from public;
grant execute on function "rowhouse_private"."because_payment"(uuid, text) to ":ROLE_ACCOUNTANT", ":ROLE_ADMIN", ":ROLE_SALES";
comment on function "rowhouse_private"."because_payment"(uuid, text) is 'Why a change of a row of Payment is refused, to whom may read it.';

-- On which of the rows of Contact the caller may do a verb.
create or replace function "rowhouse_private"."rights_contact"(text, uuid[], text[]) returns setof uuid
  language plpgsql stable security definer rows 100 set search_path = ''
as $body$
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
begin
  return query select t0."id" from "app"."contact" t0 where t0."id" = any ($2)
      and case when $1 = 'restore' then not (t0."deleted_at" is null) else t0."deleted_at" is null end
      and (((pg_has_role(caller, ':ROLE_ACCOUNTANT', 'usage') and t0."part" = 'billing'::text) or (pg_has_role(caller, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller, ':ROLE_LEAD', 'usage') and exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."region" = (select rowhouse.claim('region')))) or (pg_has_role(caller, ':ROLE_SALES', 'usage') and exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])))))
      and case $1
        when 'update' then (((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))) or ((pg_has_role(caller, ':ROLE_SALES', 'usage') and (exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[]))))))
        when 'remove' then (((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))) or ((pg_has_role(caller, ':ROLE_SALES', 'usage') and (exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[]))))))
        when 'restore' then (((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))) or ((pg_has_role(caller, ':ROLE_SALES', 'usage') and (exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[]))))))
        when 'delete' then (((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))))
        else false end;
end
$body$;
revoke all on function "rowhouse_private"."rights_contact"(text, uuid[], text[]) from public;
grant execute on function "rowhouse_private"."rights_contact"(text, uuid[], text[]) to ":ROLE_ADMIN", ":ROLE_SALES";
comment on function "rowhouse_private"."rights_contact"(text, uuid[], text[]) is 'On which of the rows of Contact the caller may do a verb.';

-- On which of the rows of Customer the caller may do a verb.
create or replace function "rowhouse_private"."rights_customer"(text, uuid[], text[]) returns setof uuid
  language plpgsql stable security definer rows 100 set search_path = ''
as $body$
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
begin
  return query select t0."id" from "app"."customer" t0 where t0."id" = any ($2)
      and case when $1 = 'restore' then not (t0."deleted_at" is null) else t0."deleted_at" is null end
      and (((pg_has_role(caller, ':ROLE_ACCOUNTANT', 'usage')) or (pg_has_role(caller, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller, ':ROLE_LEAD', 'usage') and t0."region" = (select rowhouse.claim('region'))) or (pg_has_role(caller, ':ROLE_SALES', 'usage') and t0."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[]))))
      and case $1
        when 'update' then (((pg_has_role(caller, ':ROLE_ACCOUNTANT', 'usage') and (true)) and $3 <@ array['creditLimit', 'paymentTerm']::text[]) or ((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))) or ((pg_has_role(caller, ':ROLE_SALES', 'usage') and (t0."organization_id" = any ((select "rowhouse_private"."reach_managed"())::uuid[]))) and $3 <@ array['organization']::text[]) or ((pg_has_role(caller, ':ROLE_SALES', 'usage') and (t0."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[]))) and $3 <@ array['number', 'name', 'region', 'website', 'since']::text[]))
        when 'remove' then (((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))) or ((pg_has_role(caller, ':ROLE_SALES', 'usage') and (t0."organization_id" = any ((select "rowhouse_private"."reach_managed"())::uuid[])))))
        when 'restore' then (((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))) or ((pg_has_role(caller, ':ROLE_SALES', 'usage') and (t0."organization_id" = any ((select "rowhouse_private"."reach_managed"())::uuid[])))))
        when 'delete' then (((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))))
        else false end;
end
$body$;
revoke all on function "rowhouse_private"."rights_customer"(text, uuid[], text[]) from public;
grant execute on function "rowhouse_private"."rights_customer"(text, uuid[], text[]) to ":ROLE_ACCOUNTANT", ":ROLE_ADMIN", ":ROLE_SALES";
comment on function "rowhouse_private"."rights_customer"(text, uuid[], text[]) is 'On which of the rows of Customer the caller may do a verb.';

-- On which of the rows of Invoice the caller may do a verb.
create or replace function "rowhouse_private"."rights_invoice"(text, uuid[], text[]) returns setof uuid
  language plpgsql stable security definer rows 100 set search_path = ''
as $body$
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
begin
  return query select t0."id" from "app"."invoice" t0 where t0."id" = any ($2)
      and case when $1 = 'restore' then not (t0."deleted_at" is null) else t0."deleted_at" is null end
      and (((pg_has_role(caller, ':ROLE_ACCOUNTANT', 'usage')) or (pg_has_role(caller, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller, ':ROLE_SALES', 'usage') and t0."status" is distinct from 'draft'::text and exists (select from "app"."order" t1 where t1."id" = t0."order_id" and t1."deleted_at" is null and exists (select from "app"."customer" t2 where t2."id" = t1."customer_id" and t2."deleted_at" is null and t2."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[]))))))
      and case $1
        when 'update' then (((pg_has_role(caller, ':ROLE_ACCOUNTANT', 'usage') and (true))) or ((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true)))) and not (pg_has_role(caller, ':MEMBER', 'usage') and (t0."status" = 'draft'::text) is not true)
        when 'remove' then (((pg_has_role(caller, ':ROLE_ACCOUNTANT', 'usage') and (true))) or ((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true)))) and not (pg_has_role(caller, ':MEMBER', 'usage') and (t0."status" = 'draft'::text) is not true)
        when 'restore' then (((pg_has_role(caller, ':ROLE_ACCOUNTANT', 'usage') and (true))) or ((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))))
        when 'delete' then (((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true)))) and not (pg_has_role(caller, ':MEMBER', 'usage') and (t0."status" = 'draft'::text) is not true)
        when 'send' then (((pg_has_role(caller, ':ROLE_ACCOUNTANT', 'usage') and (true))) or ((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))))
        when 'remind' then (((pg_has_role(caller, ':ROLE_ACCOUNTANT', 'usage') and (true))) or ((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))))
        when 'warn' then (((pg_has_role(caller, ':ROLE_ACCOUNTANT', 'usage') and (true))) or ((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))))
        when 'settle' then (((pg_has_role(caller, ':ROLE_ACCOUNTANT', 'usage') and (true))) or ((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))))
        when 'void' then (((pg_has_role(caller, ':ROLE_ACCOUNTANT', 'usage') and (true))) or ((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))))
        else false end;
end
$body$;
revoke all on function "rowhouse_private"."rights_invoice"(text, uuid[], text[]) from public;
grant execute on function "rowhouse_private"."rights_invoice"(text, uuid[], text[]) to ":ROLE_ACCOUNTANT", ":ROLE_ADMIN";
comment on function "rowhouse_private"."rights_invoice"(text, uuid[], text[]) is 'On which of the rows of Invoice the caller may do a verb.';

-- On which of the rows of Membership the caller may do a verb.
create or replace function "rowhouse_private"."rights_membership"(text, uuid[], text[]) returns setof uuid
  language plpgsql stable security definer rows 100 set search_path = ''
as $body$
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
begin
  return query select t0."id" from "app"."membership" t0 where t0."id" = any ($2)
      and case when $1 = 'restore' then not (t0."deleted_at" is null) else t0."deleted_at" is null end
      and (((pg_has_role(caller, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller, ':MEMBER', 'usage') and (t0."user_id" = (select rowhouse.actor_id()) or t0."organization_id" = any ((select "rowhouse_private"."reach_managed"())::uuid[])))))
      and case $1
        when 'update' then (((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))))
        when 'remove' then (((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))) or ((pg_has_role(caller, ':ROLE_SALES', 'usage') and (t0."organization_id" = any ((select "rowhouse_private"."reach_managed"())::uuid[]) and t0."level" = 'member'::text))))
        when 'restore' then (((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))) or ((pg_has_role(caller, ':ROLE_SALES', 'usage') and (t0."organization_id" = any ((select "rowhouse_private"."reach_managed"())::uuid[]) and t0."level" = 'member'::text))))
        when 'delete' then (((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))))
        else false end;
end
$body$;
revoke all on function "rowhouse_private"."rights_membership"(text, uuid[], text[]) from public;
grant execute on function "rowhouse_private"."rights_membership"(text, uuid[], text[]) to ":ROLE_ADMIN", ":ROLE_SALES";
comment on function "rowhouse_private"."rights_membership"(text, uuid[], text[]) is 'On which of the rows of Membership the caller may do a verb.';

-- On which of the rows of Order the caller may do a verb.
create or replace function "rowhouse_private"."rights_order"(text, uuid[], text[]) returns setof uuid
  language plpgsql stable security definer rows 100 set search_path = ''
as $body$
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
begin
  return query select t0."id" from "app"."order" t0 where t0."id" = any ($2)
      and case when $1 = 'restore' then not (t0."deleted_at" is null) else t0."deleted_at" is null end
      and (((pg_has_role(caller, ':ROLE_ACCOUNTANT', 'usage') and (t0."status" in ('draft'::text, 'quoted'::text, 'cancelled'::text)) is not true) or (pg_has_role(caller, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller, ':ROLE_LEAD', 'usage') and exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."region" = (select rowhouse.claim('region')))) or (pg_has_role(caller, ':ROLE_SALES', 'usage') and exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])))))
      and case $1
        when 'update' then (((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))) or ((pg_has_role(caller, ':ROLE_SALES', 'usage') and (exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])) and t0."status" = 'draft'::text)) and $3 <@ array['number', 'quotedUntil', 'wantedOn', 'promisedOn', 'notes', 'currency', 'customer', 'placedBy']::text[]) or ((pg_has_role(caller, ':ROLE_LEAD', 'usage') and (exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."region" = (select rowhouse.claim('region'))) and t0."status" in ('draft'::text, 'placed'::text) and ((t0."currency" = 'EUR'::text and round((select coalesce(sum(v1.v), 0) from (select round(((t1."unit_price" * (t1."quantity")::numeric) * ('1'::numeric - t1."discount")), 2) as v from "app"."order_line" t1 where t1."order_id" = t0."id" and t1."deleted_at" is null) v1), 2) <= '10000'::numeric) or (t0."currency" = 'USD'::text and round((select coalesce(sum(v1.v), 0) from (select round(((t1."unit_price" * (t1."quantity")::numeric) * ('1'::numeric - t1."discount")), 2) as v from "app"."order_line" t1 where t1."order_id" = t0."id" and t1."deleted_at" is null) v1), 2) <= '10000'::numeric)) is not true)) and $3 <@ array['margin']::text[]) or ((pg_has_role(caller, ':ROLE_SALES', 'usage') and (exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_managed"())::uuid[])) and t0."status" in ('draft'::text, 'placed'::text))) and $3 <@ array['margin']::text[]))
        when 'remove' then (((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))) or ((pg_has_role(caller, ':ROLE_SALES', 'usage') and (t0."status" = 'draft'::text and ((exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])) and t0."placed_by_id" = (select rowhouse.actor_id())) or exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_managed"())::uuid[])))))))
        when 'restore' then (((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))) or ((pg_has_role(caller, ':ROLE_SALES', 'usage') and (t0."status" = 'draft'::text and ((exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])) and t0."placed_by_id" = (select rowhouse.actor_id())) or exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_managed"())::uuid[])))))))
        when 'delete' then (((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true)))) and not (pg_has_role(caller, ':MEMBER', 'usage') and (t0."status" = 'draft'::text) is not true)
        when 'quote' then (((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))) or ((pg_has_role(caller, ':ROLE_SALES', 'usage') and (exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[]))))))
        when 'rework' then (((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))) or ((pg_has_role(caller, ':ROLE_SALES', 'usage') and (exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[]))))))
        when 'accept' then (((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))) or ((pg_has_role(caller, ':ROLE_SALES', 'usage') and (exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])))))) and not (pg_has_role(caller, ':MEMBER', 'usage') and (t0."quoted_until" >= ((now() at time zone 'utc'))::date) is not true)
        when 'place' then (((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))) or ((pg_has_role(caller, ':ROLE_SALES', 'usage') and (exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[]))))))
        when 'approve' then (((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))) or ((pg_has_role(caller, ':ROLE_LEAD', 'usage') and (exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."region" = (select rowhouse.claim('region'))) and t0."placed_by_id" is distinct from (select rowhouse.actor_id()) and (select rowhouse.actor_id()) is not null))) or ((pg_has_role(caller, ':ROLE_SALES', 'usage') and (((t0."currency" = 'EUR'::text and round((select coalesce(sum(v1.v), 0) from (select round(((t1."unit_price" * (t1."quantity")::numeric) * ('1'::numeric - t1."discount")), 2) as v from "app"."order_line" t1 where t1."order_id" = t0."id" and t1."deleted_at" is null) v1), 2) <= '10000'::numeric) or (t0."currency" = 'USD'::text and round((select coalesce(sum(v1.v), 0) from (select round(((t1."unit_price" * (t1."quantity")::numeric) * ('1'::numeric - t1."discount")), 2) as v from "app"."order_line" t1 where t1."order_id" = t0."id" and t1."deleted_at" is null) v1), 2) <= '10000'::numeric)) and exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_managed"())::uuid[])) and t0."placed_by_id" is distinct from (select rowhouse.actor_id())))))
        when 'ship' then (((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))))
        when 'cancel' then (((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))) or ((pg_has_role(caller, ':ROLE_SALES', 'usage') and (exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[]))))))
        when 'duplicate' then (((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))) or ((pg_has_role(caller, ':ROLE_SALES', 'usage') and (exists (select from "app"."customer" t1 where t1."id" = t0."customer_id" and t1."deleted_at" is null and t1."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[]))))))
        when 'bill' then (((pg_has_role(caller, ':ROLE_ACCOUNTANT', 'usage') and (true))) or ((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))))
        else false end;
end
$body$;
revoke all on function "rowhouse_private"."rights_order"(text, uuid[], text[]) from public;
grant execute on function "rowhouse_private"."rights_order"(text, uuid[], text[]) to ":ROLE_ACCOUNTANT", ":ROLE_ADMIN", ":ROLE_LEAD", ":ROLE_SALES";
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
      and (((pg_has_role(caller, ':ROLE_ACCOUNTANT', 'usage') and exists (select from "app"."order" t1 where t1."id" = t0."order_id" and t1."deleted_at" is null and (t1."status" in ('draft'::text, 'quoted'::text, 'cancelled'::text)) is not true)) or (pg_has_role(caller, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller, ':ROLE_LEAD', 'usage') and exists (select from "app"."order" t1 where t1."id" = t0."order_id" and t1."deleted_at" is null and exists (select from "app"."customer" t2 where t2."id" = t1."customer_id" and t2."deleted_at" is null and t2."region" = (select rowhouse.claim('region'))))) or (pg_has_role(caller, ':ROLE_SALES', 'usage') and exists (select from "app"."order" t1 where t1."id" = t0."order_id" and t1."deleted_at" is null and exists (select from "app"."customer" t2 where t2."id" = t1."customer_id" and t2."deleted_at" is null and t2."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[]))))))
      and case $1
        when 'update' then (((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))) or ((pg_has_role(caller, ':ROLE_SALES', 'usage') and (exists (select from "app"."order" t1 where t1."id" = t0."order_id" and t1."deleted_at" is null and exists (select from "app"."customer" t2 where t2."id" = t1."customer_id" and t2."deleted_at" is null and t2."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])) and t1."status" = 'draft'::text)))))
        when 'remove' then (((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))) or ((pg_has_role(caller, ':ROLE_SALES', 'usage') and (exists (select from "app"."order" t1 where t1."id" = t0."order_id" and t1."deleted_at" is null and exists (select from "app"."customer" t2 where t2."id" = t1."customer_id" and t2."deleted_at" is null and t2."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])) and t1."status" = 'draft'::text)))))
        when 'restore' then (((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))) or ((pg_has_role(caller, ':ROLE_SALES', 'usage') and (exists (select from "app"."order" t1 where t1."id" = t0."order_id" and t1."deleted_at" is null and exists (select from "app"."customer" t2 where t2."id" = t1."customer_id" and t2."deleted_at" is null and t2."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])) and t1."status" = 'draft'::text)))))
        when 'delete' then (((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))) or ((pg_has_role(caller, ':ROLE_SALES', 'usage') and (exists (select from "app"."order" t1 where t1."id" = t0."order_id" and t1."deleted_at" is null and exists (select from "app"."customer" t2 where t2."id" = t1."customer_id" and t2."deleted_at" is null and t2."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])) and t1."status" = 'draft'::text)))))
        else false end;
end
$body$;
revoke all on function "rowhouse_private"."rights_order_line"(text, uuid[], text[]) from public;
grant execute on function "rowhouse_private"."rights_order_line"(text, uuid[], text[]) to ":ROLE_ADMIN", ":ROLE_SALES";
comment on function "rowhouse_private"."rights_order_line"(text, uuid[], text[]) is 'On which of the rows of OrderLine the caller may do a verb.';

-- On which of the rows of Organization the caller may do a verb.
create or replace function "rowhouse_private"."rights_organization"(text, uuid[], text[]) returns setof uuid
  language plpgsql stable security definer rows 100 set search_path = ''
as $body$
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
begin
  return query select t0."id" from "app"."organization" t0 where t0."id" = any ($2)
      and case when $1 = 'restore' then not (t0."deleted_at" is null) else t0."deleted_at" is null end
      and (((pg_has_role(caller, ':ROLE_ADMIN', 'usage')) or ((pg_has_role(caller, ':ROLE_ACCOUNTANT', 'usage') or pg_has_role(caller, ':ROLE_LEAD', 'usage'))) or (pg_has_role(caller, ':MEMBER', 'usage') and t0."id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[]))))
      and case $1
        when 'update' then (((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))) or ((pg_has_role(caller, ':ROLE_SALES', 'usage') and (t0."id" = any ((select "rowhouse_private"."reach_managed"())::uuid[]))) and $3 <@ array['name', 'opensAt']::text[]))
        when 'remove' then (((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))))
        when 'restore' then (((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))))
        when 'delete' then (((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true)))) and not ((pg_has_role(caller, ':ANONYMOUS', 'usage') or pg_has_role(caller, ':MEMBER', 'usage')) and (false) is not true)
        else false end;
end
$body$;
revoke all on function "rowhouse_private"."rights_organization"(text, uuid[], text[]) from public;
grant execute on function "rowhouse_private"."rights_organization"(text, uuid[], text[]) to ":ROLE_ADMIN", ":ROLE_SALES";
comment on function "rowhouse_private"."rights_organization"(text, uuid[], text[]) is 'On which of the rows of Organization the caller may do a verb.';

-- On which of the rows of Payment the caller may do a verb.
create or replace function "rowhouse_private"."rights_payment"(text, uuid[], text[]) returns setof uuid
  language plpgsql stable security definer rows 100 set search_path = ''
as $body$
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
begin
  return query select t0."id" from "app"."payment" t0 where t0."id" = any ($2)
      and case when $1 = 'restore' then not (t0."deleted_at" is null) else t0."deleted_at" is null end
      and (((pg_has_role(caller, ':ROLE_ACCOUNTANT', 'usage')) or (pg_has_role(caller, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller, ':ROLE_SALES', 'usage') and exists (select from "app"."invoice" t1 where t1."id" = t0."invoice_id" and t1."deleted_at" is null and exists (select from "app"."order" t2 where t2."id" = t1."order_id" and t2."deleted_at" is null and exists (select from "app"."customer" t3 where t3."id" = t2."customer_id" and t3."deleted_at" is null and t3."organization_id" = any ((select "rowhouse_private"."reach_organizations"())::uuid[])))))))
      and case $1
        when 'update' then (((pg_has_role(caller, ':ROLE_ACCOUNTANT', 'usage') and (true))) or ((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))))
        when 'remove' then (((pg_has_role(caller, ':ROLE_ACCOUNTANT', 'usage') and (true))) or ((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))))
        when 'restore' then (((pg_has_role(caller, ':ROLE_ACCOUNTANT', 'usage') and (true))) or ((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))))
        when 'delete' then (((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true)))) and not ((pg_has_role(caller, ':ANONYMOUS', 'usage') or pg_has_role(caller, ':MEMBER', 'usage')) and (false) is not true)
        else false end;
end
$body$;
revoke all on function "rowhouse_private"."rights_payment"(text, uuid[], text[]) from public;
grant execute on function "rowhouse_private"."rights_payment"(text, uuid[], text[]) to ":ROLE_ACCOUNTANT", ":ROLE_ADMIN";
comment on function "rowhouse_private"."rights_payment"(text, uuid[], text[]) is 'On which of the rows of Payment the caller may do a verb.';

-- On which of the rows of Product the caller may do a verb.
create or replace function "rowhouse_private"."rights_product"(text, uuid[], text[]) returns setof uuid
  language plpgsql stable security definer rows 100 set search_path = ''
as $body$
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
begin
  return query select t0."id" from "app"."product" t0 where t0."id" = any ($2)
      and case when $1 = 'restore' then not (t0."deleted_at" is null) else t0."deleted_at" is null end
      and (((pg_has_role(caller, ':ROLE_ADMIN', 'usage')) or (pg_has_role(caller, ':MEMBER', 'usage'))))
      and case $1
        when 'update' then (((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))) or ((pg_has_role(caller, ':ROLE_LEAD', 'usage') and (true))) or ((pg_has_role(caller, ':ROLE_SALES', 'usage') and (t0."active" = true)) and $3 <@ array['stock']::text[]))
        when 'remove' then (((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))) or ((pg_has_role(caller, ':ROLE_LEAD', 'usage') and (true))))
        when 'restore' then (((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))) or ((pg_has_role(caller, ':ROLE_LEAD', 'usage') and (true))))
        when 'delete' then (((pg_has_role(caller, ':ROLE_ADMIN', 'usage') and (true))))
        else false end;
end
$body$;
revoke all on function "rowhouse_private"."rights_product"(text, uuid[], text[]) from public;
grant execute on function "rowhouse_private"."rights_product"(text, uuid[], text[]) to ":ROLE_ADMIN", ":ROLE_LEAD", ":ROLE_SALES";
comment on function "rowhouse_private"."rights_product"(text, uuid[], text[]) is 'On which of the rows of Product the caller may do a verb.';

-- On which of the rows of User the caller may do a verb.
create or replace function "rowhouse_private"."rights_user"(text, uuid[], text[]) returns setof uuid
  language plpgsql stable security definer rows 100 set search_path = ''
as $body$
declare
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
begin
  return query select t0."id" from "app"."user" t0 where t0."id" = any ($2)
      and t0."deleted_at" is null
      and (((pg_has_role(caller, ':MEMBER', 'usage') and t0."id" = (select rowhouse.actor_id()))))
      and case $1
        when 'update' then (((pg_has_role(caller, ':MEMBER', 'usage') and (t0."id" = (select rowhouse.actor_id()))) and $3 <@ array['name', 'phone', 'timezone']::text[]))
        else false end;
end
$body$;
revoke all on function "rowhouse_private"."rights_user"(text, uuid[], text[]) from public;
grant execute on function "rowhouse_private"."rights_user"(text, uuid[], text[]) to ":MEMBER";
comment on function "rowhouse_private"."rights_user"(text, uuid[], text[]) is 'On which of the rows of User the caller may do a verb.';

-- Stored formulas of Invoice.
create or replace function "rowhouse_private"."stored_invoice"() returns trigger
  language plpgsql volatile security definer set plan_cache_mode = force_generic_plan set search_path = ''
as $body$
declare
  pin text := current_setting('rowhouse.tenant_id', true);
begin
  if pin is distinct from new."tenant_id"::text then perform set_config('rowhouse.tenant_id', new."tenant_id"::text, true); end if;
  if tg_op = 'INSERT' then
    new."paid" := round((select coalesce(sum(v1.v), 0) from (select t1."amount" as v from "app"."payment" t1 where t1."invoice_id" = new."id" and t1."deleted_at" is null) v1), 2);
  end if;
  if tg_op = 'INSERT' or new."amount" is distinct from old."amount" or new."paid" is distinct from old."paid" then
    new."balance" := round((new."amount" - new."paid"), 2);
  end if;
  if pin is distinct from new."tenant_id"::text then perform set_config('rowhouse.tenant_id', coalesce(pin, ''), true); end if;
  return new;
end
$body$;
revoke all on function "rowhouse_private"."stored_invoice"() from public;
grant execute on function "rowhouse_private"."stored_invoice"() to ":OWNER";
comment on function "rowhouse_private"."stored_invoice"() is 'Stored formulas of Invoice.';

-- Stored formulas that follow from rows of Payment, when some are made.
create or replace function "rowhouse_private"."spread_insert_payment"() returns trigger
  language plpgsql volatile security definer set plan_cache_mode = force_generic_plan set search_path = ''
as $body$
declare
  of_invoice uuid[];
  of_payment uuid[];
  pin text := current_setting('rowhouse.tenant_id', true);
  whose uuid;
begin
  for whose, of_invoice in select c.tenant, array_agg(distinct c."invoice_id") from (select t."id", t."amount", t."deleted_at", t."invoice_id", t."tenant_id" as tenant from new_rows t) c where c."invoice_id" is not null group by c.tenant loop
    if pin is distinct from whose::text then perform set_config('rowhouse.tenant_id', whose::text, true); end if;
    if of_invoice is not null then
      select array_agg(held.taken) into of_invoice from (select t."id" as taken from "app"."invoice" t where t."id" = any (of_invoice) order by t."id" for no key update) held;
      if of_invoice is not null then
        update "app"."invoice" t0 set "paid" = round((select coalesce(sum(v1.v), 0) from (select t1."amount" as v from "app"."payment" t1 where t1."invoice_id" = t0."id" and t1."deleted_at" is null) v1), 2) where t0."id" = any (of_invoice);
      end if;
    end if;
    if pin is distinct from whose::text then perform set_config('rowhouse.tenant_id', coalesce(pin, ''), true); end if;
  end loop;
  return null;
end
$body$;
revoke all on function "rowhouse_private"."spread_insert_payment"() from public;
grant execute on function "rowhouse_private"."spread_insert_payment"() to ":OWNER";
comment on function "rowhouse_private"."spread_insert_payment"() is 'Stored formulas that follow from rows of Payment, when some are made.';

-- Stored formulas that follow from rows of Payment, when some are changed.
create or replace function "rowhouse_private"."spread_update_payment"() returns trigger
  language plpgsql volatile security definer set plan_cache_mode = force_generic_plan set search_path = ''
as $body$
declare
  of_invoice uuid[];
  of_payment uuid[];
  pin text := current_setting('rowhouse.tenant_id', true);
  whose uuid;
begin
  for whose, of_invoice in select c.tenant, array_agg(distinct c."invoice_id") from (select u."id", u."amount", u."deleted_at", u."invoice_id", u.tenant from (select t."id", t."amount", t."deleted_at", t."invoice_id", t."tenant_id" as tenant from old_rows t union all select t."id", t."amount", t."deleted_at", t."invoice_id", t."tenant_id" as tenant from new_rows t) u group by u."id", u."amount", u."deleted_at", u."invoice_id", u.tenant having count(*) = 1) c where c."invoice_id" is not null group by c.tenant loop
    if pin is distinct from whose::text then perform set_config('rowhouse.tenant_id', whose::text, true); end if;
    if of_invoice is not null then
      select array_agg(held.taken) into of_invoice from (select t."id" as taken from "app"."invoice" t where t."id" = any (of_invoice) order by t."id" for no key update) held;
      if of_invoice is not null then
        update "app"."invoice" t0 set "paid" = round((select coalesce(sum(v1.v), 0) from (select t1."amount" as v from "app"."payment" t1 where t1."invoice_id" = t0."id" and t1."deleted_at" is null) v1), 2) where t0."id" = any (of_invoice);
      end if;
    end if;
    if pin is distinct from whose::text then perform set_config('rowhouse.tenant_id', coalesce(pin, ''), true); end if;
  end loop;
  return null;
end
$body$;
revoke all on function "rowhouse_private"."spread_update_payment"() from public;
grant execute on function "rowhouse_private"."spread_update_payment"() to ":OWNER";
comment on function "rowhouse_private"."spread_update_payment"() is 'Stored formulas that follow from rows of Payment, when some are changed.';

-- Stored formulas that follow from rows of Payment, when some are gone.
create or replace function "rowhouse_private"."spread_delete_payment"() returns trigger
  language plpgsql volatile security definer set plan_cache_mode = force_generic_plan set search_path = ''
as $body$
declare
  of_invoice uuid[];
  of_payment uuid[];
  pin text := current_setting('rowhouse.tenant_id', true);
  whose uuid;
begin
  for whose, of_invoice in select c.tenant, array_agg(distinct c."invoice_id") from (select t."id", t."amount", t."deleted_at", t."invoice_id", t."tenant_id" as tenant from old_rows t) c where c."invoice_id" is not null group by c.tenant loop
    if pin is distinct from whose::text then perform set_config('rowhouse.tenant_id', whose::text, true); end if;
    if of_invoice is not null then
      select array_agg(held.taken) into of_invoice from (select t."id" as taken from "app"."invoice" t where t."id" = any (of_invoice) order by t."id" for no key update) held;
      if of_invoice is not null then
        update "app"."invoice" t0 set "paid" = round((select coalesce(sum(v1.v), 0) from (select t1."amount" as v from "app"."payment" t1 where t1."invoice_id" = t0."id" and t1."deleted_at" is null) v1), 2) where t0."id" = any (of_invoice);
      end if;
    end if;
    if pin is distinct from whose::text then perform set_config('rowhouse.tenant_id', coalesce(pin, ''), true); end if;
  end loop;
  return null;
end
$body$;
revoke all on function "rowhouse_private"."spread_delete_payment"() from public;
grant execute on function "rowhouse_private"."spread_delete_payment"() to ":OWNER";
comment on function "rowhouse_private"."spread_delete_payment"() is 'Stored formulas that follow from rows of Payment, when some are gone.';

-- Writes down what happens to rows of Invoice, in the transaction in which it happens.
create or replace function "rowhouse_private"."event_invoice"() returns trigger
  language plpgsql volatile security definer set search_path = ''
as $body$
declare
  row_now "app"."invoice";
  tenant text := nullif(current_setting('rowhouse.tenant_id', true), '');
  kind text;
  changed text[] := '{}';
  told jsonb := '{}';
  more jsonb := '{}';
  written rowhouse.event;
begin
  if tg_op = 'DELETE' then row_now := old; else row_now := new; end if;
  if tg_op = 'INSERT' then kind := 'created';
  elsif tg_op = 'DELETE' then kind := 'deleted';
  else kind := case when old."deleted_at" is null and new."deleted_at" is not null then 'removed' when old."deleted_at" is not null and new."deleted_at" is null then 'restored' when old."status" is distinct from new."status" then new."status" else 'updated' end;
  end if;
  if kind not in ('sent', 'reminded', 'warned') then return null; end if;
  if tg_op = 'UPDATE' then
    if old."number" is distinct from new."number" then
      changed := changed || 'number'::text;
      told := told || jsonb_build_object('number', to_jsonb("row_now"."number"));
    end if;
    if old."issued_at" is distinct from new."issued_at" then
      changed := changed || 'issuedAt'::text;
      told := told || jsonb_build_object('issuedAt', to_jsonb(to_char(("row_now"."issued_at" at time zone 'UTC'), 'YYYY-MM-DD"T"HH24":"MI":"SS.US"Z"')));
    end if;
    if old."due_on" is distinct from new."due_on" then
      changed := changed || 'dueOn'::text;
      told := told || jsonb_build_object('dueOn', to_jsonb("row_now"."due_on"));
    end if;
    if old."currency" is distinct from new."currency" then
      changed := changed || 'currency'::text;
      told := told || jsonb_build_object('currency', to_jsonb("row_now"."currency"));
    end if;
    if old."amount" is distinct from new."amount" then
      changed := changed || 'amount'::text;
      told := told || jsonb_build_object('amount', to_jsonb("row_now"."amount"::text));
    end if;
    if old."status" is distinct from new."status" then
      changed := changed || 'status'::text;
      told := told || jsonb_build_object('status', to_jsonb("row_now"."status"));
    end if;
    if old."order_id" is distinct from new."order_id" then
      changed := changed || 'orderId'::text;
      told := told || jsonb_build_object('orderId', to_jsonb("row_now"."order_id"::text));
    end if;
    if old."status" is distinct from new."status" then
      more := coalesce(nullif(current_setting('rowhouse.transition', true), '')::jsonb, '{}')
        || jsonb_build_object('from', old."status", 'to', new."status");
    end if;
  else
    told := jsonb_build_object('number', to_jsonb("row_now"."number"), 'issuedAt', to_jsonb(to_char(("row_now"."issued_at" at time zone 'UTC'), 'YYYY-MM-DD"T"HH24":"MI":"SS.US"Z"')), 'dueOn', to_jsonb("row_now"."due_on"), 'currency', to_jsonb("row_now"."currency"), 'amount', to_jsonb("row_now"."amount"::text), 'status', to_jsonb("row_now"."status"), 'orderId', to_jsonb("row_now"."order_id"::text));
  end if;
  if tenant is distinct from row_now."tenant_id"::text then perform set_config('rowhouse.tenant_id', row_now."tenant_id"::text, true); end if;
  insert into rowhouse.event (tenant_id, entity, type, key, actor_id, as_role, claims, data)
  values (row_now."tenant_id", 'Invoice', kind, "row_now"."id"::text, case when tenant = row_now."tenant_id"::text then rowhouse.actor_id() else null end, case when tenant = row_now."tenant_id"::text then nullif(current_setting('role', true), 'none') else null end, case when tenant = row_now."tenant_id"::text then jsonb_strip_nulls(jsonb_build_object('region', rowhouse.claim('region'))) else '{}' end, jsonb_build_object('changed', to_jsonb(changed), 'values', told) || more) returning * into written;
  perform rowhouse_queue.deliver(written, case kind when 'sent' then '{"subscribers/mail-invoice":6}'::jsonb when 'reminded' then '{"subscribers/mail-invoice":6}'::jsonb when 'warned' then '{"subscribers/mail-invoice":6}'::jsonb else '{}' end);
  if tenant is distinct from row_now."tenant_id"::text then perform set_config('rowhouse.tenant_id', coalesce(tenant, ''), true); end if;
  return null;
end
$body$;
revoke all on function "rowhouse_private"."event_invoice"() from public;
grant execute on function "rowhouse_private"."event_invoice"() to ":OWNER";
comment on function "rowhouse_private"."event_invoice"() is 'Writes down what happens to rows of Invoice, in the transaction in which it happens.';

-- Whoever may execute it may publish scripts for its tenant.
create or replace function "rowhouse_private"."publishes_scripts"() returns boolean
  language sql stable security definer
begin atomic
  select true;
end;
revoke all on function "rowhouse_private"."publishes_scripts"() from public;
grant execute on function "rowhouse_private"."publishes_scripts"() to ":ROLE_ADMIN";
comment on function "rowhouse_private"."publishes_scripts"() is 'Whoever may execute it may publish scripts for its tenant.';

-- Whoever may execute it may manage failed jobs of its tenant.
create or replace function "rowhouse_private"."manages_jobs"() returns boolean
  language sql stable security definer
begin atomic
  select true;
end;
revoke all on function "rowhouse_private"."manages_jobs"() from public;
grant execute on function "rowhouse_private"."manages_jobs"() to ":ROLE_ADMIN";
comment on function "rowhouse_private"."manages_jobs"() is 'Whoever may execute it may manage failed jobs of its tenant.';

set local role ":OWNER";

-- Contact: grants
grant select on "app"."contact" to ":PRIVATE";
grant update ("deleted_at", "updated_at") on "app"."contact" to ":PRIVATE";
grant select ("created_at", "customer_id", "deleted_at", "email", "id", "name", "newsletter", "part", "phone", "updated_at") on "app"."contact" to ":ROLE_ACCOUNTANT";
grant delete on "app"."contact" to ":ROLE_ADMIN";
grant insert ("customer_id", "email", "name", "newsletter", "part", "phone") on "app"."contact" to ":ROLE_ADMIN";
grant select ("created_at", "customer_id", "deleted_at", "email", "id", "name", "newsletter", "part", "phone", "updated_at") on "app"."contact" to ":ROLE_ADMIN";
grant update ("email", "name", "newsletter", "part", "phone") on "app"."contact" to ":ROLE_ADMIN";
grant select ("created_at", "customer_id", "deleted_at", "email", "id", "name", "newsletter", "part", "phone", "updated_at") on "app"."contact" to ":ROLE_LEAD";
grant insert ("customer_id", "email", "name", "newsletter", "part", "phone") on "app"."contact" to ":ROLE_SALES";
grant select ("created_at", "customer_id", "deleted_at", "email", "id", "name", "newsletter", "part", "phone", "updated_at") on "app"."contact" to ":ROLE_SALES";
grant update ("email", "name", "newsletter", "part", "phone") on "app"."contact" to ":ROLE_SALES";
-- Contact: policy, all: Functions that decide rules see every row of the tenant.
create policy "private" on "app"."contact" for all to ":PRIVATE"
  using (true)
  with check (true);
comment on policy "private" on "app"."contact" is 'Functions that decide rules see every row of the tenant.';
-- Contact: policy, update: admins do anything
create policy "r_1a70050c96c6" on "app"."contact" for update to ":ROLE_ADMIN"
  using ("deleted_at" is null)
  with check (true);
comment on policy "r_1a70050c96c6" on "app"."contact" is 'admins do anything';
-- Contact: policy, insert: admins do anything
create policy "r_542b24ce734d" on "app"."contact" for insert to ":ROLE_ADMIN"
  with check (true);
comment on policy "r_542b24ce734d" on "app"."contact" is 'admins do anything';
-- Contact: policy, delete: admins do anything
create policy "r_6250f88a800a" on "app"."contact" for delete to ":ROLE_ADMIN"
  using ("deleted_at" is null);
comment on policy "r_6250f88a800a" on "app"."contact" is 'admins do anything';
-- Contact: policy, select: sales keeps the contacts of its customers
create policy "r_7d1fdf098cec" on "app"."contact" for select to ":ROLE_SALES"
  using ("deleted_at" is null and ("customer_organization_id" = any (array(select reached.id from "rowhouse_private"."reached_organizations" reached)) and (((case when "customer_organization_id" is null then "customer_organization_id" end) is null and (case when "customer_organization_id" is null then "customer_organization_id" end) is null) or "customer_organization_id" = any ("rowhouse_private"."reach_organizations"()) or (case when "customer_organization_id" is null then "customer_organization_id" end) = any ("rowhouse_private"."guess_organizations"()))));
comment on policy "r_7d1fdf098cec" on "app"."contact" is 'sales keeps the contacts of its customers';
-- Contact: policy, select: admins do anything
create policy "r_9313a8419532" on "app"."contact" for select to ":ROLE_ADMIN"
  using ("deleted_at" is null);
comment on policy "r_9313a8419532" on "app"."contact" is 'admins do anything';
-- Contact: policy, select: leads see the contacts of their region
create policy "r_98be3c4b82cc" on "app"."contact" for select to ":ROLE_LEAD"
  using ("deleted_at" is null and "customer_id" = any (array(select "rowhouse_private"."customer_399ee6744bfd"())));
comment on policy "r_98be3c4b82cc" on "app"."contact" is 'leads see the contacts of their region';
-- Contact: policy, update: sales keeps the contacts of its customers
create policy "r_9d835961f90e" on "app"."contact" for update to ":ROLE_SALES"
  using ("deleted_at" is null and "customer_organization_id" = any (array(select reached.id from "rowhouse_private"."reached_organizations" reached)))
  with check ("customer_organization_id" = any (array(select reached.id from "rowhouse_private"."reached_organizations" reached)));
comment on policy "r_9d835961f90e" on "app"."contact" is 'sales keeps the contacts of its customers';
-- Contact: policy, select: accountants see whom to send invoices to
create policy "r_a07382c00dc9" on "app"."contact" for select to ":ROLE_ACCOUNTANT"
  using ("deleted_at" is null and "part" = 'billing'::text);
comment on policy "r_a07382c00dc9" on "app"."contact" is 'accountants see whom to send invoices to';
-- Contact: policy, insert: sales keeps the contacts of its customers
create policy "r_deced312871d" on "app"."contact" for insert to ":ROLE_SALES"
  with check ("customer_organization_id" = any (array(select reached.id from "rowhouse_private"."reached_organizations" reached)));
comment on policy "r_deced312871d" on "app"."contact" is 'sales keeps the contacts of its customers';
-- Contact: restrictive policy, all: Nobody sees or writes rows of another tenant.
create policy "tenant" on "app"."contact" as restrictive for all to public
  using ("tenant_id" = (select rowhouse.tenant_id()))
  with check ("tenant_id" = (select rowhouse.tenant_id()));
comment on policy "tenant" on "app"."contact" is 'Nobody sees or writes rows of another tenant.';
-- Contact: triggers
create trigger "rowhouse_1_link" before insert or update of "customer_id" on "app"."contact" for each row when (current_user not in (':OWNER', ':PRIVATE')) execute function "rowhouse_private"."link_contact"();
create trigger "rowhouse_1_refill" before update of "customer_id" on "app"."contact" for each row execute function "rowhouse_private"."refill_contact"();
create trigger "rowhouse_1_values" before insert on "app"."contact" for each row execute function "rowhouse_private"."values_contact"();
create trigger "rowhouse_2_guard" before update on "app"."contact" for each row when (current_user not in (':OWNER', ':PRIVATE') and (new."customer_id" is distinct from old."customer_id" or new."customer_organization_id" is distinct from old."customer_organization_id")) execute function "rowhouse_private"."guard_contact"();
create trigger "rowhouse_3_touch" before update on "app"."contact" for each row when ((old."customer_organization_id" is not distinct from new."customer_organization_id") or not (old."customer_id" is not distinct from new."customer_id")) execute function rowhouse.touch();
create trigger "rowhouse_4_created" before insert on "app"."contact" for each row execute function rowhouse.note_created();

-- Customer: grants
grant select on "app"."customer" to ":PRIVATE";
grant update ("deleted_at", "updated_at") on "app"."customer" to ":PRIVATE";
grant select ("created_at", "credit_limit", "deleted_at", "id", "name", "number", "organization_id", "payment_term", "region", "since", "updated_at", "website") on "app"."customer" to ":ROLE_ACCOUNTANT";
grant update ("credit_limit", "payment_term") on "app"."customer" to ":ROLE_ACCOUNTANT";
grant delete on "app"."customer" to ":ROLE_ADMIN";
grant insert ("credit_limit", "name", "number", "organization_id", "payment_term", "region", "since", "website") on "app"."customer" to ":ROLE_ADMIN";
grant select ("created_at", "credit_limit", "deleted_at", "id", "name", "number", "organization_id", "payment_term", "region", "since", "updated_at", "website") on "app"."customer" to ":ROLE_ADMIN";
grant update ("credit_limit", "name", "organization_id", "payment_term", "region", "since", "website") on "app"."customer" to ":ROLE_ADMIN";
grant select ("created_at", "credit_limit", "deleted_at", "id", "name", "number", "organization_id", "payment_term", "region", "since", "updated_at", "website") on "app"."customer" to ":ROLE_LEAD";
grant insert ("name", "number", "organization_id", "region", "since", "website") on "app"."customer" to ":ROLE_SALES";
grant select ("created_at", "credit_limit", "deleted_at", "id", "name", "number", "organization_id", "payment_term", "region", "since", "updated_at", "website") on "app"."customer" to ":ROLE_SALES";
grant update ("name", "organization_id", "region", "since", "website") on "app"."customer" to ":ROLE_SALES";
-- Customer: policy, all: Functions that decide rules see every row of the tenant.
create policy "private" on "app"."customer" for all to ":PRIVATE"
  using (true)
  with check (true);
comment on policy "private" on "app"."customer" is 'Functions that decide rules see every row of the tenant.';
-- Customer: policy, update: managers hand customers to other organizations
create policy "r_1cb2349909aa" on "app"."customer" for update to ":ROLE_SALES"
  using ("deleted_at" is null and "organization_id" = any (array(select reached.id from "rowhouse_private"."reached_managed" reached)))
  with check ((select rowhouse.actor_id()) is not null);
comment on policy "r_1cb2349909aa" on "app"."customer" is 'managers hand customers to other organizations';
-- Customer: policy, update: admins do anything
create policy "r_55679ad3d3e6" on "app"."customer" for update to ":ROLE_ADMIN"
  using ("deleted_at" is null)
  with check (true);
comment on policy "r_55679ad3d3e6" on "app"."customer" is 'admins do anything';
-- Customer: policy, update: sales keeps its customers up to date
create policy "r_5be5add5b14c" on "app"."customer" for update to ":ROLE_SALES"
  using ("deleted_at" is null and "organization_id" = any (array(select reached.id from "rowhouse_private"."reached_organizations" reached)))
  with check ("organization_id" = any (array(select reached.id from "rowhouse_private"."reached_organizations" reached)));
comment on policy "r_5be5add5b14c" on "app"."customer" is 'sales keeps its customers up to date';
-- Customer: policy, insert: sales wins customers for its organizations
create policy "r_6c6f478fe9a3" on "app"."customer" for insert to ":ROLE_SALES"
  with check ("organization_id" = any (array(select reached.id from "rowhouse_private"."reached_organizations" reached)));
comment on policy "r_6c6f478fe9a3" on "app"."customer" is 'sales wins customers for its organizations';
-- Customer: policy, select: leads see every customer of their region
create policy "r_882418bfef9e" on "app"."customer" for select to ":ROLE_LEAD"
  using ("deleted_at" is null and ("region" = (select rowhouse.claim('region')) and (((case when "region" is null then "region" end) is null and (case when "region" is null then "region" end) is null) or "region" = rowhouse.claim('region'))));
comment on policy "r_882418bfef9e" on "app"."customer" is 'leads see every customer of their region';
-- Customer: policy, update: accountants decide about credit
create policy "r_9fd4ddcdb503" on "app"."customer" for update to ":ROLE_ACCOUNTANT"
  using ("deleted_at" is null)
  with check (true);
comment on policy "r_9fd4ddcdb503" on "app"."customer" is 'accountants decide about credit';
-- Customer: policy, select: sales sees the customers of its organizations
create policy "r_a322f785c52f" on "app"."customer" for select to ":ROLE_SALES"
  using ("deleted_at" is null and ("organization_id" = any (array(select reached.id from "rowhouse_private"."reached_organizations" reached)) and (((case when "organization_id" is null then "organization_id" end) is null and (case when "organization_id" is null then "organization_id" end) is null) or "organization_id" = any ("rowhouse_private"."reach_organizations"()) or (case when "organization_id" is null then "organization_id" end) = any ("rowhouse_private"."guess_organizations"()))));
comment on policy "r_a322f785c52f" on "app"."customer" is 'sales sees the customers of its organizations';
-- Customer: policy, insert: admins do anything
create policy "r_ab29d88d1bb1" on "app"."customer" for insert to ":ROLE_ADMIN"
  with check (true);
comment on policy "r_ab29d88d1bb1" on "app"."customer" is 'admins do anything';
-- Customer: policy, select: admins do anything
create policy "r_b034854d4a79" on "app"."customer" for select to ":ROLE_ADMIN"
  using ("deleted_at" is null);
comment on policy "r_b034854d4a79" on "app"."customer" is 'admins do anything';
-- Customer: policy, select: accountants see all customers
create policy "r_ca3bf2615185" on "app"."customer" for select to ":ROLE_ACCOUNTANT"
  using ("deleted_at" is null);
comment on policy "r_ca3bf2615185" on "app"."customer" is 'accountants see all customers';
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
create trigger "rowhouse_1_link" before insert or update of "organization_id" on "app"."customer" for each row when (current_user not in (':OWNER', ':PRIVATE')) execute function "rowhouse_private"."link_customer"();
create trigger "rowhouse_2_guard" before update on "app"."customer" for each row when (current_user not in (':OWNER', ':PRIVATE') and (new."credit_limit" is distinct from old."credit_limit" or new."name" is distinct from old."name" or new."organization_id" is distinct from old."organization_id" or new."payment_term" is distinct from old."payment_term" or new."region" is distinct from old."region" or new."since" is distinct from old."since" or new."website" is distinct from old."website")) execute function "rowhouse_private"."guard_customer"();
create trigger "rowhouse_2_guard_new" before insert on "app"."customer" for each row when (current_user not in (':OWNER', ':PRIVATE')) execute function "rowhouse_private"."guard_customer"();
create trigger "rowhouse_3_touch" before update on "app"."customer" for each row execute function rowhouse.touch();
create trigger "rowhouse_4_created" before insert on "app"."customer" for each row execute function rowhouse.note_created();

-- Invoice: grants
grant select on "app"."invoice" to ":PRIVATE";
grant update ("balance", "deleted_at", "paid", "status", "updated_at") on "app"."invoice" to ":PRIVATE";
grant insert ("amount", "currency", "due_on", "issued_at", "order_id") on "app"."invoice" to ":ROLE_ACCOUNTANT";
grant select ("amount", "balance", "created_at", "currency", "deleted_at", "due_on", "id", "issued_at", "number", "order_id", "paid", "status", "updated_at") on "app"."invoice" to ":ROLE_ACCOUNTANT";
grant update ("amount", "currency", "due_on", "issued_at") on "app"."invoice" to ":ROLE_ACCOUNTANT";
grant delete on "app"."invoice" to ":ROLE_ADMIN";
grant insert ("amount", "currency", "due_on", "issued_at", "order_id") on "app"."invoice" to ":ROLE_ADMIN";
grant select ("amount", "balance", "created_at", "currency", "deleted_at", "due_on", "id", "issued_at", "number", "order_id", "paid", "status", "updated_at") on "app"."invoice" to ":ROLE_ADMIN";
grant update ("amount", "currency", "due_on", "issued_at") on "app"."invoice" to ":ROLE_ADMIN";
grant select ("amount", "balance", "created_at", "currency", "deleted_at", "due_on", "id", "issued_at", "number", "order_id", "paid", "status", "updated_at") on "app"."invoice" to ":ROLE_SALES";
-- Invoice: restrictive policy, update: what was sent stays as it is
create policy "d_66edb44a1812" on "app"."invoice" as restrictive for update to ":MEMBER"
  using ("status" = 'draft'::text)
  with check (true);
comment on policy "d_66edb44a1812" on "app"."invoice" is 'what was sent stays as it is';
-- Invoice: restrictive policy, delete: what was sent stays as it is
create policy "d_d9149538110e" on "app"."invoice" as restrictive for delete to ":MEMBER"
  using ("status" = 'draft'::text);
comment on policy "d_d9149538110e" on "app"."invoice" is 'what was sent stays as it is';
-- Invoice: policy, all: Functions that decide rules see every row of the tenant.
create policy "private" on "app"."invoice" for all to ":PRIVATE"
  using (true)
  with check (true);
comment on policy "private" on "app"."invoice" is 'Functions that decide rules see every row of the tenant.';
-- Invoice: policy, select: accountants run invoices
create policy "r_1a750be08e33" on "app"."invoice" for select to ":ROLE_ACCOUNTANT"
  using ("deleted_at" is null);
comment on policy "r_1a750be08e33" on "app"."invoice" is 'accountants run invoices';
-- Invoice: policy, update: admins do anything
create policy "r_257c324f9ea5" on "app"."invoice" for update to ":ROLE_ADMIN"
  using ("deleted_at" is null)
  with check (true);
comment on policy "r_257c324f9ea5" on "app"."invoice" is 'admins do anything';
-- Invoice: policy, select: sales follows the invoices of its customers
create policy "r_29b4c1d71e7c" on "app"."invoice" for select to ":ROLE_SALES"
  using ("deleted_at" is null and "status" is distinct from 'draft'::text and ("order_customer_organization_id" = any (array(select reached.id from "rowhouse_private"."reached_organizations" reached)) and (((case when "order_customer_organization_id" is null then "order_customer_organization_id" end) is null and (case when "order_customer_organization_id" is null then "order_customer_organization_id" end) is null) or "order_customer_organization_id" = any ("rowhouse_private"."reach_organizations"()) or (case when "order_customer_organization_id" is null then "order_customer_organization_id" end) = any ("rowhouse_private"."guess_organizations"()))));
comment on policy "r_29b4c1d71e7c" on "app"."invoice" is 'sales follows the invoices of its customers';
-- Invoice: policy, update: accountants run invoices
create policy "r_8d37b2fbc9d8" on "app"."invoice" for update to ":ROLE_ACCOUNTANT"
  using ("deleted_at" is null)
  with check (true);
comment on policy "r_8d37b2fbc9d8" on "app"."invoice" is 'accountants run invoices';
-- Invoice: policy, insert: admins do anything
create policy "r_957fefbc4c2e" on "app"."invoice" for insert to ":ROLE_ADMIN"
  with check (true);
comment on policy "r_957fefbc4c2e" on "app"."invoice" is 'admins do anything';
-- Invoice: policy, insert: accountants run invoices
create policy "r_b7dbaecc3770" on "app"."invoice" for insert to ":ROLE_ACCOUNTANT"
  with check (true);
comment on policy "r_b7dbaecc3770" on "app"."invoice" is 'accountants run invoices';
-- Invoice: policy, select: admins do anything
create policy "r_ba0864b5dac1" on "app"."invoice" for select to ":ROLE_ADMIN"
  using ("deleted_at" is null);
comment on policy "r_ba0864b5dac1" on "app"."invoice" is 'admins do anything';
-- Invoice: policy, delete: admins do anything
create policy "r_cbd3bcefc93c" on "app"."invoice" for delete to ":ROLE_ADMIN"
  using ("deleted_at" is null);
comment on policy "r_cbd3bcefc93c" on "app"."invoice" is 'admins do anything';
-- Invoice: restrictive policy, all: Nobody sees or writes rows of another tenant.
create policy "tenant" on "app"."invoice" as restrictive for all to public
  using ("tenant_id" = (select rowhouse.tenant_id()))
  with check ("tenant_id" = (select rowhouse.tenant_id()));
comment on policy "tenant" on "app"."invoice" is 'Nobody sees or writes rows of another tenant.';
-- Invoice: triggers
create trigger "rowhouse_1_link" before insert or update of "order_id" on "app"."invoice" for each row when (current_user not in (':OWNER', ':PRIVATE')) execute function "rowhouse_private"."link_invoice"();
create trigger "rowhouse_1_refill" before update of "order_id" on "app"."invoice" for each row execute function "rowhouse_private"."refill_invoice"();
create trigger "rowhouse_1_values" before insert on "app"."invoice" for each row execute function "rowhouse_private"."values_invoice"();
create trigger "rowhouse_1_worked" before insert on "app"."invoice" for each row execute function "rowhouse_private"."stored_invoice"();
create trigger "rowhouse_1_worked_again" before update on "app"."invoice" for each row when (old."amount" is distinct from new."amount" or old."paid" is distinct from new."paid") execute function "rowhouse_private"."stored_invoice"();
create trigger "rowhouse_3_touch" before update on "app"."invoice" for each row when ((old."order_customer_organization_id" is not distinct from new."order_customer_organization_id" and old."paid" is not distinct from new."paid" and old."balance" is not distinct from new."balance") or not (old."order_id" is not distinct from new."order_id") or not (old."amount" is not distinct from new."amount")) execute function rowhouse.touch();
create trigger "rowhouse_4_created" before insert on "app"."invoice" for each row execute function rowhouse.note_created();
create trigger "rowhouse_6_event" after update on "app"."invoice" for each row when ((old."status" is distinct from new."status")) execute function "rowhouse_private"."event_invoice"();

-- InvoiceTransition: grants
grant insert on "app"."invoice_transition" to ":PRIVATE";
grant select on "app"."invoice_transition" to ":PRIVATE";
grant select ("at", "by_id", "from", "invoice_id", "note", "step", "to", "verb") on "app"."invoice_transition" to ":ROLE_ACCOUNTANT";
grant select ("at", "by_id", "from", "invoice_id", "note", "step", "to", "verb") on "app"."invoice_transition" to ":ROLE_ADMIN";
grant select ("at", "by_id", "from", "invoice_id", "note", "step", "to", "verb") on "app"."invoice_transition" to ":ROLE_SALES";
-- InvoiceTransition: policy, all: Functions that decide rules see every row of the tenant.
create policy "private" on "app"."invoice_transition" for all to ":PRIVATE"
  using (true)
  with check (true);
comment on policy "private" on "app"."invoice_transition" is 'Functions that decide rules see every row of the tenant.';
-- InvoiceTransition: policy, select: admins do anything
create policy "r_9cd9e1220d5b" on "app"."invoice_transition" for select to ":ROLE_ADMIN"
  using (exists (select from "app"."invoice" t1 where t1."id" = "invoice_transition"."invoice_id"));
comment on policy "r_9cd9e1220d5b" on "app"."invoice_transition" is 'admins do anything';
-- InvoiceTransition: policy, select: accountants run invoices
create policy "r_e0a97afe5c8c" on "app"."invoice_transition" for select to ":ROLE_ACCOUNTANT"
  using (exists (select from "app"."invoice" t1 where t1."id" = "invoice_transition"."invoice_id"));
comment on policy "r_e0a97afe5c8c" on "app"."invoice_transition" is 'accountants run invoices';
-- InvoiceTransition: policy, select: sales follows the invoices of its customers
create policy "r_e313ec58f30d" on "app"."invoice_transition" for select to ":ROLE_SALES"
  using (exists (select from "app"."invoice" t1 where t1."id" = "invoice_transition"."invoice_id"));
comment on policy "r_e313ec58f30d" on "app"."invoice_transition" is 'sales follows the invoices of its customers';
-- InvoiceTransition: restrictive policy, all: Nobody sees or writes rows of another tenant.
create policy "tenant" on "app"."invoice_transition" as restrictive for all to public
  using ("tenant_id" = (select rowhouse.tenant_id()))
  with check ("tenant_id" = (select rowhouse.tenant_id()));
comment on policy "tenant" on "app"."invoice_transition" is 'Nobody sees or writes rows of another tenant.';
-- InvoiceTransition: triggers

-- Membership: grants
grant select ("created_at", "deleted_at", "id", "level", "organization_id", "since", "updated_at", "user_id") on "app"."membership" to ":MEMBER";
grant select on "app"."membership" to ":PRIVATE";
grant update ("deleted_at", "updated_at") on "app"."membership" to ":PRIVATE";
grant delete on "app"."membership" to ":ROLE_ADMIN";
grant insert ("level", "organization_id", "since", "user_id") on "app"."membership" to ":ROLE_ADMIN";
grant select ("created_at", "deleted_at", "id", "level", "organization_id", "since", "updated_at", "user_id") on "app"."membership" to ":ROLE_ADMIN";
grant update ("level", "since") on "app"."membership" to ":ROLE_ADMIN";
-- Membership: policy, all: Functions that decide rules see every row of the tenant.
create policy "private" on "app"."membership" for all to ":PRIVATE"
  using (true)
  with check (true);
comment on policy "private" on "app"."membership" is 'Functions that decide rules see every row of the tenant.';
-- Membership: policy, update: admins do anything
create policy "r_1e57d530b539" on "app"."membership" for update to ":ROLE_ADMIN"
  using ("deleted_at" is null)
  with check (true);
comment on policy "r_1e57d530b539" on "app"."membership" is 'admins do anything';
-- Membership: policy, select: people see their own memberships and those of organizations that they manage
create policy "r_391ffc4223b6" on "app"."membership" for select to ":MEMBER"
  using ("deleted_at" is null and (("user_id" = (select rowhouse.actor_id()) and (((case when "user_id" is null then "user_id" end) is null and (case when "user_id" is null then "user_id" end) is null) or "user_id" = rowhouse.actor_id())) or ("organization_id" = any ((select "rowhouse_private"."reach_managed"())::uuid[]) and (((case when "organization_id" is null then "organization_id" end) is null and (case when "organization_id" is null then "organization_id" end) is null) or "organization_id" = any ("rowhouse_private"."reach_managed"()) or (case when "organization_id" is null then "organization_id" end) = any ("rowhouse_private"."guess_managed"())))));
comment on policy "r_391ffc4223b6" on "app"."membership" is 'people see their own memberships and those of organizations that they manage';
-- Membership: policy, delete: admins do anything
create policy "r_443f62747755" on "app"."membership" for delete to ":ROLE_ADMIN"
  using ("deleted_at" is null);
comment on policy "r_443f62747755" on "app"."membership" is 'admins do anything';
-- Membership: policy, select: admins do anything
create policy "r_60b94728dfee" on "app"."membership" for select to ":ROLE_ADMIN"
  using ("deleted_at" is null);
comment on policy "r_60b94728dfee" on "app"."membership" is 'admins do anything';
-- Membership: policy, insert: admins do anything
create policy "r_7f28d3eae367" on "app"."membership" for insert to ":ROLE_ADMIN"
  with check (true);
comment on policy "r_7f28d3eae367" on "app"."membership" is 'admins do anything';
-- Membership: restrictive policy, all: Nobody sees or writes rows of another tenant.
create policy "tenant" on "app"."membership" as restrictive for all to public
  using ("tenant_id" = (select rowhouse.tenant_id()))
  with check ("tenant_id" = (select rowhouse.tenant_id()));
comment on policy "tenant" on "app"."membership" is 'Nobody sees or writes rows of another tenant.';
-- Membership: triggers
create trigger "rowhouse_1_link" before insert or update of "user_id", "organization_id" on "app"."membership" for each row when (current_user not in (':OWNER', ':PRIVATE')) execute function "rowhouse_private"."link_membership"();
create trigger "rowhouse_3_touch" before update on "app"."membership" for each row execute function rowhouse.touch();
create trigger "rowhouse_4_created" before insert on "app"."membership" for each row execute function rowhouse.note_created();

-- Order: grants
grant select on "app"."order" to ":PRIVATE";
grant update ("deleted_at", "status", "updated_at") on "app"."order" to ":PRIVATE";
grant select ("created_at", "currency", "customer_id", "deleted_at", "id", "margin", "notes", "number", "placed_by_id", "promised_on", "quoted_until", "status", "updated_at", "wanted_on") on "app"."order" to ":ROLE_ACCOUNTANT";
grant delete on "app"."order" to ":ROLE_ADMIN";
grant insert ("currency", "customer_id", "margin", "notes", "number", "placed_by_id", "promised_on", "quoted_until", "wanted_on") on "app"."order" to ":ROLE_ADMIN";
grant select ("created_at", "currency", "customer_id", "deleted_at", "id", "margin", "notes", "number", "placed_by_id", "promised_on", "quoted_until", "status", "updated_at", "wanted_on") on "app"."order" to ":ROLE_ADMIN";
grant update ("currency", "customer_id", "margin", "notes", "promised_on", "quoted_until", "wanted_on") on "app"."order" to ":ROLE_ADMIN";
grant select ("created_at", "currency", "customer_id", "deleted_at", "id", "margin", "notes", "number", "placed_by_id", "promised_on", "quoted_until", "status", "updated_at", "wanted_on") on "app"."order" to ":ROLE_LEAD";
grant update ("margin") on "app"."order" to ":ROLE_LEAD";
grant insert ("currency", "customer_id", "notes", "number", "placed_by_id", "promised_on", "quoted_until", "wanted_on") on "app"."order" to ":ROLE_SALES";
grant select ("created_at", "currency", "customer_id", "deleted_at", "id", "margin", "notes", "number", "placed_by_id", "promised_on", "quoted_until", "status", "updated_at", "wanted_on") on "app"."order" to ":ROLE_SALES";
grant update ("currency", "customer_id", "margin", "notes", "promised_on", "quoted_until", "wanted_on") on "app"."order" to ":ROLE_SALES";
-- Order: restrictive policy, delete: only drafts are deleted for good
create policy "d_058666d80b40" on "app"."order" as restrictive for delete to ":MEMBER"
  using ("status" = 'draft'::text);
comment on policy "d_058666d80b40" on "app"."order" is 'only drafts are deleted for good';
-- Order: policy, all: Functions that decide rules see every row of the tenant.
create policy "private" on "app"."order" for all to ":PRIVATE"
  using (true)
  with check (true);
comment on policy "private" on "app"."order" is 'Functions that decide rules see every row of the tenant.';
-- Order: policy, update: managers set the margin
create policy "r_03c5302036ec" on "app"."order" for update to ":ROLE_SALES"
  using ("deleted_at" is null and "customer_organization_id" = any (array(select reached.id from "rowhouse_private"."reached_managed" reached)) and "status" in ('draft'::text, 'placed'::text))
  with check ("customer_organization_id" = any (array(select reached.id from "rowhouse_private"."reached_managed" reached)) and "status" in ('draft'::text, 'placed'::text));
comment on policy "r_03c5302036ec" on "app"."order" is 'managers set the margin';
-- Order: policy, select: admins do anything
create policy "r_0bfb7a8dec3a" on "app"."order" for select to ":ROLE_ADMIN"
  using ("deleted_at" is null);
comment on policy "r_0bfb7a8dec3a" on "app"."order" is 'admins do anything';
-- Order: policy, update: leads set the margin of large orders
create policy "r_0feb082db6e5" on "app"."order" for update to ":ROLE_LEAD"
  using ("deleted_at" is null and "customer_id" = any (array(select "rowhouse_private"."customer_399ee6744bfd"())) and "status" in ('draft'::text, 'placed'::text) and (("currency" = 'EUR'::text and "rowhouse_private"."computed_order_total_b9a9ca66"("id") <= '10000'::numeric) or ("currency" = 'USD'::text and "rowhouse_private"."computed_order_total_b9a9ca66"("id") <= '10000'::numeric)) is not true)
  with check ("customer_id" = any (array(select "rowhouse_private"."customer_399ee6744bfd"())) and "status" in ('draft'::text, 'placed'::text) and (("currency" = 'EUR'::text and "rowhouse_private"."computed_order_total_b9a9ca66"("id") <= '10000'::numeric) or ("currency" = 'USD'::text and "rowhouse_private"."computed_order_total_b9a9ca66"("id") <= '10000'::numeric)) is not true);
comment on policy "r_0feb082db6e5" on "app"."order" is 'leads set the margin of large orders';
-- Order: policy, insert: sales takes orders in its own name
create policy "r_485c4ce880c4" on "app"."order" for insert to ":ROLE_SALES"
  with check ("customer_organization_id" = any (array(select reached.id from "rowhouse_private"."reached_organizations" reached)) and "placed_by_id" = (select rowhouse.actor_id()));
comment on policy "r_485c4ce880c4" on "app"."order" is 'sales takes orders in its own name';
-- Order: policy, delete: admins do anything
create policy "r_679d1c89f460" on "app"."order" for delete to ":ROLE_ADMIN"
  using ("deleted_at" is null);
comment on policy "r_679d1c89f460" on "app"."order" is 'admins do anything';
-- Order: policy, update: admins do anything
create policy "r_86ccd697f0b2" on "app"."order" for update to ":ROLE_ADMIN"
  using ("deleted_at" is null)
  with check (true);
comment on policy "r_86ccd697f0b2" on "app"."order" is 'admins do anything';
-- Order: policy, select: leads see the orders of their region
create policy "r_b442f675453f" on "app"."order" for select to ":ROLE_LEAD"
  using ("deleted_at" is null and "customer_id" = any (array(select "rowhouse_private"."customer_399ee6744bfd"())));
comment on policy "r_b442f675453f" on "app"."order" is 'leads see the orders of their region';
-- Order: policy, select: accountants see what was placed
create policy "r_bcd9a1e3be0a" on "app"."order" for select to ":ROLE_ACCOUNTANT"
  using ("deleted_at" is null and ("status" in ('draft'::text, 'quoted'::text, 'cancelled'::text)) is not true);
comment on policy "r_bcd9a1e3be0a" on "app"."order" is 'accountants see what was placed';
-- Order: policy, update: drafts are edited, but not handed to customers of others
create policy "r_d5827915f241" on "app"."order" for update to ":ROLE_SALES"
  using ("deleted_at" is null and "customer_organization_id" = any (array(select reached.id from "rowhouse_private"."reached_organizations" reached)) and "status" = 'draft'::text)
  with check ("customer_organization_id" = any (array(select reached.id from "rowhouse_private"."reached_organizations" reached)));
comment on policy "r_d5827915f241" on "app"."order" is 'drafts are edited, but not handed to customers of others';
-- Order: policy, select: sales sees the orders of its customers
create policy "r_e55c2a123014" on "app"."order" for select to ":ROLE_SALES"
  using ("deleted_at" is null and ("customer_organization_id" = any (array(select reached.id from "rowhouse_private"."reached_organizations" reached)) and (((case when "customer_organization_id" is null then "customer_organization_id" end) is null and (case when "customer_organization_id" is null then "customer_organization_id" end) is null) or "customer_organization_id" = any ("rowhouse_private"."reach_organizations"()) or (case when "customer_organization_id" is null then "customer_organization_id" end) = any ("rowhouse_private"."guess_organizations"()))));
comment on policy "r_e55c2a123014" on "app"."order" is 'sales sees the orders of its customers';
-- Order: policy, insert: admins do anything
create policy "r_eabe82f2a0f9" on "app"."order" for insert to ":ROLE_ADMIN"
  with check (true);
comment on policy "r_eabe82f2a0f9" on "app"."order" is 'admins do anything';
-- Order: restrictive policy, all: Nobody sees or writes rows of another tenant.
create policy "tenant" on "app"."order" as restrictive for all to public
  using ("tenant_id" = (select rowhouse.tenant_id()))
  with check ("tenant_id" = (select rowhouse.tenant_id()));
comment on policy "tenant" on "app"."order" is 'Nobody sees or writes rows of another tenant.';
-- Order: triggers
create trigger "rowhouse_1_link" before insert or update of "customer_id", "placed_by_id" on "app"."order" for each row when (current_user not in (':OWNER', ':PRIVATE')) execute function "rowhouse_private"."link_order"();
create trigger "rowhouse_1_refill" before update of "customer_id" on "app"."order" for each row execute function "rowhouse_private"."refill_order"();
create trigger "rowhouse_1_values" before insert on "app"."order" for each row execute function "rowhouse_private"."values_order"();
create trigger "rowhouse_2_guard" before insert or update on "app"."order" for each row when (current_user not in (':OWNER', ':PRIVATE')) execute function "rowhouse_private"."guard_order"();
create trigger "rowhouse_3_frozen" before update on "app"."order" for each row when (current_user <> ':OWNER' and old."status" = new."status" and ((old."status" = 'quoted' and old."customer_id" is distinct from new."customer_id") or (old."status" = 'quoted' and old."currency" is distinct from new."currency") or (old."status" = 'quoted' and old."quoted_until" is distinct from new."quoted_until"))) execute function "rowhouse_private"."frozen_order"();
create trigger "rowhouse_3_touch" before update on "app"."order" for each row when ((old."customer_organization_id" is not distinct from new."customer_organization_id") or not (old."customer_id" is not distinct from new."customer_id")) execute function rowhouse.touch();
create trigger "rowhouse_4_created" before insert on "app"."order" for each row execute function rowhouse.note_created();

-- OrderLine: grants
grant select on "app"."order_line" to ":PRIVATE";
grant update ("deleted_at", "order_position", "updated_at") on "app"."order_line" to ":PRIVATE";
grant select ("created_at", "deleted_at", "discount", "id", "order_id", "order_position", "product_id", "quantity", "unit_price", "updated_at") on "app"."order_line" to ":ROLE_ACCOUNTANT";
grant delete on "app"."order_line" to ":ROLE_ADMIN";
grant insert ("discount", "order_id", "product_id", "quantity", "unit_price") on "app"."order_line" to ":ROLE_ADMIN";
grant select ("created_at", "deleted_at", "discount", "id", "order_id", "order_position", "product_id", "quantity", "unit_price", "updated_at") on "app"."order_line" to ":ROLE_ADMIN";
grant update ("discount", "order_id", "product_id", "quantity", "unit_price") on "app"."order_line" to ":ROLE_ADMIN";
grant select ("created_at", "deleted_at", "discount", "id", "order_id", "order_position", "product_id", "quantity", "unit_price", "updated_at") on "app"."order_line" to ":ROLE_LEAD";
grant delete on "app"."order_line" to ":ROLE_SALES";
grant insert ("discount", "order_id", "product_id", "quantity", "unit_price") on "app"."order_line" to ":ROLE_SALES";
grant select ("created_at", "deleted_at", "discount", "id", "order_id", "order_position", "product_id", "quantity", "unit_price", "updated_at") on "app"."order_line" to ":ROLE_SALES";
grant update ("discount", "order_id", "product_id", "quantity", "unit_price") on "app"."order_line" to ":ROLE_SALES";
-- OrderLine: policy, all: Functions that decide rules see every row of the tenant.
create policy "private" on "app"."order_line" for all to ":PRIVATE"
  using (true)
  with check (true);
comment on policy "private" on "app"."order_line" is 'Functions that decide rules see every row of the tenant.';
-- OrderLine: policy, select: sales sees the lines of its orders
create policy "r_063b5708123a" on "app"."order_line" for select to ":ROLE_SALES"
  using ("deleted_at" is null and ("order_customer_organization_id" = any (array(select reached.id from "rowhouse_private"."reached_organizations" reached)) and (((case when "order_customer_organization_id" is null then "order_customer_organization_id" end) is null and (case when "order_customer_organization_id" is null then "order_customer_organization_id" end) is null) or "order_customer_organization_id" = any ("rowhouse_private"."reach_organizations"()) or (case when "order_customer_organization_id" is null then "order_customer_organization_id" end) = any ("rowhouse_private"."guess_organizations"()))));
comment on policy "r_063b5708123a" on "app"."order_line" is 'sales sees the lines of its orders';
-- OrderLine: policy, insert: admins do anything
create policy "r_0e0068fcf956" on "app"."order_line" for insert to ":ROLE_ADMIN"
  with check (true);
comment on policy "r_0e0068fcf956" on "app"."order_line" is 'admins do anything';
-- OrderLine: policy, insert: sales writes the lines of drafts
create policy "r_37b2713eb8b9" on "app"."order_line" for insert to ":ROLE_SALES"
  with check ("order_customer_organization_id" = any (array(select reached.id from "rowhouse_private"."reached_organizations" reached)) and "order_id" in (select "rowhouse_private"."order_9da468a5857c"()));
comment on policy "r_37b2713eb8b9" on "app"."order_line" is 'sales writes the lines of drafts';
-- OrderLine: policy, select: accountants see what was placed
create policy "r_3a06935fd9f7" on "app"."order_line" for select to ":ROLE_ACCOUNTANT"
  using ("deleted_at" is null and "order_id" = any (array(select "rowhouse_private"."order_f98695acb718"())));
comment on policy "r_3a06935fd9f7" on "app"."order_line" is 'accountants see what was placed';
-- OrderLine: policy, update: admins do anything
create policy "r_490dda3df53e" on "app"."order_line" for update to ":ROLE_ADMIN"
  using ("deleted_at" is null)
  with check (true);
comment on policy "r_490dda3df53e" on "app"."order_line" is 'admins do anything';
-- OrderLine: policy, select: admins do anything
create policy "r_5fae0107b6c2" on "app"."order_line" for select to ":ROLE_ADMIN"
  using ("deleted_at" is null);
comment on policy "r_5fae0107b6c2" on "app"."order_line" is 'admins do anything';
-- OrderLine: policy, select: leads see the lines of their region
create policy "r_6958e51b4d44" on "app"."order_line" for select to ":ROLE_LEAD"
  using ("deleted_at" is null and "order_id" = any (array(select "rowhouse_private"."order_49ad8293a315"())));
comment on policy "r_6958e51b4d44" on "app"."order_line" is 'leads see the lines of their region';
-- OrderLine: policy, delete: admins do anything
create policy "r_dd24b72b11c2" on "app"."order_line" for delete to ":ROLE_ADMIN"
  using ("deleted_at" is null);
comment on policy "r_dd24b72b11c2" on "app"."order_line" is 'admins do anything';
-- OrderLine: policy, delete: sales writes the lines of drafts
create policy "r_f3f071bbd39d" on "app"."order_line" for delete to ":ROLE_SALES"
  using ("deleted_at" is null and "order_customer_organization_id" = any (array(select reached.id from "rowhouse_private"."reached_organizations" reached)) and "order_id" in (select "rowhouse_private"."order_9da468a5857c"()));
comment on policy "r_f3f071bbd39d" on "app"."order_line" is 'sales writes the lines of drafts';
-- OrderLine: policy, update: sales writes the lines of drafts
create policy "r_f63f7fa8f3d6" on "app"."order_line" for update to ":ROLE_SALES"
  using ("deleted_at" is null and "order_customer_organization_id" = any (array(select reached.id from "rowhouse_private"."reached_organizations" reached)) and "order_id" in (select "rowhouse_private"."order_9da468a5857c"()))
  with check ("order_customer_organization_id" = any (array(select reached.id from "rowhouse_private"."reached_organizations" reached)) and "order_id" in (select "rowhouse_private"."order_9da468a5857c"()));
comment on policy "r_f63f7fa8f3d6" on "app"."order_line" is 'sales writes the lines of drafts';
-- OrderLine: restrictive policy, all: Nobody sees or writes rows of another tenant.
create policy "tenant" on "app"."order_line" as restrictive for all to public
  using ("tenant_id" = (select rowhouse.tenant_id()))
  with check ("tenant_id" = (select rowhouse.tenant_id()));
comment on policy "tenant" on "app"."order_line" is 'Nobody sees or writes rows of another tenant.';
-- OrderLine: triggers
create trigger "rowhouse_1_link" before insert or update of "order_id", "product_id" on "app"."order_line" for each row when (current_user not in (':OWNER', ':PRIVATE')) execute function "rowhouse_private"."link_order_line"();
create trigger "rowhouse_1_refill" before update of "order_id" on "app"."order_line" for each row execute function "rowhouse_private"."refill_order_line"();
create trigger "rowhouse_1_values" before insert on "app"."order_line" for each row execute function "rowhouse_private"."values_order_line"();
create trigger "rowhouse_2_guard" before update on "app"."order_line" for each row when (current_user not in (':OWNER', ':PRIVATE') and (new."order_customer_organization_id" is distinct from old."order_customer_organization_id" or new."order_id" is distinct from old."order_id")) execute function "rowhouse_private"."guard_order_line"();
create trigger "rowhouse_3_touch" before update on "app"."order_line" for each row when ((old."order_position" is not distinct from new."order_position" and old."order_customer_organization_id" is not distinct from new."order_customer_organization_id") or not (old."order_id" is not distinct from new."order_id")) execute function rowhouse.touch();
create trigger "rowhouse_4_created" before insert on "app"."order_line" for each row execute function rowhouse.note_created();

-- OrderTransition: grants
grant insert on "app"."order_transition" to ":PRIVATE";
grant select on "app"."order_transition" to ":PRIVATE";
grant select ("at", "by_id", "from", "note", "order_id", "step", "to", "verb") on "app"."order_transition" to ":ROLE_ACCOUNTANT";
grant select ("at", "by_id", "from", "note", "order_id", "step", "to", "verb") on "app"."order_transition" to ":ROLE_ADMIN";
grant select ("at", "by_id", "from", "note", "order_id", "step", "to", "verb") on "app"."order_transition" to ":ROLE_LEAD";
grant select ("at", "by_id", "from", "note", "order_id", "step", "to", "verb") on "app"."order_transition" to ":ROLE_SALES";
-- OrderTransition: policy, all: Functions that decide rules see every row of the tenant.
create policy "private" on "app"."order_transition" for all to ":PRIVATE"
  using (true)
  with check (true);
comment on policy "private" on "app"."order_transition" is 'Functions that decide rules see every row of the tenant.';
-- OrderTransition: policy, select: admins do anything
create policy "r_1129455c62f5" on "app"."order_transition" for select to ":ROLE_ADMIN"
  using (exists (select from "app"."order" t1 where t1."id" = "order_transition"."order_id"));
comment on policy "r_1129455c62f5" on "app"."order_transition" is 'admins do anything';
-- OrderTransition: policy, select: accountants see what was placed
create policy "r_5f09e7f54e26" on "app"."order_transition" for select to ":ROLE_ACCOUNTANT"
  using (exists (select from "app"."order" t1 where t1."id" = "order_transition"."order_id"));
comment on policy "r_5f09e7f54e26" on "app"."order_transition" is 'accountants see what was placed';
-- OrderTransition: policy, select: sales sees the orders of its customers
create policy "r_ca9a662257a5" on "app"."order_transition" for select to ":ROLE_SALES"
  using (exists (select from "app"."order" t1 where t1."id" = "order_transition"."order_id"));
comment on policy "r_ca9a662257a5" on "app"."order_transition" is 'sales sees the orders of its customers';
-- OrderTransition: policy, select: leads see the orders of their region
create policy "r_db952a6cae2b" on "app"."order_transition" for select to ":ROLE_LEAD"
  using (exists (select from "app"."order" t1 where t1."id" = "order_transition"."order_id"));
comment on policy "r_db952a6cae2b" on "app"."order_transition" is 'leads see the orders of their region';
-- OrderTransition: restrictive policy, all: Nobody sees or writes rows of another tenant.
create policy "tenant" on "app"."order_transition" as restrictive for all to public
  using ("tenant_id" = (select rowhouse.tenant_id()))
  with check ("tenant_id" = (select rowhouse.tenant_id()));
comment on policy "tenant" on "app"."order_transition" is 'Nobody sees or writes rows of another tenant.';
-- OrderTransition: triggers

-- Organization: grants
grant select ("created_at", "deleted_at", "id", "name", "opens_at", "slug", "updated_at") on "app"."organization" to ":MEMBER";
grant select on "app"."organization" to ":PRIVATE";
grant update ("deleted_at", "updated_at") on "app"."organization" to ":PRIVATE";
grant select ("created_at", "deleted_at", "id", "name", "opens_at", "slug", "updated_at") on "app"."organization" to ":ROLE_ACCOUNTANT";
grant delete on "app"."organization" to ":ROLE_ADMIN";
grant insert ("name", "opens_at", "slug") on "app"."organization" to ":ROLE_ADMIN";
grant select ("created_at", "deleted_at", "id", "name", "opens_at", "slug", "updated_at") on "app"."organization" to ":ROLE_ADMIN";
grant update ("name", "opens_at") on "app"."organization" to ":ROLE_ADMIN";
grant select ("created_at", "deleted_at", "id", "name", "opens_at", "slug", "updated_at") on "app"."organization" to ":ROLE_LEAD";
grant update ("name", "opens_at") on "app"."organization" to ":ROLE_SALES";
-- Organization: restrictive policy, delete: organizations are never deleted for good
create policy "d_1aebfc7cdbc8" on "app"."organization" as restrictive for delete to ":ANONYMOUS", ":MEMBER"
  using (false);
comment on policy "d_1aebfc7cdbc8" on "app"."organization" is 'organizations are never deleted for good';
-- Organization: policy, all: Functions that decide rules see every row of the tenant.
create policy "private" on "app"."organization" for all to ":PRIVATE"
  using (true)
  with check (true);
comment on policy "private" on "app"."organization" is 'Functions that decide rules see every row of the tenant.';
-- Organization: policy, update: admins do anything
create policy "r_0eaa7613e77c" on "app"."organization" for update to ":ROLE_ADMIN"
  using ("deleted_at" is null)
  with check (true);
comment on policy "r_0eaa7613e77c" on "app"."organization" is 'admins do anything';
-- Organization: policy, select: admins do anything
create policy "r_3f4cc56095ad" on "app"."organization" for select to ":ROLE_ADMIN"
  using ("deleted_at" is null);
comment on policy "r_3f4cc56095ad" on "app"."organization" is 'admins do anything';
-- Organization: policy, select: people see where they work
create policy "r_58cbda9b4ded" on "app"."organization" for select to ":MEMBER"
  using ("deleted_at" is null and ("id" = any (array(select reached.id from "rowhouse_private"."reached_organizations" reached)) and (((case when "id" is null then "id" end) is null and (case when "id" is null then "id" end) is null) or "id" = any ("rowhouse_private"."reach_organizations"()) or (case when "id" is null then "id" end) = any ("rowhouse_private"."guess_organizations"()))));
comment on policy "r_58cbda9b4ded" on "app"."organization" is 'people see where they work';
-- Organization: policy, update: managers keep the details of their organizations
create policy "r_5cd150894d25" on "app"."organization" for update to ":ROLE_SALES"
  using ("deleted_at" is null and "id" = any (array(select reached.id from "rowhouse_private"."reached_managed" reached)))
  with check ("id" = any (array(select reached.id from "rowhouse_private"."reached_managed" reached)));
comment on policy "r_5cd150894d25" on "app"."organization" is 'managers keep the details of their organizations';
-- Organization: policy, select: leads and accountants see all of them
create policy "r_9580a4d1b9b0" on "app"."organization" for select to ":ROLE_ACCOUNTANT", ":ROLE_LEAD"
  using ("deleted_at" is null);
comment on policy "r_9580a4d1b9b0" on "app"."organization" is 'leads and accountants see all of them';
-- Organization: policy, delete: admins do anything
create policy "r_b655b789728b" on "app"."organization" for delete to ":ROLE_ADMIN"
  using ("deleted_at" is null);
comment on policy "r_b655b789728b" on "app"."organization" is 'admins do anything';
-- Organization: policy, insert: admins do anything
create policy "r_c31eb5557c34" on "app"."organization" for insert to ":ROLE_ADMIN"
  with check (true);
comment on policy "r_c31eb5557c34" on "app"."organization" is 'admins do anything';
-- Organization: restrictive policy, all: Nobody sees or writes rows of another tenant.
create policy "tenant" on "app"."organization" as restrictive for all to public
  using ("tenant_id" = (select rowhouse.tenant_id()))
  with check ("tenant_id" = (select rowhouse.tenant_id()));
comment on policy "tenant" on "app"."organization" is 'Nobody sees or writes rows of another tenant.';
-- Organization: triggers
create trigger "rowhouse_2_guard" before update on "app"."organization" for each row when (current_user not in (':OWNER', ':PRIVATE') and (new."id" is distinct from old."id")) execute function "rowhouse_private"."guard_organization"();
create trigger "rowhouse_3_touch" before update on "app"."organization" for each row execute function rowhouse.touch();
create trigger "rowhouse_4_created" before insert on "app"."organization" for each row execute function rowhouse.note_created();

-- Payment: grants
grant select on "app"."payment" to ":PRIVATE";
grant update ("deleted_at", "updated_at") on "app"."payment" to ":PRIVATE";
grant insert ("amount", "invoice_id", "method", "received_at", "reference") on "app"."payment" to ":ROLE_ACCOUNTANT";
grant select ("amount", "created_at", "deleted_at", "id", "invoice_id", "method", "received_at", "reference", "updated_at") on "app"."payment" to ":ROLE_ACCOUNTANT";
grant update ("amount", "method", "received_at", "reference") on "app"."payment" to ":ROLE_ACCOUNTANT";
grant delete on "app"."payment" to ":ROLE_ADMIN";
grant insert ("amount", "invoice_id", "method", "received_at", "reference") on "app"."payment" to ":ROLE_ADMIN";
grant select ("amount", "created_at", "deleted_at", "id", "invoice_id", "method", "received_at", "reference", "updated_at") on "app"."payment" to ":ROLE_ADMIN";
grant update ("amount", "method", "received_at", "reference") on "app"."payment" to ":ROLE_ADMIN";
grant select ("amount", "created_at", "deleted_at", "id", "invoice_id", "method", "received_at", "reference", "updated_at") on "app"."payment" to ":ROLE_SALES";
-- Payment: restrictive policy, delete: payments are never deleted for good
create policy "d_12ded466f3f6" on "app"."payment" as restrictive for delete to ":ANONYMOUS", ":MEMBER"
  using (false);
comment on policy "d_12ded466f3f6" on "app"."payment" is 'payments are never deleted for good';
-- Payment: policy, all: Functions that decide rules see every row of the tenant.
create policy "private" on "app"."payment" for all to ":PRIVATE"
  using (true)
  with check (true);
comment on policy "private" on "app"."payment" is 'Functions that decide rules see every row of the tenant.';
-- Payment: policy, delete: admins do anything
create policy "r_16815c50a86b" on "app"."payment" for delete to ":ROLE_ADMIN"
  using ("deleted_at" is null);
comment on policy "r_16815c50a86b" on "app"."payment" is 'admins do anything';
-- Payment: policy, select: admins do anything
create policy "r_1f19c0bf62d1" on "app"."payment" for select to ":ROLE_ADMIN"
  using ("deleted_at" is null);
comment on policy "r_1f19c0bf62d1" on "app"."payment" is 'admins do anything';
-- Payment: policy, update: accountants record payments
create policy "r_289ecb50b6a1" on "app"."payment" for update to ":ROLE_ACCOUNTANT"
  using ("deleted_at" is null)
  with check (true);
comment on policy "r_289ecb50b6a1" on "app"."payment" is 'accountants record payments';
-- Payment: policy, select: sales sees what its customers paid
create policy "r_6f0c1d5ad809" on "app"."payment" for select to ":ROLE_SALES"
  using ("deleted_at" is null and ("invoice_order_customer_organization_id" = any (array(select reached.id from "rowhouse_private"."reached_organizations" reached)) and (((case when "invoice_order_customer_organization_id" is null then "invoice_order_customer_organization_id" end) is null and (case when "invoice_order_customer_organization_id" is null then "invoice_order_customer_organization_id" end) is null) or "invoice_order_customer_organization_id" = any ("rowhouse_private"."reach_organizations"()) or (case when "invoice_order_customer_organization_id" is null then "invoice_order_customer_organization_id" end) = any ("rowhouse_private"."guess_organizations"()))));
comment on policy "r_6f0c1d5ad809" on "app"."payment" is 'sales sees what its customers paid';
-- Payment: policy, update: admins do anything
create policy "r_98915d9ab1d0" on "app"."payment" for update to ":ROLE_ADMIN"
  using ("deleted_at" is null)
  with check (true);
comment on policy "r_98915d9ab1d0" on "app"."payment" is 'admins do anything';
-- Payment: policy, insert: accountants record payments
create policy "r_a83defad595c" on "app"."payment" for insert to ":ROLE_ACCOUNTANT"
  with check (true);
comment on policy "r_a83defad595c" on "app"."payment" is 'accountants record payments';
-- Payment: policy, select: accountants record payments
create policy "r_c2f523a4f455" on "app"."payment" for select to ":ROLE_ACCOUNTANT"
  using ("deleted_at" is null);
comment on policy "r_c2f523a4f455" on "app"."payment" is 'accountants record payments';
-- Payment: policy, insert: admins do anything
create policy "r_faa63c2fc884" on "app"."payment" for insert to ":ROLE_ADMIN"
  with check (true);
comment on policy "r_faa63c2fc884" on "app"."payment" is 'admins do anything';
-- Payment: restrictive policy, all: Nobody sees or writes rows of another tenant.
create policy "tenant" on "app"."payment" as restrictive for all to public
  using ("tenant_id" = (select rowhouse.tenant_id()))
  with check ("tenant_id" = (select rowhouse.tenant_id()));
comment on policy "tenant" on "app"."payment" is 'Nobody sees or writes rows of another tenant.';
-- Payment: triggers
create trigger "rowhouse_1_link" before insert or update of "invoice_id" on "app"."payment" for each row when (current_user not in (':OWNER', ':PRIVATE')) execute function "rowhouse_private"."link_payment"();
create trigger "rowhouse_1_refill" before update of "invoice_id" on "app"."payment" for each row execute function "rowhouse_private"."refill_payment"();
create trigger "rowhouse_1_values" before insert on "app"."payment" for each row execute function "rowhouse_private"."values_payment"();
create trigger "rowhouse_3_touch" before update on "app"."payment" for each row when ((old."invoice_order_customer_organization_id" is not distinct from new."invoice_order_customer_organization_id") or not (old."invoice_id" is not distinct from new."invoice_id")) execute function rowhouse.touch();
create trigger "rowhouse_4_created" before insert on "app"."payment" for each row execute function rowhouse.note_created();
create trigger "rowhouse_7_spread_insert" after insert on "app"."payment" referencing new table as new_rows for each statement execute function "rowhouse_private"."spread_insert_payment"();
create trigger "rowhouse_7_spread_update" after update on "app"."payment" referencing old table as old_rows new table as new_rows for each statement execute function "rowhouse_private"."spread_update_payment"();
create trigger "rowhouse_7_spread_delete" after delete on "app"."payment" referencing old table as old_rows for each statement execute function "rowhouse_private"."spread_delete_payment"();

-- Product: grants
grant select ("active", "barcode", "catalog_id", "created_at", "deleted_at", "description", "id", "name", "price", "sku", "stock", "updated_at", "weight") on "app"."product" to ":MEMBER";
grant select on "app"."product" to ":PRIVATE";
grant update ("deleted_at", "updated_at") on "app"."product" to ":PRIVATE";
grant delete on "app"."product" to ":ROLE_ADMIN";
grant insert ("active", "barcode", "catalog_id", "description", "name", "price", "sku", "stock", "weight") on "app"."product" to ":ROLE_ADMIN";
grant select ("active", "barcode", "catalog_id", "created_at", "deleted_at", "description", "id", "name", "price", "sku", "stock", "updated_at", "weight") on "app"."product" to ":ROLE_ADMIN";
grant update ("active", "barcode", "description", "name", "price", "stock", "weight") on "app"."product" to ":ROLE_ADMIN";
grant insert ("active", "barcode", "catalog_id", "description", "name", "price", "sku", "stock", "weight") on "app"."product" to ":ROLE_LEAD";
grant update ("active", "barcode", "description", "name", "price", "stock", "weight") on "app"."product" to ":ROLE_LEAD";
grant update ("stock") on "app"."product" to ":ROLE_SALES";
-- Product: policy, all: Functions that decide rules see every row of the tenant.
create policy "private" on "app"."product" for all to ":PRIVATE"
  using (true)
  with check (true);
comment on policy "private" on "app"."product" is 'Functions that decide rules see every row of the tenant.';
-- Product: policy, select: admins do anything
create policy "r_14d98a153d3a" on "app"."product" for select to ":ROLE_ADMIN"
  using ("deleted_at" is null);
comment on policy "r_14d98a153d3a" on "app"."product" is 'admins do anything';
-- Product: policy, insert: admins do anything
create policy "r_3aad247a8589" on "app"."product" for insert to ":ROLE_ADMIN"
  with check (true);
comment on policy "r_3aad247a8589" on "app"."product" is 'admins do anything';
-- Product: policy, select: the catalog is open to all of us
create policy "r_562b83f81df1" on "app"."product" for select to ":MEMBER"
  using ("deleted_at" is null);
comment on policy "r_562b83f81df1" on "app"."product" is 'the catalog is open to all of us';
-- Product: policy, update: leads keep the catalog
create policy "r_88c8b3f663eb" on "app"."product" for update to ":ROLE_LEAD"
  using ("deleted_at" is null)
  with check (true);
comment on policy "r_88c8b3f663eb" on "app"."product" is 'leads keep the catalog';
-- Product: policy, insert: leads keep the catalog
create policy "r_966f6f95d37a" on "app"."product" for insert to ":ROLE_LEAD"
  with check (true);
comment on policy "r_966f6f95d37a" on "app"."product" is 'leads keep the catalog';
-- Product: policy, delete: admins do anything
create policy "r_bd96a33dd2f3" on "app"."product" for delete to ":ROLE_ADMIN"
  using ("deleted_at" is null);
comment on policy "r_bd96a33dd2f3" on "app"."product" is 'admins do anything';
-- Product: policy, update: admins do anything
create policy "r_bf1d339976e8" on "app"."product" for update to ":ROLE_ADMIN"
  using ("deleted_at" is null)
  with check (true);
comment on policy "r_bf1d339976e8" on "app"."product" is 'admins do anything';
-- Product: policy, update: sales corrects the stock
create policy "r_dcb6d8c8cb2c" on "app"."product" for update to ":ROLE_SALES"
  using ("deleted_at" is null and "active" = true)
  with check ("active" = true);
comment on policy "r_dcb6d8c8cb2c" on "app"."product" is 'sales corrects the stock';
-- Product: restrictive policy, all: Nobody sees or writes rows of another tenant.
create policy "tenant" on "app"."product" as restrictive for all to public
  using ("tenant_id" = (select rowhouse.tenant_id()))
  with check ("tenant_id" = (select rowhouse.tenant_id()));
comment on policy "tenant" on "app"."product" is 'Nobody sees or writes rows of another tenant.';
-- Product: triggers
create trigger "rowhouse_2_guard" before update on "app"."product" for each row when (current_user not in (':OWNER', ':PRIVATE') and (new."active" is distinct from old."active" or new."barcode" is distinct from old."barcode" or new."description" is distinct from old."description" or new."name" is distinct from old."name" or new."price" is distinct from old."price" or new."weight" is distinct from old."weight")) execute function "rowhouse_private"."guard_product"();
create trigger "rowhouse_3_touch" before update on "app"."product" for each row execute function rowhouse.touch();
create trigger "rowhouse_4_created" before insert on "app"."product" for each row execute function rowhouse.note_created();

-- User: grants
grant select ("created_at", "deleted_at", "email", "id", "name", "phone", "timezone", "updated_at") on "app"."user" to ":MEMBER";
grant update ("name", "phone", "timezone") on "app"."user" to ":MEMBER";
grant select on "app"."user" to ":PRIVATE";
grant update ("deleted_at", "updated_at") on "app"."user" to ":PRIVATE";
-- User: policy, all: Functions that decide rules see every row of the tenant.
create policy "private" on "app"."user" for all to ":PRIVATE"
  using (true)
  with check (true);
comment on policy "private" on "app"."user" is 'Functions that decide rules see every row of the tenant.';
-- User: policy, update: people keep their own profile
create policy "r_4b68e21acea0" on "app"."user" for update to ":MEMBER"
  using ("deleted_at" is null and "id" = (select rowhouse.actor_id()))
  with check ("id" = (select rowhouse.actor_id()));
comment on policy "r_4b68e21acea0" on "app"."user" is 'people keep their own profile';
-- User: policy, select: people see themselves
create policy "r_71838b6e6f78" on "app"."user" for select to ":MEMBER"
  using ("deleted_at" is null and "id" = (select rowhouse.actor_id()));
comment on policy "r_71838b6e6f78" on "app"."user" is 'people see themselves';
-- User: triggers
create trigger "rowhouse_2_guard" before update on "app"."user" for each row when (current_user not in (':OWNER', ':PRIVATE') and (new."email" is distinct from old."email")) execute function "rowhouse_private"."guard_user"();
create trigger "rowhouse_3_touch" before update on "app"."user" for each row execute function rowhouse.touch();
create trigger "rowhouse_4_created" before insert on "app"."user" for each row execute function rowhouse.note_created();

reset role;
