import type { AppConfig, KeptDays } from './app-config.ts'
import type { Complain } from './read-settings.ts'

/** For how many days things are kept that go by themselves; null: for ever. */
export interface RetentionSettings {
  /** Jobs that failed for good. */
  readonly failedJobsDays: number | null
  /** Recorded runs of scripts. */
  readonly scriptRunsDays: number | null
  readonly eventsDays: number | null
}

/** Of an app that says nothing. */
export const defaultRetention: RetentionSettings = { failedJobsDays: 90, scriptRunsDays: 7, eventsDays: 90 }

/** How long an app keeps what goes by itself. */
export function readRetention(config: AppConfig, complain: Complain): RetentionSettings {
  const days = (at: string, given: KeptDays | undefined, fallback: number | null): number | null => {
    if (given === undefined) return fallback
    if (given === 'forever') return null
    if (Number.isInteger(given) && given >= 1 && given <= mostDays) return given
    complain(`${at} is ${JSON.stringify(given)}: say a whole number of days from 1 to ${mostDays}, or "forever".`)
    return fallback
  }
  const jobs = objectIn(config, 'jobs', 'keepFailedDays', complain)
  const events = objectIn(config, 'events', 'keepDays', complain)
  return {
    failedJobsDays: days('jobs.keepFailedDays', jobs.keepFailedDays, defaultRetention.failedJobsDays),
    scriptRunsDays: days('scripts.keepRunsDays', config.scripts?.keepRunsDays, defaultRetention.scriptRunsDays),
    eventsDays: days('events.keepDays', events.keepDays, defaultRetention.eventsDays),
  }
}

/** A hundred years. */
const mostDays = 36_500

type Given = Readonly<Record<string, KeptDays | undefined>>

/** Of a config that no compiler has looked at. */
function objectIn(config: AppConfig, at: 'jobs' | 'events', known: string, complain: Complain): Given {
  const given: unknown = config[at] ?? {}
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    complain(`${at}: say \`{ ${known}: 30 }\`.`)
    return {}
  }
  for (const name of Object.keys(given)) if (name !== known) complain(`${at} has no "${name}": it has ${known}.`)
  return given as Given
}
