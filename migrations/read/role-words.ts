import { reportsRole, searchRole } from '#policies'
import type { Catalog, RoleName } from '../catalog/catalog.ts'
import { type PlatformRoles, rolePlaceholders } from '../roles/platform-roles.ts'

/** The roles of an app in a cluster, both ways: placeholder → name, and name → placeholder. */
export interface RoleWords {
  readonly names: PlatformRoles
  /** As graphile-migrate takes it: `{ ':OWNER': 'invoicing_owner', … }`. */
  readonly placeholders: Readonly<Record<string, string>>
  /** The placeholder of a role, `public`, or the name itself when the app does not know the role. */
  readonly word: (role: string) => RoleName | 'public'
  /** The same for names inside SQL text, where they stand in quotes. */
  readonly text: (sqlText: string) => string
  /** Names of the app's group roles in this cluster. */
  readonly groups: readonly string[]
}

/** Builds both ways for the roles of a catalog. */
export function roleWords(names: PlatformRoles, { roles }: Pick<Catalog, 'roles'>): RoleWords {
  const placeholders = rolePlaceholders(
    names,
    roles.map((role) => role.name),
  )
  const back = new Map(Object.entries(placeholders).map(([word, name]) => [name, word]))
  // An app that has no reports, or searches nothing, any more knows nothing of what is left of them.
  const isOptional = (word: string | undefined) => word === reportsRole || word === searchRole
  const has = (name: string) => !isOptional(back.get(name)) || roles.some((role) => role.name === back.get(name))
  return {
    names,
    placeholders,
    word: (role) => (back.get(role) ?? role) as RoleName | 'public',
    text: (sqlText) =>
      sqlText.replaceAll(/(["'])([a-z][a-z0-9_]*)\1/g, (whole, quote, name) => {
        const word = back.get(name)
        return word === undefined ? whole : `${quote}${word}${quote}`
      }),
    groups: [...back.keys()].filter(has).sort(),
  }
}
