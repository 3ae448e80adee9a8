import { canonicalHash, type Sql, sql, toText } from '#base'
import {
  allOf,
  allowsToSql,
  bareRow,
  type FieldReader,
  fieldsFaceName,
  flagsOfComputed,
  type GuardedGroup,
  guardedGroups,
  liveSql,
  type ModelIndex,
  member,
  owner,
  privateRole,
  rowsFaceName,
  rulesInWay,
  type Scope,
  shownChoices,
  shownName,
  statementActor,
  waysToSee,
} from '#policies'
import { type Entity, keyColumnsOf, type Rule, storedColumn, storedOf, tenantColumnOf } from '#schema'
import type { Column, Grant, Policy, RoleName, Table, View } from './catalog.ts'
import { tenantColumnsOf } from './columns.ts'
import { heldTogether } from './held-together.ts'
import { faceSpreadTriggers } from './stored/spread.ts'

/**
 * The faces of a table with guarded fields. Postgres checks rights and row security of the relation that a query names, and of no
 * other: a partitioned table and its only partition show the same rows, each under rules of its own. The first face shows whole rows
 * without guarded fields, and callers write there; each of the others shows the rows of which exactly some groups of fields are shown,
 * the last, which is the table itself, those of which all are. No row is in two of these, and a role whose rules leave a face empty
 * has a plan without it.
 */
export function facesOf(entity: Entity, table: Table, index: ModelIndex): readonly Table[] {
  const groups = guardedGroups(entity, index)
  if (groups.length === 0) return [table]
  const making: Making = { entity, table, index, groups }
  const [whole, ...partial] = shownChoices(groups.length)
  const names = [rowsFaceName(entity), ...partial.map((shown) => fieldsFaceName(entity, shown))]
  const first = face(making, { name: names[0]!, within: null, policies: rowPolicies(table) })
  const between = partial.map((shown, at) =>
    face(making, { name: names[at + 1]!, within: names[at]!, policies: fieldPolicies(making, shown), shown }),
  )
  const written = { ...first, grants: rowGrants(making), triggers: faceSpreadTriggers(entity, index) }
  return [storage(making, whole!), written, ...between]
}

/** Columns that a face with the given groups does not show: those of the others, and what is computed of them and stored. */
function hiddenColumns(
  { entity, groups, index }: Pick<Making, 'entity' | 'groups' | 'index'>,
  shown: readonly number[],
): readonly string[] {
  const hidden = groups.filter((_, at) => !shown.includes(at))
  const flags = hidden.map(({ flag }) => flag)
  const made = storedOf(entity).filter((each) =>
    flagsOfComputed(each, entity, index).some((flag) => flags.includes(flag)),
  )
  return [...hidden.flatMap(({ columns }) => columns), ...made.map(storedColumn)]
}

interface Making {
  readonly entity: Entity
  readonly table: Table
  readonly index: ModelIndex
  readonly groups: readonly GuardedGroup[]
}

function face(
  making: Making,
  given: {
    readonly name: string
    readonly within: string | null
    readonly policies: readonly Policy[]
    readonly shown?: readonly number[]
  },
): Table {
  const { entity, table } = making
  return {
    ...table,
    name: given.name,
    comment: 'A face of the table behind it: the same rows, under rules of its own.',
    columns: table.columns.map(({ stored: _, ...column }) => ({ ...column, comment: null })),
    constraints: [],
    indexes: [],
    triggers: [],
    policies: given.policies,
    grants: readGrants(making, given.shown ?? []),
    entity: entity.name,
    computed: true,
    face: { of: table.name, by: partitionColumn(making), within: given.within },
  }
}

/** Whatever it is: there is one partition, and all rows are in it. */
function partitionColumn({ entity, index }: Making): string {
  return tenantColumnOf(entity) ?? keyColumnsOf(entity, index.entities)[0]!.column
}

/** The table itself: functions that decide rules go there, and readers who see all groups of a row. */
function storage(making: Making, all: readonly number[]): Table {
  const { table } = making
  const isPrivate = ({ to }: Grant) => to === privateRole
  return {
    ...table,
    policies: byName([...table.policies.filter(({ name }) => name === 'private'), ...fieldPolicies(making, all)]),
    grants: byRole([...table.grants.filter(isPrivate), ...readGrants(making, all)]),
  }
}

