import { RequestError, type Rows } from '#base'
import type { ScriptHost } from '#scripts'

const refuse = () =>
  Promise.reject(
    new RequestError(
      'FORBIDDEN',
      'This script was published by somebody who does not hold all of your roles: it asks for nothing in your name.',
    ),
  )

const noRows: Rows = {
  ...{ find: refuse, get: refuse, create: refuse, update: refuse },
  ...{ remove: refuse, restore: refuse, delete: refuse, act: refuse },
}

/** What answers a script that a tenant published, for callers who hold more than its publisher: neither rows nor requests, nor secrets. Else publishing were a way to their rights. */
export function outOfReach({ log }: ScriptHost): ScriptHost {
  return { db: noRows, ...(log === undefined ? {} : { log }) }
}
