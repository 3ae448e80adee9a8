import type { ExecutionDetails } from 'grafast'

/** What Grafast tells a step that runs once for a request. */
export function singleDetails(
  values: readonly unknown[],
  readStep: (id: number) => { readonly value: unknown } | undefined = () => undefined,
): ExecutionDetails {
  // What nobody reads here is not known, which is another thing than undefined.
  const known = (id: number) => {
    const read = readStep(id)
    return read === undefined ? undefined : single(read.value)
  }
  const store = { get: known }
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
