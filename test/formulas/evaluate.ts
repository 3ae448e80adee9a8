import {
  type Comparison,
  type Computed,
  type Condition,
  divisionDigits,
  type Entity,
  type Expression,
  type FieldType,
  type ListRead,
  readAt,
  typeOfExpression,
  typeOfHeld,
} from '#schema'
import { holds, type Row, type World } from '../policies/to-sql/evaluate.ts'
import { daysBetween, instantOf, moved, partOf, startOf, wallOf } from './calendar.ts'
import { add, compareExact, digits, divide, type Exact, exact, multiply, rounded, subtract } from './exact.ts'

/** What an expression gives. Days are `YYYY-MM-DD`, instants ISO 8601 with milliseconds in UTC. */
export type Value = Exact | string | boolean | null

/** Out of range: what it is nobody knows. */
const beyond = Symbol('beyond')
type Known = Value | typeof beyond

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
  computed(computed: Computed, placed: Placed): Value {
    const value = this.#held(computed, placed)
    return value === beyond ? null : value
  }

  #held({ expression, type }: Computed, placed: Placed): Known {
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

  #value(expression: Expression, rows: readonly Placed[]): Known {
    const of = (each: Expression): Known => this.#value(each, rows)
    /** Of one value: null of null, unknown of the unknown. */
    const from = (given: Expression, then: (value: NonNullable<Value>) => Known): Known => {
      const value = of(given)
      return value === null || value === beyond ? value : then(value)
    }
    switch (expression.kind) {
      case 'literal':
        return expression.of === 'number' ? exact(String(expression.value)) : expression.value
      case 'field':
        return this.#field(expression.path, rows.at(-1 - expression.up)!)
      case 'now':
        return instant(this.#now)
      case 'today':
        return instant(this.#now).slice(0, 10)
      case 'call': {
        const args = expression.args.map(of)
        const isExtreme = expression.name === 'greatest' || expression.name === 'least'
        return called(
          expression.name,
          isExtreme ? expression.args.map((each, at) => this.#sought(each, rows, args[at]!)) : args,
        )
      }
      case 'round':
        return from(expression.value, (value) => rounded(value as Exact, expression.places))
      case 'left':
        return from(expression.value, (value) =>
          Array.from(value as string)
            .slice(0, expression.characters)
            .join(''),
        )
      case 'shift': {
        const [value, by] = [of(expression.value), of(expression.by)]
        if (value === null || by === null) return null
        if (value === beyond || by === beyond) return beyond
        const wall = moved(Date.parse(value as string), Number(digits(rounded(by as Exact, 0))), expression.unit)
        return isInCalendar(wall) ? like(value as string, wall) : beyond
      }
      case 'part':
        return from(expression.value, (value) => exact(partOf(Date.parse(value as string), expression.of)))
      case 'startOf': {
        const zone = expression.zone === null ? 'UTC' : (of(expression.zone) as string)
        return from(expression.value, (value) => {
          const text = value as string
          const isDay = text.length === 10
          const wall = startOf(isDay ? Date.parse(text) : wallOf(Date.parse(text), zone), expression.of)
          return like(text, isDay ? wall : instantOf(wall, zone))
        })
      }
      case 'dayOf': {
        const zone = of(expression.zone) as string
        // At the end of the calendar it stays the last day everywhere.
        return from(expression.value, (value) =>
          instant(Math.min(wallOf(Date.parse(value as string), zone), lastMoment)).slice(0, 10),
        )
      }
      case 'condition':
        return this.#truth(expression.where, rows.at(-1 - expression.up)!) ?? beyond
      case 'cases': {
        const row = rows.at(-1 - expression.up)!
        for (const { where, then } of expression.cases) {
          const truth = this.#truth(where, row)
          if (truth !== false) return truth === null ? beyond : of(then)
        }
        return of(expression.otherwise)
      }
      case 'list':
        return this.#list(expression, rows)
    }
  }

  /** A value that is looked for among others: where it may be missing as well, nobody can tell a null from the other. */
  #sought(expression: Expression, rows: readonly Placed[], value: Known): Known {
    if (value !== beyond) return value
    const scopes = rows.map(({ entity }) => ({ entity, list: null }))
    return typeOfExpression(expression, { entities: this.#entities, scopes }).optional ? null : beyond
  }

  /** Kleene's three values: null where it depends on what is out of range. */
  #truth(where: Condition, { entity, row }: Placed): boolean | null {
    switch (where.kind) {
      case 'and': {
        const each = where.all.map((one) => this.#truth(one, { entity, row }))
        return each.includes(false) ? false : each.includes(null) ? null : true
      }
      case 'or': {
        const each = where.any.map((one) => this.#truth(one, { entity, row }))
        return each.includes(true) ? true : each.includes(null) ? null : false
      }
      case 'not': {
        const inner = this.#truth(where.not, { entity, row })
        return inner === null ? null : !inner
      }
      case 'many':
      case 'may':
      case 'fact':
        throw new Error('formulas say nothing of the kind')
      case 'path': {
        const target = this.#one(where.relation, { entity, row })
        return target === null ? false : this.#truth(where.where, target)
      }
      case 'compare':
        return this.#isOpen(where, { entity, row })
          ? null
          : holds(where, { world: this.world, entity: entity.name, row, caller: { claims: {}, reach: {} } })
    }
  }

  #isOpen({ on, op, to }: Comparison, { entity, row }: Placed): boolean {
    const computed = entity.computed.find(({ name }) => name === on)
    if (computed === undefined || !typeOfHeld(computed, entity, { entities: this.#entities }).beyond) return false
    const asksForNull = to.kind === 'value' && to.value === null && (op === 'is' || op === 'isNot')
    return !asksForNull && row[on] === null
  }

  #field(path: readonly string[], placed: Placed): Known {
    const [name, ...rest] = path
    const isWay = placed.entity.relations.some((each) => each.name === name)
    if (!isWay) return this.#read(path, placed)
    const target = this.#one(name!, placed)
    return target === null ? null : this.#field(rest, target)
  }

  #read(path: readonly string[], { entity, row }: Placed): Known {
    const { computed, field } = readAt(entity, path, this.#entities)
    if (computed !== null) return this.#held(computed, { entity, row })
    const held = (row[path.join('.')] ?? null) as string | number | boolean | null
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

  #list(list: ListRead, rows: readonly Placed[]): Known {
    const way = list.path.slice(0, -1)
    const from = way.reduce<Placed | null>(
      (placed, name) => (placed === null ? null : this.#one(name, placed)),
      rows.at(-1 - list.up)!,
    )
    const all = from === null ? [] : this.#members(list.path.at(-1)!, from)
    const truths = new Map(all.map((each) => [each, list.where === null ? true : this.#truth(list.where, each)]))
    const kept = all.filter((each) => truths.get(each) !== false)
    const isUnclear = (each: Placed): boolean => truths.get(each) === null
    if (list.name === 'exists')
      return kept.some((each) => !isUnclear(each)) ? true : kept.some(isUnclear) ? beyond : false
    if (list.name === 'first') {
      const [first] = this.#sorted(list, kept)
      if (first === undefined) return null
      return isUnclear(first) ? beyond : this.#value(list.value!, [...rows, first])
    }
    if (kept.some(isUnclear)) return beyond
    if (list.name === 'count') return exact(kept.length)
    const values = kept.map((each) => {
      const inside = [...rows, each]
      return this.#sought(list.value!, inside, this.#value(list.value!, inside))
    })
    const known = values.filter((value) => value !== beyond)
    if (known.length < values.length) return beyond
    return aggregated(
      list,
      known.filter((value) => value !== null),
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
        const order = compareNullsLast(settled(this.#read([name], a)), settled(this.#read([name], b)))
        if (order !== 0) return descending ? -order : order
      }
      return String(a.row.id) < String(b.row.id) ? -1 : 1
    })
  }
}

function called(name: Extract<Expression, { kind: 'call' }>['name'], args: readonly Known[]): Known {
  const present = args.filter((each) => each !== null && each !== beyond)
  if (name === 'coalesce') return present[0] ?? (args.includes(beyond) ? beyond : null)
  if (name === 'concat') return present.map((each) => (isExact(each) ? digits(each) : String(each))).join('')
  if (name === 'greatest' || name === 'least')
    return args.includes(beyond) ? beyond : extreme(present, name === 'greatest' ? 1 : -1)
  if (args.includes(null)) return null
  if (present.length < args.length) return beyond
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

/** As a field of the type holds it. */
function stored(value: Known, type: FieldType): Known {
  if (value === beyond || !isExact(value)) return value
  const held = rounded(value, type.kind === 'decimal' || type.kind === 'money' ? type.scale : 0)
  const bits = { int: 31, duration: 31, int64: 63, money: 63 }[type.kind as string]
  if (bits === undefined || (type.kind === 'money' && !type.minor)) return held
  const unit = { n: type.kind === 'money' ? 10n ** BigInt(type.scale) : 1n, scale: 0 }
  const most = { n: 2n ** BigInt(bits), scale: 0 }
  const counted = multiply(held, unit)
  const isHeld = compareExact(counted, { ...most, n: -most.n }) >= 0 && compareExact(counted, most) < 0
  return isHeld ? held : beyond
}

function settled(value: Known): Value {
  return value === beyond ? null : value
}

const firstMoment = Date.parse('0001-01-01T00:00:00.000Z')
const lastMoment = Date.parse('9999-12-31T23:59:59.999Z')

function isInCalendar(at: number): boolean {
  return at >= firstMoment && at <= lastMoment
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
