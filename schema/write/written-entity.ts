import { upperFirst } from '#base'
import { pluralOf } from '../complete/plural.ts'
import type { EntityDeclaration } from '../dsl/declaration.ts'
import { declare } from '../dsl/declare.ts'
import type { Condition } from '../model/condition.ts'
import type { Hook } from '../model/hooks.ts'
import type { Action, AppAction, Entity, Field, Index, Lifecycle, NoOverlap, SortKey, Unique } from '../model/model.ts'
import type { SharedTypes } from './shared-types.ts'
import { withoutBlanks } from './without-blanks.ts'
import { type WrittenCondition, writtenCondition } from './written-condition.ts'
import { writtenComputed, writtenField, writtenValues } from './written-field.ts'
import { writtenRelations } from './written-relation.ts'
import { writtenShown } from './written-shown.ts'
import { writtenStorage } from './written-storage.ts'

/** What an entity is written against. */
export interface EntityContext {
  readonly entities: ReadonlyMap<string, Entity>
  readonly shared: SharedTypes
}

/** The call of `entity` that gives this entity when it is read. */
export function writtenEntity(entity: Entity, context: EntityContext): EntityDeclaration {
  const where = (condition: Condition): WrittenCondition =>
    writtenCondition(condition, entity, { entities: context.entities, caller: null })
  const { flags, lists } = splitUniques(entity)
  const definition = withoutBlanks({
    ...writtenShown(entity),
    plural: entity.plural === pluralOf(entity.name) ? null : entity.plural,
    display: entity.display,
    tree: entity.tree,
    ...writtenStorage(entity),
    immutable: entity.immutable,
    expires: entity.expires,
    search:
      entity.search === null
        ? null
        : Object.fromEntries(entity.search.fields.map(({ name, weight }) => [name, weight])),
    searchLanguage: entity.search === null || entity.search.language === 'simple' ? null : entity.search.language,
    history: entity.history,
    events: entity.events ?? null,
    hooks: writtenHooks(entity.hooks ?? []),
    fields: writtenFields(entity, flags, context),
    relations: notEmpty(writtenRelations({ entity, entities: context.entities }, flags)),
    computed: notEmpty(
      entity.computed.map((each) => [each.name, writtenComputed(each, { owner: entity.name, shared: context.shared })]),
    ),
    lifecycle: entity.lifecycle === null ? null : writtenLifecycle(entity.lifecycle, where),
    actions: notEmpty(entity.actions.map((each) => [each.name, writtenAction(entity, each, { ...context, where })])),
    unique: lists.map((unique) => writtenUnique(unique, where)),
    indexes: entity.indexes.map((index) => writtenIndex(index, where)),
    sort: entity.sort.map(sortWord),
    noOverlap: notEmpty(entity.noOverlap.map((each) => [each.title, writtenNoOverlap(each, where)])),
    rules: notEmpty(entity.rules.map((rule) => [rule.title, where(rule.where)])),
  })
  return declare('entity', { name: entity.name, definition, at: null })
}

function writtenFields(entity: Entity, flags: Flags, { shared }: EntityContext) {
  const declared = entity.fields.filter(({ builtIn }) => !builtIn)
  const place = { owner: entity.name, shared }
  // Keys are readonly without saying so.
  const plain = declared.map((field) => (entity.key.includes(field.name) ? { ...field, readonly: false } : field))
  return Object.fromEntries(plain.map((field) => [field.name, writtenField(field, place, flags.get(field.name))]))
}

type Flags = ReadonlyMap<string, { readonly unique: true }>

/** `unique: true` of fields, then of relations, comes first when an entity is read; only what stands there may be written so. */
function splitUniques(entity: Entity): { readonly flags: Flags; readonly lists: readonly Unique[] } {
  const names = [...entity.fields, ...entity.relations].map(({ name }) => name)
  const flags = new Map<string, { readonly unique: true }>()
  let last = -1
  let count = 0
  for (const unique of entity.unique) {
    const [name] = unique.on
    const place = isPlain(unique) && name !== undefined ? names.indexOf(name) : -1
    if (place <= last) break
    flags.set(name!, { unique: true })
    last = place
    count += 1
  }
  return { flags, lists: entity.unique.slice(count).filter((unique) => !isOfNumber(entity, unique)) }
}

/** Numbers are unique without saying so. */
function isOfNumber(entity: Entity, { on, removed, where }: Unique): boolean {
  const field = entity.fields.find(({ name }) => name === on[0])
  return removed === 'counted' && where === null && field !== undefined && field.numbering !== null
}

