import {
  reservedActorNames,
  reservedFieldNames,
  reservedRoleNames,
  reservedTypeNames,
} from '../../schema/verify/reserved.ts'
import { generated } from './language-page.ts'

/** The page of names that are taken. */
export function namesPage(): string {
  const sections = [
    `${generated}\n\n# Names that are taken`,
    `Using one is [NAME_RESERVED](../../errors/NAME_RESERVED.md). Two names that become one in Postgres or GraphQL are [NAME_CLASH](../../errors/NAME_CLASH.md).`,
    `## Fields, relations and inputs\n\n${list(reservedFieldNames)}\n\nBeside a lifecycle also \`status\`, in an entity that all tenants read \`isShared\`.`,
    `## Entities and enums\n\n${list(reservedTypeNames)}`,
    `## Roles\n\nIn snake case, as Postgres has them. No role ends in one of the words that every app has a role for, \`owner\` or \`login\`.\n\n${list(reservedRoleNames)}`,
    `## Values of the actor\n\n${list(reservedActorNames)}`,
  ]
  return `${sections.join('\n\n')}\n`
}

function list(names: ReadonlySet<string>): string {
  return [...names].map((name) => `\`${name}\``).join(' ')
}
