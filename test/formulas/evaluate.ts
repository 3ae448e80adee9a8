import {
  type Computed,
  divisionDigits,
  type Entity,
  type Expression,
  type Field,
  type FieldType,
  type ListRead,
} from '#schema'
import { holds, type Row, type World } from '../policies/to-sql/evaluate.ts'
import { daysBetween, instantOf, moved, partOf, startOf, wallOf } from './calendar.ts'
import { add, compareExact, digits, divide, type Exact, exact, multiply, rounded, subtract } from './exact.ts'

/** What an expression gives. Days are `YYYY-MM-DD`, instants ISO 8601 with milliseconds in UTC. */
export type Value = Exact | string | boolean | null

/** A row of an entity. */
export interface Placed {
  readonly entity: Entity
  readonly row: Row
}

/** Everything that formulas look at, written as directly as can be. */
export class FormulaWorld {
  readonly world: World
  readonly #entities: ReadonlyMap<string, Entity>
  readonly #links: Readonly<Record<string, readonly Row[]>>
  readonly #now: number

  /**
   * @param rows rows by entity; links of to-one relations hold ids, `removed` is true for what is not live
   * @param links rows in between, by the name of their entity
   * @param now milliseconds since 1970
   */
  constructor(
    entities: readonly Entity[],
    rows: Readonly<Record<string, readonly Row[]>>,
    links: Readonly<Record<string, readonly Row[]>>,
    now: number,
  ) {
    this.#entities = new Map(entities.map((entity) => [entity.name, entity]))
    this.#links = links
    this.#now = now
    const targets = entities.flatMap((entity) =>
      entity.relations.flatMap((each) => (each.kind === 'one' ? [[`${entity.name}.${each.name}`, each.to]] : [])),
    )
    const withComputed = Object.entries(rows).map(([name, all]) => [name, all.map((row) => this.#grown(name, row))])
    this.world = { rows: Object.fromEntries(withComputed), targets: Object.fromEntries(targets) }
  }

  /** What a computed field of a row is. */
  computed({ expression, type }: Computed, placed: Placed): Value {
    return stored(this.#value(expression, [placed]), type)
  }

  /** With its computed fields, for conditions and reads; each is computed when it is asked for. */
  #grown(name: string, row: Row): Row {
    const entity = this.#entities.get(name)!
    const grown = { ...row }
    for (const each of entity.computed) {
      const get = (): Row[string] => scalar(this.computed(each, { entity, row: grown }), each.type)
      Object.defineProperty(grown, each.name, { get, enumerable: true })
    }
    return grown
  }

  #value(expression: Expression, rows: readonly Placed[]): Value {
    const of = (each: Expression): Value => this.#value(each, rows)
    const number = (each: Expression): Exact | null => of(each) as Exact | null
    switch (expression.kind) {
      case 'literal':
        return expression.of === 'number' ? exact(String(expression.value)) : expression.value
      case 'field':
        return this.#field(expression.path, rows.at(-1 - expression.up)!)
      case 'now':
        return instant(this.#now)
      case 'today':
        return instant(this.#now).slice(0, 10)
      case 'call':
        return called(expression.name, expression.args.map(of))
      case 'round': {
        const value = number(expression.value)
        return value === null ? null : rounded(value, expression.places)
      }
      case 'left': {
        const value = of(expression.value) as string | null
        return value === null ? null : Array.from(value).slice(0, expression.characters).join('')
      }
      case 'shift': {
        const [value, by] = [of(expression.value) as string | null, number(expression.by)]
        if (value === null || by === null) return null
        return like(value, moved(Date.parse(value), Number(digits(by)), expression.unit))
      }
      case 'part': {
        const value = of(expression.value) as string | null
        return value === null ? null : exact(partOf(Date.parse(value), expression.of))
      }
      case 'startOf': {
        const value = of(expression.value) as string | null
        if (value === null) return null
        const zone = expression.zone === null ? 'UTC' : (of(expression.zone) as string)
        const isDay = value.length === 10
        const wall = startOf(isDay ? Date.parse(value) : wallOf(Date.parse(value), zone), expression.of)
        return like(value, isDay ? wall : instantOf(wall, zone))
      }
      case 'dayOf': {
        const value = of(expression.value) as string | null
        const zone = of(expression.zone) as string
        return value === null ? null : instant(wallOf(Date.parse(value), zone)).slice(0, 10)
      }
      case 'condition':
        return this.#holds(expression.where, rows.at(-1 - expression.up)!)
      case 'cases': {
        const row = rows.at(-1 - expression.up)!
        const found = expression.cases.find(({ where }) => this.#holds(where, row))
        return of(found === undefined ? expression.otherwise : found.then)
      }
      case 'list':
        return this.#list(expression, rows)
    }
  }

  #holds(where: Parameters<typeof holds>[0], { entity, row }: Placed): boolean {
    return holds(where, { world: this.world, entity: entity.name, row, caller: { claims: {}, reach: {} } })
  }

  #field(path: readonly string[], placed: Placed): Value {
    const [name, ...rest] = path
    if (rest.length === 0) return this.#read(name!, placed)
    const target = this.#one(name!, placed)
    return target === null ? null : this.#field(rest, target)
  }

  #read(name: string, { entity, row }: Placed): Value {
    const field: Pick<Field, 'type'> = [...entity.fields, ...entity.computed].find((each) => each.name === name)!
    const held = (row[name] ?? null) as string | number | boolean | null
    if (held === null) return null
    return isNumber(field.type) ? exact(String(held)) : (held as string | boolean)
  }

  /** The live row that a to-one or has-one relation leads to. */
  #one(name: string, { entity, row }: Placed): Placed | null {
    const relation = entity.relations.find((each) => each.name === name)!
    if (relation.kind !== 'one' && relation.kind !== 'hasOne') throw new Error(name)
    const isIt = (each: Row): boolean =>
      relation.kind === 'one' ? each.id === row[name] : each[relation.by] === row.id
    const found = this.world.rows[relation.to]!.find((each) => isIt(each) && each.removed !== true)
    return found === undefined ? null : { entity: this.#entities.get(relation.to)!, row: found }
  }

  #list(list: ListRead, rows: readonly Placed[]): Value {
    const way = list.path.slice(0, -1)
    const from = way.reduce<Placed | null>(
      (placed, name) => (placed === null ? null : this.#one(name, placed)),
      rows.at(-1 - list.up)!,
    )
    const all = from === null ? [] : this.#members(list.path.at(-1)!, from)
    const kept = all.filter((each) => list.where === null || this.#holds(list.where, each))
    if (list.name === 'count') return exact(kept.length)
    if (list.name === 'exists') return kept.length > 0
    const ordered = list.name === 'first' ? this.#sorted(list, kept) : kept
    const values = ordered.map((each) => this.#value(list.value!, [...rows, each]))
    if (list.name === 'first') return values[0] ?? null
    return aggregated(
      list,
      values.filter((value) => value !== null),
    )
  }

  #members(name: string, { entity, row }: Placed): readonly Placed[] {
    const relation = entity.relations.find((each) => each.name === name)!
    if (relation.kind !== 'many' && relation.kind !== 'through') throw new Error(name)
    const target = this.#entities.get(relation.to)!
    const linked =
      relation.kind === 'many'
        ? null
        : this.#links[relation.through]!.filter((each) => each[relation.from] === row.id && each.removed !== true).map(
            (each) => each[relation.toward],
          )
    const isIn = (each: Row): boolean =>
      relation.kind === 'many' ? each[relation.by] === row.id : linked!.includes(each.id!)
    return this.world.rows[relation.to]!.filter((each) => isIn(each) && each.removed !== true).map((each) => ({
      entity: target,
      row: each,
    }))
  }

  #sorted({ sort }: ListRead, rows: readonly Placed[]): readonly Placed[] {
    return rows.toSorted((a, b) => {
      for (const { name, descending } of sort) {
        const order = compareNullsLast(this.#read(name, a), this.#read(name, b))
        if (order !== 0) return descending ? -order : order
      }
      return String(a.row.id) < String(b.row.id) ? -1 : 1
    })
  }
}

function called(name: Extract<Expression, { kind: 'call' }>['name'], args: readonly Value[]): Value {
  const present = args.filter((each) => each !== null)
  if (name === 'coalesce') return present[0] ?? null
  if (name === 'greatest' || name === 'least') return extreme(present, name === 'greatest' ? 1 : -1)
  if (name === 'concat') return present.map((each) => (isExact(each) ? digits(each) : String(each))).join('')
  if (present.length < args.length) return null
  const [a, b] = args as readonly [Exact, Exact]
  const [from, to] = args as readonly [string, string]
  switch (name) {
    case 'plus':
      return (args as readonly Exact[]).reduce(add)
    case 'minus':
      return (args as readonly Exact[]).reduce(subtract)
    case 'times':
      return multiply(a, b)
    case 'dividedBy':
    case 'share':
      return divide(a, b, divisionDigits)
    case 'decimalOf':
      return a
    case 'abs':
      return { n: a.n < 0n ? -a.n : a.n, scale: a.scale }
    case 'lower':
      return from.toLowerCase()
    case 'upper':
      return from.toUpperCase()
    case 'length':
      return exact(Array.from(from).length)
    case 'days':
      return exact(daysBetween(Date.parse(from), Date.parse(to)))
    case 'minutes':
      return exact(Math.trunc((Date.parse(to) - Date.parse(from)) / 60_000) || 0)
  }
}

/** Of values that are there. */
function aggregated({ name, separator }: ListRead, values: readonly NonNullable<Value>[]): Value {
  const numbers = values as readonly Exact[]
  switch (name) {
    case 'sum':
      return numbers.reduce(add, exact(0))
    case 'average':
      return divide(numbers.reduce(add, exact(0)), exact(numbers.length), divisionDigits)
    case 'min':
      return extreme(values, -1)
    case 'max':
      return extreme(values, 1)
    case 'countDistinct':
      return exact(new Set(values.map((each) => (isExact(each) ? digits(each) : each))).size)
    case 'join':
      return (values as readonly string[]).toSorted(compare).join(separator!)
    default:
      throw new Error(name)
  }
}

function extreme(values: readonly NonNullable<Value>[], sign: number): Value {
  return values.reduce<Value>((best, each) => (best === null || compare(each, best) * sign > 0 ? each : best), null)
}

function compareNullsLast(a: Value, b: Value): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
  return compare(a, b)
}

/** Texts by code point. */
function compare(a: NonNullable<Value>, b: NonNullable<Value>): number {
  if (isExact(a) && isExact(b)) return compareExact(a, b)
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b))
  return Number(a) - Number(b)
}

/** Rounded to the digits of the field. */
function stored(value: Value, type: FieldType): Value {
  if (!isExact(value)) return value
  const places = type.kind === 'decimal' || type.kind === 'money' ? type.scale : 0
  return rounded(value, places)
}

/** As conditions compare it: exact numbers with a point, whole ones as numbers. */
function scalar(value: Value, type: FieldType): Row[string] {
  if (!isExact(value)) return value
  if (type.kind === 'int' || type.kind === 'int64') return Number(digits(value))
  const text = digits(value)
  return text.includes('.') ? text : `${text}.0`
}

function isExact(value: Value): value is Exact {
  return typeof value === 'object' && value !== null
}

function isNumber({ kind }: FieldType): boolean {
  return ['int', 'int64', 'decimal', 'money', 'duration'].includes(kind)
}

/** A day where a day was given. */
function like(given: string, at: number): string {
  return instant(at).slice(0, given.length)
}

function instant(at: number): string {
  return new Date(at).toISOString()
}