/** All policies of the rules, as if nothing were guarded. */
function rowPolicies(table: Table): readonly Policy[] {
  return table.policies.filter(({ name }) => name !== 'private')
}

/** Rights of callers but those to read what is guarded. */
function rowGrants(making: Making): readonly Grant[] {
  const guarded = hiddenColumns(making, [])
  return byRole(
    making.table.grants
      .filter(({ to }) => to !== privateRole)
      .map((grant) =>
        grant.privilege !== 'select'
          ? grant
          : { ...grant, columns: (grant.columns ?? []).filter((one) => !guarded.includes(one)) },
      ),
  )
}

/** Rights to read the columns that a face shows, and the tenant's, by which the view joins the faces. */
function readGrants(making: Making, shown: readonly number[]): readonly Grant[] {
  const { entity, table } = making
  const hidden = hiddenColumns(making, shown)
  const tenant = tenantColumnOf(entity)
  return table.grants
    .filter(({ to, privilege }) => to !== privateRole && privilege === 'select')
    .map((grant) => ({
      ...grant,
      columns: [
        ...(grant.columns ?? []).filter((one) => !hidden.includes(one)),
        ...(tenant === null ? [] : [tenant]),
      ].sort(),
    }))
}

/** Policies of a face: rows that the rules show, with all fields of the given groups and none of the others. */
function fieldPolicies(making: Making, shown: readonly number[]): readonly Policy[] {
  const { table, groups } = making
  const reads = table.policies.filter(({ command }) => command === 'select')
  const fixed = table.policies.filter(({ name }) => name === 'tenant' || name.startsWith('tenant_'))
  const denials = reads.filter(({ permissive }) => !permissive)
  const rows = shown.length === 0 ? reads.filter(({ permissive }) => permissive) : showing(making, shown)
  const hidden = groups.filter((_, at) => !shown.includes(at))
  const hiding = hidden.flatMap(({ readers }) => readers.map((reader) => hidingPolicy(making, reader)))
  return byName([...fixed, ...denials, ...rows, ...unique(hiding)])
}

/** One policy for each way in which all of the groups are seen. */
function showing(making: Making, shown: readonly number[]): readonly Policy[] {
  const { groups, entity, index } = making
  const live = liveSql(entity, bareRow, index, 'set')
  const policies = waysToSee(groups, shown).map((rules): Policy => {
    const { roles, tests } = heldTogether(
      rules.map(({ audience }) => audience),
      index,
    )
    const using = allOf([live, ...heldTests(tests, entity), ...rules.map((rule) => allowsToSql(rule, scopeOf(making)))])
    return policyOf(making, { rules, roles, using: toText(using), permissive: true })
  })
  if (policies.length > 0) return unique(policies)
  // Nobody sees them all.
  return [policyOf(making, { rules: [], roles: [member], using: 'false', permissive: true })]
}

/** Where they fail there is nothing to look for: as tests beside others they would be asked of each row of the tenant. */
function heldTests(tests: readonly Sql[], entity: Entity): readonly Sql[] {
  const tenant = entity.tenancy === 'shared' ? null : tenantColumnOf(entity)
  if (tests.length === 0 || tenant === null) return tests
  return [sql`${sql.identifier(tenant)} = (select case when ${allOf(tests)} then rowhouse.tenant_id() end)`]
}

/** The exact complement: rows that the reader sees with the field are not here, for whoever the rule speaks of. */
function hidingPolicy(making: Making, reader: FieldReader): Policy {
  const rules = rulesInWay([reader])
  const { roles, tests } = heldTogether(
    rules.map(({ audience }) => audience),
    making.index,
  )
  const seen = allOf([...tests, ...rules.map((rule) => allowsToSql(rule, scopeOf(making)))])
  const text = toText(seen)
  // A constant: plans for these roles leave the face out.
  const using = text === 'true' ? 'false' : toText(sql`(${seen}) is not true`)
  return policyOf(making, { rules, roles, using, permissive: false })
}

