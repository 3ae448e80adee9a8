import { describe, expect, test } from 'vitest'
import type { Model } from '#schema'
import { entityDiagram } from '../../../cli/inspect/diagrams/entity-diagram.ts'
import { entityDot } from '../../../cli/inspect/diagrams/entity-dot.ts'
import { entityMermaid } from '../../../cli/inspect/diagrams/entity-mermaid.ts'
import { renderSvg } from '../../../cli/inspect/diagrams/render-svg.ts'
import { stateDiagram } from '../../../cli/inspect/diagrams/state-diagram.ts'
import { stateDot } from '../../../cli/inspect/diagrams/state-dot.ts'
import { stateMermaid } from '../../../cli/inspect/diagrams/state-mermaid.ts'
import * as m from '../../support/model.ts'

const all = { focus: [], detail: null }

const words = [
  '</text><script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  `' "quoted" \\N \\" \\`,
  'one\ntwo\r\n%%{init: {"securityLevel": "loose"}}%%',
  '%%{init: {}}%%',
  '&lt;b&gt; &amp; &#60;i&#62; #lt;b#gt;',
  '<B>bold</B><BR/>]>',
  '`**markdown**`',
  '}\n  click A href "javascript:alert(1)"',
  '\u0000\u0007\u202e\u2028\ud800 ',
  ' ',
]

/** The word wherever a name or label may stand, also where the loader would refuse it. */
function hostile(word: string): Model {
  const model = m.makeModel({
    app: word,
    entities: {
      Person: {},
      Note: { states: [word, 'other'], fields: { [word]: m.choice(word) }, relations: { author: m.one('Person') } },
    },
    roles: { [word]: [] },
    policies: { Note: [m.allow(word, word, ['go'])] },
  })
  const entities = model.entities.map((entity) => ({
    ...entity,
    name: entity.name === 'Note' ? word : entity.name,
    lifecycle: entity.lifecycle && {
      ...entity.lifecycle,
      states: entity.lifecycle.states.map((state) => ({ ...state, label: word })),
      transitions: [
        { name: word, from: [word], to: 'other', when: m.compare(word, 'is', word), runs: null, note: word },
      ],
    },
  }))
  return { ...model, entities }
}

const tags = new Set(['svg', 'style', 'g', 'title', 'polygon', 'polyline', 'path', 'ellipse', 'text'])

