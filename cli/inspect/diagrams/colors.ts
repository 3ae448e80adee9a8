/**
 * Colours of the drawings, by what they are for: in light, and in dark. Each light one is used for one thing only, because the dark ones
 * are put in its place by value.
 */
export const colors = {
  page: ['#ffffff', '#0d1117'],
  box: ['#fefefe', '#151b23'],
  ink: ['#1f2328', '#f0f6fc'],
  muted: ['#59636e', '#9198a1'],
  border: ['#d1d9e0', '#3d444d'],
  line: ['#818b98', '#656c76'],
  part: ['#0969da', '#4493f8'],
  link: ['#8250df', '#ab7df8'],
  own: ['#ddf4ff', '#12304f'],
  none: ['#fff8c5', '#3b2f10'],
  self: ['#dafbe1', '#12391f'],
  shared: ['#fbefff', '#37215a'],
  begin: ['#1f2329', '#f0f6fd'],
  end: ['#eaeef2', '#262c36'],
} as const satisfies Record<string, readonly [light: string, dark: string]>

/** The light colour. */
export function light(name: keyof typeof colors): string {
  return colors[name][0]
}

/** Rules that make a drawing dark where the reader's screen is: only attributes are replaced, so that it is whole without them. */
export function darkStyle(): string {
  const rules = Object.values(colors).flatMap(([from, to]) => [
    `[fill="${from}"]{fill:${to}}`,
    `[stroke="${from}"]{stroke:${to}}`,
  ])
  return `@media (prefers-color-scheme:dark){${rules.join('')}}`
}
