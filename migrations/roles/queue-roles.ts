import type { PlatformRoles } from './platform-roles.ts'

/** A role of the queue of jobs, and what it is for. */
export interface QueueRole {
  readonly name: string
  readonly comment: string
}

/** The roles of the queue of jobs. Every app has them, members of nothing. */
export function queueRoles(names: PlatformRoles): readonly QueueRole[] {
  return [
    { name: names.queueKeeper, comment: 'Owns the queue of jobs.' },
    { name: names.queue, comment: 'Adds jobs.' },
    { name: names.jobs, comment: 'Takes and settles jobs.' },
  ]
}

/** What the login of the server becomes besides role sets. */
export function loginBecomes(names: PlatformRoles): readonly string[] {
  return [names.anonymous, names.queue, names.jobs]
}
