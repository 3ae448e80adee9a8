import { join } from 'node:path'
import type pg from 'pg'
import { readSecretKeys, type SecretKeys } from '#server'
import type { Answer } from '../server/client.ts'
import { type AppServer, useAppServer } from '../support/app-server.ts'

/** Folder of the app. */
export const folder = join(import.meta.dirname, '../fixtures/apps/vault')

export const acme = '00000000-0000-7000-8000-00000000000a'
export const globex = '00000000-0000-7000-8000-00000000000b'
/** A person, and accounts: one with secrets, one without, one of another tenant. */
export const ann = '00000000-0000-7000-8000-0000000000a1'
const id = (number: number): string => `00000000-0000-7000-8000-0000000001${String(number).padStart(2, '0')}`
export const [locked, open, foreign, news] = [id(1), id(2), id(3), id(4)]

/** Plain texts of the seed; nothing but the server may ever say them. */
export const [seededPin, seededToken] = ['seeded-pin-4711', 'seeded-token-0815']

/** Thirty-two bytes that no file holds. */
export const keys = readSecretKeys(Buffer.alloc(32, 7).toString('base64')) as SecretKeys

/** Asks the app as people of a tenant. */
export class Vault {
  readonly server: AppServer

  constructor(server: AppServer) {
    this.server = server
  }

  /** As Ann of Acme with some roles. */
  ask(roles: readonly string[], query: string, variables: object = {}): Promise<Answer> {
    return this.server.ask({ sub: ann, tenant: acme, roles }, query, variables)
  }

  /** What of it came back; fails for errors. */
  async data(roles: readonly string[], query: string, variables: object = {}) {
    const { data, errors } = await this.ask(roles, query, variables)
    if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('; '))
    return data
  }

  /** Code and message of the first error. */
  async refusal(roles: readonly string[], query: string, variables: object = {}): Promise<string> {
    const [error] = (await this.ask(roles, query, variables)).errors
    return error === undefined ? 'none' : `${error.extensions.code}: ${error.message}`
  }

  /** SQL as the roles of Ann, kept. */
  query(roles: readonly string[], text: string, values: readonly unknown[] = []): Promise<pg.QueryResult> {
    const who = { roles, tenant: acme, actor: ann }
    return this.server.database.asActor(who, (client) => client.query(text, [...values]))
  }

  /** SQL as the owner, whom row security does not hold. */
  async rows(text: string, values: readonly unknown[] = []): Promise<readonly Record<string, string>[]> {
    return (await this.server.database.asOwner((client) => client.query(text, [...values]))).rows
  }

  /** What is kept of a secret, by the column of its row. */
  async kept(
    table: string,
    column: string,
    where: string,
  ): Promise<{ readonly mark: string; readonly sealed: string }> {
    const text = `select s.mark::text, s.sealed from app.${table} t join rowhouse.secret s on s.mark = t.${column}::uuid where ${where}`
    const [row] = await this.rows(text)
    return row as { mark: string; sealed: string }
  }
}

/** Serves the app with accounts of two tenants. */
export function useVault(): () => Vault {
  const server = useAppServer(
    folder,
    {
      shared: { User: [{ id: ann, name: 'Ann' }], Robot: [{ name: 'R2', key: 'seeded-robot-key' }] },
      tenants: [
        {
          ...{ id: acme, slug: 'acme', name: 'Acme' },
          rows: {
            Account: [
              { id: locked, number: 'A', pin: seededPin, token: seededToken },
              { id: open, number: 'B' },
            ],
            Channel: [{ id: news, name: 'news', token: 'seeded-channel' }],
          },
        },
        {
          ...{ id: globex, slug: 'globex', name: 'Globex' },
          rows: { Account: [{ id: foreign, number: 'A', pin: seededPin, token: 'of-globex' }] },
        },
      ],
    },
    { secretKeys: keys },
  )
  return () => new Vault(server())
}
