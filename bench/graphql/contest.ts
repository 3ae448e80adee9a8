import { type Child, startChild } from './child.ts'
import type { ExampleDatabase } from './example-database.ts'
import type { LoadAnswer, LoadQuestion } from './load.ts'
import type { ServerOptions, Usage } from './servers/serving.ts'
import type { Dialect } from './shapes.ts'

/** A server that is measured, in a process of its own. */
export interface Contestant {
  readonly name: string
  readonly url: string
  readonly dialect: Dialect
  /** What a ratio of ours over it is called. */
  readonly against: string
  /** Whether it is far from Postgres. */
  readonly isDelayed: boolean
  /** What its process used until now. */
  usage(): Promise<Usage>
}

/** All that takes part. */
export interface Contest {
  readonly contestants: readonly Contestant[]
  readonly load: Child<LoadQuestion, LoadAnswer>
  close(): Promise<void>
}

type ServerName = 'ours' | 'grafserv' | 'yoga' | 'floor'

type Served = Contestant & { readonly child: Child<'usage', Usage> }

/** Milliseconds that everything takes on its way to or from Postgres where it is delayed. */
const delayMs = 1

/** Starts every server, and who asks them. */
export async function openContest({ loginUrl, folder }: ExampleDatabase): Promise<Contest> {
  const [proxied, proxy] = await startChild<{ readonly url: string }, never, never>('delay-proxy.ts', {
    databaseUrl: loginUrl,
    ms: delayMs,
  })
  const [, load] = await startChild<'ready', LoadQuestion, LoadAnswer>('load.ts', {})
  const servers: Served[] = []
  const close = async () => {
    await Promise.all([...servers.map(({ child }) => child), load, proxy].map((child) => child.close()))
  }
  try {
    const near = { databaseUrl: loginUrl, folder }
    const far = { databaseUrl: proxied.url, folder }
    const starting = [
      ...(['ours', 'grafserv', 'yoga', 'floor'] as const).map((name) => serve(name, near)),
      ...(['ours', 'grafserv'] as const).map((name) => serve(name, far, 'delayed/')),
    ]
    for (const started of await Promise.allSettled(starting)) {
      if (started.status === 'fulfilled') servers.push(started.value)
      else throw started.reason
    }
  } catch (error) {
    await close()
    throw error
  }
  return { contestants: servers, load, close }
}

async function serve(name: ServerName, options: ServerOptions, prefix = ''): Promise<Served> {
  const file = `servers/${name}.ts`
  const [{ url }, child] = await startChild<{ readonly url: string }, 'usage', Usage>(file, options)
  return {
    name: `${prefix}${name}`,
    url,
    dialect: name === 'ours' || name === 'floor' ? name : 'stock',
    against: `${prefix}vs-${name}`,
    isDelayed: prefix !== '',
    usage: () => child.ask('usage'),
    child,
  }
}
