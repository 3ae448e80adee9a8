import type { LoadedApp } from '../load/load-app.ts'
import type { Problems } from '../load/problems.ts'
import type { Entity, Model } from '../model/model.ts'

/** What a check looks at, and where its findings go. */
export interface Verification {
  readonly app: LoadedApp
  readonly model: Model
  readonly entities: ReadonlyMap<string, Entity>
  readonly problems: Problems
}

/** Opens a model for its checks. */
export function verification(app: LoadedApp, model: Model, problems: Problems): Verification {
  return { app, model, entities: new Map(model.entities.map((entity) => [entity.name, entity])), problems }
}
