import { describe, expect, test } from 'vitest'
import type { Audience, Condition, Rule } from '#schema'
import { callerWith, signedInCaller, visitor } from '../../../policies/explain/caller-kind.ts'
import { type Matrix, policyMatrix } from '../../../policies/matrix/matrix.ts'
import { matrixHtml } from '../../../policies/matrix/matrix-html.ts'
import { matrixText } from '../../../policies/matrix/matrix-text.ts'
import * as m from '../../support/model.ts'

const draft = m.compare('title', 'is', 'draft')
const except = (...roles: readonly string[]): Audience => ({ kind: 'except', roles })
const reserve = (title: string, role: string, fields: readonly string[]): Rule => ({
  ...m.allow(title, role, ['read', 'update'], { fields }),
  effect: 'reserve',
})

function made(rules: readonly Rule[], title = 'Note') {
  return m.makeModel({
    entities: { [title]: { fields: { title: m.text(), price: m.int() } } },
    roles: { sales: [], lead: ['sales'], admin: [] },
    policies: { [title]: rules },
  })
}

/** Answers of a verb by caller. */
function answers(rules: readonly Rule[], verb: string, ...more: readonly (readonly string[])[]) {
  const model = made(rules)
  const matrix = policyMatrix(
    model,
    model.entities,
    more.map((roles) => callerWith(roles, model)),
  )
  const row = matrix.entities[0]!.verbs.find((each) => each.verb === verb)!
  return Object.fromEntries(
    row.cells.map(({ caller, answer, fields }) => [
      caller,
      fields === null ? answer : `${answer}: ${fields.join(', ')}`,
    ]),
  )
}

describe('a verdict', () => {
  test('without rules is never', () => {
    expect(answers([], 'read')).toEqual({
      visitor: 'never',
      'signed in': 'never',
      sales: 'never',
      lead: 'never',
      admin: 'never',
    })
  })

  test('is of the audience, and of who includes its role', () => {
    const rules = [m.allow('a', 'sales', ['read'], { where: draft }), m.allow('b', 'admin', 'anything')]
    expect(answers(rules, 'read')).toMatchObject({ 'signed in': 'never', sales: 'when', lead: 'when', admin: 'always' })
    expect(answers(rules, 'delete')).toMatchObject({ sales: 'never', lead: 'never', admin: 'always' })
    const all = answers([m.allow('c', 'everyone', ['read'])], 'read')
    expect(new Set(Object.values(all))).toEqual(new Set(['always']))
    expect(answers([m.allow('c', 'signedIn', ['read'])], 'read')).toMatchObject({
      visitor: 'never',
      'signed in': 'always',
    })
  })

  test('a denial that asks for nothing is never, another is when', () => {
    const rules = [m.allow('a', 'everyone', 'anything'), m.deny('b', 'signedIn', ['update'])]
    expect(answers(rules, 'update')).toMatchObject({ visitor: 'always', 'signed in': 'never', admin: 'never' })
    expect(answers([rules[0]!, m.deny('b', 'signedIn', ['update'], { unless: draft })], 'update')).toMatchObject({
      visitor: 'always',
      'signed in': 'when',
    })
  })

  test('becoming is asked for too', () => {
    const of = (becoming: Condition | 'anything' | null) =>
      answers([m.allow('a', 'admin', ['update'], { becoming })], 'update').admin
    expect([of(null), of('anything'), of(draft)]).toEqual(['always', 'always', 'when'])
  })

  test('tells of the fields, where some are left out', () => {
    const rules = [
      m.allow('a', 'sales', ['update'], { fields: ['title'] }),
      m.allow('b', 'lead', ['update'], { where: draft, fields: ['price'] }),
    ]
    expect(answers(rules, 'update')).toMatchObject({ sales: 'always: title', lead: 'when' })
    expect(answers([m.allow('a', 'everyone', 'anything'), reserve('r', 'lead', ['price'])], 'read')).toMatchObject({
      visitor: 'always: title',
      sales: 'always: title',
      lead: 'always',
      admin: 'always: title',
    })
    // Alternatives.
    const two = [
      m.allow('a', 'everyone', 'anything'),
      reserve('r', 'lead', ['price']),
      reserve('s', 'admin', ['price']),
    ]
    expect(answers(two, 'read')).toMatchObject({ sales: 'always: title', lead: 'always', admin: 'always' })
  })

  test('two roles together are told where they are more than the better of both', () => {
    const rules = [m.allow('a', 'sales', ['read']), { ...m.deny('b', 'everyone', ['read']), audience: except('admin') }]
    expect(answers(rules, 'read')).toEqual({
      visitor: 'never',
      'signed in': 'never',
      sales: 'never',
      lead: 'never',
      admin: 'never',
      'sales + admin': 'always',
      'lead + admin': 'always',
    })
  })

  test('a rule that no row can meet says nothing', () => {
    const none = m.all(m.compare('title', 'is', 'a'), m.compare('title', 'is', 'b'))
    expect(answers([m.allow('a', 'admin', ['read'], { where: none })], 'read')).toMatchObject({ admin: 'never' })
    const denied = [m.allow('a', 'admin', ['read']), m.deny('b', 'everyone', ['read'], { where: none })]
    expect(answers(denied, 'read')).toMatchObject({ admin: 'always' })
  })

  test('others are told when asked for, once', () => {
    expect(Object.keys(answers([], 'read', ['sales', 'admin'], ['sales']))).toEqual([
      visitor.name,
      signedInCaller.name,
      'sales',
      'lead',
      'admin',
      'sales + admin',
    ])
  })
})

