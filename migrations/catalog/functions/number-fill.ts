import { type Sql, sql, toText, unreachable } from '#base'
import type { ModelIndex } from '#policies'
import {
  calendarSeries,
  columnBehind,
  type Entity,
  type Field,
  hasTenant,
  type Numbering,
  numberingParts,
  tenantColumnOf,
} from '#schema'
import { tableName } from './raise.ts'
import type { Fill } from './values-function.ts'

type Numbered = Field & { readonly numbering: Numbering }

/** Numbers that rows have from the start; those of transitions are given by the transition. */
export function numberFills(entity: Entity, _index: ModelIndex): readonly Fill[] {
  return numbersOn(entity, null).map((field) => numberFill(entity, field))
}

/** Numbers that a transition gives to the row `new`. */
export function transitionNumberFills(entity: Entity, transition: string): readonly Fill[] {
  return numbersOn(entity, transition).map((field) => numberFill(entity, field))
}

/** Fields that a transition numbers; null: those that are numbered when the row is made. */
export function numbersOn(entity: Entity, transition: string | null): readonly Numbered[] {
  const fields = entity.fields.filter((field): field is Numbered => field.numbering !== null)
  return fields.filter(({ numbering }) => numbering.on === transition)
}

const declarations = ['of_series text;', 'counted bigint;', 'is_ours boolean;', 'is_claimed boolean;']

/**
 * Counts on until a number is free. Gapless: the counter's row is locked until the transaction ends, so that the next one waits
 * and takes the number again if this one fails. Otherwise nobody waits: whoever does not get the counter counts on from what
 * it last said, and claims numbers by locks of their own.
 */
function numberFill(entity: Entity, field: Numbered): Fill {
  const own = toText(sql.identifier(field.column))
  const key = keyOf(entity, field)
  const lines = [
    `if new.${own} is null then`,
    `  of_series := ${toText(seriesOf(entity, field.numbering))};`,
    ...startLines(entity, field, key),
    ...(field.numbering.gapless ? gaplessLines(entity, field, key) : quickLines(entity, field, key)),
    'end if;',
  ]
  return { declarations, lines: lines.map((line) => `  ${line}`) }
}

/** The row of the counter: `c` in every statement. */
function keyOf(entity: Entity, field: Numbered): string {
  const tenant = hasTenant(entity) ? 'c.tenant_id = new."tenant_id"' : 'c.tenant_id is null'
  const named = sql`c.entity = ${sql.literal(entity.name)} and c.field = ${sql.literal(field.name)}`
  return `${tenant} and ${toText(named)} and c.series = of_series`
}

/** A new series continues behind the numbers that are there already: those of a seed, or of the time before the counter. */
function startLines(entity: Entity, field: Numbered, key: string): readonly string[] {
  const tenant = hasTenant(entity) ? 'new."tenant_id"' : 'null'
  const number = toText(sql`t0.${sql.identifier(field.column)}`)
  const pattern = toText(patternOf(field.numbering))
  const name = toText(sql`${sql.literal(entity.name)}, ${sql.literal(field.name)}`)
  return [
    // Asked first: an insert would wait for whoever has the counter.
    `  if not exists (select from rowhouse.counter c where ${key}) then`,
    '    insert into rowhouse.counter (tenant_id, entity, field, series, value)',
    `      values (${tenant}, ${name}, of_series, 0) on conflict do nothing;`,
    '    if found then',
    `      select coalesce(max(pg_catalog.substring(${number}, ${pattern})::bigint), 0) into counted`,
    `        from ${tableName(entity)} t0 where ${siblings(entity, field)} and ${number} ~ ${pattern};`,
    `      update rowhouse.counter c set value = counted where ${key};`,
    '    end if;',
    '  end if;',
  ]
}

function gaplessLines(entity: Entity, field: Numbered, key: string): readonly string[] {
  return [
    '  loop',
    `    update rowhouse.counter c set value = c.value + 1 where ${key} returning c.value into counted;`,
    ...assignLines(entity, field),
    '    exit when not is_claimed;',
    '  end loop;',
  ]
}