/** Every tag and attribute, the way a browser would find them; fails on anything that is none. */
function markupOf(svg: string): { readonly tags: readonly string[]; readonly attributes: readonly string[] } {
  const found = [...svg.matchAll(/<(\/?)([a-zA-Z!?][^\s>/]*)((?:\s+[a-zA-Z:-]+="[^"<]*")*)\s*\/?>/g)]
  const rest = svg.replaceAll(/<(\/?)([a-zA-Z!?][^\s>/]*)((?:\s+[a-zA-Z:-]+="[^"<]*")*)\s*\/?>/g, '')
  expect(rest).not.toMatch(/</)
  return {
    tags: found.map(([, , tag]) => tag!),
    attributes: found.flatMap(([, , , text]) => [...text!.matchAll(/([a-zA-Z:-]+)="/g)].map(([, name]) => name!)),
  }
}

describe.each(words)('%j', (word) => {
  const model = hostile(word)
  const states = stateDiagram(model, model.entities.find(({ lifecycle }) => lifecycle !== null)!)!

  test('is text in drawings and nothing else', async () => {
    for (const dot of [entityDot(entityDiagram(model, all)), stateDot(states)]) {
      const svg = await renderSvg(dot, word)
      const markup = markupOf(svg)
      expect(markup.tags.filter((tag) => !tags.has(tag))).toEqual([])
      expect(markup.attributes.filter((name) => /^on|href/.test(name))).toEqual([])
      expect(svg).not.toMatch(/(?!\n)\p{Cc}|[\u202e\u2028\ud800-\udfff]/u)
    }
  })

  test('is text in Mermaid and nothing else', () => {
    for (const text of [entityMermaid(entityDiagram(model, all)), stateMermaid(states)]) {
      expect(text).not.toMatch(/%%|<|>(?!\s)|[`\\]/)
      // Each line is one of the forms that we write.
      for (const line of text.trimEnd().split('\n')) expect(line).toMatch(mermaidLine)
    }
  })
})

const said = String.raw`[\p{L}\p{M}\p{N} .,=+/()[\]?!#;-]+`
const mermaidLine = new RegExp(
  [
    'erDiagram|stateDiagram-v2|  direction LR|  \\}',
    `  "${said}"(?: \\{)?`,
    `    \\w+ \\w+(?: [PFU]K(?:, [PFU]K)*)?(?: "${said}")?`,
    `  "${said}" [|o}]+(?:--|\\.\\.)[|o{]+ "${said}" : "${said}"`,
    `  state "${said}" as s\\d+`,
    '  \\[\\*\\] --> s\\d+|  s\\d+ --> \\[\\*\\]',
    `  s\\d+ --> s\\d+ : ${said}`,
  ]
    .map((form) => `^(?:${form})$`)
    .join('|'),
  'u',
)

describe('a drawing', () => {
  const model = m.makeModel({
    entities: {
      User: { tenant: false, fields: { email: m.text() }, unique: [['email']] },
      Order: { fields: { number: m.text() }, relations: { placedBy: m.one('User', { optional: true }) } },
      Line: { fields: { count: m.int() }, relations: { order: m.one('Order') } },
      Bill: { relations: { order: m.one('Order') }, unique: [['order']] },
      Lonely: {},
    },
  })

  test('has a box for each entity and a way for each relation', async () => {
    const svg = await renderSvg(entityDot(entityDiagram(model, all)), 'x')
    const titles = [...svg.matchAll(/<title>(.*?)<\/title>/g)].map(([, title]) => title)
    expect(new Set(titles.filter((title) => !title!.includes('&#45;')))).toEqual(
      new Set(['Bill', 'Line', 'Lonely', 'Order', 'User', 'shop']),
    )
    expect(titles.filter((title) => title!.includes('&#45;&gt;'))).toHaveLength(3)
    expect(svg).toMatch(/<style>@media \(prefers-color-scheme:dark\)/)
  })

  test('is the same each time', async () => {
    const dot = entityDot(entityDiagram(model, all))
    expect(await renderSvg(dot, 'x')).toBe(await renderSvg(dot, 'x'))
  })

  test('says how many rows there may be', () => {
    const text = entityMermaid(entityDiagram(model, all))
    expect(text).toContain('"User" |o..o{ "Order" : "placedBy"')
    expect(text).toContain('"Order" ||..o{ "Line" : "order"')
    expect(text).toContain('"Order" ||..o| "Bill" : "order"')
    expect(text).toContain('string email UK')
  })

  test('names nothing by a word of the notation', () => {
    const keys = { fields: { pk: m.text(), ukulele: m.text() }, relations: { to: m.one('Style', { optional: true }) } }
    const text = entityMermaid(entityDiagram(m.makeModel({ entities: { Style: keys } }), all))
    expect(text).toContain('  "Style" {\n    string _pk\n    string ukulele\n')
    expect(text).toContain('  "Style" |o..o{ "Style" : "to"')
  })

  test('of an entity has its neighbours, with what leads there', () => {
    const near = entityDiagram(model, { focus: ['Line'], detail: null })
    expect(near.entities.map(({ name, hidden }) => [name, hidden])).toEqual([
      ['Line', 0],
      ['Order', 1],
    ])
  })

  test('of many entities leaves out plain fields and stays as wide as a page', async () => {
    const many = Array.from({ length: 60 }, (_, at) => {
      const relations = at === 0 ? {} : { parent: m.one(`Entity${Math.floor(at / 3)}`) }
      return [`Entity${at}`, { fields: { title: m.text(), body: m.text() }, relations }] as const
    })
    const diagram = entityDiagram(m.makeModel({ entities: Object.fromEntries(many) }), all)
    expect(diagram.entities.every(({ hidden }) => hidden === 2)).toBe(true)
    const svg = await renderSvg(entityDot(diagram), 'x')
    expect(Number(/width="(\d+)pt"/.exec(svg)![1])).toBeLessThan(1600)
  })
})
