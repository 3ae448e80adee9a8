import { entityRuleName } from '#policies'
import {
  type Entity,
  embedsOf,
  hasId,
  hasTenant,
  type ModelPath,
  type ToOne,
  targetTenantColumn,
  toOnesOf,
} from '#schema'
import type { Constraint, Table } from '../catalog/catalog.ts'
import { foreignKeyName, oneOfCheckName, selfCheckName } from '../catalog/constraints.ts'
import { exclusionName, namesOf } from '../catalog/exclusions.ts'
import { sharedCheckName, targetCheckName } from '../catalog/shared-constraints.ts'
import { a, because, type Explaining, type Explanation, entityPath, listed } from './explanation.ts'
import { partsIn, pathOfName } from './part-of-column.ts'
import { typeWords } from './type-words.ts'

/** Why a table has a key or a check. */
export function explainConstraint(
  entity: Entity,
  table: Table,
  constraint: Constraint,
  explaining: Explaining,
): Explanation {
  if (constraint.kind === 'primary') return explainKey(entity, table, constraint)
  if (constraint.kind === 'foreign') return explainForeignKey(entity, table, constraint, explaining)
  if (constraint.kind === 'check') return explainCheck(entity, table, constraint, explaining)
  if (constraint.kind === 'unique') return explainUnique(entity, table, constraint)
  return explainApart(entity, table, constraint)
}

function explainKey(entity: Entity, table: Table, { name, definition }: Constraint): Explanation {
  const parts = partsIn(entity, table, definition)
  const within = hasTenant(entity) ? ', each tenant for itself' : ''
  const sentence = `"${name}" tells the rows of ${called(entity, table)} apart by ${listed(parts.map((part) => part.name))}${within}.`
  return because(sentence, hasId(entity) ? [entityPath(entity)] : parts.map(({ path }) => path))
}

function explainForeignKey(entity: Entity, table: Table, key: Constraint, { index }: Explaining): Explanation {
  const relation = toOnesOf(entity).find((each) => foreignKeyName(entity, each) === key.name)
  if (relation !== undefined) {
    const mayBeOurs = targetTenantColumn(relation, index.entities) !== null
    const isTenants = hasTenant(entity) && hasTenant(index.entities.get(relation.to) ?? entity)
    const tenant = mayBeOurs ? ' of the same tenant or of all' : isTenants ? ' of the same tenant' : ''
    const sentence = `"${key.name}" keeps ${relation.name} of ${called(entity, table)} pointing at ${a(relation.to)}${tenant}; ${deleteWords(relation, called(entity, table))}.`
    const [part] = partsIn(entity, table, `"${relation.column}"`)
    return because(sentence, [part?.path ?? entityPath(entity)])
  }
  const parts = partsIn(entity, table, key.definition.split(' references ')[0]!)
  if (parts.length === 0) {
    return because(`"${key.name}" keeps every ${called(entity, table)} with a tenant that exists.`, [
      entityPath(entity),
    ])
  }
  const sentence = `"${key.name}" keeps ${listed(parts.map(({ name }) => name))} of ${called(entity, table)} and what they lead to in agreement.`
  return because(
    sentence,
    parts.map(({ path }) => path),
  )
}

function deleteWords({ onDelete, name, to }: ToOne, entity: string): string {
  if (onDelete === 'cascade') return `deleting the ${to} deletes the ${entity}`
  if (onDelete === 'restrict') return `deleting the ${to} is refused meanwhile`
  return `deleting the ${to} empties ${name}`
}

