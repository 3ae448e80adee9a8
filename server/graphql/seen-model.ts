import { flagsOfComputed, guardedNames, indexModel, type ModelIndex } from '#policies'
import {
  type Computed,
  type Entity,
  type Field,
  isEmbed,
  isSetName,
  leavesOf,
  type Model,
  type Relation,
  secretsOf,
} from '#schema'

/** The model as results show it: what is hidden from somebody may be null. What callers write is as it was declared. */
export function seenModel(model: Model): Model {
  const index = indexModel(model)
  return { ...model, entities: model.entities.map((entity) => seenEntity(entity, index)) }
}

function seenEntity(declared: Entity, index: ModelIndex): Entity {
  const entity = withSecretTests(declared)
  const guarded = guardedNames(entity, index)
  if (guarded.size === 0) return entity
  const isHidden = (field: Field) => leavesOf(field).some(({ name }) => guarded.has(name))
  return {
    ...entity,
    fields: entity.fields.map((field) => (isHidden(field) ? { ...field, optional: true } : field)),
    relations: entity.relations.map(
      (relation): Relation =>
        relation.kind === 'one' && guarded.has(relation.name) ? { ...relation, optional: true } : relation,
    ),
    computed: entity.computed.map((computed) =>
      flagsOfComputed(computed, entity, index).length > 0 ? { ...computed, optional: true } : computed,
    ),
  }
}

/** Of a secret results say whether it is there: `pinIsSet`. */
function withSecretTests(entity: Entity): Entity {
  const secrets = secretsOf(entity)
  if (secrets.length === 0) return entity
  const tests = secrets.map(
    ({ name, note, label, deprecated }): Computed => ({
      name: isSetName(name),
      type: { kind: 'boolean' },
      optional: false,
      stored: false,
      note:
        note === null ? `Whether there is a secret \`${name}\`, which nobody reads.` : `Whether it is there: ${note}`,
      label,
      deprecated,
      ui: null,
      expression: {
        kind: 'condition',
        up: 0,
        where: { kind: 'compare', on: name, op: 'isNot', to: { kind: 'value', value: null } },
      },
    }),
  )
  return { ...entity, computed: [...entity.computed, ...tests] }
}

/** The model without guarded fields in the changes of rows: what they were and became is nobody's to see. */
export function withoutHiddenChanges(model: Model): Model {
  const index = indexModel(model)
  return {
    ...model,
    entities: model.entities.map((entity) => {
      const changed = entity.historyOf === null ? undefined : index.entities.get(entity.historyOf)
      const guarded = changed === undefined ? null : guardedNames(changed, index)
      return guarded === null || guarded.size === 0 ? entity : withoutGuarded(entity, guarded)
    }),
  }
}

function withoutGuarded(entity: Entity, guarded: ReadonlySet<string>): Entity {
  return {
    ...entity,
    fields: entity.fields.flatMap((field) => shownPart(field, guarded, '')),
    relations: entity.relations.filter(({ name }) => !guarded.has(name)),
  }
}

function shownPart(field: Field, guarded: ReadonlySet<string>, before: string): readonly Field[] {
  const name = `${before}${field.name}`
  if (!isEmbed(field)) return guarded.has(name) ? [] : [field]
  const fields = field.type.fields.flatMap((part) => shownPart(part, guarded, `${name}.`))
  return fields.length === 0 ? [] : [{ ...field, type: { ...field.type, fields } }]
}
