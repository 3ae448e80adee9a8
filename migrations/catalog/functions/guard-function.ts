import { fitIdentifier, type Sql, sql, toText } from '#base'
import {
  allOf,
  allowing,
  allowsToSql,
  becomingToSql,
  callerRole,
  guardedNames,
  inAudienceToSql,
  type ModelIndex,
  namedRow,
  reservesOf,
  rowActor,
  type Scope,
  tableSql,
} from '#policies'
import { type Entity, objectName, type Rule } from '#schema'
import { commentText } from '../../render/comment-text.ts'
import type { DatabaseFunction } from '../catalog.ts'
import { valueAt } from '../copied.ts'
import { creatable, defaultSql, uncovered, updatable, type WritableColumn } from '../writable-columns.ts'
import { defaultFormula } from './default-fills.ts'
import { fewestRefused } from './guard-fields.ts'
import { byPresets, type GuardPresets, givesSomething, guardPresets, neededTests } from './guard-presets.ts'
import { changesOf, judgedColumns } from './judged-columns.ts'
import { judgedRules } from './judged-rules.ts'
import { privateFunction } from './private-function.ts'
import { raise } from './raise.ts'

/** Name of the trigger function that holds every change to one single rule. */
export function guardName(entity: Entity): string {
  return fitIdentifier(`guard_${objectName(entity)}`)
}

/** What the guard of an entity must look at, because policies and grants cannot be exact there. */
export function guardedCommands(entity: Entity, index: ModelIndex): readonly ('insert' | 'update')[] {
  const scope = rowScope(entity, index, 'new')
  const creates = allowing('create', scope)
  const updates = allowing('update', scope)
  const narrowed = (rule: Rule): boolean => rule.fields !== null
  const isReserved = (verb: 'create' | 'update') => reservesOf(entity, verb, index).size > 0
  const isExact = updates.length === 0 || judgedColumns(entity, index)?.length === 0
  return [
    ...(creates.some(narrowed) || givesSomething(creates) || (creates.length > 0 && isReserved('create'))
      ? (['insert'] as const)
      : []),
    ...(updates.length > 0 && (!isExact || isReserved('update')) ? (['update'] as const) : []),
  ]
}

/** SQL that is true where an update must be judged, of the rows `old` and `new`; null where each one must. */
export function judgedUpdates(entity: Entity, index: ModelIndex): Sql | null {
  const columns = judgedColumns(entity, index)
  // Their owner changes types of columns as ever, which Postgres refuses of those that a trigger's condition names.
  if (columns === null || entity.source.kind !== 'table') return null
  const named = new Set(namedColumns(entity, index).map(({ column }) => column))
  const isNamed = named.size === 0 ? [] : [sql`current_setting('rowhouse.named', true) <> ''`]
  return sql`(${sql.join([...changesOf(columns), ...isNamed], ' or ')})`
}

/**
 * Columns that count as changed when an update names them, whatever it says of them: those that are hidden from somebody, or an
 * update that succeeds would tell their value; and those that are reserved, so that the refusal can name them. Without those that every
 * rule of updates covers: whoever may write the row may name them.
 */
export function namedColumns(entity: Entity, index: ModelIndex): readonly WritableColumn[] {
  if (!guardedCommands(entity, index).includes('update')) return []
  const names = new Set([...guardedNames(entity, index), ...reservesOf(entity, 'update', index).keys()])
  return updatable(entity, index).filter(
    (column) =>
      names.has(column.name) && (isLeftOut(column, entity, index) || reservesFor(column, entity, index).length > 0),
  )
}

function isLeftOut({ name }: WritableColumn, entity: Entity, index: ModelIndex): boolean {
  const rules = allowing('update', rowScope(entity, index, 'new'))
  return rules.some(
    ({ fields, sets }) => fields?.includes(name) === false || sets.some((preset) => preset.name === name),
  )
}

function reservesFor({ name }: WritableColumn, entity: Entity, index: ModelIndex): readonly Rule[] {
  return reservesOf(entity, 'update', index).get(name) ?? []
}

