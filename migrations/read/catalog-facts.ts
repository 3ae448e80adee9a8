import type { Catalog, DatabaseFunction, Grant, Table, View } from '../catalog/catalog.ts'
import type { Extra } from './live-catalog.ts'

/** One object of a catalog as a flat list of properties, so that any two can be compared. */
export interface Fact {
  /** `table`, `column`, `policy`, … */
  readonly kind: string
  /** `app.order`, `app.order tenant`. */
  readonly object: string
  /** Property → value; null and absent mean the same. */
  readonly values: Readonly<Record<string, string | null>>
}

/** Every object of a catalog, by kind and object. Order of columns and of declaration is not a fact. */
export function catalogFacts(catalog: Catalog & { readonly extras?: readonly Extra[] }): ReadonlyMap<string, Fact> {
  const facts = [
    ...catalog.roles.map((role) =>
      fact('role', role.name, { comment: role.comment, 'member of': [...role.memberOf].sort().join(', ') }),
    ),
    ...catalog.tables.flatMap(tableFacts),
    ...catalog.functions.map(functionFact),
    ...(catalog.views ?? []).flatMap(viewFacts),
    ...(catalog.extras ?? []).map((extra) => fact(extra.kind, `${extra.object} ${extra.what}`, {})),
  ]
  return new Map(facts.map((one) => [`${one.kind}\0${one.object}`, one]))
}

function tableFacts(table: Table): readonly Fact[] {
  const name = `${table.schema}.${table.name}`
  const inside = (object: string) => `${name} ${object}`
  return [
    fact('table', name, {
      owner: table.owner,
      comment: table.comment,
      'row security': table.rowSecurity ? 'on' : 'off',
      'force row security': table.forceRowSecurity ? 'on' : 'off',
      'face of': table.face?.of ?? null,
      'partitioned by': table.face?.by ?? null,
      'partition of': table.face?.within ?? null,
    }),
    ...table.columns.map((column) =>
      fact('column', inside(column.name), {
        type: column.type,
        null: column.notNull ? 'not null' : 'null',
        default: column.default,
        identity: column.identity === true ? 'by default' : null,
        comment: column.comment,
      }),
    ),
    ...table.constraints.map((one) =>
      fact('constraint', inside(one.name), { definition: one.definition, comment: one.comment ?? null }),
    ),
    ...table.indexes.map((index) =>
      fact('index', inside(index.name), {
        unique: index.unique ? 'unique' : 'not unique',
        keys: index.keys.join(', '),
        where: index.where,
        include: index.include?.join(', ') ?? null,
        using: index.using ?? null,
        nulls: index.nullsEqual === true ? 'not distinct' : null,
      }),
    ),
    ...table.policies.map((policy) =>
      fact('policy', inside(policy.name), {
        mode: policy.permissive ? 'permissive' : 'restrictive',
        command: policy.command,
        roles: [...policy.roles].sort().join(', '),
        using: policy.using,
        check: policy.check,
        comment: policy.comment,
      }),
    ),
    ...table.triggers.map((trigger) => fact('trigger', inside(trigger.name), { definition: trigger.definition })),
    ...table.grants.flatMap((grant) => grantFacts(name, grant)),
  ]
}

function viewFacts(view: View): readonly Fact[] {
  const name = `${view.schema}.${view.name}`
  return [
    fact('view', name, {
      owner: view.owner,
      comment: view.comment,
      'security barrier': view.securityBarrier ? 'on' : 'off',
      'security invoker': view.securityInvoker === true ? 'on' : null,
      definition: view.definition,
      columns: view.adopted?.columns.map(({ name, type }) => `${name} ${type}`).join(', ') ?? null,
      comments: view.columns
        .flatMap((each) => (each.comment === null ? [] : `${each.name}: ${each.comment}`))
        .join('\n'),
    }),
    ...view.grants.flatMap((grant) => grantFacts(name, grant)),
  ]
}

// One fact for each column, so that a difference names the column and not the whole list.
function grantFacts(table: string, grant: Grant): readonly Fact[] {
  const to = `${grant.privilege} to ${grant.to}`
  if (grant.columns === null) return [fact('grant', `${table} ${to}`, {})]
  return grant.columns.map((column) => fact('grant', `${table} ${column} ${to}`, {}))
}

function functionFact(one: DatabaseFunction): Fact {
  return fact('function', `${one.schema}.${one.name}(${one.identity})`, {
    arguments: one.arguments,
    returns: one.returns,
    language: one.language,
    volatility: one.volatility,
    security: one.security,
    owner: one.owner,
    settings: Object.entries(one.settings)
      .map(([name, value]) => `${name} = ${value}`)
      .sort()
      .join(', '),
    rows: one.rows === null ? null : String(one.rows),
    body: one.body,
    form: one.atomic ? 'begin atomic' : 'string',
    execute: [...one.execute].sort().join(', '),
    comment: one.comment,
  })
}

function fact(kind: string, object: string, values: Fact['values']): Fact {
  return { kind, object, values }
}
