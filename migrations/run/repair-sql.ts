import { quoteIdentifier, quoteLiteral } from '#base'
import type { Catalog, DatabaseFunction, Table, View } from '../catalog/catalog.ts'
import type { Difference } from '../read/compare-catalogs.ts'
import type { RoleWords } from '../read/role-words.ts'
import { isTheirs } from '../render/render-adopted-view.ts'
import { renderGrant, renderPolicy, renderTrigger } from '../render/render-fence.ts'
import { renderFunction } from '../render/render-function.ts'
import { renderConstraint, renderIndex, tableText } from '../render/render-table.ts'
import { isBehindPolicies, renderReplacedView, renderViews } from '../render/render-view.ts'

/** What the last migration left, and how this cluster calls the roles. */
export interface RepairSource {
  readonly left: Catalog
  /** The same as it was generated: bodies of functions as they were sent. */
  readonly generated: Catalog
  readonly words: RoleWords
}

/**
 * SQL that undoes a change which somebody made by hand: what the last migration left is put back. Empty where rows would be at stake, or where Postgres
 * has no such statement: a lost table or column comes from a backup.
 */
export function repairSql(difference: Difference, source: RepairSource): readonly string[] {
  return repair(difference, source).map((text) => withRealNames(text, source.words))
}

/** Only inside of quotes, and only placeholders of the app: the text holds words of users as Postgres prints them. */
function withRealNames(text: string, { placeholders }: RoleWords): string {
  return text.replaceAll(
    /"(:[A-Z][A-Z0-9_]*)"|'(:[A-Z][A-Z0-9_]*)'/g,
    (whole, inDouble?: string, inSingle?: string) => {
      const name = placeholders[inDouble ?? inSingle ?? '']
      if (name === undefined) return whole
      return inDouble === undefined ? quoteLiteral(name) : quoteIdentifier(name)
    },
  )
}

function repair(difference: Difference, source: RepairSource): readonly string[] {
  const { kind, object } = difference
  if (kind === 'function') return repairFunction(difference, source)
  if (kind === 'role') return repairRole(difference)
  const at = object.indexOf(' ')
  const place = at === -1 ? object : object.slice(0, at)
  const isPlace = (one: { readonly schema: string; readonly name: string }) => `${one.schema}.${one.name}` === place
  const view = (source.generated.views ?? []).find(isPlace)
  if (view !== undefined && kind === 'grant') return repairGrant(difference, view, object.slice(at + 1))
  if (view !== undefined) return kind === 'view' && at === -1 ? repairView(difference, view, source) : []
  const table = source.left.tables.find(isPlace)
  if (table === undefined) return []
  const name = object.slice(at + 1)
  if (kind === 'table') return [...repairTable(difference, table), ...repairFace(difference, table, source)]
  if (kind === 'grant') return repairGrant(difference, table, name)
  if (kind === 'policy')
    return replaced(
      difference,
      `drop policy if exists ${quoteIdentifier(name)} on ${tableText(table)};`,
      find(table.policies, name, (one) => renderPolicy(table, one)),
    )
  if (kind === 'trigger') return repairTrigger(difference, table, name)
  if (kind === 'index')
    return replaced(
      difference,
      `drop index if exists ${quoteIdentifier(table.schema)}.${quoteIdentifier(name)};`,
      find(table.indexes, name, (one) => renderIndex(table, one)),
    )
  if (kind === 'constraint')
    return replaced(
      difference,
      `alter table ${tableText(table)} drop constraint if exists ${quoteIdentifier(name)};`,
      find(table.constraints, name, (one) => renderConstraint(table, one)),
    )
  if (kind === 'column') return repairColumn(difference, table, name)
  return []
}

function find<T extends { readonly name: string }>(
  list: readonly T[],
  name: string,
  render: (one: T) => string,
): string | null {
  const one = list.find((each) => each.name === name)
  return one === undefined ? null : render(one)
}

function replaced({ what }: Difference, drop: string, create: string | null): readonly string[] {
  if (what === 'unexpected') return [drop]
  return create === null ? [] : [drop, create]
}

