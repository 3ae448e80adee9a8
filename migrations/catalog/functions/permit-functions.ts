import { rolePlaceholder } from '#policies'
import type { Role } from '#schema'
import type { DatabaseFunction } from '../catalog.ts'
import { privateFunction } from './private-function.ts'

/** What a role may do beside what rules say. */
export interface Permit {
  /** Option of the role. */
  readonly option: 'publishesScripts' | 'managesJobs'
  /** Of the function that only such roles may execute. */
  readonly name: string
  /** `publish scripts` */
  readonly may: string
  /** Who asks for it. */
  readonly askedBy: string
}

/** Each is a function in `rowhouse_private` where a role has its option. */
export const permits: readonly Permit[] = [
  {
    option: 'publishesScripts',
    name: 'publishes_scripts',
    may: 'publish scripts for its tenant',
    askedBy: 'The functions that publish scripts ask for it.',
  },
  {
    option: 'managesJobs',
    name: 'manages_jobs',
    may: 'manage failed jobs of its tenant',
    askedBy: 'The functions that manage failed jobs ask for it.',
  },
]

/**
 * `rowhouse_private.publishes_scripts()` and `manages_jobs()`, where a role does: whoever may execute them may do it. The platform's functions ask Postgres for
 * that right; what they answer means nothing.
 */
export function permitFunctions(roles: readonly Role[]): readonly DatabaseFunction[] {
  return permits.flatMap(({ option, name, may }) => {
    const holders = roles.filter((role) => role[option] === true)
    if (holders.length === 0) return []
    return [
      privateFunction({
        name,
        returns: 'boolean',
        language: 'sql',
        volatility: 'stable',
        body: 'select true',
        execute: holders.map((role) => rolePlaceholder(role.name)),
        comment: `Whoever may execute it may ${may}.`,
      }),
    ]
  })
}