test('a report has one verb, a link none of its own', () => {
  const model = made([m.allow('a', 'admin', ['read'])])
  const report = {
    ...model.entities[0]!,
    source: { kind: 'report' as const, file: 'x.sql', sql: 'select 1', refresh: null },
  }
  expect(policyMatrix({ ...model, entities: [report] }, [report]).entities[0]!.verbs.map(({ verb }) => verb)).toEqual([
    'read',
  ])
})

describe('words of people', () => {
  const words = ['</td><script>alert(1)</script>', '" onmouseover="alert(1)', '&lt;b&gt;', 'a\nb\u202e\u0007', "'"]

  test.each(words)('%j are text in a page, and one line in a terminal', (word) => {
    const rule = m.allow(word, 'sales', ['read'], { where: m.compare('title', 'is', word) })
    const model = made([rule], word)
    const noted = {
      ...model,
      app: word,
      entities: model.entities.map((each) => ({ ...each, note: word, label: word })),
    }
    const matrix: Matrix = policyMatrix(noted, noted.entities)
    const html = matrixHtml(matrix)
    expect(html).not.toMatch(/<script|onmouseover="|(?!\n)[\p{Cc}\p{Cf}]/u)
    expect(tagsOf(html)).toEqual(
      new Set(
        '!doctype html head meta title style body header h1 p strong nav a main section h2 div table thead tr th tbody td details summary br cite'.split(
          ' ',
        ),
      ),
    )
    expect(matrixText(matrix)).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u)
    expect(matrixText(matrix).split('\n')).toHaveLength(
      matrixText(policyMatrix(made([m.allow('t', 'sales', ['read'], { where: draft })]), made([]).entities)).split('\n')
        .length,
    )
  })
})

/** Fails on anything that looks like a tag and is none. */
function tagsOf(html: string): ReadonlySet<string> {
  const body = html.replace(/<style>[\s\S]*?<\/style>/, '<style>')
  const found = [...body.matchAll(/<\/?([a-z0-9!]+)(?:\s+[a-z-]+(?:="[^"<>]*")?)*\s*>/g)].map(([, name]) => name!)
  expect(body.replaceAll(/<\/?[a-z0-9!]+(?:\s+[a-z-]+(?:="[^"<>]*")?)*\s*>/g, '')).not.toMatch(/[<>]/)
  return new Set(found)
}
