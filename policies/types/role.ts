/** A role: its note, or more. */
export type Role<Name extends string> = string | RoleDetails<Name>

/** A role's note, the roles whose rules hold for it too, and what it may do beside what rules say. */
export interface RoleDetails<Name extends string> {
  /** What the role is for. */
  readonly note: string
  /** Roles whose rules hold for it too. */
  readonly includes?: readonly [Name, ...Name[]]
  /** Whether it may publish scripts for its tenant, which take the place of the app's. Roles that include it may, too. Default: no. */
  readonly publishesScripts?: boolean
  /** Whether it may see, edit, replay and discard failed jobs of its tenant. Roles that include it may, too. Default: no. */
  readonly managesJobs?: boolean
}
