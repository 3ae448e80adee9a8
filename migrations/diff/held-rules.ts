import { quoteLiteral } from '#base'
import type { HeldRule, Table } from '../catalog/catalog.ts'
import { dollarQuote } from '../render/render-function.ts'
import { tableText } from '../render/render-table.ts'
import type { Change } from './change.ts'

interface Held {
  readonly table: Table
  readonly rule: HeldRule
}

/**
 * What refuses a migration where rows that are there break a rule that is looked at when a transaction commits: one that is new, and those of tables
 * whose stored formulas were computed anew, for triggers rest meanwhile.
 */
export function heldRules(changes: readonly Change[]): readonly string[] {
  const all = changes.flatMap((change) => toBeHeld(change))
  const names = all.map(({ table, rule }) => `${tableText(table)} ${rule.broken}`)
  return all.filter((_, at) => names.indexOf(names[at]!) === at).flatMap(hold)
}

function toBeHeld(change: Change): readonly Held[] {
  if (change.kind === 'trigger') {
    const rule = change.to?.holds
    return rule === undefined || rule.broken === change.from?.holds?.broken ? [] : [{ table: change.table, rule }]
  }
  if (change.kind !== 'column' || change.to?.stored === undefined) return []
  if (change.from?.stored?.of === change.to.stored.of) return []
  const { table } = change
  return table.triggers.flatMap(({ holds }) => (holds === undefined ? [] : [{ table, rule: holds }]))
}

/** The owner sees rows only while row security does not bind it. */
function hold({ table, rule }: Held): readonly string[] {
  const own = tableText(table)
  const message = `Rows of "${rule.entity}" break the rule "${rule.title}".`
  const options = [
    `errcode = '23514'`,
    `message = ${quoteLiteral(message)}`,
    `detail = broken || ' of them.'`,
    `hint = ${quoteLiteral(`They are those where ${rule.broken}.`)}`,
  ]
  const body = [
    'declare broken bigint;',
    'begin',
    `  select count(*) into broken from ${own} where ${rule.broken};`,
    `  if broken > 0 then raise exception using ${options.join(', ')}; end if;`,
    'end',
  ].join('\n')
  const quote = dollarQuote(body)
  return [
    'set constraints all immediate;',
    `alter table ${own} no force row level security;`,
    `do ${quote}\n${body}\n${quote};`,
    `alter table ${own} force row level security;`,
  ]
}
