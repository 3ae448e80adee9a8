import type { PgCodec } from '@dataplan/pg'
import type { SQL } from 'pg-sql2'

/** One key of an `order by`, as Grafast takes it. */
export interface OrderSpec {
  readonly attribute?: string
  readonly fragment?: SQL
  readonly codec?: PgCodec
  readonly direction: 'ASC' | 'DESC'
  readonly nullable?: boolean
}

/** The query that is being ordered. */
export interface OrderBuilder {
  readonly alias: SQL
  orderBy(spec: OrderSpec): void
}

interface OrderValue {
  readonly extensions?: { readonly grafast?: { apply?: (builder: OrderBuilder, info: unknown) => void } }
}

/** Lets `order` decide about each key that a value of an `…OrderBy` enum adds. */
export function wrapOrder(value: unknown, order: (builder: OrderBuilder, spec: OrderSpec) => void): void {
  const grafast = (value as OrderValue | undefined)?.extensions?.grafast
  const apply = grafast?.apply
  if (grafast === undefined || apply === undefined) return
  grafast.apply = (builder, info) => apply(intercepted(builder, order), info)
}

function intercepted(builder: OrderBuilder, order: (builder: OrderBuilder, spec: OrderSpec) => void): OrderBuilder {
  return new Proxy(builder, {
    get: (target, key) =>
      key === 'orderBy' ? (spec: OrderSpec) => order(target, spec) : Reflect.get(target, key, target),
  })
}
