/**
 * Graphviz measures text with the widths of Helvetica, wherever it runs. Readers without it see a font that is up to a sixth wider, so
 * text is laid out larger than it is shown.
 */
const room = 1.2

/** A size of text, in points, as the layout is told. */
export function points(size: number): string {
  return (size * room).toFixed(2)
}

/** The font of a graph, of nodes or of ways. */
export function font(size: number): string {
  return `fontname="Helvetica,Arial,sans-serif", fontsize=${points(size)}`
}

/** The drawing with its text in the size that is shown. */
export function sizedText(svg: string): string {
  return svg.replaceAll(
    / font-size="([\d.]+)"/g,
    (_, size: string) => ` font-size="${(Number(size) / room).toFixed(1)}"`,
  )
}
