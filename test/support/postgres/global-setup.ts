import type { TestProject } from 'vitest/node'
import { startClusterService } from './cluster-service.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where test files find Postgres: a URL from the environment, or the port of the run's own service. */
    rowhousePostgres: { readonly url: string } | { readonly port: number }
  }
}

/** Gives every test file a Postgres: the one of ROWHOUSE_MIGRATE_URL, or an embedded one that lives as long as the run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const url = process.env.ROWHOUSE_MIGRATE_URL || process.env.DATABASE_URL
  if (url) {
    project.provide('rowhousePostgres', { url })
    return async () => undefined
  }
  const service = await startClusterService()
  project.provide('rowhousePostgres', { port: service.port })
  return () => service.close()
}