/** SQL that is true where it matters to the guard that an update names the column; null where it always does. */
export function namingMatters(column: WritableColumn, entity: Entity, index: ModelIndex): Sql | null {
  if (isLeftOut(column, entity, index)) return null
  const scope = rowScope(entity, index, 'old')
  // Whoever has the role may write the column in every row.
  const free = reservesFor(column, entity, index).filter((rule) => toText(allowsToSql(rule, scope)) === 'true')
  if (free.length === 0) return null
  const held = free.map(({ audience }) => inAudienceToSql(audience, callerRole))
  return sql`(${sql.join(held, ' or ')}) is not true`
}

/**
 * Trigger function: one single rule must allow the old row, the new row and every changed field; a new row's fields that the
 * rule does not speak of must equal their defaults.
 */
export function guardFunction(entity: Entity, index: ModelIndex): DatabaseFunction {
  const commands = guardedCommands(entity, index)
  const insert = commands.includes('insert') ? createBranch(entity, index) : []
  const update = commands.includes('update') ? updateBranch(entity, index) : []
  const refused = [
    ...(insert.length > 0 ? branchOf('INSERT', createRefusals(entity, index)) : []),
    ...(update.length > 0 ? branchOf('UPDATE', updateRefusals(entity, index)) : []),
  ]
  const scope = rowScope(entity, index, 'new')
  const gives = givesSomething([...allowing('create', scope), ...allowing('update', scope)])
  const told =
    namedColumns(entity, index).length === 0
      ? []
      : [
          "  named text[] := pg_catalog.string_to_array(coalesce(pg_catalog.current_setting('rowhouse.named', true), ''), pg_catalog.chr(31));",
          '  emptied text;',
        ]
  const body = [
    'declare',
    `  caller text := ${toText(callerRole)};`,
    ...told,
    ...(refused.length > 0 ? ['  refused text[];', '  fewest text[];'] : []),
    ...(gives ? [`  given ${toText(tableSql(entity))};`] : []),
    'begin',
    ...(told.length === 0 ? [] : [emptyNamed]),
    ...(insert.length > 0
      ? ["  if tg_op = 'INSERT' then", ...reservedInserts(entity, index), ...insert, '  end if;']
      : []),
    ...(update.length > 0
      ? ["  if tg_op = 'UPDATE' then", ...reservedUpdates(entity, index), ...update, '  end if;']
      : []),
    ...refused,
    `  raise exception using errcode = '42501', schema = ${toText(sql.literal(entity.schema))}, table = ${toText(sql.literal(entity.table))},`,
    ...(refused.length > 0 ? ["    detail = coalesce(pg_catalog.to_json(fewest)::text, ''),"] : []),
    `    message = ${toText(sql.literal(guardMessage))};`,
    'end',
  ].join('\n')
  return privateFunction({
    name: guardName(entity),
    returns: 'trigger',
    language: 'plpgsql',
    volatility: 'volatile',
    body,
    execute: [':OWNER'],
    comment: `One single rule of ${entity.name} must allow a change whole.`,
  })
}

/** An assignment, because `perform` would be a statement of its own for each row. */
const emptyNamed = "  if named <> '{}' then emptied := pg_catalog.set_config('rowhouse.named', '', true); end if;"

/** Tells the server that the detail beside it is the list of fields that a rule would have to cover. */
export const guardMessage = 'no single rule allows this change'

function branchOf(operation: 'INSERT' | 'UPDATE', lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`  if tg_op = '${operation}' then`, ...lines, '  end if;']
}

/** Of each rule that allows the new row but for some fields, those fields. */
function createRefusals(entity: Entity, index: ModelIndex): readonly string[] {
  const scope = rowScope(entity, index, 'new')
  return allowing('create', scope).flatMap((rule) => {
    const beyond = uncovered(rule, creatable(entity, index)).filter((each) => !each.isRandom)
    const given = beyond.map((each) => ({
      name: each.name,
      isGiven: sql`${scope.row.column(each.column)} is distinct from ${defaultIn(each, entity, index)}`,
    }))
    const presets = guardPresets(rule, scope, (column, value) => isOther(value, defaultIn(column, entity, index)))
    const matches = allOf([allowsToSql(rule, scope), ...presets.reachable])
    return [...presets.give, ...fewestRefused(rule, matches, [...given, ...presets.differing]), ...presets.take]
  })
}

