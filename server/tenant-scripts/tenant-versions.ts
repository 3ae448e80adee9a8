import { createHash } from 'node:crypto'
import { Bug } from '#base'
import type { RequestClient } from '../postgres/with-pg-client.ts'

/** A script as far as it is told from others. */
export interface NamedScript {
  /** As models name it: `scripts/discount`. */
  readonly name: string
  /** Hexadecimal SHA-256 of its source. */
  readonly checksum: string
}

/** What runs for a caller. */
export interface ChosenScript<Script> {
  readonly script: Script
  /** Number of the version that the tenant published; null: it is the app's. */
  readonly version: number | null
  /** Whether the tenant records its runs. */
  readonly records: boolean
  /** Whether it may ask for anything in the caller's name: who published it holds every role that the caller holds. */
  readonly reaches: boolean
}

/** What a tenant has of its own, by name. */
type Choices = Readonly<
  Record<
    string,
    {
      readonly version: number | null
      readonly checksum: string | null
      readonly records: boolean
      readonly reaches: boolean
    }
  >
>

/** Of all tenants together; what was used longest ago goes first. */
const mostKept = 500

/**
 * Finds what runs for a tenant instead of the app's scripts. Asked in the transaction of the request, so that every process runs what was published as soon as that is
 * kept; sources are read and compiled once.
 */
export class TenantVersions<Script extends NamedScript> {
  readonly #compile: (name: string, source: string) => Script | Promise<Script>
  readonly #compiled = new Map<string, Script>()
  /** Of each request: it keeps to what it met first. */
  readonly #choices = new WeakMap<object, Promise<Choices>>()

  /** @param compile what it is given was compiled before, when it was published */
  constructor(compile: (name: string, source: string) => Script | Promise<Script>) {
    this.#compile = compile
  }

  /**
   * The script that runs where the app has `script`.
   *
   * @param request one object for each request, or job
   */
  async choose(client: RequestClient, request: object, script: Script): Promise<ChosenScript<Script>> {
    const own = { script, version: null, reaches: true }
    if (!client.settings['rowhouse.tenant_id']) return { ...own, records: false }
    const choice = (await this.#choicesOf(client, request))[script.name]
    if (choice === undefined) return { ...own, records: false }
    const { version, checksum, records, reaches } = choice
    if (checksum === null) return { ...own, records }
    return { script: await this.#version(client, { name: script.name, checksum }), version, records, reaches }
  }

  /** Has a request look again: it published something itself. */
  forget(request: object): void {
    this.#choices.delete(request)
  }

  #choicesOf(client: RequestClient, request: object): Promise<Choices> {
    const known = this.#choices.get(request)
    if (known !== undefined) return known
    const asked = readChoices(client)
    this.#choices.set(request, asked)
    // Whoever tries again asks again.
    asked.catch(() => this.#choices.delete(request))
    return asked
  }

  async #version(client: RequestClient, { name, checksum }: NamedScript): Promise<Script> {
    // The source alone says what it does: tenants with the same one share it.
    const key = `${name} ${checksum}`
    const known = this.#compiled.get(key)
    const script = known ?? (await this.#compile(name, await readSource(client, { name, checksum })))
    this.#compiled.delete(key)
    this.#compiled.set(key, script)
    if (this.#compiled.size > mostKept) this.#compiled.delete(this.#compiled.keys().next().value!)
    return script
  }
}

async function readChoices(client: RequestClient): Promise<Choices> {
  const { rows } = await client.query<{ all: Choices }>({ text: 'select rowhouse_private.script_choices() as all' })
  return rows[0]!.all
}

async function readSource(client: RequestClient, { name, checksum }: NamedScript): Promise<string> {
  const text = 'select rowhouse_private.script_source($1, $2) as source'
  const { rows } = await client.query<{ source: string | null }>({ text, values: [name, checksum] })
  const source = rows[0]?.source ?? ''
  if (createHash('sha256').update(source).digest('hex') === checksum) return source
  throw new Bug(`The source of "${name}" is not the one with the checksum ${checksum}.`)
}
