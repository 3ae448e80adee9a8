import { readFileSync } from 'node:fs'

/**
 * Puts the workshop into the page of GraphiQL: the menu of people and the banner of problems. Its script comes before GraphiQL's own, for it says who asks.
 *
 * @param model identifies the model that the page was made of
 */
export function withWorkshop(model: string): (html: string) => string {
  const style = readFileSync(new URL('./workshop-page.css', import.meta.url), 'utf8')
  const script = readFileSync(new URL('./workshop-page.js', import.meta.url), 'utf8')
  const head = `<meta name="rowhouse-model" content="${model}" /><style>${style}</style><script>${script}</script>`
  return (html) => html.replace('<head>', () => `<head>${head}`)
}
