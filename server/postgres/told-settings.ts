import { quoteLiteral } from '#base'
import { sessionSettings } from './session-settings.ts'
import type { SettingEntries } from './setting-entries.ts'

/** How a transaction is told its settings: with what parameters, and whether those are values alone. */
export interface ToldSettings {
  readonly isPlain: boolean
  readonly values: readonly string[]
}

/** What settings are told for. */
export interface Telling {
  readonly access: 'read' | 'write'
  readonly settings: SettingEntries
  readonly isSessionKept: boolean
  readonly statementTimeoutMs: number
  /** Names that the statements of the session were written for, in order. */
  readonly settingNames: readonly string[]
}

const applied = 'set_config(el->>0, el->>1, true)'
const elements = 'json_array_elements($1::json) el'

/** Before each statement of a transaction, whatever the settings: as JSON. The id of the transaction too: whoever knows it can ask later what became of a change (decision 0064). */
export const anySettings = {
  rowhouse_settings: `select ${applied} from ${elements}`,
  rowhouse_change: `select pg_current_xact_id(), count(${applied}) from ${elements}`,
} as const

/** The triggers of a new row tell its key: `returning` needs the right to read. */
const newRow = (place: number) => [
  `set_config('rowhouse.creating', $${place}::text::regclass::oid::text, true)`,
  "set_config('rowhouse.created_id', '', true)",
]

/** Announces a new row by itself. */
export const creating = `select ${newRow(1).join(', ')}`

/** The statements whose names are written in them: Postgres reads no JSON, and a new row is announced along with the settings. */
export type PlainStatement = 'rowhouse_plain_settings' | 'rowhouse_plain_change' | 'rowhouse_plain_creating'

/** A function takes a hundred arguments. */
const mostNames = 90

/** Of settings with these names, the role first; none where there are no names, or too many. */
export function plainStatements(names: readonly string[]): Readonly<Partial<Record<PlainStatement, string>>> {
  if (!areWritten(names)) return {}
  const set = ['statement_timeout', 'transaction_read_only', ...names].map(
    (name, at) => `set_config(${quoteLiteral(name)}, $${at + 1}, true)`,
  )
  // One number, instead of all that was set.
  const done = (calls: readonly string[]) => `num_nulls(${calls.join(', ')})`
  return {
    rowhouse_plain_settings: `select ${done(set)}`,
    rowhouse_plain_change: `select pg_current_xact_id(), ${done(set)}`,
    rowhouse_plain_creating: `select pg_current_xact_id(), ${done([...set, ...newRow(set.length + 1)])}`,
  }
}

/** Whether there are statements with these names. */
function areWritten(names: readonly string[]): boolean {
  return names.length > 0 && names.length <= mostNames
}

interface Known {
  readonly told: ToldSettings
  readonly settingNames: readonly string[]
}

/** By what they are made of. */
const toldBefore = new WeakMap<SettingEntries, Map<string, Known>>()

/** The same for whoever asks again. */
export function toldSettings(telling: Telling): ToldSettings {
  const { access, settings, isSessionKept, statementTimeoutMs, settingNames } = telling
  const known = toldBefore.get(settings) ?? new Map<string, Known>()
  toldBefore.set(settings, known)
  const key = `${access} ${isSessionKept} ${statementTimeoutMs}`
  const before = known.get(key)
  if (before?.settingNames === settingNames) return before.told
  const told = tell(telling)
  known.set(key, { told, settingNames })
  return told
}

function tell({ access, settings, isSessionKept, statementTimeoutMs, settingNames }: Telling): ToldSettings {
  const told = [
    ['statement_timeout', String(statementTimeoutMs)] as const,
    ['transaction_read_only', access === 'read' ? 'on' : 'off'] as const,
    ...settings,
  ]
  const isPlain =
    isSessionKept &&
    areWritten(settingNames) &&
    settings.length === settingNames.length &&
    settings.every(([name], at) => name === settingNames[at])
  if (isPlain) return { isPlain, values: told.map(([, value]) => value) }
  return { isPlain, values: [JSON.stringify([...(isSessionKept ? [] : sessionSettings(statementTimeoutMs)), ...told])] }
}
