import { describe, expect, test } from 'vitest'
import { buildCatalog } from '#migrations'
import { loadModel, modelJson, readModelJson } from '#policies'
import { type Mistake, testMistakes } from '../schema/mistakes.ts'
import { type AppFiles, entitiesOnly, withApp } from '../schema/written-app.ts'

const schema = `export const A = entity('A', { fields: { n: int() }, lifecycle: { initial: 'new', states: ['new', 'done'], transitions: { finish: { from: 'new', to: 'done' } } } })
export const B = entity('B', { fields: {} })`

const withSubscriber = (source: string): AppFiles => ({ ...entitiesOnly(schema), 'subscribers/tell.ts': source })

const mistakes: readonly Mistake[] = [
  ['an unknown event', [['EVENT_UNKNOWN', "'A.finish'"]], "export default on('A.finish', () => {})"],
  ['an unknown entity', [['EVENT_UNKNOWN', "'C.created'"]], "export default on('C.created', () => {})"],
  [
    'one unknown among others',
    [['EVENT_UNKNOWN', "'A.craeted'"]],
    "export default on(['A.done', 'A.craeted'], () => {})",
  ],
  ['no event', [['OPTION_INVALID', 'on']], 'export default on([], () => {})'],
  ['no function', [['OPTION_INVALID', "'A.done'"]], "export default on('A.done', 'x' as never)"],
  [
    'an unknown option',
    [['OPTION_UNKNOWN', 'retires']],
    "export default on('A.done', () => {}, { retires: 3 } as never)",
  ],
  ['too many retries', [['OPTION_INVALID', '9999']], "export default on('A.done', () => {}, { retries: 9999 })"],
  ['not the default export', [['DECLARATION_HIDDEN', 'on']], "export const tell = on('A.done', () => {})"],
  [
    'a call that nobody can read',
    [['DECLARATION_HIDDEN', '']],
    "const make = () => on('A.done', () => {})\nexport default make()",
  ],
]

testMistakes('subscribers', withSubscriber, mistakes)

describe('the model of an app with subscribers', () => {
  const files = withSubscriber("export default on(['B.created', 'A.done'], () => {}, { retries: 2 })")

  test('knows what they listen to, and is read back', async () => {
    const { model } = await withApp(files, (app) => loadModel(app))
    expect(model.subscribers).toEqual([{ name: 'subscribers/tell', on: ['A.done', 'B.created'], attempts: 3 }])
    expect(readModelJson(modelJson(model)).model).toEqual(model)
  })

  test('writes down what they ask for and nothing else', async () => {
    const { model } = await withApp(files, (app) => loadModel(app))
    const triggers = buildCatalog(model).tables.flatMap((table) =>
      table.triggers.filter(({ name }) => name.endsWith('_event')).map(({ name }) => `${table.name} ${name}`),
    )
    expect(triggers).toEqual(['a rowhouse_6_event', 'b rowhouse_5_event'])
  })

  test('has none of it where nobody listens', async () => {
    const { model } = await withApp(entitiesOnly(schema), (app) => loadModel(app))
    expect(Object.keys(model)).not.toContain('subscribers')
    expect(JSON.stringify(buildCatalog(model))).not.toContain('event')
  })
})
