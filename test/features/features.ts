import { expect } from 'vitest'

/** Whose rows an entity has; what it leads to must have an owner that fits. */
export type Owner = 'own' | 'shared' | 'global'

/** One feature of an entity, as it is written, and what a new row needs because of it. */
export interface Feature {
  /** Features of one group exclude each other, such as two kinds of keys. */
  readonly group: string
  /** Options beside `fields` and `relations`. */
  readonly options?: string
  readonly fields?: string
  readonly relations?: string
  /** Declarations behind the entity, given its name. */
  readonly after?: (entity: string) => string
  /** Values of a new row, as GraphQL wants them. */
  readonly input?: object
  /** Values of a new row that lead somewhere. */
  readonly leads?: (targets: Targets) => object
  /** Selection that shows it, and what is answered then. */
  readonly shown?: string
  readonly answer?: object
  /** What the tenancy of its targets is. Default: `own`. */
  readonly owner?: Owner
}

/** Rows that new rows may lead to. */
export interface Targets {
  readonly wholeId: string
  readonly tagId: string
  /** One of several, here the tag. */
  readonly subject: object
}

/** Targets of every tenancy. */
export const targetEntities = (['own', 'shared', 'global'] as const)
  .map((owner) => {
    const tenancy = { own: '', shared: "tenant: 'shared', ", global: 'tenant: false, ' }[owner]
    return `export const ${target(owner, 'Whole')} = entity('${target(owner, 'Whole')}', { ${tenancy}fields: { name: string(), price: int({ default: 3 }) }, relations: { tag: one('${target(owner, 'Tag')}') } })
export const ${target(owner, 'Tag')} = entity('${target(owner, 'Tag')}', { ${tenancy}fields: { name: string() } })`
  })
  .join('\n')

/** Name of the target entity of a tenancy. */
export function target(owner: Owner, name: 'Whole' | 'Tag'): string {
  return { own: name, shared: `Shared${name}`, global: `Global${name}` }[owner]
}

/** Words in relations that stand for targets of the right tenancy. */
const whole = "'@Whole'"
const tag = "'@Tag'"

