import type pg from 'pg'
import { roleSetName } from '#migrations'
import { median } from '../bench.ts'
import { floors } from '../policies-floor.ts'
import { type Contender, inTurns, type Pace } from './in-turns.ts'
import { naiveClaims, naiveRole, naive as naiveRules } from './naive.ts'
import { caller } from './rows.ts'
import { type Asker, ask, bound, floorAsker, type Question } from './session.ts'
import { type Kind, questionOf, type Shape, shapes } from './shapes.ts'

export interface Subjects {
  /** One connection for all: they share its process and what it has warmed. */
  readonly client: pg.Client
  readonly prefix: string
  readonly pace: Pace
}

export interface Measured {
  readonly rule: readonly number[]
  /** The same rule in a tenant of a quarter of the rows, where the caller sees as many. */
  readonly small: readonly number[] | null
  readonly naive: readonly number[]
  /** Of the fastest form. */
  readonly floor: readonly number[]
  /** Its number, how many rows it finds, and whose plans are made anew each time. */
  readonly about: string
}

/**
 * The same question by rule, by the naive rule and by hand. Each is a prepared statement of its own in a transaction with role and claims
 * set, on the same connection, so plans are equally warm; each is planned as Postgres chooses to.
 */
export async function measure(name: string, kind: Kind, subjects: Subjects): Promise<Measured> {
  const { forms, rule, small, naive } = await contendersOf(name, kind, subjects)
  const found = await inTurns([...forms, rule, ...small, naive], subjects.pace)
  const all = [...forms, rule, ...small, naive].filter((each) => found.has(each.name))
  const sizes = new Set(all.flatMap((each) => [...each.sizes]))
  if (sizes.size !== 1) throw new Error(`${name}/${kind}: the forms find ${[...sizes].join(', ')} rows.`)
  const best = forms
    .filter((form) => found.has(form.name))
    .reduce((a, b) => (median(found.get(a.name)!) <= median(found.get(b.name)!) ? a : b))
  const planned = await plannedAnew(subjects.client, [best.name, rule.name])
  return {
    rule: found.get(rule.name)!,
    small: small.length === 0 ? null : found.get(small[0]!.name)!,
    naive: found.get(naive.name)!,
    floor: found.get(best.name)!,
    about: `form ${forms.indexOf(best) + 1}, ${[...sizes].join()} rows${planned}`,
  }
}

interface Measuring extends Contender {
  /** How many rows it found. */
  readonly sizes: ReadonlySet<string>
}

async function contendersOf(name: string, kind: Kind, subjects: Subjects) {
  const shape = shapes[name]!
  const inLarge = ruleAsker(shape, caller.tenant, subjects)
  const inSmall = ruleAsker(shape, caller.small, subjects)
  const { mfa = false } = shape
  const asNaive: Asker = { role: naiveRole(name), tenant: caller.tenant, claim: naiveClaims[name] ?? '', mfa }
  const id = await anyId(subjects.client, inLarge, shape)
  const naiveFrom = naiveRules[name]!.from ?? shape.table
  const question = (way: string, values: readonly string[], from = shape.shown ?? shape.table): Question => {
    const text = questionOf(shape.columns, `from app."${from}"`, kind)
    return { name: `${name} ${kind} ${way}`, text, values: kind === 'id' ? values : [] }
  }
  const contender = (asker: Asker, asked: Question, stays: boolean): Measuring => {
    const sizes = new Set<string>()
    const run = async () => {
      const { ms, rows } = await ask(subjects.client, asker, asked)
      sizes.add(String(rows[0] !== undefined && 'count' in rows[0] ? rows[0].count : rows.length))
      return ms
    }
    return { name: asked.name, run, sizes, stays }
  }
  const given = { tenant: caller.tenant, actor: caller.actor, id }
  return {
    forms: floors[name]![kind]!.map((form, at) =>
      contender(floorAsker, { name: `${name} ${kind} form ${at + 1}`, ...bound(form, given) }, false),
    ),
    rule: contender(inLarge, question('rule', [id]), true),
    small: shape.isConstant
      ? [contender(inSmall, question('small', [await anyId(subjects.client, inSmall, shape)]), true)]
      : [],
    naive: { ...contender(asNaive, question('naive', [id], naiveFrom), true), share: 0.2 },
  }
}

/** Who asks under the rules of a shape. */
export function ruleAsker({ roles, mfa = false }: Shape, tenant: string, { prefix }: Pick<Subjects, 'prefix'>): Asker {
  return { role: roleSetName(prefix, roles), tenant, claim: '', mfa }
}

async function anyId(client: pg.Client, asker: Asker, { shown, table }: Shape): Promise<string> {
  const from = shown ?? table
  const any: Question = {
    name: `any ${asker.role} ${table}`,
    text: `select id from app."${from}" limit 1`,
    values: [],
  }
  return (await ask(client, asker, any)).rows[0]!.id as string
}

/** Whose statements have no lasting plan, as Postgres decided. */
async function plannedAnew(client: pg.Client, names: readonly string[]): Promise<string> {
  const { rows } = await client.query<{ name: string }>(
    'select name from pg_prepared_statements where name = any ($1) and generic_plans = 0 and custom_plans > 5 order by name',
    [names],
  )
  return rows.length === 0
    ? ''
    : `, planned each time: ${rows.map((one) => one.name.replace(/^\S+ \S+ /, '')).join(' and ')}`
}
