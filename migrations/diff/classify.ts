import { canonicalJson, unreachable } from '#base'
import { isMarkerPlaceholder, reportsRole, searchRole } from '#policies'
import type { Column, Constraint, DatabaseFunction, Index, Table } from '../catalog/catalog.ts'
import type { Change, ChangeClass, ObjectChange } from './change.ts'

type Verdict = Pick<Change, 'class' | 'description'>

/** The class of a change and a sentence about it. `all` are the changes that come with it. */
export function classify(change: ObjectChange, all: readonly ObjectChange[]): Verdict {
  const [changeClass, how] = judge(change, all)
  return { class: changeClass, description: `${nameOf(change)}: ${how}` }
}

type Judgement = readonly [ChangeClass, string]

function judge(change: ObjectChange, all: readonly ObjectChange[]): Judgement {
  switch (change.kind) {
    case 'role':
      // It owns nothing any more, and no rows hang on it.
      if (change.to === null && isLeftAlone(change.from?.name ?? '')) return ['replace', 'no longer used']
      if (change.to === null) return ['destructive', 'removed, but other databases may use it']
      return change.from === null ? ['add', 'added'] : ['replace', 'changed']
    case 'table':
      if (change.from === null) return ['add', change.to?.adopted === undefined ? 'added' : 'adopted']
      return change.from.computed === undefined ? ['destructive', 'removed with its rows'] : ['replace', 'removed']
    case 'options':
      return judgeOptions(change.from!, change.to!)
    case 'column':
      return judgeColumn(change.from, change.to)
    case 'constraint':
      return judgeConstraint(change.from, change.to, newColumns(change.table, all))
    case 'index':
      return judgeIndex(change.from, change.to, newNullColumns(change.table, all))
    case 'function':
      return judgeFunction(change.from, change.to)
    case 'view':
      if ((change.to ?? change.from)?.adopted !== undefined && (change.from === null || change.to === null))
        return change.to === null ? ['replace', 'left alone'] : ['add', 'adopted']
      return change.to === null
        ? ['replace', 'removed']
        : change.from === null
          ? ['add', 'added']
          : ['replace', 'changed']
    case 'trigger':
      if (change.to?.holds !== undefined && change.to.holds.broken !== change.from?.holds?.broken)
        // What adds it looks at the rows that are there first.
        return ['add', `"${change.to.holds.title}" from now on, unless rows that are there break it`]
      if (change.to === null) return ['replace', 'removed']
      return change.from === null ? ['add', 'added'] : ['replace', 'changed']
    case 'policy':
    case 'grant':
      if (change.to === null) return ['replace', 'removed']
      return change.from === null ? ['add', 'added'] : ['replace', 'changed']
    default:
      return unreachable(change)
  }
}

function isLeftAlone(role: string): boolean {
  return role === reportsRole || role === searchRole || isMarkerPlaceholder(role)
}

function judgeOptions(from: Table, to: Table): Judgement {
  if (from.owner !== to.owner) return ['destructive', 'another owner']
  if ((from.rowSecurity && !to.rowSecurity) || (from.forceRowSecurity && !to.forceRowSecurity))
    return ['destructive', 'row security weaker']
  return ['replace', from.comment === to.comment ? 'row security stronger' : 'another comment']
}

function judgeColumn(from: Column | null, to: Column | null): Judgement {
  if (to === null && from?.generated === true) return ['replace', 'no longer computed']
  if (to === null && from?.stored !== undefined) return ['replace', 'no longer stored']
  if (to === null)
    return from?.carried === undefined ? ['destructive', 'removed with its values'] : ['replace', 'no longer carried']
  if (from === null) {
    if (to.carried !== undefined) return ['add', 'carried from now on']
    if (to.stored !== undefined) return ['add', 'stored from now on, computed for the rows that are there']
    if (to.notNull && to.default === null) return ['destructive', 'added, required and without default']
    return ['add', 'added']
  }
  if (from.generated !== to.generated || (to.generated === true && from.default !== to.default))
    return ['destructive', 'computed from something else']
  // What was written there is lost, and what was computed there is somebody's now.
  if ((from.stored === undefined) !== (to.stored === undefined)) return ['destructive', 'computed, or no longer']
  if (from.type !== to.type) return ['destructive', `type ${from.type} becomes ${to.type}`]
  if (!from.notNull && to.notNull) return ['destructive', 'becomes required']
  if (from.stored !== undefined && from.stored.of !== to.stored?.of)
    return ['replace', 'another formula, computed anew']
  // Catalogs of earlier versions did not say where copies come from.
  if (from.carried !== undefined && canonicalJson(from.carried) !== canonicalJson(to.carried ?? null))
    return ['destructive', 'carried from elsewhere']
  return ['replace', 'default, comment or optionality changed']
}