/** Every feature by its name. An entity has `name`, `rank` and `memo` beside, of which the others speak. */
export const features: Readonly<Record<string, Feature>> = {
  Self: { group: 'tenant', options: "tenant: 'self'" },
  Shared: {
    group: 'tenant',
    options: "tenant: 'shared'",
    owner: 'shared',
    shown: 'isShared',
    answer: { isShared: false },
  },
  Global: { group: 'tenant', options: 'tenant: false', owner: 'global' },
  Int64: { group: 'key', options: "id: 'int64'" },
  Natural: { group: 'key', options: "key: 'name'" },
  Composite: { group: 'key', options: "key: ['name', 'rank']" },
  Part: {
    group: 'part',
    relations: `whole: partOf(${whole})`,
    leads: ({ wholeId }) => ({ wholeId }),
    shown: 'whole { name }',
    answer: { whole: { name: 'A whole' } },
  },
  Ordered: {
    group: 'part',
    relations: `whole: partOf(${whole}, { ordered: true })`,
    leads: ({ wholeId }) => ({ wholeId }),
    shown: 'whole { name } wholePosition',
    answer: { whole: { name: 'A whole' }, wholePosition: 1 },
  },
  Tree: {
    group: 'tree',
    options: "tree: 'above'",
    relations:
      "above: one('@Self', { optional: true }), line: many('@Self', { up: 'above' }), inside: many('@Self', { down: 'above' })",
    shown: 'above { name } line { totalCount } inside { nodes { above { name } } }',
    answer: { above: null, line: { totalCount: 1 }, inside: { nodes: [{ above: null }] } },
  },
  Peer: {
    group: 'peer',
    relations: "peer: one('@Self', { optional: true })",
    shown: 'peer { name }',
    answer: { peer: null },
  },
  Linked: {
    group: 'link',
    relations: `tags: many(${tag}, { link: true })`,
    shown: 'tags { totalCount }',
    answer: { tags: { totalCount: 0 } },
  },
  Either: {
    group: 'either',
    relations: `subject: oneOf([${whole}, ${tag}])`,
    leads: ({ subject }) => ({ subject }),
    shown: 'subject { __typename }',
    answer: { subject: { __typename: expect.stringMatching(/Tag$/) } },
  },
  Single: {
    group: 'single',
    relations: `mate: one(${tag}, { unique: true, optional: true })`,
  },
  Listed: {
    group: 'list',
    fields: 'labels: list(string({ max: 20 }), { max: 5 })',
    input: { labels: ['a', 'b'] },
    shown: 'labels',
    answer: { labels: ['a', 'b'] },
  },
  Shaped: {
    group: 'shape',
    fields: 'spot: shape({ street: string({ max: 80 }), on: date() })',
    input: { spot: { street: 'Main', on: '2026-01-02' } },
    shown: 'spot { street on }',
    answer: { spot: { street: 'Main', on: '2026-01-02' } },
  },
  Dicted: {
    group: 'dict',
    fields: 'stock: dict({ values: int({ min: 0 }), max: 10 })',
    input: { stock: { a: 1 } },
    shown: 'stock',
    answer: { stock: { a: 1 } },
  },
  Embedded: {
    group: 'embed',
    fields: 'home: embed({ street: string({ max: 80 }), city: string({ max: 40, optional: true }) })',
    input: { home: { street: 'Main', city: 'Oslo' } },
    shown: 'home { street city }',
    answer: { home: { street: 'Main', city: 'Oslo' } },
  },
  During: {
    group: 'period',
    fields: "stay: period({ of: 'date' })",
    input: { stay: { from: '2026-05-01', to: '2026-05-03' } },
    shown: 'stay { from to }',
    answer: { stay: { from: '2026-05-01', to: '2026-05-03' } },
  },
  Binary: {
    group: 'bytes',
    fields: 'thumb: base64({ maxBytes: 100 })',
    input: { thumb: 'AAEC' },
    shown: 'thumb',
    answer: { thumb: 'AAEC' },
  },
  Secret: {
    group: 'secret',
    fields: "code: secret({ keep: 'encrypted' })",
    input: { code: 'open sesame' },
    shown: 'codeIsSet',
    answer: { codeIsSet: true },
  },
  Chosen: {
    group: 'choice',
    fields: "kind: choice(['a', 'b'], { default: 'a' })",
    shown: 'kind',
    answer: { kind: expect.stringMatching(/^a$/i) },
  },
  Paid: {
    group: 'money',
    fields: "price: money({ currency: 'EUR' })",
    input: { price: '12.50' },
    shown: 'price',
    answer: { price: '12.50' },
  },
  Numbered: { group: 'number', fields: "number: numbering('N-{0000}')", shown: 'number', answer: { number: 'N-0001' } },
  Gapless: {
    group: 'number',
    fields: "number: numbering('N-{YYYY}-{000}', { per: ['year'], gapless: true })",
    shown: 'number',
    answer: { number: expect.stringMatching(/^N-[0-9]{4}-001$/) },
  },
  Unique: {
    group: 'unique',
    fields: 'grade: int({ optional: true })',
    options: "unique: [{ on: ['name', 'grade'], nulls: 'equal', where: { rank: { over: 3 } } }]",
  },
  Counted: { group: 'unique', options: "unique: [{ on: ['rank'], removed: 'counted' }]" },
  Exclusive: {
    group: 'exclusive',
    fields: "held: period({ of: 'datetime' })",
    options: "noOverlap: { 'Taken once.': { on: ['name'], during: 'held' } }",
    input: { held: { from: '2026-05-01T10:00:00Z', to: '2026-05-01T11:00:00Z' } },
  },
  Ruled: { group: 'rules', options: "rules: { 'ranks are small': { rank: { under: 1000 } } }" },
  Expiring: {
    group: 'expires',
    options: "expires: 'until'",
    fields: 'until: datetime({ optional: true })',
    input: { until: '2100-01-01T00:00:00Z' },
  },
  Searched: { group: 'search', options: "search: { name: 'A' }" },
  Immutable: { group: 'immutable', options: 'immutable: true' },
  Traced: {
    group: 'history',
    options: 'history: true',
    shown: 'history { nodes { revision change } }',
    answer: { history: { nodes: [{ revision: 1, change: 'create' }] } },
  },
  Computed: {
    group: 'computed',
    options: 'computed: { shout: string(), twice: int() }',
    after: (entity) =>
      `export const ${entity}Formulas = formulas(${entity}, { shout: (o) => upper(o.name), twice: (o) => plus(o.rank, o.rank) })`,
    shown: 'shout twice',
    answer: { shout: 'ONE', twice: 14 },
  },
  Defaulted: {
    group: 'defaults',
    fields: 'later: int()',
    after: (entity) => `export const ${entity}Defaults = defaults(${entity}, { later: (o) => plus(o.rank, 1) })`,
    shown: 'later',
    answer: { later: 8 },
  },
  Copied: {
    group: 'copied',
    fields: "cost: int({ from: 'origin.price' })",
    relations: `origin: one(${whole})`,
    leads: ({ wholeId }) => ({ originId: wholeId }),
    shown: 'cost origin { name }',
    answer: { cost: 3, origin: { name: 'A whole' } },
  },
  Agreed: {
    group: 'agreed',
    relations: `tag: one(${tag}), second: one(${whole}, { same: 'tag' })`,
    leads: ({ tagId, wholeId }) => ({ tagId, secondId: wholeId }),
    shown: 'tag { name } second { tag { name } }',
    answer: { tag: { name: 'A tag' }, second: { tag: { name: 'A tag' } } },
  },
  Indexed: {
    group: 'indexes',
    options: "indexes: [{ on: ['-rank'], include: ['name'] }, { on: ['name'], using: 'trigram' }]",
  },
  Sorted: { group: 'sort', options: "sort: ['-rank', 'name']" },
  Staged: {
    group: 'lifecycle',
    options:
      "lifecycle: { initial: 'draft', states: { draft: {}, done: {} }, transitions: { finish: { from: 'draft', to: 'done' } } }",
    shown: 'status',
    answer: { status: expect.stringMatching(/^draft$/i) },
  },
  Plain: { group: 'builtIns', options: 'builtIns: false' },
  Kept: { group: 'builtIns', options: 'builtIns: { deletedAt: false }' },
  Renamed: {
    group: 'names',
    options: "table: '@table'",
    fields: "remark: string({ optional: true, column: 'remark_text' })",
  },
  Shown: {
    group: 'shown',
    options: "label: 'Thing', pii: true, deprecated: 'use another'",
    fields: "nick: string({ optional: true, pii: true, label: 'Nick', deprecated: 'use name' })",
  },
}

