import { RequestError } from '#base'

/** FORBIDDEN, in the author's words where a rule that denies has some (`because`). */
export function refusal(because: string | null, otherwise: string): RequestError {
  return because === null
    ? new RequestError('FORBIDDEN', otherwise)
    : new RequestError('FORBIDDEN', because, { because })
}
