import type { PgResource } from '@dataplan/pg'
import { toText, upperFirst } from '#base'
import { grantedTransitions, tellsWhy } from '#migrations'
import { indexModel, rowsSql } from '#policies'
import type { Entity, Transition } from '#schema'
import { grantedVerbs, type WriteVerb } from './granted-verbs.ts'
import { changeableLinks } from './links.ts'
import { entitiesOf, entityResources } from './model-of-build.ts'
import type { WrittenEntities } from './mutations/write-rows.ts'
import { oneOfSides } from './one-of.ts'
import { type UpsertWay, upsertWays } from './upsert-ways.ts'
import { hasPatch, writableFields } from './writable-fields.ts'

/** A mutation of several rows, or of one that may be there or not. */
export interface BatchMutation extends Omit<WrittenEntities, 'roles' | 'model' | 'path' | 'links'> {
  readonly verb: WriteVerb | 'upsert' | 'act'
  /** Of `act`. */
  readonly transition: Transition | null
  readonly links: NonNullable<WrittenEntities['links']>
  readonly resource: PgResource
  /** `upsertOrder` */
  readonly isSingle: boolean
  /** Of an upsert. */
  readonly ways: readonly UpsertWay[]
  /** `createOrders` */
  readonly name: string
}

/** `createOrders`, `updateOrders`, `deleteOrders`, `removeOrders`, `restoreOrders`, `upsertOrders` and `upsertOrder`, `approveOrders` and other transitions, as far as rules grant the verbs to anybody. */
export function batchMutations(build: GraphileBuild.Build): readonly BatchMutation[] {
  const model = build.input.rowhouseModel
  let known = kept.get(build)
  if (known === undefined) {
    const index = indexModel(model)
    known = entityResources(build).flatMap(({ entity, resource }) => {
      const entities = entitiesOf(build)
      const ways = upsertWays(entity, entities)
      const links = changeableLinks(model, entity)
      const of = { entity, entities, resource, links, ways }
      const facts = { ...of, table: toText(rowsSql(entity, index)), tellsWhy: tellsWhy(entity, index) }
      const named = (verb: BatchMutation['verb'], isSingle = false): BatchMutation => ({
        ...{ ...facts, verb, isSingle, transition: null },
        name: `${verb}${isSingle ? upperFirst(entity.name) : upperFirst(entity.plural)}`,
      })
      const verbs = grantedVerbs(model, entity)
        .filter((verb) => verb !== 'update' || hasPatch(entity, entities))
        .filter((verb) => verb !== 'create' || hasInput(facts))
      const isUpserted = verbs.includes('create') && verbs.includes('update') && ways.length > 0
      const acts = grantedTransitions(entity, index).map((transition) => ({
        ...{ ...named('act'), transition },
        name: `${transition.name}${upperFirst(entity.plural)}`,
      }))
      const upserts = isUpserted ? [named('upsert'), named('upsert', true)] : []
      return [...verbs.map((verb) => named(verb)), ...upserts, ...acts]
    })
    kept.set(build, known)
  }
  return known
}

/** Asked for with each type. */
const kept = new WeakMap<GraphileBuild.Build, readonly BatchMutation[]>()

function hasInput({ entity, entities, links }: Pick<BatchMutation, 'entity' | 'entities' | 'links'>): boolean {
  return writableFields(entity, entities).length > 0 || oneOfSides(entity).length > 0 || links.length > 0
}

/** A removed or deleted row is out of sight, so payloads have its key alone. */
export function showsRows({ verb }: Pick<BatchMutation, 'verb'>): boolean {
  return verb !== 'delete' && verb !== 'remove'
}

/** `OrdersPayload`, of all batches that show rows. */
export function rowsPayloadName(entity: Entity): string {
  return `${upperFirst(entity.plural)}Payload`
}
