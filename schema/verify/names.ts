import { fitsIdentifier, maxIdentifierBytes, snakeCase } from '#base'
import { groupOf } from '../complete/one-of.ts'
import { statusHistory } from '../complete/transitions.ts'
import { type ChoiceTypeDeclaration, type FieldDeclaration, kindOf } from '../dsl/declaration.ts'
import type { Problems } from '../load/problems.ts'
import { embedsOf, isEmbed, membersOf, pathOfField } from '../model/column-fields.ts'
import type { Entity, ModelPath } from '../model/model.ts'
import { keptReport } from '../model/read-only.ts'
import type { Verification } from './context.ts'
import { reservedFieldNames, reservedTypeNames } from './reserved.ts'

/** Names have the characters that Postgres, GraphQL and TypeScript all take unquoted, and none that is taken. */
export function verifyNames(check: Verification): void {
  for (const entity of check.model.entities) {
    // Those in between are named by Rowhouse, and checked where the link is written.
    if (entity.link !== null) continue
    const { name, plural } = entity
    verifyTypeName(name, [name], check.problems)
    // Of a sound name the plural is sound too, unless the author says it.
    if (/^[A-Z][A-Za-z0-9]*$/.test(name)) verifyTypeName(plural, [name, 'plural'], check.problems)
    verifyLength(entity.table, [name], check.problems)
    verifyMembers(check, entity)
  }
  for (const { name, input } of check.model.actions ?? []) {
    verifyMemberName(name, ['actions', name], check.problems)
    verifyLength(`app_action_${snakeCase(name)}`, ['actions', name], check.problems)
    for (const field of input) verifyMemberName(field.name, ['actions', name, 'input', field.name], check.problems)
  }
  verifyEnumNames(check)
  verifyObjectNames(check)
}

/** Names given to `embedType`, and to `choiceType` inside of value objects. */
function verifyObjectNames({ model, problems }: Verification): void {
  for (const entity of model.entities) {
    for (const embed of embedsOf(entity)) {
      verifyTypeName(embed.type.object, pathOfField(entity, embed.name), problems)
      for (const part of membersOf(embed)) {
        if (part.type.kind === 'choice') verifyTypeName(part.type.enum, pathOfField(entity, part.name), problems)
      }
    }
  }
}

function verifyMembers({ problems }: Verification, entity: Entity): void {
  const { name, lifecycle } = entity
  const kept = [
    ...(lifecycle === null ? [] : ['status', 'statusSince', statusHistory, 'transitions']),
    ...(keptReport(entity) === null ? [] : ['refreshedAt']),
  ]
  for (const field of entity.fields) {
    if (field.builtIn) continue
    const path = [name, 'fields', field.name]
    verifyMemberName(field.name, path, problems, kept)
    if (!isEmbed(field)) verifyLength(field.column, path, problems)
  }
  for (const embed of embedsOf(entity)) {
    for (const part of membersOf(embed)) {
      const path = pathOfField(entity, part.name)
      verifyMemberName(part.name.slice(embed.name.length + 1), path, problems)
      if (!isEmbed(part)) verifyLength(part.column, path, problems)
    }
  }
  for (const computed of entity.computed) {
    const path = [name, 'computed', computed.name]
    verifyMemberName(computed.name, path, problems, kept)
    verifyLength(snakeCase(computed.name), path, problems)
  }
  for (const relation of entity.relations) {
    const path = [name, 'relations', groupOf(entity, relation.name)?.name ?? relation.name]
    verifyMemberName(relation.name, path, problems, kept)
    if (relation.kind === 'one') verifyLength(relation.column, path, problems)
  }
  for (const transition of lifecycle?.transitions ?? [])
    verifyMemberName(transition.name, [name, 'lifecycle', 'transitions', transition.name], problems)
  for (const action of entity.actions) {
    const path = [name, 'actions', action.name]
    verifyMemberName(action.name, path, problems)
    for (const input of action.input) verifyMemberName(input.name, [...path, 'input', input.name], problems)
  }
}

/** `Order`: for entities, enums and shapes. */
export function verifyTypeName(name: string, path: ModelPath, problems: Problems): void {
  const place = { path, part: 'key' } as const
  if (!/^[A-Z][A-Za-z0-9]*$/.test(name)) {
    const hint = 'Names of entities and enums begin with a capital letter and have letters and digits only.'
    problems.report('NAME_INVALID', place, `"${name}" cannot be the name of a type.`, { hint })
  } else if (reservedTypeNames.has(name)) {
    problems.report('NAME_RESERVED', place, `"${name}" is a type that exists anyhow.`, { hint: 'Call it otherwise.' })
  }
}

/** `unitPrice`: for fields, relations, transitions, actions, roles and what is known of the caller. */
export function verifyMemberName(
  name: string,
  path: ModelPath,
  problems: Problems,
  reserved: readonly string[] = [],
): void {
  const place = { path, part: 'key' } as const
  if (!/^[a-z][A-Za-z0-9]*$/.test(name)) {
    const hint = 'Such names begin with a small letter and have letters and digits only.'
    problems.report('NAME_INVALID', place, `"${name}" cannot be a name here.`, { hint })
  } else if (reservedFieldNames.has(name) || reserved.includes(name)) {
    const hint = 'Rowhouse, GraphQL, Postgres or JavaScript uses it already: call it otherwise.'
    problems.report('NAME_RESERVED', place, `"${name}" is taken.`, { hint })
  }
}

/** Reports an identifier that Postgres would cut. */
export function verifyLength(identifier: string, path: ModelPath, problems: Problems): void {
  if (fitsIdentifier(identifier)) return
  const message = `"${identifier}" has more than the ${maxIdentifierBytes} bytes that Postgres keeps.`
  problems.report('NAME_TOO_LONG', { path, part: 'key' }, message, { hint: 'Shorten it.' })
}

/** Names given to `choiceType`. Those made from entity and field follow from checked names. */
function verifyEnumNames({ app, problems }: Verification): void {
  for (const each of app.declarations) {
    if (each.kind !== 'entity') continue
    const fields = Object.entries((each.declared.definition.fields ?? {}) as Readonly<Record<string, unknown>>)
    for (const [name, field] of fields) {
      const values = kindOf(field) === 'field' ? (field as FieldDeclaration).values : null
      if (kindOf(values) !== 'choiceType') continue
      verifyTypeName((values as ChoiceTypeDeclaration).name, [each.of, 'fields', name], problems)
    }
  }
}
