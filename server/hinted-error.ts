import { didYouMean, RequestError } from '#base'

/** What is told beside what is wrong. */
export interface Hint {
  /** What was written. */
  readonly given: string
  /** What might have been. */
  readonly known: readonly string[]
}

/** VALIDATION with what would have been possible, which is told to those alone who may know the names of the model. */
export class HintedError extends RequestError {
  readonly #plain: string

  constructor(plain: string, fields: readonly string[], hint: string) {
    super('VALIDATION', hint === '' ? plain : `${plain} ${hint}`, fields.length === 0 ? {} : { fields })
    this.name = 'HintedError'
    this.#plain = plain
  }

  /** The same without names. */
  withoutHint(): RequestError {
    return new RequestError(this.code, this.#plain, this.extensions)
  }
}

/** "Did you mean …? There are …", with as many names as a message has room for. */
export function hintOf({ given, known }: Hint): string {
  if (known.length === 0) return ''
  const near = didYouMean(shown(given), known)
  const named = known.slice(0, mostNames).map((name) => `"${name}"`)
  const more = known.length > mostNames ? ` and ${known.length - mostNames} more` : ''
  const all = `Possible: ${named.join(', ')}${more}.`
  return near === null ? all : `Did you mean "${near}"? ${all}`
}

/** What code wrote, whatever it is, as a message has room for it. */
export function shown(given: unknown): string {
  return String(given).slice(0, longestShown)
}

const longestShown = 100

const mostNames = 25
