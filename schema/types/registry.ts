/**
 * Names to types. An app's generated `.rowhouse/types.d.ts` fills the interfaces by `declare module 'rowhouse/registry'`;
 * while they are empty every name is accepted and conditions are loose instead of wrong.
 */

// biome-ignore lint/suspicious/noEmptyInterface: filled by the app
/** Entity name to the type of its declaration: `Order: typeof import('../schema/order.entity.ts').Order`. */
export interface Entities {}

// biome-ignore lint/suspicious/noEmptyInterface: filled by the app
/** Role name to `true`. */
export interface Roles {}

// biome-ignore lint/suspicious/noEmptyInterface: filled by the app
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