function scopeOf({ entity, index }: Making): Scope {
  return { index, entity, row: bareRow, actor: statementActor, related: 'set', depth: 0 }
}

function policyOf(
  { entity }: Making,
  given: {
    readonly rules: readonly Rule[]
    readonly roles: readonly RoleName[]
    readonly using: string
    readonly permissive: boolean
  },
): Policy {
  const titles = given.rules.map(({ title }) => title)
  const hash = canonicalHash({ entity: entity.name, titles, permissive: given.permissive, face: true }).slice(0, 12)
  return {
    name: `${given.permissive ? 'r' : 'd'}_${hash}`,
    permissive: given.permissive,
    command: 'select',
    roles: given.roles,
    using: given.using,
    check: null,
    comment: titles.length === 0 ? 'Nobody sees all of it.' : titles.join('; '),
  }
}

function unique(policies: readonly Policy[]): readonly Policy[] {
  return [...new Map(policies.map((policy) => [policy.name, policy])).values()]
}

function byName(policies: readonly Policy[]): readonly Policy[] {
  return policies.toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

function byRole(grants: readonly Grant[]): readonly Grant[] {
  return grants.toSorted((a, b) => (`${a.to} ${a.privilege}` < `${b.to} ${b.privilege}` ? -1 : 1))
}

/** The view that callers read, with the caller's own rights: all faces, each with null for what it does not show. */
export function shownView(entity: Entity, table: Table, index: ModelIndex): View | null {
  const groups = guardedGroups(entity, index)
  if (groups.length === 0) return null
  const hidden = tenantColumnsOf(entity, index)
  const readable = new Set(
    table.grants.flatMap(({ to, privilege, columns }) =>
      to === privateRole || privilege !== 'select' ? [] : (columns ?? []),
    ),
  )
  const columns = table.columns.filter(({ name }) => readable.has(name) && !hidden.includes(name))
  const tenant = entity.tenancy === 'shared' ? null : tenantColumnOf(entity)
  const branches = shownChoices(groups.length).map((shown, at) =>
    branch({
      entity,
      groups,
      index,
      columns,
      tenant,
      shown,
      from: at === 0 ? table.name : fieldsFaceName(entity, shown),
    }),
  )
  const names = [...columns.map(({ name }) => name), ...groups.map(({ flag }) => flag)].map(
    (name) => sql`t0.${sql.identifier(name)}`,
  )
  // Said once more outside: within one branch Postgres does not take the tenant for a constant when it looks for an order.
  const pinned = tenant === null ? sql`` : sql` where t0.${sql.identifier(tenant)} = (select rowhouse.tenant_id())`
  return {
    schema: entity.schema,
    name: shownName(entity),
    owner,
    comment: `Rows of ${entity.name} as the caller may see them: null for what is hidden.`,
    securityBarrier: false,
    securityInvoker: true,
    definition: toText(sql`select ${sql.join(names, ', ')} from (${sql.join(branches, ' union all ')}) t0${pinned}`),
    columns: columns.map(({ name, comment }) => ({ name, comment })),
    grants: table.grants
      .filter(({ to, privilege }) => to !== privateRole && privilege === 'select')
      .map(({ to }) => ({ to, privilege: 'select', columns: null })),
    entity: entity.name,
  }
}

function branch(given: {
  readonly entity: Entity
  readonly groups: readonly GuardedGroup[]
  readonly index: ModelIndex
  readonly columns: readonly Column[]
  readonly tenant: string | null
  readonly shown: readonly number[]
  readonly from: string
}) {
  const hidden = new Set(hiddenColumns(given, given.shown))
  const values = given.columns.map(({ name, type }) =>
    hidden.has(name) ? sql`null::${sql.raw(type)} as ${sql.identifier(name)}` : sql.identifier(name),
  )
  const flags = given.groups.map(
    ({ flag }, at) => sql`${sql.raw(String(given.shown.includes(at)))} as ${sql.identifier(flag)}`,
  )
  const tenant = given.tenant === null ? [] : [sql.identifier(given.tenant)]
  return sql`select ${sql.join([...tenant, ...values, ...flags], ', ')} from ${sql.identifier(given.entity.schema, given.from)}`
}
