import type { PlatformRoles } from '#migrations'

/** The database of an app, open. Addresses hold passwords: print them only where they are asked for. */
export interface Database {
  readonly kind: 'embedded' | 'external'
  readonly names: PlatformRoles
  /** Of the migrator. */
  readonly migrateUrl: string
  /** Of the server's login; null where it has to be given a password first. */
  readonly url: string | null
  /** Of the login that makes role sets not met before; null: nobody does. */
  readonly provisionUrl: string | null
  /**
   * `made`: a new cluster. `started`: one of before. `adopted`: it was running, left over by a process that was killed. `shared`: another process has
   * it open. `external`: not ours.
   */
  readonly state: 'made' | 'started' | 'adopted' | 'shared' | 'external'
  /** Folder of the embedded cluster when it is not in the data folder, which Postgres could not enter; else null. */
  readonly movedTo: string | null
  /** Drops the database and makes it anew, empty. Null where it is not ours to drop. */
  readonly recreate: (() => Promise<void>) | null
  /** Stops an embedded server that this process opened. */
  close(): Promise<void>
}
