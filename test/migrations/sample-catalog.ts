import type { Catalog, Column, DatabaseFunction, Policy, Table } from '../../migrations/catalog/catalog.ts'

const tenantCondition = 'tenant_id = (select rowhouse.tenant_id())'

const tenant: Policy = {
  name: 'tenant',
  permissive: false,
  command: 'all',
  roles: ['public'],
  using: tenantCondition,
  check: tenantCondition,
  comment: null,
}

const privatePolicy: Policy = {
  name: 'private',
  permissive: true,
  command: 'all',
  roles: [':PRIVATE'],
  using: 'true',
  check: 'true',
  comment: null,
}

const column = (name: string, type: string, more: Partial<Column> = {}): Column => ({
  name,
  type,
  notNull: true,
  default: null,
  comment: null,
  ...more,
})

const built: readonly Column[] = [
  column('tenant_id', 'uuid', { default: 'rowhouse.tenant_id()' }),
  column('id', 'uuid', { default: 'rowhouse.uuid_v7()' }),
]

const stamps: readonly Column[] = [
  column('updated_at', 'timestamp with time zone', { default: 'now()' }),
  column('deleted_at', 'timestamp with time zone', { notNull: false }),
]

/** A table with what every table has. */
export function sampleTable(name: string, table: Partial<Table>): Table {
  return {
    schema: 'app',
    name,
    owner: ':OWNER',
    comment: null,
    rowSecurity: true,
    forceRowSecurity: true,
    indexes: [],
    triggers: [],
    entity: name,
    ...table,
    columns: [...built, ...(table.columns ?? []), ...stamps],
    constraints: [
      { name: `${name}_pkey`, kind: 'primary', definition: 'primary key (tenant_id, id)' },
      {
        name: `${name}_tenant_fkey`,
        kind: 'foreign',
        definition: 'foreign key (tenant_id) references rowhouse.tenant (id)',
      },
      ...(table.constraints ?? []),
    ],
    policies: [tenant, privatePolicy, ...(table.policies ?? [])],
    grants: [{ to: ':PRIVATE', privilege: 'select', columns: null }, ...(table.grants ?? [])],
  }
}

const customer = sampleTable('customer', {
  columns: [column('region', 'text', { default: "'eu'" })],
  constraints: [{ name: 'customer_region_check', kind: 'check', definition: "check (region in ('eu', 'us'))" }],
})

const order = sampleTable('order', {
  comment: 'What a customer asked for.',
  columns: [
    column('customer_id', 'uuid', { notNull: false }),
    column('number', 'text', { comment: 'Printed on the paper: see :OWNER.' }),
    column('total', 'numeric(12,2)', { default: '0' }),
  ],
  constraints: [
    { name: 'order_number_check', kind: 'check', definition: 'check (char_length(number) between 1 and 20)' },
    {
      name: 'order_customer_fkey',
      kind: 'foreign',
      definition:
        'foreign key (tenant_id, customer_id) references app.customer (tenant_id, id) on delete set null (customer_id)',
    },
  ],
  indexes: [
    { name: 'order_number_key', unique: true, keys: ['tenant_id', 'lower(number)'], where: 'deleted_at is null' },
    {
      name: 'order_total_idx',
      unique: false,
      keys: ['tenant_id', 'total desc', 'number'],
      where: 'deleted_at is null and total > 10',
    },
  ],
  policies: [
    {
      name: 'r_000000000001',
      permissive: true,
      command: 'select',
      roles: [':ROLE_SALES'],
      using: 'deleted_at is null and customer_id = any (array(select rowhouse_private.customer_live()))',
      check: null,
      comment: "sales sees 'live' orders",
    },
    {
      name: 'r_000000000002',
      permissive: true,
      command: 'insert',
      roles: [':ROLE_MANAGER', ':ROLE_SALES'],
      using: null,
      check: "number <> 'x' or total > 5",
      comment: 'orders are made',
    },
  ],
  triggers: [
    {
      name: 'rowhouse_2_guard',
      definition:
        'before insert or update of number on app."order" for each row execute function rowhouse_private.guard_order()',
    },
    {
      name: 'rowhouse_3_touch',
      definition: 'before update on app."order" for each row execute function rowhouse.touch()',
    },
  ],
  grants: [
    { to: ':ROLE_SALES', privilege: 'select', columns: ['id', 'number', 'total'] },
    { to: ':ROLE_SALES', privilege: 'insert', columns: ['number'] },
    { to: ':ROLE_MANAGER', privilege: 'delete', columns: null },
  ],
})

const functionDefaults: Omit<DatabaseFunction, 'name' | 'body'> = {
  schema: 'rowhouse_private',
  arguments: '',
  identity: '',
  returns: 'setof uuid',
  language: 'sql',
  volatility: 'stable',
  security: 'definer',
  owner: ':PRIVATE',
  settings: {},
  rows: null,
  atomic: true,
  execute: [':MEMBER', ':OWNER'],
  comment: null,
}

/** One of everything that a catalog can say, small. */
export const sampleCatalog: Catalog = {
  version: 1,
  app: 'sample',
  roles: [
    { name: ':OWNER', memberOf: [], comment: null },
    { name: ':PRIVATE', memberOf: [], comment: null },
    { name: ':MEMBER', memberOf: [], comment: 'Everyone signed in.' },
    { name: ':ANONYMOUS', memberOf: [], comment: null },
    { name: ':ROLE_SALES', memberOf: [], comment: 'Takes orders.' },
    { name: ':ROLE_MANAGER', memberOf: [':ROLE_SALES'], comment: null },
  ],
  tables: [customer, order],
  functions: [
    {
      ...functionDefaults,
      name: 'customer_live',
      rows: 100,
      body: "select id from app.customer where deleted_at is null and region in ('eu', 'us')",
    },
    {
      ...functionDefaults,
      name: 'guard_order',
      returns: 'trigger',
      language: 'plpgsql',
      volatility: 'volatile',
      settings: { search_path: "''" },
      atomic: false,
      body: "begin if current_setting('role') = ':ROLE_SALES' and new.total < 0 then raise 'no'; end if; return new; end",
      execute: [':OWNER'],
      comment: 'Decides.',
    },
  ],
}
