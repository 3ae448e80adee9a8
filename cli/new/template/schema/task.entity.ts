import { boolean, date, entity, one, string, text } from 'rowhouse/schema'

export const Task = entity('Task', {
  note: 'One step of a project.',
  display: 'title',
  fields: {
    title: string({ max: 200 }),
    details: text({ optional: true, max: 10_000 }),
    dueOn: date({ optional: true }),
    done: boolean({ default: false }),
  },
  relations: {
    project: one('Project', { onDelete: 'cascade', onRemove: 'cascade' }),
    assignee: one('Person', { optional: true }),
  },
  indexes: [{ on: ['dueOn'], where: { done: false } }],
})
