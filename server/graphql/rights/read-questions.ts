import { RequestError } from '#base'
import type { ModelIndex } from '#policies'
import {
  columnFields,
  type Entity,
  type HeldColumn,
  isSetName,
  keyColumnsOf,
  leavesOf,
  secretsOf,
  toOnesOf,
  verbsOf,
} from '#schema'
import { idFieldName, shownFields } from '../api-names.ts'
import { changeableLinks } from '../links.ts'
import { hasKeyText } from './key-text.ts'

/** A question as callers write it. */
export interface GivenQuestion {
  readonly verb: string
  readonly entity: string
  readonly ids: readonly string[]
  readonly fields?: readonly string[] | null
}

/** A question about an entity and a verb that there are. */
export interface RightsQuestion {
  readonly verb: string
  readonly entity: Entity
  readonly key: HeldColumn
  readonly ids: readonly string[]
  /** Names of the model. */
  readonly fields: readonly string[]
}

/** Questions of one request at most. */
export const mostQuestions = 20

/** Rows of all questions of one request at most. */
export const mostRows = 1000

/**
 * The questions, as far as they are any.
 *
 * @throws RequestError VALIDATION for names that the API does not have
 */
export function readQuestions(given: readonly GivenQuestion[], index: ModelIndex): readonly RightsQuestion[] {
  return given.map((question) => readQuestion(question, index))
}

function readQuestion({ verb, entity: name, ids, fields }: GivenQuestion, index: ModelIndex): RightsQuestion {
  const entity = index.entities.get(name)
  if (entity === undefined || entity.link !== null) throw invalid(`There is no entity "${name}".`, 'entity')
  if (!verbsOf(entity).includes(verb)) throw invalid(`"${name}" has no verb "${verb}".`, 'verb')
  if (verb === 'create') throw invalid('A new row is not there yet: nothing has its id.', 'verb')
  const [key, ...more] = keyColumnsOf(entity, index.entities)
  if (key === undefined || more.length > 0 || !hasKeyText(key.type))
    throw invalid(`Rows of "${name}" have no single key to ask by.`, 'entity')
  return { verb, entity, key, ids, fields: modelNames(fields ?? [], verb, entity, index) }
}

/** `customerId` → `customer`, `delivery` → its parts. */
function modelNames(asked: readonly string[], verb: string, entity: Entity, { model }: ModelIndex): readonly string[] {
  const known = new Map<string, readonly string[]>()
  const isRead = verb === 'read'
  for (const field of shownFields(entity)) {
    if (field.builtIn && !isRead) continue
    known.set(
      field.name,
      leavesOf(field).map((part) => part.name),
    )
  }
  for (const { name } of columnFields({ fields: shownFields(entity).filter(({ builtIn }) => isRead || !builtIn) }))
    known.set(name, [name])
  for (const { name } of secretsOf(entity)) known.set(isRead ? isSetName(name) : name, [name])
  for (const one of toOnesOf(entity)) {
    known.set(one.name, [one.name])
    known.set(idFieldName(one), [one.name])
  }
  for (const relation of entity.relations) if (relation.kind === 'oneOf') known.set(relation.name, [relation.name])
  for (const side of changeableLinks(model, entity)) known.set(side.idsName, [side.relation.name])
  if (isRead) for (const { name } of entity.computed) known.set(name, [name])
  return asked.flatMap((name) => {
    const found = known.get(name)
    if (found === undefined) throw invalid(`"${entity.name}" has no field "${name}" to ask for.`, 'fields')
    return found
  })
}

function invalid(message: string, field: string): RequestError {
  return new RequestError('VALIDATION', message, { fields: [field] })
}
