import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { ModelError } from '#base'
import { modelJson, readModelJson } from '#policies'

const text = readFileSync('test/golden/invoicing/model.json', 'utf8')

/** Problems of a document: code, text that the place covers, message. */
function problemsOf(document: string): readonly (readonly [string, string, string])[] {
  try {
    readModelJson(document)
    return []
  } catch (error) {
    if (!(error instanceof ModelError)) throw error
    const lines = document.split('\n')
    return error.problems.map(({ code, at, message, hint }) => {
      const covered =
        at === null
          ? ''
          : lines[at.line - 1]!.slice(at.column - 1, at.line === at.endLine ? at.endColumn - 1 : undefined)
      return [code, covered, hint === null ? message : `${message} ${hint}`]
    })
  }
}

/** The golden model with one change. */
// biome-ignore lint/suspicious/noExplicitAny: a model that a stranger edited.
function changed(edit: (model: any) => void): string {
  const model = JSON.parse(text)
  edit(model)
  return JSON.stringify(model, null, 2)
}

// biome-ignore lint/suspicious/noExplicitAny: the same.
const named = (list: any[], name: string) => list.find((each) => each.name === name)
// biome-ignore lint/suspicious/noExplicitAny: the same.
const order = (model: any) => named(model.entities, 'Order')

test('the golden model comes out as it went in, in any order of keys', () => {
  expect(modelJson(readModelJson(text).model)).toBe(text)
  const turned = JSON.stringify(
    JSON.parse(text, (_key, value) =>
      isRecord(value) ? Object.fromEntries(Object.entries(value).toReversed()) : value,
    ),
  )
  expect(modelJson(readModelJson(turned).model)).toBe(text)
})

test('the name of the app may be given', () => {
  expect(readModelJson(text, { app: 'other' }).model.app).toBe('other')
})

describe('form', () => {
  test.each<[string, string, string, string, RegExp]>([
    ['no JSON', '{ "version": 1,, }', 'MODEL_JSON_INVALID', ',', /This is no JSON/],
    ['a list', '[]', 'MODEL_JSON_INVALID', '[]', /must be of type object/],
    ['a key twice', '{ "version": 1, "version": 1 }', 'MODEL_JSON_INVALID', '"version"', /written twice/],
    ['another version', '{ "version": 2 }', 'MODEL_VERSION_UNSUPPORTED', '2', /reads version 1/],
  ])('%s', (_title, document, code, covered, message) => {
    const [first] = problemsOf(document)
    expect(first).toEqual([code, covered, expect.stringMatching(message)])
  })

  test('a misspelt key, with the one that was meant', () => {
    const document = changed((model) => {
      order(model).pluarl = 'Orders'
    })
    expect(problemsOf(document)).toEqual([
      ['MODEL_JSON_INVALID', '"pluarl"', 'There is no "pluarl" here. Did you mean "plural"?'],
    ])
  })

  test('what is missing', () => {
    const document = changed((model) => {
      delete named(order(model).fields, 'number').optional
    })
    expect(problemsOf(document)).toMatchObject([['MODEL_JSON_INVALID', '{', '"optional" is missing here.']])
  })

  test('a value of another type, and a word that does not exist', () => {
    const document = changed((model) => {
      named(order(model).fields, 'number').optional = 'no'
      named(order(model).relations, 'customer').onDelete = 'cascad'
      named(order(model).fields, 'notes').type.kind = 'txt'
    })
    const found = problemsOf(document)
    expect(found.map(([code, covered]) => [code, covered])).toEqual(
      expect.arrayContaining([
        ['MODEL_JSON_INVALID', '"no"'],
        ['MODEL_JSON_INVALID', '"cascad"'],
        ['MODEL_JSON_INVALID', '"txt"'],
      ]),
    )
    expect(found.find(([, covered]) => covered === '"cascad"')![2]).toContain('Did you mean "cascade"?')
  })
})

describe('meaning', () => {
  test('the checks of authors hold for documents, with places in the document', () => {
    const document = changed((model) => {
      named(order(model).relations, 'customer').to = 'Custmer'
      order(model).display = 'nmber'
    })
    expect(problemsOf(document)).toEqual(
      expect.arrayContaining([
        ['NAME_UNKNOWN', '"nmber"', '"Order" has no field "nmber". Did you mean "number"?'],
        [expect.stringMatching(/^RELATION_/), '"Custmer"', expect.stringContaining('Did you mean "Customer"?')],
      ]),
    )
  })

  test('what follows from the rest cannot be otherwise', () => {
    const document = changed((model) => {
      named(order(model).fields, 'createdAt').optional = true
    })
    expect(problemsOf(document)).toEqual([
      ['MODEL_JSON_INCONSISTENT', 'true', 'This follows from the rest, and would be false.'],
    ])
  })

  test('a hole cannot be put into a document: a policy for nothing, a rule without audience, a role nobody has', () => {
    const document = changed((model) => {
      const rules = model.policies.find(({ entity }: { entity: string }) => entity === 'Order').rules
      rules[0].audience = { kind: 'roles', roles: ['superuser'] }
    })
    expect(problemsOf(document).map(([code]) => code)).toEqual(['RULE_ROLE_UNKNOWN'])
    const other = changed((model) => {
      model.policies[0].entity = 'Nothing'
    })
    expect(problemsOf(other).length).toBeGreaterThan(0)
  })

  test('names that are SQL are refused like those of authors', () => {
    const document = changed((model) => {
      order(model).table = 'order"; drop table x; --'
    })
    expect(problemsOf(document).map(([code]) => code)).toEqual(['NAME_INVALID'])
  })

  test('a document as deep as a well ends in a problem', () => {
    const document = changed((model) => {
      const rule = model.policies.find(({ entity }: { entity: string }) => entity === 'Order').rules[1]
      for (let depth = 0; depth < 3000; depth++) rule.where = { kind: 'not', not: rule.where }
    })
    expect(() => problemsOf(document)).not.toThrow(TypeError)
  })
})

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