// Rows that exist fit a new check or key only where it speaks of new columns alone, which are null or defaulted.
function judgeConstraint(from: Constraint | null, to: Constraint | null, fresh: readonly string[]): Judgement {
  if (to === null) return from?.kind === 'primary' ? ['destructive', 'removed'] : ['replace', 'removed']
  if (from?.definition === to.definition) return ['replace', 'another comment']
  if (from !== null) return ['destructive', 'changed; existing rows may not fit']
  // It holds the primary key and more.
  if (to.kind === 'unique' && /^unique \("tenant_id", .*"id"\)$/.test(to.definition)) return ['add', 'added']
  if (to.kind !== 'primary' && fresh.some((column) => mentions(to.definition, column)))
    return ['add', 'added on a new column']
  return ['destructive', 'added; existing rows may not fit']
}

function judgeIndex(from: Index | null, to: Index | null, fresh: readonly string[]): Judgement {
  if (to === null) return ['replace', 'removed']
  if (to.unique && !fresh.some((column) => to.keys.some((key) => mentions(key, column))))
    return ['destructive', 'unique; existing rows may not be']
  return from === null ? ['add', 'added'] : ['replace', 'changed']
}

// `create or replace` keeps what depends on a function, but can change neither its result nor its parameters.
function judgeFunction(from: DatabaseFunction | null, to: DatabaseFunction | null): Judgement {
  if (to === null) return ['replace', 'removed']
  if (from === null) return ['add', 'added']
  if (from.owner !== to.owner) return ['destructive', 'another owner']
  if (from.returns !== to.returns || from.arguments !== to.arguments) return ['destructive', 'another signature']
  return ['replace', 'changed']
}

function newColumns(table: Table, all: readonly ObjectChange[]): readonly string[] {
  return all.flatMap((change) =>
    change.kind === 'column' && change.table === table && change.from === null && change.to !== null
      ? [change.to.name]
      : [],
  )
}

// In these, no two rows are equal yet.
function newNullColumns(table: Table, all: readonly ObjectChange[]): readonly string[] {
  return newColumns(table, all).filter((name) => table.columns.find((column) => column.name === name)?.default === null)
}

function mentions(text: string, column: string): boolean {
  return new RegExp(`(?<![a-z0-9_$])${column}(?![a-z0-9_$])`, 'i').test(text)
}

function nameOf(change: ObjectChange): string {
  switch (change.kind) {
    case 'role':
      return `role ${one(change).name}`
    case 'table':
      return `table ${tableName(one(change))}`
    case 'view':
      return `view ${tableName(one(change))}`
    case 'options':
      return `table ${tableName(change.table)}`
    case 'function': {
      const { schema, name, identity } = one(change)
      return `function ${schema}.${name}(${identity})`
    }
    case 'grant': {
      const { privilege, columns, to } = one(change)
      return `grant ${privilege}${columns === null ? '' : ` (${columns.join(', ')})`} on ${tableName(change.table)} to ${to}`
    }
    case 'column':
    case 'constraint':
    case 'index':
    case 'policy':
    case 'trigger':
      return `${change.kind} ${tableName(change.table)} ${one<{ readonly name: string }>(change).name}`
    default:
      return unreachable(change)
  }
}

// A change has at least one side.
function one<T>(change: { readonly from: T | null; readonly to: T | null }): T {
  return (change.to ?? change.from)!
}

function tableName(table: Pick<Table, 'schema' | 'name'>): string {
  return `${table.schema}.${table.name}`
}
