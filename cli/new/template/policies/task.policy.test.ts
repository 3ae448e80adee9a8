import { policyTest } from 'rowhouse/policies'

// `npx rowhouse policy test` asks Postgres each of these.
export const tasks = policyTest('tasks', {
  actors: { ann: { roles: ['staff'] }, lea: { roles: ['lead'] }, vic: { roles: null } },
  rows: {
    garden: { Project: { lead: 'lea', stage: 'running' } },
    attic: { Project: { lead: 'ann', stage: 'done' } },
    dig: { Task: { project: 'garden', assignee: 'ann' } },
    water: { Task: { project: 'garden' } },
    sweep: { Task: { project: 'attic' } },
  },
  expect: {
    'ann reads dig': true,
    'vic reads dig': false,
    'ann creates Task { project: garden }': true,
    'ann creates Task { project: attic }': false,
    'ann updates dig { done: true }': true,
    'ann updates water { done: true }': false,
    'lea updates water { done: true }': true,
    'lea removes water': true,
    'lea removes sweep': false,
  },
})
