import { RequestError } from '#base'
import type { Entity, Model } from '#schema'
import { keyFields } from '../key-fields.ts'
import type { LinkSide } from '../links.ts'
import type { RowValues } from '../mutations/column-values.ts'
import type { RowTarget } from '../mutations/write-row.ts'
import { type FarSide, type ListSide, type NestedModel, type NestedSides, nestedModel } from './nested-sides.ts'
import { saidAt } from './said-at.ts'
import type { LinkedKey, PlannedLinks, PlannedRow, RootRow, RowRef, Slot, WritePlan, WriteStep } from './write-plan.ts'

/** Rows that one request may write at most. */
export const maxWrittenRows = 1_000

/**
 * Turns what callers write, with rows inside of rows, into steps. Asks nobody.
 *
 * @throws RequestError VALIDATION, naming the fields, where a row says a relation twice or a required one not at all; LIMIT
 */
export function planWrites(
  model: Model,
  { entity, verb }: { readonly entity: Entity; readonly verb: 'create' | 'update' },
  roots: readonly RootRow[],
): WritePlan {
  const planner = new Planner(model)
  const drafts = roots.map((root) => planner.draft({ ...root, isRoot: root.index === null }))
  planner.write(entity, verb, drafts)
  return { steps: planner.steps, roots: drafts.map(({ slot }) => slot), size: planner.size }
}

/** A row on its way into a step. */
interface Draft {
  readonly slot: Slot
  readonly key: RowTarget | null
  readonly values: Record<string, unknown>
  readonly refs: RowRef[]
  readonly links: PlannedLinks[]
  readonly at: string
  readonly isRoot: boolean
  readonly index: number | null
  readonly said: Map<string, string>
  hasMore: boolean
}

/** What a draft begins with. */
type NewDraft = Omit<RootRow, 'index'> & { readonly isRoot?: boolean; readonly index?: number | null }

type Given = Readonly<Record<string, unknown>>

/** Rows of a relation: those to make, and keys of those that are there. */
interface GivenRows {
  readonly create: readonly RowValues[]
  readonly connect: readonly Given[]
}

class Planner {
  readonly steps: WriteStep[] = []
  size = 0
  readonly #nested: NestedModel
  readonly #entities: ReadonlyMap<string, Entity>
  #slots = 0

  constructor(model: Model) {
    this.#nested = nestedModel(model)
    this.#entities = this.#nested.entities
  }

  draft({ at, key, isRoot = false, index = null, values }: NewDraft): Draft {
    this.#count(1)
    const place = { at, isRoot, index, said: new Map() }
    return { slot: this.#slots++, key, values: { ...values }, refs: [], links: [], ...place, hasMore: false }
  }

  /** All rows of one place in the input, with everything below them. */
  write(entity: Entity, verb: 'create' | 'update', drafts: readonly Draft[]): void {
    if (drafts.length === 0) return
    const sides = this.#nested.sidesOf(entity)
    this.#ones(sides, drafts)
    this.#choices(sides, drafts)
    const lists = sides.lists.map((side) => ({ side, rows: drafts.map((draft) => takeRows(draft, side.name)) }))
    for (const draft of drafts) for (const link of sides.links) this.#ids(link, draft)
    const fars = sides.fars.map((side) => this.#far(side, drafts))
    if (verb === 'create') for (const draft of drafts) this.#refuseMissing(entity, draft)
    this.steps.push({ verb, entity, rows: drafts.map(planned) })
    for (const { side, rows } of lists) this.#list(side, drafts, rows)
    for (const rows of fars) this.write(rows.between, 'create', rows.drafts)
  }

  #count(rows: number): void {
    this.size += rows
    if (this.size > maxWrittenRows) throw tooManyRows()
  }

  #ones({ ones }: NestedSides, drafts: readonly Draft[]): void {
    for (const { name, idName, target } of ones) {
      const made = drafts.flatMap((draft) => {
        const given = take(draft, name)
        if (given === null) return []
        if (draft.values[idName] != null) throw saidTwice(draft, [idName, name])
        return this.#one(target, draft, { given, name: idName, within: null, path: name })
      })
      this.write(target, 'create', made)
    }
  }

