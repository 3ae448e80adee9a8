import { createHash } from 'node:crypto'
import type { Model } from '#schema'
import { graphqlPath } from './graphql-handler.ts'
import { starterQueries } from './starter-queries.ts'

/** A page with the headers that it must be sent with. */
export interface Page {
  readonly body: Buffer
  readonly headers: Readonly<Record<string, string>>
}

/**
 * GraphiQL, complete in one page: nothing is loaded from anywhere else, and the page may not.
 *
 * @param extend adds to the page, for development; left out, its reader pastes a token
 */
export async function graphiqlPage(model: Model, extend?: (html: string) => string): Promise<Page> {
  // Nine megabytes that production never loads.
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql')
  const plain = renderGraphiQL({
    title: `${model.app} · GraphiQL`,
    endpoint: graphqlPath,
    defaultTabs: starterQueries(model).map((query) => ({
      query: escaped(extend === undefined ? hint + query : query),
    })),
    shouldPersistHeaders: true,
    experimentalFragmentVariables: false,
  } as never)
  const html = extend === undefined ? plain : extend(plain)
  return {
    body: Buffer.from(html),
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': contentSecurityPolicy(html),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    },
  }
}

/** Without a token there is little to see, and a half-written header is refused. */
const hint = '# Headers, below: { "authorization": "Bearer …" } with a token of the console\n'

/** The texts end up inside a script element; notes are the author's words. */
function escaped(query: string): string {
  return query.replaceAll('<', '‹').replaceAll('>', '›')
}

function contentSecurityPolicy(html: string): string {
  const scripts = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, text = '']) => `'sha256-${sha256(text)}'`)
  const rules = {
    'default-src': ["'none'"],
    'script-src': scripts,
    'style-src': ["'unsafe-inline'"],
    'worker-src': ['blob:'],
    'img-src': ["'self'", 'data:'],
    'font-src': ['data:'],
    'connect-src': ["'self'"],
    'base-uri': ["'none'"],
    'form-action': ["'none'"],
    'frame-ancestors': ["'none'"],
  }
  return Object.entries(rules)
    .map(([name, sources]) => `${name} ${sources.join(' ')}`)
    .join('; ')
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}
