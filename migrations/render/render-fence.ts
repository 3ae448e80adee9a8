import { quoteIdentifier, quoteLiteral } from '#base'
import type { Grant, Policy, RoleName, Table, Trigger } from '../catalog/catalog.ts'
import { tableText } from './render-table.ts'

/** Switches row security on, for the owner too. */
export function renderRowSecurity(table: Table): string {
  const states = [
    `${table.rowSecurity ? 'enable' : 'disable'} row level security`,
    `${table.forceRowSecurity ? 'force' : 'no force'} row level security`,
  ]
  return `alter table ${tableText(table)} ${states.join(', ')};`
}

/** A policy, with the rule's title as its comment. */
export function renderPolicy(table: Table, policy: Policy): string {
  const name = quoteIdentifier(policy.name)
  const kind = policy.permissive ? '' : ' as restrictive'
  const roles = policy.roles.map((role) => (role === 'public' ? 'public' : roleText(role))).join(', ')
  const lines = [
    `create policy ${name} on ${tableText(table)}${kind} for ${policy.command} to ${roles}`,
    ...(policy.using === null ? [] : [`  using (${policy.using})`]),
    ...(policy.check === null ? [] : [`  with check (${policy.check})`]),
  ]
  const create = `${lines.join('\n')};`
  if (policy.comment === null) return create
  return `${create}\ncomment on policy ${name} on ${tableText(table)} is ${quoteLiteral(policy.comment)};`
}

/** A trigger. */
export function renderTrigger(trigger: Trigger): string {
  const [, constraint = '', definition = ''] = /^(constraint )?(.*)$/s.exec(trigger.definition) ?? []
  return `create ${constraint}trigger ${quoteIdentifier(trigger.name)} ${definition};`
}

/** A grant on a table or on some of its columns. */
export function renderGrant(table: Pick<Table, 'schema' | 'name'>, grant: Grant): string {
  const columns = grant.columns === null ? '' : ` (${grant.columns.map(quoteIdentifier).join(', ')})`
  return `grant ${grant.privilege}${columns} on ${tableText(table)} to ${roleText(grant.to)};`
}

/** A placeholder where Postgres wants a role: quoted, so that the real name is never syntax. */
export function roleText(role: RoleName): string {
  return `"${role}"`
}