function repairTable({ what, expected }: Difference, table: Table): readonly string[] {
  const place = `alter table ${tableText(table)}`
  if (what === 'row security') return [`${place} ${expected === 'on' ? 'enable' : 'disable'} row level security;`]
  if (what === 'force row security') return [`${place} ${expected === 'on' ? 'force' : 'no force'} row level security;`]
  if (what === 'owner' && expected !== null) return [`${place} owner to "${expected}";`]
  if (what === 'comment') return [`comment on table ${tableText(table)} is ${quoteLiteral(expected)};`]
  return []
}

/** A face that was taken off goes back: attaching looks at no row. One that was dropped, or stands before another table, may have cost rows. */
function repairFace({ what, actual }: Difference, table: Table, { left }: RepairSource): readonly string[] {
  if (table.face === undefined || actual !== null) return []
  const attach = (parent: string, child: string) => [
    `alter table ${tableText({ ...table, name: parent })} attach partition ${tableText({ ...table, name: child })} default;`,
  ]
  const { of, within } = table.face
  if (what === 'partition of' && within !== null) return attach(within, table.name)
  const isLast = !left.tables.some(({ schema, face }) => schema === table.schema && face?.within === table.name)
  return what === 'face of' && isLast ? attach(table.name, of) : []
}

/** Both views of a report are made together. */
function repairView({ what, expected }: Difference, view: View, { generated }: RepairSource): readonly string[] {
  // What others make of theirs is for them to mend.
  if (isTheirs(view)) return []
  const place = `alter view ${tableText(view)}`
  if (what === 'security invoker') return [`${place} set (security_invoker = ${expected === 'on'});`]
  if (what === 'security barrier') return [`${place} set (security_barrier = ${expected === 'on'});`]
  if (what === 'owner' && expected !== null) return [`${place} owner to "${expected}";`]
  if (what === 'comment') return [`comment on view ${tableText(view)} is ${quoteLiteral(expected)};`]
  if (isBehindPolicies(view)) return ['begin;', renderReplacedView(view, view), 'commit;']
  const both = (generated.views ?? []).filter((one) => one.entity === view.entity && !isBehindPolicies(one))
  const made = both.filter((one) => !isTheirs(one))
  const dropped = [...made].reverse().map((one) => `drop view if exists ${tableText(one)};`)
  return ['begin;', ...dropped, ...renderViews(both, generated.tables), 'commit;']
}

function repairColumn({ what, expected }: Difference, table: Table, name: string): readonly string[] {
  const place = `alter table ${tableText(table)} alter column ${quoteIdentifier(name)}`
  if (what === 'default') return [expected === null ? `${place} drop default;` : `${place} set default ${expected};`]
  if (what === 'null') return [`${place} ${expected === 'not null' ? 'set' : 'drop'} not null;`]
  if (what === 'comment')
    return [`comment on column ${tableText(table)}.${quoteIdentifier(name)} is ${quoteLiteral(expected)};`]
  return []
}

function repairTrigger(difference: Difference, table: Table, name: string): readonly string[] {
  const disabled = /^(.+) (?:is disabled|fires on replicas only|fires always|fires on replicas too)$/.exec(name)?.[1]
  if (difference.what === 'unexpected' && disabled !== undefined)
    return [`alter table ${tableText(table)} enable trigger ${quoteIdentifier(disabled)};`]
  const drop = `drop trigger if exists ${quoteIdentifier(name)} on ${tableText(table)};`
  return replaced(difference, drop, find(table.triggers, name, renderTrigger))
}

