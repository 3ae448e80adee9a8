import type { ExecutionDetails } from 'grafast'

/** What Grafast tells a step that runs once for a request. */
export function singleDetails(
  values: readonly unknown[],
  readStep: (id: number) => unknown = () => undefined,
): ExecutionDetails {
  const store = { get: (id: number) => single(readStep(id)) }
  const details = {
    count: 1,
    values: values.map(single),
    indexMap: <T>(map: (index: number) => T) => [map(0)],
    indexForEach: (call: (index: number) => unknown) => call(0),
    stream: null,
    extra: { _bucket: { store } },
  }
  return details as unknown as ExecutionDetails
}

/** A value that is the same for all, as steps are told. */
function single(value: unknown) {
  return { isBatch: false, value, at: () => value, unaryValue: () => value }
}
