import { callerWith, explainEntity, explanationText, type LoadedModel, matrixText, policyMatrix } from '#policies'

/** What `rowhouse policy` shows of the example, by path in the repository. */
export function policyFiles({ model }: LoadedModel): Readonly<Record<string, string>> {
  const explain = (as: string | null) =>
    model.entities
      .map((entity) => explainEntity(model, entity, as === null ? null : callerWith([as], model)))
      .map((each) => explanationText(each, model))
      .join('\n')
  return {
    'test/golden/policy/explain.txt': explain(null),
    'test/golden/policy/explain-sales.txt': explain('sales'),
    'test/golden/policy/matrix.txt': matrixText(policyMatrix(model, model.entities)),
  }
}
