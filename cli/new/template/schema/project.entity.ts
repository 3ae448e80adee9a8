import { choice, entity, formulas, int, many, one, string } from 'rowhouse/schema'

export const Project = entity('Project', {
  note: 'Something that a team works on.',
  display: 'name',
  fields: {
    name: string({ max: 120, unique: true }),
    stage: choice({ idea: 'An idea', running: 'Running', done: 'Done' }, { default: 'idea' }),
  },
  relations: { lead: one('Person'), tasks: many('Task', { by: 'project' }) },
  computed: { openTasks: int({ note: 'How many tasks are not done.' }) },
})

export const ProjectFormulas = formulas(Project, { openTasks: (project) => project.tasks.count({ done: false }) })
