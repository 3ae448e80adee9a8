import type { Entities, Roles } from './registry.ts'

type Names<Registry> = keyof Registry extends never ? string : keyof Registry & string

/** Name of an entity of the app. */
export type EntityName = Names<Entities>

/** Name of a role of the app. */
export type RoleName = Names<Roles>
