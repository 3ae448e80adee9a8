/** What the files of an app import from `rowhouse/actions`. */
export type { Row, RowId, RowQuery, Rows } from '#base'
export type { ActionInput } from '#schema'
export type { ActionBody, ActionCall, AppActionCall, BodyActor, BodyCall, HookBody, HookCall } from './body.ts'
export { type ActionOn, type AppActionOn, action, appAction } from './define-action.ts'
export { hook } from './define-hook.ts'
