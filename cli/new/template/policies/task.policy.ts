import { policy } from 'rowhouse/policies'
import { Task } from '../schema/task.entity.ts'
import { actor } from './actor.ts'

export const TaskPolicy = policy(Task, {
  'staff see every task': { allow: 'staff', to: 'read' },
  'staff add tasks while the project runs': {
    allow: 'staff',
    to: 'create',
    where: { project: { stage: { isNot: 'done' } } },
  },
  'staff change their own tasks': { allow: 'staff', to: 'update', where: { assignee: actor.id } },
  'leads change every task of their projects': {
    allow: 'lead',
    to: ['update', 'remove', 'restore'],
    where: { project: { lead: actor.id } },
  },
})
