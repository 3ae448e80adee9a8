import { builtInField, type Entity, hasId, type Model } from '#schema'
import { rowsFieldName, shownFields } from '../graphql/api-names.ts'
import { withoutHiddenChanges } from '../graphql/seen-model.ts'

/** Queries to begin with in GraphiQL: lists of the entities with most relations, and how to change a row. */
export function starterQueries(declared: Model): readonly string[] {
  const model = withoutHiddenChanges(declared)
  const byRelations = model.entities
    .filter(({ link }) => link === null)
    .toSorted((a, b) => b.relations.length - a.relations.length)
  return byRelations.slice(0, 3).map((entity) => listQuery(model, entity))
}

function listQuery(model: Model, entity: Entity): string {
  const list = rowsFieldName(entity)
  const inner = entity.relations.flatMap((relation) => {
    if (relation.kind === 'oneOf' || relation.kind === 'lineage') return []
    const target = model.entities.find((candidate) => candidate.name === relation.to)
    if (target === undefined) return []
    const fields = labelFields(target).join(' ')
    const isList = relation.kind === 'many' || relation.kind === 'through'
    return [isList ? `${relation.name}(first: 3) { totalCount nodes { ${fields} } }` : `${relation.name} { ${fields} }`]
  })
  const lines = [...new Set([...(hasId(entity) ? ['id'] : []), ...labelFields(entity), ...inner.slice(0, 3)])]
  const order = builtInField(entity, 'createdAt') === null ? '' : ', orderBy: [CREATED_AT_DESC]'
  const comment = entity.note === null ? '' : `# ${entity.note.replaceAll(/\s+/g, ' ')}\n`
  return `${comment}query ${entity.plural} {\n  ${list}(first: 10${order}) {\n    totalCount\n    nodes {\n${lines.map((line) => `      ${line}\n`).join('')}    }\n  }\n}\n`
}

/** What a row is called, and two fields more. */
function labelFields(entity: Entity): readonly string[] {
  const shown = shownFields(entity).filter((field) => !field.builtIn || field.name === 'status')
  const names = shown.map((field) => field.name)
  const display = entity.display !== null && names.includes(entity.display) ? [entity.display] : []
  const chosen = [...new Set([...display, ...names])].slice(0, 3)
  return chosen.length === 0 ? [hasId(entity) ? 'id' : 'nodeId'] : chosen
}
