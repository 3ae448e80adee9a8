import type { Json } from '#base'
import type { ActionInput, ActionOf, EntityName } from '#schema'
import type { ScriptDb } from './db.ts'
import type { ScriptHttpWords, SecretName } from './http.ts'
import type { ScriptRow } from './plain.ts'

/** An action of an entity, for the type of its input. */
export type ScriptVerb<N extends EntityName> = ActionOf<N>

/** Who runs a script: what the app knows of the caller. */
export interface ScriptActor {
  readonly id: string | null
  readonly roles: readonly string[]
  /** Further values of the actor. */
  readonly [value: string]: unknown
}

/** A fault of a value. */
export interface ScriptFault {
  readonly field: string
  readonly message: string
}

/** What a script is handed. It has nothing else: no modules, no network, no files, no timers. */
export interface ScriptContext<N extends EntityName = EntityName, V extends ScriptVerb<N> = ScriptVerb<N>> {
  /** What the caller handed over. */
  readonly input: ActionInput<N, V>
  /** The row that the script is run for; null where it is run for none. */
  readonly row: ScriptRow<N>
  readonly actor: ScriptActor | null
  /** ISO instant of the run. `new Date()` is the same instant: time stands still for a script. */
  readonly now: string
  readonly db: ScriptDb
  readonly http: ScriptHttpWords
  /** Writes a line to the log of the run. */
  log(...values: readonly unknown[]): void
  /** What is wrong with the values of a new row; an empty list if nothing is. */
  validate(entity: EntityName, values: object): Promise<readonly ScriptFault[]>
  /** Ends the script with an error that the caller is told: VALIDATION, with this code as its rule. */
  raise(code: string, message: string, fields?: readonly string[]): never
  /** A secret, for headers of `http` alone: nobody reads its value. */
  secret(name: string): SecretName
}

/** Plain data that a script returns. */
export type ScriptOutput = Json
