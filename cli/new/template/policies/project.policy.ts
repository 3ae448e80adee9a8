import { everyone, policy, signedIn } from 'rowhouse/policies'
import { Project } from '../schema/project.entity.ts'
import { actor } from './actor.ts'

export const ProjectPolicy = policy(Project, {
  'staff see every project': { allow: 'staff', to: 'read' },
  'leads start projects of their own': { allow: 'lead', to: 'create', where: { lead: actor.id } },
  'leads change their own projects': { allow: 'lead', to: ['update', 'remove', 'restore'], where: { lead: actor.id } },
  'projects with open tasks stay': {
    deny: signedIn,
    to: 'remove',
    unless: { openTasks: 0 },
    because: 'Somebody still has to do its open tasks: finish them first.',
  },
  'nothing is deleted for good': { deny: everyone, to: 'delete', because: 'We keep what we learnt.' },
})
