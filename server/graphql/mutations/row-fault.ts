import { Bug, RequestError } from '#base'
import { type Denial, RefusedWrite, type TriedChange } from '../../refused-write.ts'
import type { LinkSide } from '../links.ts'
import { notLinked } from './write-links.ts'
import { stale } from './write-row.ts'

/** What Postgres says of a row that it refuses: an error of its own, or an answer of a platform function. */
export interface PostgresFault {
  readonly index: number
  /** SQLSTATE; `RH000`: `detail` is the answer. */
  readonly code: string
  readonly message: string
  readonly detail: string | null
  readonly hint: string | null
  readonly column: string | null
  readonly constraint: string | null
  readonly table: string | null
  readonly schema: string | null
  /** Whose rules refuse the row, where it is not the verb of the batch. */
  readonly verb?: string | null
  /** The rule that denies the change, as JSON. */
  readonly denial: string | null
}

/** What writing the row alone would throw. */
export function rowFault(fault: PostgresFault, change: TriedChange, links: readonly LinkSide[]): unknown {
  const { code, denial } = fault
  if (code === 'RH000') return answerFault(fault, change, links)
  if (code.startsWith('22')) return new RequestError('VALIDATION', 'A value cannot be read, or is out of range.')
  if (code !== '42501') return postgresError(fault)
  return new RefusedWrite(change, denial === null ? null : (JSON.parse(denial) as Denial), postgresError(fault))
}

function answerFault(
  { detail, hint, denial }: PostgresFault,
  change: TriedChange,
  links: readonly LinkSide[],
): unknown {
  const side = hint === null ? undefined : links[Number(hint)]
  if (side !== undefined) return notLinked(side, String(detail))
  if (detail === 'missing') return new RequestError('NOT_FOUND', 'There is no such row.')
  if (detail === 'stale') return stale()
  if (detail === 'refused')
    return new RefusedWrite(change, denial === null ? null : (JSON.parse(denial) as Denial), null)
  return new Bug(`A platform function answered "${detail}".`)
}

/** As the driver would have thrown it. */
function postgresError({ message, code, ...facts }: PostgresFault): Error {
  const said = Object.entries(facts).filter(
    ([name, value]) => !['index', 'denial', 'verb'].includes(name) && value !== null,
  )
  return Object.assign(new Error(message), { ...Object.fromEntries(said), code, severity: 'ERROR' })
}