function quickLines(entity: Entity, field: Numbered, key: string): readonly string[] {
  const lock = toText(sql.literal(`rowhouse.number ${entity.name}.${field.name} `))
  const tenant = hasTenant(entity) ? 'new."tenant_id"::text' : "''"
  const seed = `pg_catalog.hashtextextended(${lock} || ${tenant} || ' ' || of_series, 0)`
  return [
    `  select c.value into counted from rowhouse.counter c where ${key} for no key update skip locked;`,
    '  is_ours := found;',
    '  if not is_ours then',
    `    select c.value into counted from rowhouse.counter c where ${key};`,
    '  end if;',
    '  loop',
    '    counted := counted + 1;',
    `    continue when not rowhouse.claim_number(${seed}, counted);`,
    ...assignLines(entity, field),
    '    exit when not is_claimed;',
    '  end loop;',
    '  if is_ours then',
    `    update rowhouse.counter c set value = counted where ${key};`,
    '  end if;',
  ]
}

/** Writes the number, and tells whether another row has it. */
function assignLines(entity: Entity, field: Numbered): readonly string[] {
  const own = toText(sql.identifier(field.column))
  return [
    `    new.${own} := ${toText(textOf(entity, field.numbering))};`,
    `    is_claimed := exists (select from ${tableName(entity)} t0 where ${siblings(entity, field)} and t0.${own} = new.${own});`,
  ]
}

/** Rows among which a number is unique: those of the tenant, and alike in what the series is per. */
function siblings(entity: Entity, field: Numbered): string {
  const columns = [
    ...(hasTenant(entity) ? [String(tenantColumnOf(entity))] : []),
    ...ownSeries(field.numbering).map((name) => ownColumn(entity, name)),
  ]
  const tests = columns.map((column) => sql`t0.${sql.identifier(column)} = new.${sql.identifier(column)}`)
  return tests.length === 0 ? 'true' : toText(sql.join(tests, ' and '))
}

/** The fields and relations of `per`. */
function ownSeries(numbering: Numbering): readonly string[] {
  return numbering.per.filter((name) => !Object.hasOwn(calendarSeries, name))
}

/** Text that tells the series apart. */
function seriesOf(entity: Entity, numbering: Numbering): Sql {
  const values = numbering.per.map((name) => {
    const format = { year: 'YYYY', month: 'YYYY-MM', day: 'YYYY-MM-DD' }[name]
    return format === undefined ? sql`new.${sql.identifier(ownColumn(entity, name))}` : today(format)
  })
  return sql`pg_catalog.jsonb_build_array(${sql.join(values, ', ')})::text`
}

/** The number as text. `lpad` would cut what has more digits. */
function textOf(entity: Entity, numbering: Numbering): Sql {
  const pieces = numberingParts(numbering.pattern).map((part): Sql => {
    switch (part.kind) {
      case 'text':
        return sql.literal(part.text)
      case 'date':
        return today(part.part)
      case 'field':
        return sql`new.${sql.identifier(ownColumn(entity, part.name))}::text`
      case 'count':
        return sql`pg_catalog.lpad(counted::text, greatest(${sql.literal(String(part.digits))}::integer, pg_catalog.length(counted::text)), '0')`
      default:
        return unreachable(part)
    }
  })
  return sql.join(pieces, ' || ')
}

/** Regular expression whose group is the count: pieces that tell the series apart are as they are now, others any. */
function patternOf(numbering: Numbering): Sql {
  const days = new Set(numbering.per.flatMap((name) => (calendarSeries[name] ?? []).flat()))
  const pieces = numberingParts(numbering.pattern).map((part): Sql => {
    switch (part.kind) {
      case 'text':
        return sql.literal(part.text.replaceAll(/[!-/:-@[-`{-~]/g, '\\$&'))
      case 'date':
        return days.has(part.part) ? today(part.part) : sql.literal(`[0-9]{${part.part.length}}`)
      case 'field':
        return sql.literal('.*')
      case 'count':
        return sql.literal(`([0-9]{${part.digits},18})`)
      default:
        return unreachable(part)
    }
  })
  return sql`('^' || ${sql.join(pieces, ' || ')} || '$')`
}

/** A piece of the day of the transaction, in UTC. */
function today(format: string): Sql {
  return sql`pg_catalog.to_char(pg_catalog.timezone('utc', pg_catalog.now()), ${sql.literal(format)})`
}

/** Of links the name alone matters here, not the key that they hold. */
function ownColumn(entity: Entity, name: string): string {
  return columnBehind(entity, name, new Map())?.column ?? name
}
