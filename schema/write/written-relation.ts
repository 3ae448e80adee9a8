import { unreachable } from '#base'
import type { RelationDeclaration } from '../dsl/declaration.ts'
import { declare } from '../dsl/declare.ts'
import type { Relation, ToOne } from '../model/model.ts'
import { withoutBlanks } from './without-blanks.ts'
import { writtenShown } from './written-shown.ts'

/** The call that makes a relation. */
export function writtenRelation(relation: Relation, flags: Readonly<Record<string, true>> = {}): RelationDeclaration {
  const options = withoutBlanks({ ...optionsOf(relation), ...flags, ...writtenShown(relation) })
  const kind = relation.kind === 'through' ? 'many' : relation.kind
  return declare('relation', { kind, to: relation.to, options })
}

function optionsOf(relation: Relation): Readonly<Record<string, unknown>> {
  switch (relation.kind) {
    case 'one':
      return toOneOptions(relation)
    case 'hasOne':
    case 'many':
      return { by: relation.by }
    case 'through':
      return { through: relation.through, from: relation.from, to: relation.toward }
    default:
      return unreachable(relation)
  }
}

function toOneOptions(relation: ToOne): Readonly<Record<string, unknown>> {
  const usual = relation.optional ? 'keep' : 'restrict'
  return {
    optional: relation.optional,
    readonly: relation.readonly,
    onDelete: relation.onDelete === 'restrict' ? null : relation.onDelete,
    onRemove: relation.onRemove === usual ? null : relation.onRemove,
    default: relation.default?.kind === 'actor' ? 'actor' : null,
  }
}
