/** What an app's `scripts/*.ts` import as `rowhouse/scripts`. */
export { type Script, script } from './dsl/script.ts'
export type { ScriptActor, ScriptContext, ScriptFault } from './types/context.ts'
export type { ScriptDb } from './types/db.ts'
export type { ScriptHeader, ScriptHttpWords, ScriptRequest, ScriptResponse, SecretName } from './types/http.ts'
export type { Plain, ScriptRow } from './types/plain.ts'