/** Of each rule that allows the change but for some fields, those fields. */
function updateRefusals(entity: Entity, index: ModelIndex): readonly string[] {
  const before = rowScope(entity, index, 'old')
  const after = { ...rowScope(entity, index, 'new'), before: before.row }
  const isChanged = changes(entity, index)
  return allowing('update', after).flatMap((rule) => {
    const given = uncovered(rule, updatable(entity, index)).map((each) => ({
      name: each.name,
      isGiven: isChanged(each, after.row.column(each.column)),
    }))
    const presets = guardPresets(rule, after, isChanged)
    const matches = allOf([allowsToSql(rule, before), becomingToSql(rule, after), ...presets.reachable])
    return [...presets.give, ...fewestRefused(rule, matches, [...given, ...presets.differing]), ...presets.take]
  })
}

function createBranch(entity: Entity, index: ModelIndex): readonly string[] {
  const scope = rowScope(entity, index, 'new')
  const columns = creatable(entity, index)
  const randoms = (rule: Rule): readonly WritableColumn[] => uncovered(rule, columns).filter((each) => each.isRandom)
  // The rule that leaves most to the caller comes first: a random default that a rule does not cover is drawn anew.
  const rules = byPresets([...allowing('create', scope)].sort((a, b) => randoms(a).length - randoms(b).length))
  const branch = (rule: Rule, needed: readonly Sql[]): readonly string[] => {
    const defaults = uncovered(rule, columns)
      .filter((each) => !each.isRandom)
      .map((each) => sql`${scope.row.column(each.column)} is not distinct from ${defaultIn(each, entity, index)}`)
    const redraw = randoms(rule).map((each) => sql`${scope.row.column(each.column)} := ${defaultSql(each)};`)
    const presets = guardPresets(rule, scope, (column, value) => isOther(value, defaultIn(column, entity, index)))
    const matches = allOf([allowsToSql(rule, scope), ...defaults, ...needed, ...asGiven(presets)])
    return ruleBranch(rule, matches, redraw, presets)
  }
  // Where no rule gives what is missing, the row fails for that, and not for want of a rule.
  const incomplete = rules.filter((rule) => neededTests(rule, rules, scope).length > 0)
  return [
    ...rules.flatMap((rule) => branch(rule, neededTests(rule, rules, scope))),
    ...incomplete.flatMap((rule) => branch(rule, [])),
  ]
}

/** What an uncovered column must hold: its default, which for one by formula or copy was filled in just before. */
function defaultIn(column: WritableColumn, entity: Entity, index: ModelIndex): Sql {
  const field = entity.fields.find((each) => each.column === column.column)
  if (field === undefined) return defaultSql(column)
  if (field.from !== null) return valueAt(field.from, entity, index)
  return defaultFormula(field, entity, index) ?? defaultSql(column)
}

function updateBranch(entity: Entity, index: ModelIndex): readonly string[] {
  const before = rowScope(entity, index, 'old')
  const after = { ...rowScope(entity, index, 'new'), before: before.row }
  const named = new Set(namedColumns(entity, index).map(({ column }) => column))
  const isChanged = changes(entity, index)
  const rules = judgedRules(allowing('update', after), before, after)
  return rules.flatMap(({ rule, matches, others }) => {
    const unchanged = uncovered(rule, updatable(entity, index)).map((each) =>
      named.has(each.column)
        ? sql`not (${isNamed(each)})`
        : sql`${after.row.column(each.column)} is not distinct from ${before.row.column(each.column)}`,
    )
    const presets = guardPresets(rule, after, isChanged)
    const given = [...unchanged, ...asGiven(presets)]
    // As tests of their own: plpgsql decides those without a select by itself, one with a select is a statement.
    if (others === null) return ruleBranch(rule, allOf([...given, matches]), [], presets)
    return [
      `    -- ${commentText(rule.title)}`,
      `    if ${toText(allOf([inAudienceToSql(rule.audience, sql`caller`), ...given]))} then`,
      ...aloneLines(others),
      ...matchLines(matches),
      '    end if;',
    ]
  })
}

function matchLines(matches: Sql): readonly string[] {
  return [`      if ${toText(matches)} then`, '        return new;', '      end if;']
}

/** Row policies have held the old row and hold the new one to the conditions of the caller's rules: where those are one, to that one. */
function aloneLines(others: readonly Rule[]): readonly string[] {
  const held = others.map(({ audience }) => toText(inAudienceToSql(audience, sql`caller`)))
  const none = held.length === 0 ? 'true' : `not (${[...new Set(held)].join(' or ')})`
  return [`      if ${none} then`, '        return new;', '      end if;']
}

