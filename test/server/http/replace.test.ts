import { type AddressInfo, createServer } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import type { Model } from '#schema'
import { startShopServer, useShopServer } from '../client.ts'

const shop = useShopServer()

const described = '{ __type(name: "Order") { description } }'

function noted(model: Model, note: string): Model {
  return { ...model, entities: model.entities.map((each) => (each.name === 'Order' ? { ...each, note } : each)) }
}

test('another model is served from the moment that the database is there, and not before', async () => {
  const own = await startShopServer(shop(), shop().keys)
  try {
    const before = await own.ask(described)
    let during: unknown
    await own.server.replace(noted(shop().model, 'Another note.'), async () => {
      during = (await own.ask(described)).data
    })
    expect(during).toEqual(before.data)
    expect((await own.ask(described)).data).toEqual({ __type: { description: 'Another note.' } })
  } finally {
    await own.server.close()
  }
})

test('an API is built from the model alone: nobody connects to the database, for the first one or for another', async () => {
  let connections = 0
  const postgres = createServer((socket) => {
    connections++
    socket.destroy()
  })
  await new Promise<void>((resolve) => postgres.listen(0, '127.0.0.1', resolve))
  const databaseUrl = `postgres://nobody@127.0.0.1:${(postgres.address() as AddressInfo).port}/nothing`
  const own = await startShopServer(shop(), shop().keys, { databaseUrl })
  try {
    await own.server.replace(noted(shop().model, 'Built.'), async () => undefined)
    expect((await own.ask(described, null, null)).data).toEqual({ __type: { description: 'Built.' } })
    expect(connections).toBe(0)
    // Rows are asked for where it listens, so that it would have been heard.
    await own.ask('{ orders { totalCount } }')
    expect(connections).toBeGreaterThan(0)
  } finally {
    await own.server.close()
    postgres.close()
  }
})

test('when the database does not follow, everything stays as it was', async () => {
  const own = await startShopServer(shop(), shop().keys)
  try {
    const before = await own.ask(described)
    const refused = own.server.replace(noted(shop().model, 'Never.'), () => Promise.reject(new Error('no')))
    await expect(refused).rejects.toThrow('no')
    expect((await own.ask(described)).data).toEqual(before.data)
  } finally {
    await own.server.close()
  }
})

test('requests that run, and more that wait for a connection, are all answered while models are replaced', async () => {
  const own = await startShopServer(shop(), shop().keys, { poolSize: 2 })
  try {
    const token = await shop().token()
    const answers: Promise<unknown>[] = []
    for (let round = 0; round < 6; round++) {
      for (let count = 0; count < 25; count++) answers.push(own.ask('{ orders { totalCount } }', null, token))
      // Some have a connection now, and others wait for one.
      await new Promise((resolve) => setTimeout(resolve, 15))
      await own.server.replace(noted(shop().model, `Round ${round}.`), async () => undefined)
    }
    const failed = (await Promise.all(answers)).filter((answer) => (answer as { errors: unknown[] }).errors.length > 0)
    expect([answers.length, failed]).toEqual([150, []])
  } finally {
    await own.server.close()
  }
})

test('nothing of a version stays when it was replaced and its requests are over', async () => {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  const own = await startShopServer(shop(), shop().keys)
  try {
    const versions: WeakRef<object>[] = []
    const replaceOnce = async (note: string): Promise<void> => {
      const model = noted(shop().model, note)
      // The list is what the API was built from, too.
      versions.push(new WeakRef(model), new WeakRef(model.entities))
      await own.server.replace(model, async () => undefined)
    }
    for (let round = 0; round < 4; round++) {
      await replaceOnce(`Round ${round}.`)
      expect((await own.ask('{ orders { totalCount } }', null, await shop().token())).errors).toEqual([])
    }
    const left = () => {
      collect()
      return versions.filter((version) => version.deref() !== undefined).length
    }
    await expect.poll(left, { timeout: 20_000 }).toBeLessThanOrEqual(2)
  } finally {
    await own.server.close()
  }
})
