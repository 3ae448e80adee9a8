import { describe, expect, test } from 'vitest'
import { warningsOf } from '../../schema/written-app.ts'
import { withOrderRules, withPolicies } from './small-app.ts'

const readable = `'all': { allow: 'admin', to: anything },`
// What nobody may do has a warning of its own.
const rest = `'rest': { allow: 'admin', to: ['place', 'remind'] }`
const denied = (rule: string) => withOrderRules(`${readable}\n'no': { deny: everyone, to: 'update', ${rule} }`)

describe('a denial over a value that may be missing', () => {
  test.each([
    ['an order', 'where: { wantedOn: { before: "2026-01-01" } }', 'wantedOn'],
    ['an order of instants', 'where: { placedAt: { after: "2026-01-01T00:00:00Z" } }', 'placedAt'],
    ['a limit', 'where: { weight: { over: "3" } }', 'weight'],
    ['an amount', 'where: { tip: { over: usd("3") } }', 'tip'],
    ['a caller’s value', 'where: { customer: { rank: { over: actor.limit } } }', 'rank'],
    ['one of several', 'where: { anyOf: [{ number: "1" }, { size: { over: 3n } }] }', 'where'],
    ['beside others', 'where: { number: "1", size: { over: 3n } }', 'size'],
    ['under two nots', 'where: { not: { not: { size: { over: 3n } } } }', 'where'],
    ['behind a relation that may lead nowhere', 'where: { placedBy: { name: { startsWith: "A" } } }', 'name'],
    ['another’s absence', 'where: { tip: null, weight: { over: "3" } }', 'weight'],
  ])('%s is told', async (_, rule, text) => {
    const found = await warningsOf(denied(rule))
    expect(found.length).toBeGreaterThan(0)
    expect(found[0]).toEqual(['RULE_DENY_MISSING_VALUE', text])
  })

  test.each([
    ['a required field', 'where: { total: { over: usd("3") } }'],
    ['equality, which a missing value lacks for certain', 'where: { size: 3n, placedBy: actor.id }'],
    ['what denies the missing', 'where: { size: { isNot: 3n } }'],
    ['a negation, which does too', 'where: { not: { size: { over: 3n } } }'],
    ['unless, which does too', 'unless: { size: { over: 3n } }'],
    ['a value that is asked for', 'where: { size: { isNot: null, over: 3n } }'],
    ['an absence that is told', 'where: { anyOf: [{ size: null }, { size: { over: 3n } }] }'],
    [
      'a relation that is asked for',
      'where: { placedBy: { name: { startsWith: "A" } }, number: "1" }, unless: { placedBy: null }',
    ],
  ])('%s is not', async (_, rule) => expect(await warningsOf(denied(rule))).toEqual([]))

  test('allowing rules say nothing of what is missing', async () => {
    expect(
      await warningsOf(withOrderRules(`'a': { allow: 'admin', to: 'read', where: { size: { over: 3n } } }, ${rest}`)),
    ).toEqual([])
  })
})

describe('a rule that looks rows up without an index', () => {
  const app = (where: string, schema = (text: string) => text) => {
    const files = withPolicies((source) =>
      source
        .replace('limit: claim(int()),', 'limit: claim(int()), code: claim(string()), codes: claim(string()),')
        .replace('import { choice, int }', 'import { choice, int, string }'),
    )
    const policy = files['policies/order.policy.ts']!
    const rule = `'all': { allow: 'admin', to: 'read', where: ${where} }, ${rest}`
    return {
      ...files,
      'policies/order.policy.ts': policy.replace(`'all': { allow: 'admin', to: anything }`, rule),
      'schema/all.entity.ts': schema(files['schema/all.entity.ts']!),
    }
  }

  test.each([
    ['a field', '{ number: actor.code }', [['POLICY_PATH_UNINDEXED', 'number']]],
    ['a field of another row', '{ customer: { name: actor.code } }', [['POLICY_PATH_UNINDEXED', 'name']]],
    ['a field of few rows', '{ number: actor.code, status: "draft" }', [['POLICY_PATH_UNINDEXED', 'number']]],
    [
      'one of several',
      '{ anyOf: [{ number: actor.code }, { placedBy: actor.id }] }',
      [['POLICY_PATH_UNINDEXED', 'where']],
    ],
    ['a field beside a key', '{ number: actor.code, placedBy: actor.id }', []],
    ['a field beside what every row may have', '{ anyOf: [{ number: actor.code }, { status: "draft" }] }', []],
    ['a value of few kinds', '{ customer: { region: actor.region } }', []],
    ['a value that is written', '{ number: "7" }', []],
    ['a limit', '{ customer: { rank: { over: actor.limit } } }', []],
    ['a set of rows', '{ customer: { organization: { in: actor.managed } } }', []],
    ['the opposite', '{ not: { number: actor.code } }', []],
  ] as const)('%s', async (_, where, told) => expect(await warningsOf(app(where))).toEqual(told))

  test.each([
    ['an index of the field', 'number: string({ index: true })'],
    ['uniqueness', 'number: string({ unique: true })'],
  ])('%s mends it', async (_, field) => {
    const files = app('{ number: actor.code }', (text) => text.replace('number: string()', field))
    expect(await warningsOf(files)).toEqual([])
  })

  test('an index that leads with it mends it, one of some rows or of another field first does not', async () => {
    const withIndex = (index: string) =>
      app('{ number: actor.code }', (text) => text.replace('  lifecycle: {', `  indexes: [${index}],\n  lifecycle: {`))
    expect(await warningsOf(withIndex("{ on: ['number', 'wantedOn'] }"))).toEqual([])
    const told = [['POLICY_PATH_UNINDEXED', 'number']]
    expect(await warningsOf(withIndex("{ on: ['wantedOn', 'number'] }"))).toEqual(told)
    expect(await warningsOf(withIndex("{ on: ['number'], where: { status: 'draft' } }"))).toEqual(told)
    expect(await warningsOf(withIndex("{ on: ['number'], using: 'trigram' }"))).toEqual(told)
  })
})
