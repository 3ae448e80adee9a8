import type { LoadedApp } from '../load/load-app.ts'
import type { Problems } from '../load/problems.ts'
import type { Model } from '../model/model.ts'

/** Reports every mistake in the entities of a model. */
export function verifySchema(_app: LoadedApp, _model: Model, _problems: Problems): void {}
