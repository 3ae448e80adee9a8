import { Bug } from '#base'
import { type Computed, type Expression, type FieldType, readAt, typeOfExpression } from '#schema'
import { dayMs, instantOf, moved, partOf, startOf, wallOf } from '../calendar.ts'
import type { Truth } from '../decision.ts'
import { compareExact, digits, type Exact, exact, multiply, rounded } from '../exact.ts'
import type { Place } from '../place.ts'
import { oneOf } from '../rows.ts'
import { textOf } from '../text-of.ts'
import { beyond, heldValue, isExact, isSpan, type Known, type Value } from '../value.ts'
import { called } from './call.ts'
import { listOf } from './list.ts'

/** What a computed field of the row is; `beyond` where its formula is out of range. */
export function computedOf({ expression, type }: Computed, place: Place): Known {
  return stored(valueIn(expression, [place]), type)
}

/** An expression about the last of the rows; each list adds one. */
function valueIn(expression: Expression, rows: readonly Place[]): Known {
  const of = (each: Expression): Known => valueIn(each, rows)
  switch (expression.kind) {
    case 'literal':
      return expression.of === 'number' ? exact(textOf(expression.value)) : expression.value
    case 'field':
      return readField(expression.path, rows.at(-1 - expression.up)!)
    case 'now':
      return instant(Date.parse(rows[0]!.world.now))
    case 'today':
      return instant(Date.parse(rows[0]!.world.now)).slice(0, 10)
    case 'call': {
      const args = expression.args.map(of)
      const isExtreme = expression.name === 'greatest' || expression.name === 'least'
      return called(
        expression.name,
        isExtreme ? expression.args.map((each, at) => sought(each, rows, args[at]!)) : args,
      )
    }
    case 'round':
      return whereKnown(of(expression.value), (value) => rounded(value as Exact, expression.places))
    case 'left':
      return whereKnown(of(expression.value), (value) =>
        Array.from(value as string)
          .slice(0, expression.characters)
          .join(''),
      )
    case 'shift':
    case 'part':
    case 'startOf':
    case 'dayOf':
      return momentOf(expression, of)
    case 'condition':
      return truthOf(expression.where, rows.at(-1 - expression.up)!) ?? beyond
    case 'cases': {
      const row = rows.at(-1 - expression.up)!
      for (const { where, then } of expression.cases) {
        const truth = truthOf(where, row)
        if (truth !== false) return truth === null ? beyond : of(then)
      }
      return of(expression.otherwise)
    }
    case 'list':
      return listOf(expression, rows, { valueIn, sought, read: (name, place) => readField(name.split('.'), place) })
  }
}

/** Of one value: null of null, unknown of the unknown. */
function whereKnown(value: Known, then: (value: NonNullable<Value>) => Known): Known {
  return value === null || value === beyond ? value : then(value)
}

type Moment = Extract<Expression, { readonly kind: 'shift' | 'part' | 'startOf' | 'dayOf' }>

function momentOf(expression: Moment, of: (each: Expression) => Known): Known {
  if (expression.kind === 'shift') {
    const [value, by] = [of(expression.value), of(expression.by)]
    if (value === null || by === null) return null
    if (value === beyond || by === beyond) return beyond
    const wall = moved(Date.parse(value as string), Number(digits(rounded(by as Exact, 0))), expression.unit)
    return isInCalendar(wall) ? like(value as string, wall) : beyond
  }
  return whereKnown(of(expression.value), (given) => {
    const text = textOf(given)
    const at = Date.parse(text)
    if (expression.kind === 'part') return exact(partOf(at, expression.of))
    const zone = expression.zone === null ? 'UTC' : (of(expression.zone) as string)
    // At the end of the calendar it stays the last day everywhere.
    if (expression.kind === 'dayOf') return instant(Math.min(wallOf(at, zone), lastMoment)).slice(0, 10)
    const isDay = text.length === 10
    const wall = startOf(isDay ? at : wallOf(at, zone), expression.of)
    return like(text, isDay ? wall : instantOf(wall, zone))
  })
}

function truthOf(where: Parameters<Place['judge']>[0], place: Place): Truth {
  return place.judge(where, place).truth
}

/** A value that is looked for among others: where it may be missing as well, nobody can tell a null from the other. */
function sought(expression: Expression, rows: readonly Place[], value: Known): Known {
  if (value !== beyond) return value
  const scopes = rows.map(({ entity }) => ({ entity, list: null }))
  return typeOfExpression(expression, { entities: rows[0]!.world.index.entities, scopes }).optional ? null : beyond
}

function readField(path: readonly string[], place: Place): Known {
  const [name, ...rest] = path
  const { entity, row, world } = place
  if (entity.relations.some((each) => each.name === name)) {
    const target = oneOf(name!, place)
    return target === null ? null : readField(rest, target)
  }
  const { computed, field, end } = readAt(entity, path, world.index.entities)
  if (computed !== null) return computedOf(computed, place)
  if (field === null) throw new Bug(`"${path.join('.')}" is no field.`)
  if (end === null) return heldValue(row[path.join('.')], field.type)
  const of = field.type.kind === 'date' ? 'date' : 'datetime'
  return endOf(heldValue(row[path.slice(0, -1).join('.')], { kind: 'period', of }), end)
}

/** An end of a period: of days the last one, of instants the first one after. */
function endOf(value: Value, end: 'from' | 'to'): Value {
  if (!isSpan(value) || value.isEmpty) return null
  if (end === 'from') return value.from
  if (value.before === null || value.before.length > 10) return value.before
  return like(value.before, Date.parse(value.before) - dayMs)
}

/** As a field of the type holds it. */
function stored(value: Known, type: FieldType): Known {
  if (value === beyond || !isExact(value) || type.kind === 'float') return value
  const held = rounded(value, type.kind === 'decimal' || type.kind === 'money' ? type.scale : 0)
  const bits = { int: 31, duration: 31, int64: 63, money: 63 }[type.kind as string]
  if (bits === undefined || (type.kind === 'money' && !type.minor)) return held
  const unit = { n: type.kind === 'money' ? 10n ** BigInt(type.scale) : 1n, scale: 0 }
  const most = { n: 2n ** BigInt(bits), scale: 0 }
  const counted = multiply(held, unit)
  const isHeld = compareExact(counted, { ...most, n: -most.n }) >= 0 && compareExact(counted, most) < 0
  return isHeld ? held : beyond
}

const firstMoment = Date.parse('0001-01-01T00:00:00.000Z')
const lastMoment = Date.parse('9999-12-31T23:59:59.999Z')

function isInCalendar(at: number): boolean {
  return at >= firstMoment && at <= lastMoment
}

/** A day where a day was given. */
function like(given: string, at: number): string {
  return given.length === 10 ? instant(at).slice(0, 10) : instant(at)
}

function instant(at: number): string {
  return new Date(at).toISOString()
}
