/** A role: its note, or more. */
export type Role<Name extends string> = string | RoleDetails<Name>

/** A role's note and the roles whose rules hold for it too. */
export interface RoleDetails<Name extends string> {
  /** What the role is for. */
  readonly note: string
  /** Roles whose rules hold for it too. */
  readonly includes?: readonly [Name, ...Name[]]
}
