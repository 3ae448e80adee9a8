import type { Entity, Source } from './model.ts'

/** A select of the author's that a view of Rowhouse shows. */
export type Report = Extract<Source, { readonly kind: 'report' }>

/** True when the rows come from a select: they are read, never written, and nothing in Postgres refers to them. */
export function isReadOnly({ source }: Pick<Entity, 'source'>): boolean {
  return source.kind === 'report' || source.kind === 'view'
}
