import { features, type Mixture, type Pair } from './features.ts'
import { refusedTrios } from './refused-pairs.ts'

const mostTogether = 8

/** Mixtures of up to eight features each in which every pair stands together at least once. */
export function mixturesOf(sound: readonly Pair[]): readonly Mixture[] {
  const fits = fitting(sound)
  const left = new Set(sound.map((pair) => keyOf(...pair)))
  const mixtures: Mixture[] = []
  for (const pair of sound) {
    if (!left.has(keyOf(...pair))) continue
    const together: string[] = [...pair]
    const gain = (name: string) => together.filter((other) => left.has(keyOf(name, other))).length
    while (together.length < mostTogether) {
      const best = fits(together).toSorted((a, b) => gain(b) - gain(a))[0]
      if (best === undefined || gain(best) === 0) break
      together.push(best)
    }
    for (const a of together) for (const b of together) left.delete(keyOf(a, b))
    mixtures.push({ name: `Mix${mixtures.length + 1}`, features: together })
  }
  return mixtures
}

/** A mixture with the feature and as many others as go together with all before them. */
export function fullMixture(feature: string, sound: readonly Pair[]): Mixture {
  const fits = fitting(sound)
  const together = [feature]
  for (let next = fits(together)[0]; next !== undefined; next = fits(together)[0]) together.push(next)
  return { name: `Full${feature}`, features: together }
}

function fitting(sound: readonly Pair[]): (together: readonly string[]) => readonly string[] {
  const known = new Set(sound.map((pair) => keyOf(...pair)))
  return (together) =>
    Object.keys(features).filter((name) => {
      const isUnfit = refusedTrios.some(
        (trio) => trio.includes(name) && trio.every((each) => each === name || together.includes(each)),
      )
      return !isUnfit && together.every((other) => known.has(keyOf(name, other)))
    })
}

function keyOf(a: string, b: string): string {
  return [a, b].sort().join(' ')
}
