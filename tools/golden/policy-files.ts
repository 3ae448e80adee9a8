import { callerWith, explainEntity, explanationText, type LoadedModel, matrixText, policyMatrix } from '#policies'
import { isHistory } from '#schema'

/** What `rowhouse policy` shows of the example, by path in the repository. */
export function policyFiles({ model }: LoadedModel): Readonly<Record<string, string>> {
  // As the commands show them when nobody names an entity.
  const told = model.entities.filter((entity) => entity.link === null && !isHistory(entity))
  const explain = (as: string | null) =>
    told
      .map((entity) => explainEntity(model, entity, as === null ? null : callerWith([as], model)))
      .map((each) => explanationText(each, model))
      .join('\n')
  return {
    'test/golden/policy/explain.txt': explain(null),
    'test/golden/policy/explain-sales.txt': explain('sales'),
    'test/golden/policy/matrix.txt': matrixText(policyMatrix(model, told)),
  }
}
