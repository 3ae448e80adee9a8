// biome-ignore-all lint/suspicious/noEmptyInterface: apps fill them
/**
 * Names to types. An app's generated `.rowhouse/types.d.ts` fills the interfaces by `declare module 'rowhouse/registry'`;
 * while they are empty every name is accepted and conditions are loose instead of wrong.
 */

/** Entity name to the type of its declaration: `Order: typeof import('../schema/order.entity.ts').Order`. */
export interface Entities {}

/** Role name to `true`. */
export interface Roles {}

/** What there is once in an app, such as its actor. */
export interface App {}

/** Names of the roles that a `defineRoles` gave back, as keys: what {@link Roles} extends. */
export type RolesIn<Declared> =
  Declared extends RoleSet<infer Name extends string> ? { readonly [Role in Name]: true } : never

declare const roleNames: unique symbol

/** What `defineRoles` gives back. */
export interface RoleSet<Name extends string> {
  /** Only in types. */
  readonly [roleNames]: Name
}
