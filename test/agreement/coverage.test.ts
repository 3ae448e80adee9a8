import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Condition, conditionParts, type Model, type Operand } from '#schema'
import type { Case } from './back-ends.ts'
import { landed } from './features.ts'
import { generateCase } from './generate.ts'

/** Words of the model's own description: whatever is added there is asked for here. */
const described = JSON.parse(
  readFileSync(new URL('../../schema/model/model.schema.json', import.meta.url), 'utf8'),
) as Described

interface Described {
  readonly $defs: Readonly<Record<string, Shape>>
}

interface Shape {
  readonly $ref?: string
  readonly const?: string
  readonly enum?: readonly string[]
  readonly type?: string
  readonly properties?: Readonly<Record<string, Shape>>
  readonly anyOf?: readonly Shape[]
  readonly oneOf?: readonly Shape[]
}

/** Values that a property of a described type may have. */
function wordsOf(name: string, property: string): readonly string[] {
  const found = new Set<string>()
  const visit = (shape: Shape, path: readonly string[]): void => {
    if (shape.$ref !== undefined) visit(described.$defs[shape.$ref.split('/').at(-1)!]!, path)
    for (const each of [...(shape.anyOf ?? []), ...(shape.oneOf ?? [])]) visit(each, path)
    const [next, ...rest] = path
    if (next !== undefined) {
      const inner = shape.properties?.[next]
      if (inner !== undefined) visit(inner, rest)
      return
    }
    if (shape.const !== undefined) found.add(shape.const)
    for (const each of shape.enum ?? []) found.add(each)
  }
  visit(described.$defs[name]!, property === '' ? [] : [property])
  return [...found].sort()
}

/** In how many of the models each word is found. */
const counts = new Map<string, number>()
const models = 250

beforeAll(() => {
  for (let seed = 1; seed <= models; seed++) {
    const words = new Set(wordsOfCase(generateCase(seed, landed)))
    for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  }
})

function* wordsOfCase({ model, rows, callers, attempts }: Case): Generator<string> {
  yield* wordsOfModel(model)
  for (const { entity, rules } of model.policies)
    for (const rule of rules) {
      yield `effect ${rule.effect}`
      yield `audience ${rule.audience.kind}`
      if (rule.fields !== null) yield `fields of ${rule.effect}`
      if (rule.verbs === 'anything') yield 'anything'
      for (const { to } of rule.sets) yield `preset ${to.kind}`
      for (const key of ['where', 'becoming', 'unless'] as const) {
        const condition = rule[key]
        if (condition === 'anything') yield 'becoming anything'
        else if (condition !== null) {
          yield key
          yield* wordsOfCondition(condition, entity, model)
        }
      }
    }
  for (const caller of callers) yield* wordsOfCaller(caller)
  for (const { verb, given } of attempts) {
    yield `verb ${verb}`
    if (verb === 'update' && Object.keys(given).length > 1) yield 'several changes'
  }
  for (const entity of model.entities)
    if (rows[entity.name]!.some(({ deletedAt }) => deletedAt !== null)) yield `removed ${entity.name}`
}

function* wordsOfCaller({ id, roles, claims, request }: Case['callers'][number]): Generator<string> {
  if (roles === null) yield 'visitor'
  else yield roles.length === 0 ? 'no role' : roles.length === 1 ? 'one role' : 'several roles'
  if (id === null) yield 'nobody'
  for (const name of ['region', 'grade', 'since', 'vip']) if (claims[name] === undefined) yield `without ${name}`
  for (const name of ['mfa', 'ip', 'signedInFor'] as const) if (request[name] === undefined) yield `without ${name}`
}

function* wordsOfModel(model: Model): Generator<string> {
  for (const { onHidden } of model.policies) yield `onHidden ${onHidden}`
  for (const value of model.actor!.values) {
    yield `actor ${value.kind}`
    if (value.kind !== 'reach') continue
    if (value.then !== null) yield 'reach then'
    if (value.toward === 'id') yield 'reach itself'
    if (value.toward.includes('.')) yield 'reach toward a way'
    if (value.as.includes('.')) yield 'reach as a way'
  }
  for (const entity of model.entities) {
    yield `tenancy ${entity.tenancy}`
    yield `key ${entity.key.length > 1 ? 'of several' : entity.key[0] === 'id' ? 'id' : 'natural'}`
    if (entity.link !== null) yield 'link'
    if (entity.history) yield 'history'
    if (entity.expires !== null) yield 'expires'
    if (entity.tree !== null) yield 'tree'
    for (const relation of entity.relations) {
      yield `relation ${relation.kind}`
      if (relation.kind === 'one' && relation.part) yield 'part'
      if (relation.kind === 'one') yield `onRemove ${relation.onRemove}`
    }
    for (const { name, type, optional, default: value } of entity.fields) {
      yield `field ${type.kind}`
      if (optional) yield `optional ${type.kind}`
      if (name === 'id' && value?.kind === 'identity') yield 'key counted'
    }
  }
}

