import { Bug } from '#base'
import type { RequestSettings } from './with-pg-client.ts'

/** Names and values of settings. */
export type SettingEntries = readonly (readonly [name: string, value: string])[]

const roleName = /^[a-z][a-z0-9_]*$/
const settingName = /^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/

/**
 * Settings as Postgres is sent them, the role first.
 *
 * @throws Bug when a name could be anything but a role or a setting of ours; the callers of this file made them.
 */
export function settingEntries(settings: RequestSettings): SettingEntries {
  if (!Object.isFrozen(settings)) return checkedEntries(settings)
  const known = entriesOf.get(settings)
  if (known !== undefined) return known
  const entries = checkedEntries(settings)
  entriesOf.set(settings, entries)
  return entries
}

/** Of settings that never change, and are remembered for who asks. */
const entriesOf = new WeakMap<RequestSettings, SettingEntries>()

function checkedEntries(settings: RequestSettings): SettingEntries {
  if (!roleName.test(settings.role ?? '')) throw new Bug('A request needs a role, in lower case letters, digits and _.')
  const entries = Object.entries(settings)
  for (const [name, value] of entries) {
    if (name !== 'role' && !settingName.test(name)) throw new Bug(`"${name}" is not the name of a setting.`)
    if (typeof value !== 'string') throw new Bug(`The setting "${name}" is not a text.`)
  }
  return entries
}
