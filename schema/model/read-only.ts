import { fitIdentifier } from '#base'
import type { Entity, Source } from './model.ts'

/** A select of the author's that a view of Rowhouse shows. */
export type Report = Extract<Source, { readonly kind: 'report' }>

/** A report whose rows are kept from one refresh to the next; null for any other entity. */
export function keptReport({ source }: Pick<Entity, 'source'>): Report | null {
  return source.kind === 'report' && source.refresh !== null ? source : null
}

/** True when the rows come from a select: they are read, never written, and nothing in Postgres refers to them. */
export function isReadOnly({ source }: Pick<Entity, 'source'>): boolean {
  return source.kind === 'report' || source.kind === 'view'
}

/** Table of schema `app` that keeps the rows of a report. Two underscores, so that it is no entity's by its own name. */
export function keptTable({ table }: Pick<Entity, 'table'>): string {
  return fitIdentifier(`${table}__rows`)
}
