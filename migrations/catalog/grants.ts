import {
  audienceRoles,
  carriedColumnsOf,
  guardedGroups,
  type ModelIndex,
  privateRole,
  type RolePlaceholder,
  rulesOf,
} from '#policies'
import {
  builtInField,
  type Entity,
  hasDeletedAt,
  isHistory,
  keyColumnsOf,
  type Rule,
  ruleCovers,
  storedColumn,
  storedOf,
} from '#schema'
import type { Grant } from './catalog.ts'
import { columnsOf, tenantColumnsOf } from './columns.ts'
import { grantedActions } from './functions/action-function.ts'
import { orderedParts } from './functions/place.ts'
import { transitionColumns } from './functions/transition-function.ts'
import { changedEntity, historyGrants } from './histories.ts'
import { linkReaders } from './links.ts'
import { isHeld } from './stored/stored-paths.ts'
import { covered, creatable, updatable } from './writable-columns.ts'

/** Grants on an entity's table, sorted by role and privilege. */
export function grantsOf(entity: Entity, index: ModelIndex): readonly Grant[] {
  const allows = rulesOf(index, entity).filter((rule) => rule.effect === 'allow')
  const readable = columnsOf(entity, index)
    .map((column) => column.name)
    .filter(
      (name) =>
        !tenantColumnsOf(entity, index).includes(name) &&
        !carriedColumnsOf(entity, index).some(({ column }) => column === name),
    )
  if (isHistory(entity)) {
    const changed = changedEntity(entity, index)
    const ofRow = grantsOf(changed, index)
    // What somebody may not see in a row nobody sees in its changes: they have no rules of their own.
    const guarded = guardedGroups(changed, index).flatMap(({ columns }) => columns)
    const shown = readable.filter((name) => !guarded.includes(name))
    return historyGrants(entity, { ofRow, readable: shown }, index).toSorted((a, b) => (key(a) < key(b) ? -1 : 1))
  }
  const places = orderedParts(entity).map(({ position }) => position)
  const names = (columns: readonly { readonly column: string }[]): readonly string[] =>
    columns.map((each) => each.column)
  // What `remove`, `restore` and transitions write.
  const moments = (['deletedAt', 'updatedAt'] as const).flatMap((name) => builtInField(entity, name)?.column ?? [])
  const values = storedOf(entity).map(storedColumn)
  const acted = transitionColumns(entity, index)
  const kept = [...(hasDeletedAt(entity) ? moments : []), ...places, ...values, ...acted].sort()
  // Whoever locks a row must be able to change some column of it.
  const isLocked = grantedActions(entity, index).length > 0 || isHeld(entity, index)
  const locked = kept.length > 0 || !isLocked ? kept : lockable(entity, index)
  const removal = locked.length === 0 ? [] : [locked]
  const allowing = (verb: string) => allows.filter((rule) => ruleCovers(entity, rule, verb))
  const all = [
    { to: privateRole, privilege: 'select', columns: null } as const,
    ...(entity.expires === null ? [] : [{ to: privateRole, privilege: 'delete', columns: null } as const]),
    ...removal.map((columns) => ({ to: privateRole, privilege: 'update' as const, columns })),
    ...byRole(allowing('read'), () => readable).map((each) => ({ ...each, privilege: 'select' as const })),
    ...byRole(allowing('create'), (rule) => names(covered(rule, creatable(entity, index)))).map((each) => ({
      ...each,
      privilege: 'insert' as const,
    })),
    ...byRole(allowing('update'), (rule) => names(covered(rule, updatable(entity, index)))).map((each) => ({
      ...each,
      privilege: 'update' as const,
    })),
    ...byRole(allowing('delete'), () => ['']).map(({ to }) => ({ to, privilege: 'delete' as const, columns: null })),
  ]
  const ofLink = entity.link === null ? [] : linkGrants(entity, readable, index)
  return [...all, ...ofLink].sort((a, b) => (key(a) < key(b) ? -1 : 1))
}

function lockable(entity: Entity, index: ModelIndex): readonly string[] {
  return keyColumnsOf(entity, index.entities)
    .map(({ column }) => column)
    .sort()
}

/** Callers read links; only the functions of the link write them, as `:PRIVATE`. */
function linkGrants(entity: Entity, readable: readonly string[], index: ModelIndex): readonly Grant[] {
  const columns = [...readable].sort()
  return [
    ...(['insert', 'delete'] as const).map((privilege) => ({ to: privateRole, privilege, columns: null })),
    ...linkReaders(entity, index).map((to) => ({ to, privilege: 'select' as const, columns })),
  ]
}

function key(grant: Grant): string {
  return `${grant.to} ${grant.privilege}`
}

/** For each role in the audience of a rule: the columns of all of its rules. */
function byRole(
  rules: readonly Rule[],
  columnsOfRule: (rule: Rule) => readonly string[],
): readonly { readonly to: RolePlaceholder; readonly columns: readonly string[] }[] {
  const granted = new Map<RolePlaceholder, Set<string>>()
  for (const rule of rules) {
    for (const role of audienceRoles(rule.audience)) {
      const columns = granted.get(role) ?? new Set()
      for (const column of columnsOfRule(rule)) columns.add(column)
      granted.set(role, columns)
    }
  }
  return [...granted]
    .map(([to, columns]) => ({ to, columns: [...columns].sort() }))
    .filter(({ columns }) => columns.length > 0)
}