function explainCheck(entity: Entity, table: Table, check: Constraint, { index }: Explaining): Explanation {
  const rule = entity.rules.find((each) => entityRuleName(entity, each) === check.name)
  if (rule !== undefined) {
    return because(`"${check.name}" holds every ${called(entity, table)} to "${rule.title}".`, [
      [entity.name, 'rules', rule.title],
    ])
  }
  if (check.name === sharedCheckName(entity)) {
    const sentence = `"${check.name}" holds every ${called(entity, table)} to be a tenant's own or of all tenants, and to say so.`
    return because(sentence, [entityPath(entity)])
  }
  const target = toOnesOf(entity).find((each) => {
    const column = targetTenantColumn(each, index.entities)
    return column !== null && targetCheckName(column, entity) === check.name
  })
  if (target !== undefined) {
    const sentence = `"${check.name}" keeps ${target.name} of ${called(entity, table)} leading to rows of its tenant and to those of all.`
    return because(sentence, [[entity.name, 'relations', target.name]])
  }
  if (check.name === selfCheckName(entity)) {
    const sentence = `"${check.name}" holds every ${called(entity, table)} to its tenant: it has the same id, so each tenant has one.`
    return because(sentence, [entityPath(entity)])
  }
  for (const group of entity.relations) {
    if (group.kind !== 'oneOf' || oneOfCheckName(entity, group.name) !== check.name) continue
    const many = group.optional ? 'at most one' : 'exactly one'
    const targets = listed(group.targets.map(({ to }) => to))
    return because(`"${check.name}" lets ${group.name} of ${called(entity, table)} lead to ${many} of ${targets}.`, [
      [entity.name, 'relations', group.name],
    ])
  }
  return explainFieldCheck(entity, table, check)
}

function explainFieldCheck(entity: Entity, table: Table, { name, definition }: Constraint): Explanation {
  const parts = partsIn(entity, table, definition)
  const [only] = parts
  const whole = embedsOf(entity).findLast((embed) => parts.every((part) => part.name.startsWith(`${embed.name}.`)))
  if (parts.length > 1 && whole !== undefined) {
    const sentence = `"${name}" keeps ${whole.name} of ${called(entity, table)} whole: there with all that it needs, or not at all.`
    return because(sentence, [pathOfName(entity, whole.name)])
  }
  if (parts.length !== 1 || only?.field === null || only === undefined) {
    const names = parts.length === 0 ? '' : `${listed(parts.map((part) => part.name))} of `
    return because(`"${name}" keeps ${names}${called(entity, table)} sound.`, pathsOf(parts, entity))
  }
  const words = typeWords(only.field.type)
  return because(`"${name}" keeps ${only.name} of ${called(entity, table)} what it is: ${words}.`, [only.path])
}

function explainUnique(entity: Entity, table: Table, { name, definition }: Constraint): Explanation {
  const parts = partsIn(entity, table, definition)
  const names = listed(parts.map((part) => part.name))
  return because(
    `"${name}" lets no two rows of ${called(entity, table)} have the same ${names}.`,
    pathsOf(parts, entity),
  )
}

function explainApart(entity: Entity, table: Table, constraint: Constraint): Explanation {
  const { name } = constraint
  const declared = entity.noOverlap.find((each) => exclusionName(entity, each) === name)
  const during = declared === undefined ? partNames(entity, table, constraint) : namesOf(declared.during)
  const alike = declared === undefined || declared.on.length === 0 ? '' : ` with the same ${listed(declared.on)}`
  const title = declared === undefined ? '' : `: "${declared.title}"`
  const sentence = `"${name}" keeps the ${listed(during)} of live rows of ${called(entity, table)}${alike} from overlapping${title}.`
  const names = [...during, ...(declared?.on ?? [])]
  return because(
    sentence,
    names.map((each) => pathOfName(entity, each)),
  )
}

function partNames(entity: Entity, table: Table, { definition }: Constraint): readonly string[] {
  return partsIn(entity, table, definition.split(' where ')[0]!).map(({ name }) => name)
}

function pathsOf(parts: readonly { readonly path: ModelPath }[], entity: Entity): readonly ModelPath[] {
  return parts.length === 0 ? [entityPath(entity)] : parts.map(({ path }) => path)
}

/** Tables of links have entities that nobody named. */
function called(entity: Entity, table: Table): string {
  return entity.link === null ? entity.name : table.name
}