function isPlain({ on, nulls, removed, where }: Unique): boolean {
  return on.length === 1 && nulls === 'distinct' && removed === 'ignored' && where === null
}

type Where = (condition: Condition) => WrittenCondition

function writtenUnique(unique: Unique, where: Where): unknown {
  const { on, nulls, removed } = unique
  const options = withoutBlanks({
    nulls: nulls === 'distinct' ? null : nulls,
    removed: removed === 'ignored' ? null : removed,
    where: unique.where === null ? null : where(unique.where),
  })
  return Object.keys(options).length === 0 ? on : { on, ...options }
}

function writtenIndex(index: Index, where: Where): unknown {
  return withoutBlanks({
    on: index.on.map(sortWord),
    where: index.where === null ? null : where(index.where),
    include: index.include,
    using: index.using === 'btree' ? null : index.using,
  })
}

function writtenNoOverlap({ on, during, where: only }: NoOverlap, where: Where): unknown {
  return withoutBlanks({ on, during, where: only === null ? null : where(only) })
}

/** `-wantedOn` for descending. */
function sortWord({ name, descending }: SortKey): string {
  return descending ? `-${name}` : name
}

function writtenStates(states: Lifecycle['states']): unknown {
  const written = writtenValues(states)
  if (states.every(({ requires, freezes }) => requires === undefined && freezes === undefined)) return written
  return Object.fromEntries(
    states.map(({ value, label, note, color, deprecated, requires, freezes }) => [
      value,
      withoutBlanks({ label, note, color, deprecated, requires: requires ?? null, freezes: freezes ?? null }),
    ]),
  )
}

function writtenLifecycle(lifecycle: Lifecycle, where: Where): unknown {
  const transitions = lifecycle.transitions.map((each) => [
    each.name,
    withoutBlanks({
      from: each.from.length === 1 ? each.from[0] : each.from,
      to: each.to,
      when: each.when === null ? null : where(each.when),
      runs: each.runs,
      note: each.note,
    }),
  ])
  return {
    initial: lifecycle.initial,
    states: writtenStates(lifecycle.states),
    transitions: Object.fromEntries(transitions),
  }
}

function writtenAction(
  entity: Entity,
  action: Action,
  { shared, where }: EntityContext & { readonly where: Where },
): unknown {
  const when = action.when === undefined ? null : where(action.when)
  return withoutBlanks({ ...writtenParts(action, { of: entity.name, shared }), when, ...told(action) })
}

/** What `defineActions` is given of one. */
export function writtenAppAction(action: AppAction, allow: unknown, shared: SharedTypes): unknown {
  return withoutBlanks({ allow, ...writtenParts(action, { of: '', shared }), ...told(action) })
}

function told({ runs, note }: Pick<Action, 'runs' | 'note'>) {
  return { runs, note }
}

function writtenParts(
  action: Pick<Action, 'name' | 'input' | 'output'>,
  { of, shared }: { readonly of: string; readonly shared: SharedTypes },
) {
  const owner = `${of}${upperFirst(action.name)}`
  const input = action.input.map((field) => [field.name, writtenField(field, { owner, shared })])
  const output = writtenOutput(action, (fields) =>
    fields.map((field) => [field.name, writtenField(field, { owner, shared })]),
  )
  return { input: notEmpty(input), output }
}

function writtenHooks(hooks: readonly Hook[]): unknown {
  const moments = [...new Set(hooks.map(({ moment }) => moment))]
  return notEmpty(
    moments.map((moment) => {
      const own = hooks.filter((hook) => hook.moment === moment)
      const named = own.flatMap(({ of, runs }) => (of === null ? [] : [[of, runs] as const]))
      return [moment, named.length === 0 ? own.map(({ runs }) => runs) : listed(named)] as const
    }),
  )
}

/** All that stands under one name. */
function listed(entries: readonly (readonly [string, string])[]): Readonly<Record<string, readonly string[]>> {
  const names = [...new Set(entries.map(([name]) => name))]
  return Object.fromEntries(
    names.map((name) => [name, entries.filter((each) => each[0] === name).map(([, runs]) => runs)]),
  )
}

function writtenOutput(
  { output }: Pick<Action, 'output'>,
  write: (fields: readonly Field[]) => readonly (readonly [string, unknown])[],
): unknown {
  if (output === undefined) return null
  return output.kind === 'row' ? output.entity : Object.fromEntries(write(output.fields))
}

function notEmpty(entries: readonly (readonly [string, unknown])[] | readonly unknown[][]): unknown {
  return entries.length === 0 ? null : Object.fromEntries(entries as [string, unknown][])
}
