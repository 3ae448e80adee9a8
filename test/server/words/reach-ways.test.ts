import { beforeAll, expect, test } from 'vitest'
import { acme, ann, gil, globex, useWrittenServer } from '../../options/written-server.ts'

// Rooms belong to teams of people; tasks lead to two projects, and projects to rooms.
const app = useWrittenServer(
  {
    'schema/all.entity.ts': `export const User = entity('User', { tenant: false, fields: { name: string() } })
export const Team = entity('Team', { fields: { name: string() }, relations: { members: many('Member', { by: 'team' }), people: many('User', { through: 'Member' }) } })
export const Member = entity('Member', { relations: { team: one('Team'), user: one('User') } })
export const Room = entity('Room', { fields: { name: string() }, relations: { team: one('Team') } })
export const Project = entity('Project', { fields: { name: string() }, relations: { room: one('Room') } })
export const Task = entity('Task', { fields: { name: string() }, relations: { owner: one('User'), first: one('Project'), second: one('Project', { optional: true }) } })`,
    'policies/actor.ts': `import { User } from '../schema/all.entity.ts'
const { reach } = words(User)
export const actor = defineActor(User, {
  rooms: reach('Room', { via: 'Room', as: 'team.members.user', to: 'id' }),
  teamRooms: reach('Team', { via: 'Room', as: 'team.people' }),
  seconds: reach('Project', { via: 'Task', as: 'owner', to: 'second' }),
  taskRooms: reach('Room', { via: 'Task', as: 'owner', to: 'first.room' }),
})`,
    'policies/all.ts': `import { Member, Project, Room, Task, Team, User } from '../schema/all.entity.ts'
import { actor } from './actor.ts'
export const roles = defineRoles({ admin: 'Does everything.', a: 'By team.', b: 'By people.', c: 'By task.', d: 'By project.' })
const all = { allow: 'admin', to: anything } as const
export const P0 = policy(User, { all })
export const P1 = policy(Team, { all, people: { allow: 'b', to: 'read', where: { id: actor.teamRooms } } })
export const P2 = policy(Member, { all })
export const P3 = policy(Room, { all, team: { allow: 'a', to: 'read', where: { id: actor.rooms } }, task: { allow: 'c', to: 'read', where: { id: { in: actor.taskRooms } } } })
export const P4 = policy(Project, { all, second: { allow: 'd', to: 'read', where: { id: actor.seconds } } })
export const P5 = policy(Task, { all })`,
  },
  ['admin', 'a', 'b', 'c', 'd'],
)

const uuid = (end: string) => `00000000-0000-7000-8000-0000000000${end}`
const tables = ['user', 'team', 'member', 'room', 'project', 'task']

async function change(...statements: readonly string[]): Promise<void> {
  await app().database.asOwner(async (client) => {
    for (const table of tables) await client.query(`alter table app."${table}" no force row level security`)
    for (const statement of statements) await client.query(statement)
    for (const table of tables) await client.query(`alter table app."${table}" force row level security`)
  })
}

beforeAll(() =>
  change(
    `insert into app."user" (id, name) values ('${ann}', 'Ann'), ('${gil}', 'Gil')`,
    ...[
      [acme, '1', ann],
      [globex, '2', ann],
      [acme, '3', gil],
    ].flatMap(([tenant, n, who]) => [
      `insert into app.team (tenant_id, id, name) values ('${tenant}', '${uuid(`1${n}`)}', 'team ${n}')`,
      `insert into app.member (tenant_id, id, team_id, user_id) values ('${tenant}', '${uuid(`2${n}`)}', '${uuid(`1${n}`)}', '${who}')`,
      `insert into app.room (tenant_id, id, name, team_id) values ('${tenant}', '${uuid(`3${n}`)}', 'room ${n}', '${uuid(`1${n}`)}')`,
      `insert into app.project (tenant_id, id, name, room_id) values ('${tenant}', '${uuid(`4${n}`)}', 'project ${n}', '${uuid(`3${n}`)}'), ('${tenant}', '${uuid(`5${n}`)}', 'second ${n}', '${uuid(`3${n}`)}')`,
      `insert into app.task (tenant_id, id, name, owner_id, first_id, second_id) values ('${tenant}', '${uuid(`6${n}`)}', 'task ${n}', '${who}', '${uuid(`4${n}`)}', '${uuid(`5${n}`)}')`,
    ]),
  ),
)

const lists = { a: 'rooms', b: 'teams', c: 'rooms', d: 'projects' } as const

async function seen(role: keyof typeof lists, subject: object = {}): Promise<readonly string[]> {
  const { data, errors } = await app().ask(`{ ${lists[role]} { nodes { name } } }`, {}, { roles: [role], ...subject })
  expect(errors).toEqual([])
  return data[lists[role]].nodes.map(({ name }: { name: string }) => name)
}

test('ways over several relations lead to the rows of the caller, in its tenant alone', async () => {
  expect([await seen('a'), await seen('b'), await seen('c'), await seen('d')]).toEqual([
    ['room 1'],
    ['team 1'],
    ['room 1'],
    ['second 1'],
  ])
  const there = { tenant: globex, sub: ann }
  expect([await seen('a', there), await seen('b', there), await seen('c', there), await seen('d', there)]).toEqual([
    ['room 2'],
    ['team 2'],
    ['room 2'],
    ['second 2'],
  ])
  const gils = { sub: gil }
  expect([await seen('a', gils), await seen('d', gils)]).toEqual([['room 3'], ['second 3']])
})

test.each([
  ['team', '11', ['a', 'b']],
  ['member', '21', ['a', 'b']],
  ['room', '31', ['a', 'b', 'c']],
  ['project', '41', ['c']],
  ['project', '51', ['d']],
  ['task', '61', ['c', 'd']],
] as const)('a removed row on the way (%s %s) grants nothing', async (table, id, cut) => {
  await change(`update app.${table} set deleted_at = now() where id = '${uuid(id)}'`)
  try {
    for (const role of ['a', 'b', 'c', 'd'] as const)
      expect((await seen(role)).length, role).toBe((cut as readonly string[]).includes(role) ? 0 : 1)
  } finally {
    await change(`update app.${table} set deleted_at = null where id = '${uuid(id)}'`)
  }
})
