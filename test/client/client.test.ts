import { globSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ask, type Question, type SendGraphql } from 'rowhouse/client'
import { describe, expect, test } from 'vitest'
import { moduleGraph } from './module-graph.ts'

const root = join(import.meta.dirname, '../..')

describe('in a browser', () => {
  test('of the rest of Rowhouse there are only types', () => {
    const files = globSync('client/*.ts', { cwd: root })
    expect(files.length).toBeGreaterThan(2)
    for (const file of files)
      for (const line of readFileSync(join(root, file), 'utf8')
        .split('\n')
        .filter((each) => each.includes("from '#")))
        expect(line).toMatch(/^(import|export) type /)
  })

  test('it loads no module of Node, none of the server, and little in all', () => {
    const modules = moduleGraph(join(root, 'client/index.ts'))
    expect([...modules.keys()].filter((url) => isBuiltin(url))).toEqual([])
    const own = [...modules.keys()].filter((url) => !url.includes('/node_modules/'))
    expect(own.map((url) => url.slice(pathToFileURL(root).href.length)).sort()).toEqual([
      '/client/abilities.ts',
      '/client/ask.ts',
      '/client/index.ts',
    ])
    const code = [...modules.values()].join('\n')
    expect(code).not.toMatch(/\bprocess\.|\bBuffer\b/)
    expect(code.length).toBeLessThan(64_000)
  })

  test('a module of Node would be seen', () => {
    expect([...moduleGraph(join(import.meta.dirname, 'module-graph.ts')).keys()]).toContain('node:fs')
  })
})

interface Asked {
  readonly questions: readonly Question[]
}

/** Allows what ends with an even digit. */
function sender() {
  const requests: Asked[] = []
  const send: SendGraphql = async ({ query, variables }) => {
    expect(query).toContain('can(questions: $questions)')
    requests.push(variables as unknown as Asked)
    const can = (variables as unknown as Asked).questions.map(({ ids }) => ({
      allowed: ids.map((id) => /[02468]$/.test(id)),
    }))
    return { data: { can } }
  }
  return { requests, send }
}

describe('ask', () => {
  test('what is asked in one tick is one request, each row once', async () => {
    const { requests, send } = sender()
    const answers = await Promise.all([
      ask(send, [{ verb: 'update', entity: 'Order', ids: ['1', '2'] }]),
      ask(send, [
        { verb: 'update', entity: 'Order', ids: ['2', '4', '2'] },
        { verb: 'update', entity: 'Order', ids: ['2'], fields: ['total', 'number'] },
      ]),
      ask(send, [{ verb: 'update', entity: 'Order', ids: [], fields: ['number', 'total'] }]),
    ])
    expect(answers).toEqual([[[false, true]], [[true, true, true], [true]], [[]]])
    expect(requests).toEqual([
      {
        questions: [
          { verb: 'update', entity: 'Order', ids: ['1', '2', '4'] },
          { verb: 'update', entity: 'Order', fields: ['number', 'total'], ids: ['2'] },
        ],
      },
    ])
    await ask(send, [{ verb: 'read', entity: 'Order', ids: ['2'] }])
    expect(requests.length).toBe(2)
  })

  test('ten thousand ids go in as few requests as there must be', async () => {
    const { requests, send } = sender()
    const ids = Array.from({ length: 10_000 }, (_, at) => `${at}`)
    const [allowed] = await ask(send, [{ verb: 'read', entity: 'Order', ids }])
    expect(allowed!.filter(Boolean).length).toBe(5_000)
    expect(requests.length).toBe(10)
    for (const { questions } of requests) expect(questions.flatMap((each) => each.ids).length).toBeLessThanOrEqual(1000)
    const many = Array.from({ length: 45 }, (_, at) => ({ verb: `v${at}`, entity: 'Order', ids: ['2'] }))
    expect((await ask(send, many)).flat().every(Boolean)).toBe(true)
    expect(requests.slice(10).map(({ questions }) => questions.length)).toEqual([20, 20, 5])
  })

  test('an answer that does not come is an error, never a yes', async () => {
    const failing: SendGraphql = async () => ({ data: null, errors: [{ message: 'Too much.' }] })
    await expect(ask(failing, [{ verb: 'read', entity: 'Order', ids: ['2'] }])).rejects.toThrow('Too much.')
    const short: SendGraphql = async () => ({ data: { can: [] } })
    expect(await ask(short, [{ verb: 'read', entity: 'Order', ids: ['2'] }])).toEqual([[false]])
    expect(await ask(failing, [])).toEqual([])
  })
})
