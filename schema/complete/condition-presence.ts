import { isEmbed, requiredParts } from '../model/column-fields.ts'
import type { Condition } from '../model/condition.ts'
import type { Entity } from '../model/model.ts'
import { toOnesOf } from '../model/to-ones.ts'
import type { ConditionContext, ConditionPlace } from './condition-context.ts'
import { didYouMeanHint } from './hint.ts'

/** Words about which fields have a value. */
const presenceWords = ['exactlyOne', 'atLeastOne', 'together'] as const

/** A word about which fields have a value. */
type PresenceWord = (typeof presenceWords)[number]

/** True for a word about which fields have a value. */
export function isPresenceWord(key: string): key is PresenceWord {
  return presenceWords.some((word) => word === key)
}

/** Reads `exactlyOne: ['email', 'phone']` and the like: tests for null, put together. */
export function readPresence(
  word: PresenceWord,
  given: unknown,
  { entity, path }: ConditionPlace,
  { problems }: ConditionContext,
): Condition | null {
  const names: readonly unknown[] = Array.isArray(given) ? given : []
  if (names.length < 2 || !names.every((name) => typeof name === 'string')) {
    const message = `"${word}" needs a list of at least two names.`
    problems.report('CONDITION_VALUE_INVALID', { path }, message)
    return null
  }
  const known = optionalNames(entity)
  const faults = names.filter((name, index) => {
    const place = { path: [...path, index] }
    if (names.indexOf(name) !== index) problems.report('CONDITION_VALUE_INVALID', place, `"${name}" is listed twice.`)
    else if (isRequired(entity, name)) {
      const hint = 'Make it optional, or leave it out of the list.'
      const message = `"${name}" is required: it always has a value.`
      problems.report('CONDITION_VALUE_INVALID', place, message, { hint })
    } else if (!known.includes(name)) {
      const hint = didYouMeanHint(name, known)
      problems.report('POLICY_PATH_UNKNOWN', place, `"${entity.name}" has no "${name}".`, { hint })
    } else return false
    return true
  })
  return faults.length > 0
    ? null
    : meaningOf(
        word,
        names.map((name) => testedName(entity, name)),
      )
}

/** A value object is there when its first required part is. */
function testedName(entity: Entity, name: string): string {
  const embed = entity.fields.find((field) => field.name === name)
  return embed !== undefined && isEmbed(embed) ? (requiredParts(embed)[0]?.name ?? name) : name
}

function meaningOf(word: PresenceWord, names: readonly string[]): Condition {
  const present = names.map((on) => test(on, 'isNot'))
  const absent = names.map((on) => test(on, 'is'))
  switch (word) {
    case 'atLeastOne':
      return { kind: 'or', any: present }
    case 'together':
      return {
        kind: 'or',
        any: [
          { kind: 'and', all: present },
          { kind: 'and', all: absent },
        ],
      }
    case 'exactlyOne':
      return {
        kind: 'or',
        any: names.map((_, index) => ({
          kind: 'and',
          all: names.map((__, other) => (other === index ? present[other]! : absent[other]!)),
        })),
      }
  }
}

function test(on: string, op: 'is' | 'isNot'): Condition {
  return { kind: 'compare', on, op, to: { kind: 'value', value: null } }
}

function isRequired(entity: Entity, name: string): boolean {
  const part = [...entity.fields, ...toOnesOf(entity)].find((each) => each.name === name)
  return part !== undefined && !part.optional
}

function optionalNames(entity: Entity): readonly string[] {
  return [...entity.fields, ...toOnesOf(entity)].filter(({ optional }) => optional).map(({ name }) => name)
}