  #choices({ choices }: NestedSides, drafts: readonly Draft[]): void {
    for (const { side, targets } of choices)
      for (const { name, idName, target } of targets) {
        const relation = side.relation.name
        const made = drafts.flatMap((draft) => {
          const given = (draft.values[relation] as Given | null | undefined)?.[name] as Given | null | undefined
          if (given == null) return []
          return this.#one(target, draft, { given, name: relation, within: idName, path: `${relation}.${name}` })
        })
        this.write(target, 'create', made)
      }
  }

  /** The other row is made first, unless it is there. */
  #one(
    target: Entity,
    draft: Draft,
    { given, name, within, path }: Omit<RowRef, 'slot'> & { readonly given: Given; readonly path: string },
  ): readonly Draft[] {
    const { connect, create } = given as { readonly connect?: Given | null; readonly create?: RowValues | null }
    if (connect != null) {
      const value = this.#keyOf(target, connect)
      draft.values[name] = within === null ? value : { [within]: value }
      draft.said.set(name, `${path}.connect`)
      return []
    }
    delete draft.values[name]
    const made = this.draft({ at: `${draft.at}.${path}.create`, key: null, values: create! })
    draft.refs.push({ name, within, slot: made.slot })
    draft.said.set(name, `${path}.create`)
    return [made]
  }

  /** Keys that rows refer to have one column. */
  #keyOf(target: Entity, key: Given): unknown {
    return key[keyFields(target, this.#entities)[0]!.name]
  }

  #refuseMissing(entity: Entity, draft: Draft): void {
    const isGiven = (name: string) => draft.values[name] != null || draft.refs.some((ref) => ref.name === name)
    for (const name of this.#nested.neededElsewhere(entity)) {
      if (isGiven(name)) continue
      const one = this.#nested.sidesOf(entity).ones.find(({ idName }) => idName === name)
      const fields = [name, ...(one === undefined ? [] : [one.name])].map((each) => saidAt(draft, each))
      const message = `${fields.map((field) => `"${field}"`).join(' or ')} is required.`
      throw new RequestError('VALIDATION', message, { fields })
    }
  }

  #list(side: ListSide, drafts: readonly Draft[], rows: readonly GivenRows[]): void {
    const below = (parent: Draft, way: string, given: Pick<RootRow, 'values' | 'key'>): Draft => {
      const at = `${parent.at}.${side.name}.${way}`
      const made = this.draft({ ...given, at })
      this.#giveParent(made, side, parent)
      return made
    }
    const place = (way: string, at: number) => (side.isSingle ? way : `${way}.${at}`)
    const made = drafts.flatMap((draft, row) =>
      rows[row]!.create.map((values, at) => below(draft, place('create', at), { values, key: null })),
    )
    const connected = drafts.flatMap((draft, row) =>
      rows[row]!.connect.map((key, at) => below(draft, place('connect', at), { values: {}, key })),
    )
    if (connected.length > 0) this.steps.push({ verb: 'update', entity: side.target, rows: connected.map(planned) })
    this.write(side.target, 'create', made)
  }

  #giveParent(draft: Draft, { target, by }: Pick<ListSide, 'target' | 'by'>, parent: Draft): void {
    const one = this.#nested.sidesOf(target).ones.find(({ idName }) => idName === by.name)
    for (const name of [by.name, ...(one === undefined ? [] : [one.name])]) {
      if (draft.values[name] == null) continue
      const field = saidAt(draft, name)
      throw new RequestError('VALIDATION', `"${field}" is the row around it.`, { fields: [field] })
    }
    draft.refs.push({ ...by, slot: parent.slot })
    draft.said.set(by.name, '')
  }

  /** `tagIds` */
  #ids(side: LinkSide, draft: Draft): void {
    const others = listOf(take(draft, side.idsName)).map((key) => ({ key }))
    this.#count(others.length)
    if (others.length > 0) draft.links.push({ side, others })
  }

  /** Rows beyond a link need nothing of the row, so they are made before it; those in between come last. */
  #far(side: FarSide, drafts: readonly Draft[]) {
    const { name, target, way } = side
    const rows = drafts.map((draft) => takeRows(draft, name))
    const made = drafts.map((draft, row) =>
      rows[row]!.create.map((values, at) => this.draft({ at: `${draft.at}.${name}.create.${at}`, key: null, values })),
    )
    this.write(target, 'create', made.flat())
    const ends = drafts.map((draft, row) => ({
      draft,
      made: made[row]!,
      there: rows[row]!.connect.map((key) => ({ key: this.#keyOf(target, key) })),
    }))
    if (way.kind === 'through')
      return { between: way.between, drafts: ends.flatMap((each) => this.#between(side, each)) }
    for (const { draft, there, made: far } of ends) {
      this.#count(there.length)
      if (there.length + far.length === 0) continue
      draft.links.push({ side: way.side, others: [...there, ...far.map(({ slot }) => slot)] })
      draft.said.set(way.side.idsName, name)
    }
    return { between: target, drafts: [] }
  }

  #between({ name, way }: FarSide, { draft, made, there }: FarEnds): readonly Draft[] {
    if (way.kind !== 'through') return []
    const end = (at: string, values: RowValues): Draft => {
      const between = this.draft({ at: `${draft.at}.${name}.${at}`, key: null, values })
      between.refs.push({ ...way.from, slot: draft.slot })
      between.said.set(way.from.name, '').set(way.toward.name, '')
      return between
    }
    const known = there.map(({ key }, at) => end(`connect.${at}`, { [way.toward.name]: key }))
    const fresh = made.map(({ slot }, at) => {
      const between = end(`create.${at}`, {})
      between.refs.push({ ...way.toward, slot })
      return between
    })
    return [...known, ...fresh]
  }
}

/** A row, and those beyond the rows in between. */
interface FarEnds {
  readonly draft: Draft
  readonly made: readonly Draft[]
  readonly there: readonly LinkedKey[]
}

function planned({ slot, key, values, refs, links, hasMore, at, isRoot, index, said }: Draft): PlannedRow {
  return { slot, key, values, refs, links, hasMore, place: { at, isRoot, index, said } }
}

/** What the row says of other rows, which is no value of its own. Null is as if it said nothing. */
function take(draft: Draft, name: string): Given | null {
  const given = draft.values[name] as Given | null | undefined
  delete draft.values[name]
  return given ?? null
}

function takeRows(draft: Draft, name: string): GivenRows {
  const given = take(draft, name)
  const rows = { create: listOf<RowValues>(given?.create), connect: listOf<Given>(given?.connect) }
  if (rows.create.length + rows.connect.length > 0) draft.hasMore = true
  return rows
}

/** Of a relation to one row at most, the row alone is given. */
function listOf<T>(given: unknown): readonly T[] {
  if (given == null) return []
  return (Array.isArray(given) ? given : [given]) as readonly T[]
}

function saidTwice(draft: Draft, names: readonly string[]): RequestError {
  const fields = names.map((name) => saidAt(draft, name))
  const message = `Say one of ${fields.map((field) => `"${field}"`).join(' and ')}.`
  return new RequestError('VALIDATION', message, { fields })
}

/** Of all that a request writes. */
export function tooManyRows(): RequestError {
  return new RequestError(
    'LIMIT',
    `A request may write ${maxWrittenRows} rows at most, those inside of others counted.`,
  )
}
