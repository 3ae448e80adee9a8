import { didYouMean, OperatorError } from '#base'
import { buildCatalog, type Catalog, type CatalogObject, type Explanation, explainer } from '#migrations'
import type { LoadedModel } from '#policies'
import { type Entity, isHistory, type Model } from '#schema'

/** What the parts of `inspect` work from. */
export interface Inspection {
  readonly app: LoadedModel
  readonly model: Model
  readonly catalog: Catalog
  readonly explain: (object: CatalogObject) => Explanation
}

/** How a part comes out. */
export type InspectFormat = 'text' | 'json' | 'sql' | 'graphql' | 'mermaid' | 'svg' | 'dot'

/** One thing that `inspect` shows. */
export interface InspectPart {
  /** The first is what comes without asking. */
  readonly formats: readonly InspectFormat[]
  show(names: readonly string[], format: InspectFormat, inspection: Inspection): string | Promise<string>
}

/** An app with everything that its parts are shown from. */
export function inspectionOf(app: LoadedModel): Inspection {
  const { model } = app
  const catalog = buildCatalog(model)
  return { app, model, catalog, explain: explainer(model, catalog) }
}

/**
 * The entities of these names, in the order of the model; without names all but those that links and histories make.
 *
 * @throws OperatorError INSPECT_NAME_UNKNOWN
 */
export function entitiesNamed(names: readonly string[], { model }: Inspection): readonly Entity[] {
  const own = model.entities.filter((entity) => entity.link === null && !isHistory(entity))
  const known = model.entities.map(({ name }) => name)
  for (const name of names) if (!known.includes(name)) throw unknownName(name, known, 'entity')
  return names.length === 0 ? own : model.entities.filter(({ name }) => names.includes(name))
}

/** The refusal of a name that the app does not have. */
export function unknownName(name: string, known: readonly string[], what: string): OperatorError {
  const near = didYouMean(name, known)
  const message = `There is no ${what} "${name}".${near === null ? '' : ` Did you mean "${near}"?`}`
  const some = known.slice(0, 20).join(', ')
  const hint = known.length > 20 ? `Known are ${some} and ${known.length - 20} more.` : `Known are ${some || 'none'}.`
  return new OperatorError('INSPECT_NAME_UNKNOWN', message, hint)
}