/** `select to :ROLE_SALES` or `note select to :ROLE_SALES`. */
function repairGrant({ what }: Difference, table: Pick<Table, 'schema' | 'name'>, name: string): readonly string[] {
  const parts = /^(?:(.+) )?(select|insert|update|delete|references|trigger|truncate) to (\S+)$/.exec(name)
  if (parts === null) return []
  const [, column, privilege, to] = parts
  const grant = {
    to: to as `:${string}`,
    privilege: privilege as 'select',
    columns: column === undefined ? null : [column],
  }
  const text = to === 'public' ? renderGrant(table, grant).replace('"public"', 'public') : renderGrant(table, grant)
  return [what === 'missing' ? text : text.replace(/^grant /, 'revoke ').replace(/ to ("[^"]*"|public);$/, ' from $1;')]
}

function repairFunction({ what, object, expected, actual }: Difference, source: RepairSource): readonly string[] {
  const named = (one: DatabaseFunction) => `${one.schema}.${one.name}(${one.identity})` === object
  const left = source.left.functions.find(named)
  if (left === undefined)
    return what === 'unexpected' && plainSignature.test(object) ? [`drop function ${object};`] : []
  const name = `${quoteIdentifier(left.schema)}.${quoteIdentifier(left.name)}(${left.identity})`
  const alter = (text: string) => [`alter function ${name} ${text};`]
  if (what === 'execute') return executeSql(name, expected, actual)
  if (what === 'owner') return alter(`owner to "${left.owner}"`)
  if (what === 'security') return alter(`security ${left.security}`)
  if (what === 'volatility') return alter(left.volatility)
  if (what === 'rows' && left.rows !== null) return alter(`rows ${left.rows}`)
  if (what === 'comment') return [`comment on function ${name} is ${quoteLiteral(left.comment)};`]
  if (what === 'settings')
    return [
      ...alter('reset all'),
      ...Object.entries(left.settings).flatMap(([key, value]) =>
        alter(`set ${key} = ${value === '""' ? "''" : value}`),
      ),
    ]
  const made = source.generated.functions.find((one) => one.schema === left.schema && one.name === left.name)
  if (made === undefined) return []
  return [
    ...(['returns', 'arguments'].includes(what) ? [`drop function ${name};`] : []),
    renderFunction(made),
    ...alter(`owner to "${left.owner}"`),
  ]
}

/** Nothing in it that Postgres would have to be told to read as a name. */
const plainSignature = /^[a-z_][\w]*\.[a-z_][\w]*\([a-z_][\w\s,.[\]]*\)$|^[a-z_][\w]*\.[a-z_][\w]*\(\)$/

function executeSql(name: string, expected: string | null, actual: string | null): readonly string[] {
  const [wanted, found] = [expected, actual].map((list) => (list ?? '').split(', ').filter((role) => role !== ''))
  const text = (role: string) => (role === 'public' ? 'public' : `"${role}"`)
  return [
    ...found!
      .filter((role) => !wanted!.includes(role))
      .map((role) => `revoke execute on function ${name} from ${text(role)};`),
    ...wanted!
      .filter((role) => !found!.includes(role))
      .map((role) => `grant execute on function ${name} to ${text(role)};`),
  ]
}

/** Settings, attributes and memberships of the app's roles; objects are `":ROLE_SALES" has setting …` where the catalog has no word. */
function repairRole({ what, object, expected, actual }: Difference): readonly string[] {
  if (what === 'comment') return [`comment on role "${object}" is ${quoteLiteral(expected)};`]
  if (what === 'member of') {
    const [wanted, found] = [expected, actual].map((list) => (list ?? '').split(', ').filter((each) => each !== ''))
    return [
      ...found!.filter((each) => !wanted!.includes(each)).map((each) => `revoke "${each}" from "${object}";`),
      ...wanted!.filter((each) => !found!.includes(each)).map((each) => `grant "${each}" to "${object}";`),
    ]
  }
  const extra = what === 'unexpected' ? /^("[^"]+") (.+)$/.exec(object) : null
  if (extra === null) return []
  const [, role, says] = extra
  const setting = /^has setting ([\w.]+)=/.exec(says!)?.[1]
  if (setting !== undefined) return [`alter role ${role} reset ${setting};`]
  const member = /^is a member of ("[^"]+")$/.exec(says!)?.[1]
  if (member !== undefined) return [`revoke ${member} from ${role};`]
  const without = attributes[says!]
  return without === undefined ? [] : [`alter role ${role} ${without};`]
}

const attributes: Readonly<Record<string, string>> = {
  'is a superuser': 'nosuperuser',
  'bypasses row security': 'nobypassrls',
  'may create roles': 'nocreaterole',
  'may create databases': 'nocreatedb',
  'may replicate': 'noreplication',
  'may log in': 'nologin',
  'inherits rights': 'noinherit',
}