/** Two features of one entity. */
export type Pair = readonly [first: string, second: string]

/** Every two features that are not of one group. */
export const pairs: readonly Pair[] = Object.keys(features).flatMap((first, at) =>
  Object.keys(features)
    .slice(at + 1)
    .filter((second) => features[first]!.group !== features[second]!.group)
    .map((second): Pair => [first, second]),
)

/** An entity that is made of features. */
export interface Mixture {
  readonly name: string
  readonly features: readonly string[]
}

/** The mixture of nothing but these. */
export function mixtureOf(some: readonly string[]): Mixture {
  return { name: some.join(''), features: some }
}

/** Whose rows a mixture has. */
export function ownerOf({ features: names }: Mixture): Owner {
  return names.map((name) => features[name]!.owner).find((owner) => owner !== undefined) ?? 'own'
}

const baseFields = [
  'name: string({ max: 40 })',
  'rank: int({ min: 0, max: 100_000 })',
  'memo: string({ optional: true })',
]

/** The entity on one line, and what belongs to it. */
export function declarationOf(mixture: Mixture): string {
  const { name } = mixture
  const parts = mixture.features.map((feature) => features[feature]!)
  const said = (part: 'options' | 'fields' | 'relations') => parts.flatMap((feature) => feature[part] ?? [])
  const fields = [...baseFields, ...said('fields')].join(', ')
  const body = [...said('options'), `fields: { ${fields} }`, `relations: { ${said('relations').join(', ')} }`].join(
    ', ',
  )
  const text = `export const ${name} = entity('${name}', { ${body} })`
    .replaceAll('@Self', name)
    .replaceAll('@table', `table_of_${name.toLowerCase()}`)
    .replaceAll('@Whole', target(ownerOf(mixture), 'Whole'))
    .replaceAll('@Tag', target(ownerOf(mixture), 'Tag'))
  return [text, ...parts.flatMap((feature) => feature.after?.(name) ?? [])].join('; ')
}
