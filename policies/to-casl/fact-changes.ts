import type { Fact } from '#schema'
import type { Place } from '../evaluate/place.ts'

type RequestFact = Extract<Fact, { readonly about: 'request' }>

const hourMs = 3_600_000

/** When a fact about the request may be another by itself: null for never, `unknown` where nobody can say. In ms since 1970. */
export function factChanges({ on, op, to }: RequestFact, { caller, world }: Place): number | null | 'unknown' {
  const now = Date.parse(world.now)
  switch (on) {
    case 'mfa':
    case 'ip':
      return null
    case 'hour':
      return (Math.floor(now / hourMs) + 1) * hourMs
    case 'weekday':
      return (Math.floor(now / (24 * hourMs)) + 1) * 24 * hourMs
    case 'signedInFor': {
      const since = caller.request.signedInFor
      if (since === undefined) return null
      const isOrder = op === 'under' || op === 'atMost' || op === 'over' || op === 'atLeast'
      if (!isOrder || to.kind !== 'value' || typeof to.value !== 'number') return 'unknown'
      return since > to.value ? null : now + (to.value - since) * 1000
    }
  }
}
