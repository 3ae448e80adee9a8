import { darkStyle } from './colors.ts'
import { htmlText } from './dot-text.ts'
import { sizedText } from './fonts.ts'

/**
 * A drawing of Graphviz as SVG that fits its page and the reader's screen, light or dark. Graphviz runs here, as WebAssembly: the same
 * text gives the same bytes everywhere.
 *
 * @param title what a screen reader says of it; plain words
 */
export async function renderSvg(dot: string, title: string): Promise<string> {
  const { Graphviz } = await import('@hpcc-js/wasm-graphviz')
  const graphviz = await Graphviz.load()
  const drawn = graphviz.dot(dot, 'svg')
  const start = drawn.indexOf('<svg')
  const body = sizedText(drawn.slice(start).replaceAll(/<!--[\s\S]*?-->\n?/g, ''))
  return body
    .replace('<svg ', () => `<svg role="img" aria-label="${htmlText(title)}" style="max-width:100%;height:auto" `)
    .replace('>', () => `>\n<style>${darkStyle()}</style>`)
}
