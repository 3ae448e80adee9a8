import { canonicalJson, deepFreeze, OperatorError } from '#base'
import { buildCatalog } from '#migrations'
import type { DevKeys, Person, Settings, ShownProblem } from '#server'
import { personToken } from '../../people/person-token.ts'
import { verify } from '../../serve/verify.ts'
import type { DevJobs } from '../dev-jobs.ts'
import type { Generations } from '../generations/generations.ts'
import type { AppSnapshot } from '../load/app-snapshot.ts'
import { codeHash } from '../load/code-hash.ts'
import type { Development } from '../run-dev.ts'
import { verifyOptions } from '../update-database.ts'
import { workshopState } from '../workshop-state.ts'
import { describeModelChange } from './describe-model-change.ts'
import { followDatabase, prepareDatabase, writeSeed } from './follow-database.ts'
import { lateSettings } from './late-settings.ts'
import { changesOfSeed, indexSeed, type SeedIndex } from './seed-changes.ts'

/** What {@link LiveApp.follow} came to. */
export interface Followed {
  readonly changes: readonly string[]
  /** As `performance.now()` tells it. */
  readonly liveAt: number
}

/** What answers requests, and what runs jobs. */
export interface RunningApp {
  readonly server: Generations
  readonly jobs: DevJobs
}

/** What is served, and how it becomes what the files say. */
export class LiveApp {
  readonly #keys: DevKeys
  readonly #server: Generations
  readonly #jobs: DevJobs
  /** Of the code that requests run. */
  #code: string
  #development: Development
  /** As the files said last, which the next start would use. */
  #read: Settings
  /** Null until the seed was read once. */
  #seed: SeedIndex | null = null

  constructor(development: Development, keys: DevKeys, { server, jobs }: RunningApp) {
    this.#jobs = jobs
    this.#code = codeHash(development.app.folder)
    // Comparable with what comes from another thread.
    this.#read = JSON.parse(JSON.stringify(development.settings))
    this.#development = { ...development, settings: this.#read }
    this.#keys = keys
    this.#server = server
  }

  /**
   * Brings database and server to what the files say. When something is in the way it throws, and what was served before is still served.
   *
   * @param signal aborted when the files changed again: what is only being made is given up
   * @returns what changed, in short, and when it was live; nothing when nothing did
   * @throws OperatorError RECREATE_NEEDED, CONFIG_INVALID, SEED_INVALID and others
   */
  async follow(app: AppSnapshot, signal: AbortSignal): Promise<Followed> {
    const before = this.#development.catalog
    const model = await this.#followModel(app, signal)
    const settings = await this.#followSettings(app.settings)
    const seed = await this.#followSeed(app.seed)
    const liveAt = performance.now()
    const { catalog, login } = this.#development
    // The change was held against the model before it was committed; this looks at everything once more, as every start does.
    if (catalog !== before) await verify(login.url, verifyOptions(this.#development))
    void this.#jobs.follow(this.#development.app.model)
    return { changes: [...model, ...settings, ...seed], liveAt }
  }

  /** Files are changing, and will be followed. */
  touch(): void {
    this.#jobs.hold()
  }

  /** For when there is time: prepares the next change. */
  warm(): void {
    this.#server.warm()
  }

  /** Shows in the browser what keeps the files from being served; nothing when they are. */
  async show(problems: readonly ShownProblem[]): Promise<void> {
    this.#server.show(await workshopState(this.#development, this.#keys, problems))
  }

  async #followModel({ folder, hash, model }: AppSnapshot, signal: AbortSignal): Promise<readonly string[]> {
    const { app, catalog } = this.#development
    const code = codeHash(folder)
    if (hash === app.hash && code === this.#code) return []
    if (model.app !== app.model.app) throw renamed(app.model.app, model.app)
    const next = { folder, hash, model: deepFreeze(model) }
    const built = buildCatalog(model)
    const isSame = canonicalJson(catalog) === canonicalJson(built)
    const development = { ...this.#development, app: next, catalog: isSame ? catalog : built }
    const follow = isSame ? () => Promise.resolve() : following(development)
    await this.#server.replace(next.model, follow, signal)
    this.#development = development
    const changes = [...describeModelChange(app.model, model), ...(code === this.#code ? [] : ['code changed'])]
    this.#code = code
    return changes
  }

  async #followSettings(settings: Settings): Promise<readonly string[]> {
    const { settings: before, app, session } = this.#development
    const tokenOf = (person: Person) => personToken(this.#keys, app.model.app, person)
    const late = lateSettings(this.#read, settings)
    // Said once: from now on it is known.
    this.#read = settings
    this.#development = { ...this.#development, settings: { ...settings, host: before.host, port: before.port } }
    const changed = Object.entries(settings.people).filter(
      ([name, person]) => canonicalJson(before.people[name] ?? null) !== canonicalJson(person),
    )
    for (const [name, person] of changed) {
      const token = await tokenOf(person)
      const old = before.people[name]
      if (old === undefined || token !== (await tokenOf(old))) session.terminal.print(`  ${name}  ${token}`)
    }
    const isSame = canonicalJson(before.people) === canonicalJson(settings.people)
    return [
      ...(isSame ? [] : ['people changed']),
      ...late.map((name) => `${name} changed, which the next start will use`),
    ]
  }

  async #followSeed(seed: AppSnapshot['seed']): Promise<readonly string[]> {
    if (seed === 'unread') return []
    const before = this.#seed
    // A seed that is gone for a while is not a new one when it is back.
    this.#seed ??= indexSeed(seed)
    if (before === null || seed === null) return []
    const { data, rows, gone } = changesOfSeed(before, seed)
    const isOurs = this.#development.database.kind === 'embedded'
    if (data !== null && isOurs) await writeSeed(this.#development, data)
    this.#seed = indexSeed(seed)
    if (data === null && gone === 0) return []
    if (!isOurs) return ['seed changed, which `rowhouse seed --again` writes to a database of yours']
    const left = gone === 0 ? '' : `, ${count(gone)} no longer in it left as ${gone === 1 ? 'it is' : 'they are'}`
    return [`seed changed: ${count(rows)} written${left}`]
  }
}

/** Begins with what needs no more than the model; what it gives does the rest, when its API is there. */
function following(development: Development): () => Promise<void> {
  const expected = prepareDatabase(development)
  return () => followDatabase(development, expected)
}

function count(rows: number): string {
  return rows === 1 ? '1 row' : `${rows} rows`
}

function renamed(from: string, to: string): OperatorError {
  return new OperatorError(
    'CONFIG_INVALID',
    `The app is called "${to}" now; its database and roles are those of "${from}".`,
    'Start `rowhouse dev` again, or put the name back.',
  )
}