function* wordsOfCondition(condition: Condition, name: string, model: Model): Generator<string> {
  const entity = model.entities.find((each) => each.name === name)!
  yield `condition ${condition.kind}`
  if (condition.kind === 'fact') {
    yield `fact ${condition.about}`
    if (condition.about === 'request') yield `request ${condition.on}`
    if ('op' in condition) yield `op of facts ${condition.op}`
  }
  if (condition.kind === 'compare') {
    yield `op ${condition.op}`
    yield* wordsOfOperand(condition.to)
  }
  const relation = 'relation' in condition ? entity.relations.find((each) => each.name === condition.relation)! : null
  if (condition.kind === 'many') {
    yield `how ${condition.how}`
    yield `many over ${relation!.kind}`
    if (relation!.kind === 'lineage') yield `lineage ${relation!.way} ${condition.how}`
    if (relation!.kind === 'many' && relation!.name === 'history') yield 'many over history'
    if (relation!.kind === 'through' && model.entities.some((each) => each.name === relation!.through && each.link))
      yield 'many over link'
  }
  for (const { where, about } of conditionParts(condition)) {
    const target =
      about === 'row'
        ? name
        : about === 'caller'
          ? model.actor!.entity
          : about === 'tenant'
            ? 'Place'
            : (relation as { readonly to: string }).to
    yield* wordsOfCondition(where, target, model)
  }
}

function* wordsOfOperand(to: Operand): Generator<string> {
  yield `operand ${to.kind}`
  if (to.kind !== 'row') return
  yield to.of === 'rule' ? 'row of the rule' : 'row at its level'
  if (to.way !== undefined) yield `way of ${to.way.length}`
}

/** At least so many of a hundred models have each of the words. */
function expectEach(words: readonly string[], percent = 5): void {
  const rare = words.filter((word) => (counts.get(word) ?? 0) < (models * percent) / 100)
  expect(rare.map((word) => `${word}: in ${counts.get(word) ?? 0} of ${models}`)).toEqual([])
}

/** Kinds of fields that no generated model has yet, each with its own tests: a line less here is a kind more there. */
const ungenerated: ReadonlySet<string> = new Set(['secret'])

const named = (start: string, words: readonly string[]) => words.map((word) => `${start} ${word}`)

describe('generated models speak of', () => {
  test('every kind of condition, fact and quantifier', () => {
    expect(wordsOf('Condition', 'kind')).toContain('many')
    expectEach(named('condition', wordsOf('Condition', 'kind')), 40)
    expectEach(named('fact', wordsOf('Fact', 'about')), 15)
    expectEach(named('request', wordsOf('RequestFact', 'on')))
    expectEach(named('how', wordsOf('ManyPath', 'how')), 40)
    const lists = ['many', 'hasOne', 'through', 'lineage', 'history', 'link']
    expectEach(named('many over', lists), 10)
    expectEach(['up', 'down'].flatMap((way) => ['some', 'none', 'every'].map((how) => `lineage ${way} ${how}`)))
  })

  test('every operator and operand', () => {
    expect(wordsOf('Operator', '')).toContain('within')
    expectEach(named('op', wordsOf('Operator', '')))
    expectEach(named('operand', wordsOf('Operand', 'kind')), 30)
    expectEach(['row of the rule', 'row at its level', 'way of 1', 'way of 2'], 20)
    expectEach(['op of facts inside', 'op of facts isNot', 'op of facts notIn'])
  })

  test('every effect, audience and part of a rule', () => {
    expectEach(named('effect', wordsOf('Rule', 'effect')), 60)
    expectEach(named('audience', wordsOf('Audience', 'kind')), 60)
    expectEach(named('onHidden', wordsOf('Policy', 'onHidden')), 60)
    expectEach(['where', 'becoming', 'becoming anything', 'unless', 'anything'], 60)
    expectEach(['fields of allow', 'fields of reserve', 'preset value', 'preset actor'], 10)
    expectEach(['preset now'])
  })

  test('every tenancy, kind of key, relation and field', () => {
    expectEach(named('tenancy', wordsOf('Tenancy', '')), 25)
    expectEach(
      ['key id', 'key counted', 'key natural', 'key of several', 'link', 'history', 'expires', 'tree', 'part'],
      10,
    )
    expectEach(named('relation', wordsOf('Relation', 'kind')), 25)
    expectEach(named('onRemove', wordsOf('ToOne', 'onRemove')), 25)
    const kinds = wordsOf('FieldType', 'kind').filter((kind) => !ungenerated.has(kind))
    expectEach(named('field', kinds), 10)
    expectEach(named('optional', ['embed', 'period', 'list', 'shape', 'dict', 'base64']), 10)
  })

  test('every value of a caller, and callers who lack them', () => {
    expectEach(named('actor', wordsOf('ActorValue', 'kind')), 60)
    expectEach(['reach then', 'reach itself', 'reach toward a way', 'reach as a way'], 10)
    expectEach(['visitor', 'nobody', 'no role', 'one role', 'several roles'], 10)
    expectEach(named('without', ['region', 'grade', 'since', 'vip', 'mfa', 'ip', 'signedInFor']), 40)
  })

  test('every verb, and removed rows of every entity that removes them', () => {
    // Transitions have no statements yet: rules of them are asked set-wise.
    const verbs = ['create', 'update', 'remove', 'restore', 'delete']
    expectEach([...named('verb', verbs), 'several changes'], 30)
    expectEach(named('removed', ['Person', 'Team', 'Member', 'Item', 'Line', 'Badge', 'Label', 'Part']), 30)
    expectEach(['removed Place'])
  })
})
