import { type Entity, type FieldType, type Operand, type Shift, type ToOne, toOnesOf } from '#schema'
import { actorValue, listed, partWords, rowsWords, rowWords, spaced, typeOfPart } from './names.ts'
import { entityNamed, type Place } from './place.ts'

/** What a field is compared with, in words. */
export function operandWords(to: Operand, on: string, place: Place, last: 'and' | 'or' | 'nor' = 'or'): string {
  switch (to.kind) {
    case 'value':
      return to.value === null ? 'nothing' : valueWords(to.value, typeOfPart(place.entity, on))
    case 'list': {
      const type = typeOfPart(place.entity, on)
      return listed(
        to.values.map((value) => valueWords(value, type)),
        last,
      )
    }
    case 'actor':
      return callerWords(to.name, place)
    case 'row':
      return rowOperandWords(to, place)
    case 'was':
      return `what ${place.whose}${partWords(place.entity, to.name)} was before`
    case 'now':
      return momentWords(to.by, typeOfPart(place.entity, on))
  }
}

/** A value as people write it: choices by their label, amounts with their currency. */
export function valueWords(value: string | number | boolean, type: FieldType | null): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  const held = type?.kind === 'list' ? type.of : type
  switch (held?.kind) {
    case 'choice':
      return JSON.stringify(held.values.find((each) => each.value === value)?.label ?? value)
    case 'money':
      return held.currency === null ? String(value) : `${value} ${held.currency}`
    case 'duration':
      return `${value} ${held.in}`
    case 'int':
    case 'int64':
    case 'float':
    case 'decimal':
    case 'date':
    case 'datetime':
    case 'time':
    case 'period':
      return String(value)
    default:
      return typeof value === 'number' ? String(value) : JSON.stringify(value)
  }
}

/** The caller, or a value of it: `one of the organizations of actor.managed`. */
function callerWords(name: string, { model }: Place): string {
  if (name === 'id') return 'the caller'
  const value = actorValue(model, name)
  const target = value?.kind === 'reach' ? (entityNamed({ model }, value.to) ?? null) : null
  if (target === null) return `actor.${name}`
  const rows = rowsWords(target)
  return rows === spaced(name) ? `one of actor.${name}` : `one of the ${rows} of actor.${name}`
}

/** Another column: of the row at hand, or of the row that the rule is about. */
function rowOperandWords(to: Extract<Operand, { readonly kind: 'row' }>, place: Place): string {
  const from = to.of === 'rule' ? place.about : place.entity
  const way = to.way ?? []
  let entity: Entity | null = from
  const words: string[] = []
  for (const hop of way) {
    words.push(entity === null ? hop : partWords(entity, hop))
    const next: ToOne | undefined = entity === null ? undefined : toOnesOf(entity).find(({ name }) => name === hop)
    entity = next === undefined ? null : entityNamed(place, next.to)
  }
  const steps = words.map((word) => `${word}'s `).join('')
  const last = to.name === 'id' ? '' : entity === null ? to.name : partWords(entity, to.name)
  const chain = last === '' ? words.join("'s ") : `${steps}${last}`
  if (to.of !== 'rule' || place.entity === place.about) return chain === '' ? place.itself : `${place.whose}${chain}`
  return chain === '' ? `the ${rowWords(place.about)}` : `the ${rowWords(place.about)}'s ${chain}`
}

/** `now`, `today`, `30 days ago`, `1 hour from now`. */
function momentWords(by: Shift | null, type: FieldType | null): string {
  const isDay = type?.kind === 'date'
  if (by === null || (by.months === 0 && by.days === 0 && by.seconds === 0)) return isDay ? 'today (in UTC)' : 'now'
  const parts = [...countedBy(by.months, 'month'), ...countedBy(by.days, 'day'), ...secondsWords(by.seconds)]
  const isBack = by.months < 0 || by.days < 0 || by.seconds < 0
  return `${listed(parts)} ${isBack ? 'ago' : `from ${isDay ? 'today' : 'now'}`}`
}

/** A length of time in the greatest units that fit. */
export function secondsWords(seconds: number): readonly string[] {
  const rest = Math.abs(seconds)
  if (rest % 3600 === 0) return countedBy(rest / 3600, 'hour')
  if (rest % 60 === 0) return countedBy(rest / 60, 'minute')
  return countedBy(rest, 'second')
}

function countedBy(count: number, unit: string): readonly string[] {
  const number = Math.abs(count)
  return number === 0 ? [] : [`${number} ${unit}${number === 1 ? '' : 's'}`]
}
