import { Bug } from '#base'
import { entityOf, indexModel } from '#policies'
import { type Entity, keepsTransitions, keptTable, type Model } from '#schema'
import type { Catalog, Table } from '../catalog/catalog.ts'
import type { CatalogObject } from './catalog-object.ts'
import { explainColumn } from './explain-column.ts'
import { explainConstraint } from './explain-constraint.ts'
import { explainGrant, explainPolicy, explainTrigger } from './explain-fence.ts'
import { explainFunction } from './explain-function.ts'
import { explainIndex } from './explain-index.ts'
import { explainView } from './explain-view.ts'
import { because, type Explaining, type Explanation, entityPath } from './explanation.ts'
import { explainRole } from './role-words.ts'

/** Answers for every object of a catalog why it is there, and which part of the model asked for it. */
export function explainer(model: Model, catalog: Catalog): (object: CatalogObject) => Explanation {
  const explaining: Explaining = { index: indexModel(model), catalog }
  return (object) => explainObject(object, explaining)
}

function explainObject(object: CatalogObject, explaining: Explaining): Explanation {
  if (object.kind === 'role') return explainRole(object.role.name, explaining)
  if (object.kind === 'function') return explainFunction(object.function, explaining)
  if (object.kind === 'view') return explainView(object.view, explaining)
  const { table } = object
  const entity = entityBehind(table, explaining)
  switch (object.kind) {
    case 'table':
      return explainTable(entity, table)
    case 'column':
      return explainColumn(entity, table, object.column, explaining)
    case 'constraint':
      return explainConstraint(entity, table, object.constraint, explaining)
    case 'index':
      return explainIndex(entity, table, object.index)
    case 'policy':
      return explainPolicy(entity, table, object.policy, explaining)
    case 'grant':
      return explainGrant(entity, table, object.grant, explaining)
    case 'trigger':
      return explainTrigger(entity, table, object.trigger, explaining)
  }
}

function explainTable(entity: Entity, { name, face }: Table): Explanation {
  if (face !== undefined) {
    const what =
      face.within === null
        ? 'shows whole rows without guarded fields, and callers write there'
        : 'shows the rows of which some guarded fields are hidden'
    return because(`"${name}" has no rows of its own: in front of "${face.of}" it ${what}.`, [entityPath(entity)])
  }
  const whose = tenancyWords[entity.tenancy]
  const note = entity.note === null ? [] : [`"${entity.note}"`]
  if (keepsTransitions(entity)) {
    const sentence = `"${name}" holds the changes of the state of ${entity.historyOf}; ${whose}.`
    return because(sentence, [entityPath(entity)])
  }
  if (entity.historyOf !== null) {
    const sentence = `"${name}" holds the changes of ${entity.historyOf}, each with the row as it became; ${whose}.`
    return because(sentence, [entityPath(entity)])
  }
  if (name === keptTable(entity)) {
    const sentence = `"${name}" keeps the rows of ${entity.name}, as "rowhouse refresh" computed them last; ${whose}. Callers see them through a view.`
    return because(sentence, [entityPath(entity)])
  }
  const sentence =
    entity.link === null
      ? `"${name}" holds the rows of ${entity.name}; ${whose}.`
      : `"${name}" says which rows of ${entity.link.entity} go with which of its ${entity.link.relation}; ${whose}.`
  return because([sentence, ...note], [entityPath(entity)])
}

const tenancyWords: Readonly<Record<Entity['tenancy'], string>> = {
  own: 'each belongs to one tenant',
  none: 'they belong to no tenant',
  self: 'each is a tenant',
  shared: 'a tenant sees its own beside those of all',
}

function entityBehind(table: Table, { index }: Explaining): Entity {
  if (!index.entities.has(table.entity)) throw new Bug(`Table "${table.name}" is of no entity of the model.`)
  return entityOf(index, table.entity)
}