function isOther(value: Sql, than: Sql): Sql {
  return sql`${value} is distinct from ${than}`
}

/**
 * Whether an update says something of a column. Of one that is hidden from somebody it counts that it is named: that an update succeeds
 * with the right value alone would tell the value.
 */
function changes(entity: Entity, index: ModelIndex): (column: WritableColumn, value: Sql) => Sql {
  const { row } = rowScope(entity, index, 'old')
  const named = new Set(namedColumns(entity, index).map(({ column }) => column))
  return (each, value) => (named.has(each.column) ? isNamed(each) : isOther(value, row.column(each.column)))
}

/** The caller gives nothing else than the rule, and what the rule gives is there. */
function asGiven({ differing, reachable }: GuardPresets): readonly Sql[] {
  return [...differing.map(({ isGiven }) => sql`(${isGiven}) is not true`), ...reachable]
}

/** Whether the update names the column; a trigger before this one tells. */
function isNamed({ column }: WritableColumn): Sql {
  return sql`${sql.literal(column)} = any (named)`
}

/** Fields that some rules reserve: refused by name, whatever is said of them. */
function reservedUpdates(entity: Entity, index: ModelIndex): readonly string[] {
  const scope = rowScope(entity, index, 'old')
  return reserved(entity, 'update', index).flatMap(({ column, reserves }) => [
    `    if ${toText(isNamed(column))} then`,
    `      if (${toText(heldBySome(reserves, scope))}) is not true then`,
    `        ${refuseField(entity, column, reserves)}`,
    '      end if;',
    '    end if;',
  ])
}

/** What nobody else gives a new row is as if it were not given. */
function reservedInserts(entity: Entity, index: ModelIndex): readonly string[] {
  const scope = rowScope(entity, index, 'new')
  return reserved(entity, 'create', index).flatMap(({ column, reserves }) => {
    const value = scope.row.column(column.column)
    const given = sql`${value} is distinct from ${defaultIn(column, entity, index)}`
    return [
      `    if (${toText(heldBySome(reserves, scope))}) is not true then`,
      ...(column.isRandom
        ? [`      ${toText(sql`${value} := ${defaultSql(column)};`)}`]
        : [`      if ${toText(given)} then`, `        ${refuseField(entity, column, reserves)}`, '      end if;']),
      '    end if;',
    ]
  })
}

function reserved(entity: Entity, verb: 'create' | 'update', index: ModelIndex) {
  const columns = verb === 'create' ? creatable(entity, index) : updatable(entity, index)
  const reserves = reservesOf(entity, verb, index)
  return columns.flatMap((column) => {
    const own = reserves.get(column.name)
    return own === undefined ? [] : [{ column, reserves: own }]
  })
}

function heldBySome(reserves: readonly Rule[], scope: Scope): Sql {
  const each = reserves.map(
    (rule) => sql`(${allOf([inAudienceToSql(rule.audience, sql`caller`), allowsToSql(rule, scope)])})`,
  )
  return sql.join(each, ' or ')
}

/** The field, and the first of its rules that gives a reason. */
function refuseField(entity: Entity, { column }: WritableColumn, reserves: readonly Rule[]): string {
  const { title, because } = reserves.find((rule) => rule.because !== null) ?? reserves[0]!
  const place = { schema: entity.schema, table: entity.table, column }
  const facts = { ...place, detail: title, ...(because === null ? {} : { hint: because }) }
  return raise({ state: '42501', message: reservedMessage, facts })
}

/** Tells the server that detail and hint beside it are title and reason of the rule that keeps the column for others. */
export const reservedMessage = 'the field is reserved'

function ruleBranch(rule: Rule, matches: Sql, statements: readonly Sql[], presets: GuardPresets): readonly string[] {
  return [
    `    -- ${commentText(rule.title)}`,
    `    if ${toText(inAudienceToSql(rule.audience, sql`caller`))} then`,
    ...presets.give,
    `      if ${toText(matches)} then`,
    ...statements.map((statement) => `        ${toText(statement)}`),
    '        return new;',
    '      end if;',
    ...presets.take,
    '    end if;',
  ]
}

function rowScope(entity: Entity, index: ModelIndex, row: 'old' | 'new'): Scope {
  return { index, entity, row: namedRow(row), actor: rowActor, related: 'inline', depth: 0, carries: true }
}
