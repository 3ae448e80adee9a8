import { type Audience, type Entity, isReadOnly, type Model, ruleCovers } from '#schema'
import { indexModel, type ModelIndex, rulesOf } from './model-index.ts'
import { exceptPlaceholder, isMarkerPlaceholder, type RolePlaceholder } from './role-placeholder.ts'
import { bareRow, type Scope, statementActor } from './scope.ts'
import { facesAudiences } from './ways-to-see.ts'
import { type Holders, holdersOfAll, type Included, includedRoles, type WhoHolds } from './who-holds.ts'
import { type Named, writtenParts } from './written-parts.ts'

/** A role that holds for who has all of some roles of the app, and none of others: `:NOT_ADMIN`, `:BOTH_AGENT__VIEWER`. */
export interface MarkerRole extends WhoHolds {
  readonly name: RolePlaceholder
}

/** How many markers an app has for those who are in several audiences; beyond, policies ask. Each role set joins those that hold for it. */
export const mostBothRoles = 64

/** What policies can name, and the marker roles among it. */
export interface Markers extends Named {
  /** Sorted by name. */
  readonly markers: readonly MarkerRole[]
}

/** The marker roles that the rules of an app need, sorted by name. */
export function markerRoles(model: Model): readonly MarkerRole[] {
  let markers = byModel.get(model)
  if (markers === undefined) {
    markers = markersOf(indexModel(model)).markers
    byModel.set(model, markers)
  }
  return markers
}

const byModel = new WeakMap<Model, readonly MarkerRole[]>()
const byIndex = new WeakMap<ModelIndex, Markers>()

/** The same for a model at hand. Which are needed is told by all rules together. */
export function markersOf(index: ModelIndex): Markers {
  let markers = byIndex.get(index)
  if (markers === undefined) {
    markers = makeMarkers(index)
    byIndex.set(index, markers)
  }
  return markers
}

function makeMarkers(index: ModelIndex): Markers {
  const included = includedRoles(index.model.roles)
  const told = toldMarkers(index.model)
  const known = new Set(told.map(({ name }) => name))
  const met = metOften(index, included)
    .filter(({ role }) => isMarkerPlaceholder(role) && !known.has(role))
    .slice(0, mostBothRoles)
  const all = [...told, ...met.map(({ role, holds }) => ({ name: role, ...holds }))]
  const names = new Set(all.map(({ name }) => name))
  return {
    included,
    isMade: (role) => !isMarkerPlaceholder(role) || names.has(role),
    markers: all.sort((a, b) => (a.name < b.name ? -1 : 1)),
  }
}

/** Those of `everyoneExcept`: rules name them. */
function toldMarkers({ policies }: Model): readonly MarkerRole[] {
  const found = new Map<RolePlaceholder, MarkerRole>()
  for (const { audience } of policies.flatMap(({ rules }) => rules)) {
    if (audience.kind !== 'except') continue
    const name = exceptPlaceholder(audience.roles)
    found.set(name, { name, all: [], except: [...audience.roles].sort() })
  }
  return [...found.values()]
}

type Told = Holders & { readonly holds: WhoHolds }

/** Whom policies would name if every role could be made, most named first. */
function metOften(index: ModelIndex, included: Included): readonly Told[] {
  const found = new Map<RolePlaceholder, { readonly one: Told; times: number }>()
  for (const { role, holds } of index.model.entities.flatMap((entity) => namedFor(entity, index, included))) {
    if (holds === null) continue
    const seen = found.get(role) ?? { one: { role, holds }, times: 0 }
    seen.times += 1
    found.set(role, seen)
  }
  const byUse = [...found.values()].sort((a, b) => b.times - a.times || (a.one.role < b.one.role ? -1 : 1))
  return byUse.map(({ one }) => one)
}

function namedFor(entity: Entity, index: ModelIndex, included: Included): readonly Holders[] {
  if (isReadOnly(entity)) return []
  const scope: Scope = { index, entity, row: bareRow, actor: statementActor, related: 'set', depth: 0 }
  const named: Named = { included, isMade: () => true }
  const parts = rulesOf(index, entity)
    .filter((rule) => ruleCovers(entity, rule, 'read', 'create', 'update', 'delete'))
    .flatMap((rule) => writtenParts(rule, scope, named))
  const audiences: readonly (readonly Audience[])[] = facesAudiences(entity, index)
  return [...parts.flatMap(({ holders }) => holders), ...audiences.flatMap((all) => holdersOfAll(all, included))]
}
