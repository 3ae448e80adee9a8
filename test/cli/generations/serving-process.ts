import { defaultLimits } from '#server'
import { Generations } from '../../../cli/dev/generations/generations.ts'
import { makeModel, text } from '../../support/model.ts'

// Says where it serves, until it is killed.
const made = makeModel({ entities: { Note: { fields: { name: text() } } } })
const model = { ...made, entities: made.entities.map((entity) => ({ ...entity, note: 'one' })) }
const plan = { model, settings: { host: '127.0.0.1', port: 0, limits: defaultLimits }, workshop: null } as never
const entry = new URL('./fake-generation-thread.ts', import.meta.url)
const { url } = await Generations.open({ plan, entry, say: () => undefined })
console.log(url)
