import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Page } from './graphiql-page.ts'
import { isOwnHost, isSameOrigin } from './host-check.ts'
import { sendJson } from './send.ts'
import { Workshop, workshopPath } from './workshop/workshop.ts'
import type { WorkshopState } from './workshop/workshop-state.ts'

/** How GraphiQL is served. */
export interface GraphiqlOptions {
  /** Host names other than this machine's under which a page with a workshop is served; one without is served under any. */
  readonly allowedHosts?: readonly string[]
  /** For development: people to ask as, and what is wrong with the app. Whoever can open the page gets it. Null or left out: a page like everybody's. */
  readonly workshop?: WorkshopState | null
}

/** What is served now. */
export interface ServedPage {
  /** Null where there is no GraphiQL. */
  readonly page: (() => Promise<Page>) | null
  readonly isDraining: boolean
}

/** Serves GraphiQL at `/`, and beside it, in development, what its page listens to. */
export class GraphiqlRoutes {
  readonly #allowedHosts: readonly string[]
  readonly #workshop: Workshop | null
  /** Which page there is; null: none. */
  readonly kind: 'plain' | 'workshop' | null

  constructor(options: GraphiqlOptions | null) {
    this.#allowedHosts = options?.allowedHosts ?? []
    this.#workshop = options?.workshop == null ? null : new Workshop(options.workshop)
    this.kind = options === null ? null : this.#workshop === null ? 'plain' : 'workshop'
  }

  /** What open pages show from now on. */
  show(workshop: WorkshopState): void {
    this.#workshop?.show(workshop)
  }

  /** Pages listen without an end; nobody waits for them. */
  close(): void {
    this.#workshop?.close()
  }

  /** Answers a GET that is for the page; false: it is not. */
  async answer(request: IncomingMessage, response: ServerResponse, served: ServedPage): Promise<boolean> {
    const [path] = (request.url ?? '/').split('?', 1)
    if (path === '/' && served.page !== null) {
      await this.#answerPage(request, response, served.page)
      return true
    }
    if (path !== workshopPath || this.#workshop === null) return false
    this.#answerWorkshop(request, response, { workshop: this.#workshop, isDraining: served.isDraining })
    return true
  }

  async #answerPage(request: IncomingMessage, response: ServerResponse, page: () => Promise<Page>): Promise<void> {
    if (!this.#isForReader(request))
      return sendJson(response, 403, { error: 'This page is not served under that host name.' })
    const { headers, body } = await page()
    response.writeHead(200, headers)
    response.end(request.method === 'HEAD' ? undefined : body)
  }

  #answerWorkshop(
    request: IncomingMessage,
    response: ServerResponse,
    { workshop, isDraining }: { readonly workshop: Workshop; readonly isDraining: boolean },
  ): void {
    const isAllowed = this.#isForReader(request) && isSameOrigin(request)
    if (!isAllowed) sendJson(response, 403, { error: 'This is for the page of GraphiQL alone.' })
    else if (isDraining) sendJson(response, 503, { status: 'draining' })
    else workshop.stream(response)
  }

  /** Without a workshop the page holds nothing that is not in every copy of it; production serves it under its public name. */
  #isForReader({ headers }: IncomingMessage): boolean {
    return this.#workshop === null || isOwnHost(headers.host, this.#allowedHosts)
  }
}
