/** The database of an app, open. Addresses hold passwords: print them only where they are asked for. */
export interface Database {
  readonly kind: 'embedded' | 'external'
  /** Of the migrator. */
  readonly migrateUrl: string
  /** Name of the role that the server connects as. */
  readonly login: string
  /** Of the server's login; null where a command was not told. */
  readonly url: string | null
  /** Of the login that makes role sets not met before; null: nobody does. */
  readonly provisionUrl: string | null
  /** True when the cluster was there and running, left over by a process that was killed. */
  readonly wasAdopted: boolean
  /** Drops the database and makes it anew, empty. Null where it is not ours to drop. */
  readonly recreate: (() => Promise<void>) | null
  /** Stops an embedded server that this process started or adopted. */
  close(): Promise<void>
}
