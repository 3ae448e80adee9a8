import type { Condition, Model, Rule } from '#schema'
import * as m from '../../support/model.ts'

/** Ids of fixtures: a number each. */
export function id(number: number): string {
  return `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`
}

/** Two tenants. */
export const here = id(1)
export const there = id(2)
/** Callers. Ann is in team 31, Bob in 32, Cid was removed. */
export const [ann, bob, cid] = [id(11), id(12), id(13)] as const

/** A model in which each condition is the one rule of a role of its own: `r0`, `r1`, … */
export function relatedModel(conditions: readonly Condition[]): Model {
  const roles = conditions.map((_, at) => `r${at}`)
  const rules = conditions.map((where, at): Rule => m.allow(`rule ${at}`, `r${at}`, ['read'], { where }))
  return m.makeModel({
    entities: {
      Company: { tenant: 'self', fields: { plan: m.choice('free', 'pro') } },
      User: {
        tenant: false,
        fields: { rank: m.int(), suspended: m.plain('boolean') },
        lists: { memberships: { kind: 'many', to: 'TeamMember', by: 'user' } },
      },
      Team: {
        fields: { name: m.text() },
        lists: {
          members: { kind: 'many', to: 'TeamMember', by: 'team' },
          users: { kind: 'through', to: 'User', through: 'TeamMember', from: 'team', toward: 'user' },
          projects: { kind: 'many', to: 'Project', by: 'team' },
        },
      },
      TeamMember: { relations: { team: m.one('Team'), user: m.one('User') }, fields: { leads: m.plain('boolean') } },
      Project: {
        fields: {
          limit: m.optional(m.int()),
          closesOn: m.optional(m.plain('date')),
          startsAt: m.optional(m.plain('datetime')),
        },
        relations: { team: m.one('Team'), owner: m.one('User', { optional: true }) },
        lists: {
          tasks: { kind: 'many', to: 'Task', by: 'project' },
          brief: { kind: 'hasOne', to: 'Brief', by: 'project' },
        },
      },
      Task: {
        fields: { points: m.optional(m.int()), done: m.plain('boolean') },
        relations: { project: m.one('Project'), assignee: m.one('User', { optional: true }) },
      },
      Brief: { fields: { text: m.text() }, relations: { project: m.one('Project') } },
    },
    roles: { ...Object.fromEntries(roles.map((role) => [role, []])), chief: ['r0'], other: [] },
    actor: {
      entity: 'User',
      values: [
        m.reach('teams', { to: 'Team', via: 'TeamMember', as: 'user', toward: 'team' }),
        m.claim('region', m.choice('eu', 'us')),
        m.claim('level', m.int()),
      ],
    },
    policies: { Project: rules },
  })
}

/** Rows of two tenants, some removed; names of the numbers are in the comments. */
export const fixtures = `
  insert into rowhouse.tenant (id, slug, name) values ('${here}', 'here', 'Here'), ('${there}', 'there', 'There');
  set local rowhouse.tenant_id = '${here}';
  insert into app.company (tenant_id, id, plan) values ('${here}', '${here}', 'pro'), ('${there}', '${there}', 'free');
  insert into app."user" (id, rank, suspended, deleted_at) values
    ('${ann}', 5, false, null), ('${bob}', 1, true, null), ('${cid}', 9, false, now());
  insert into app.team (tenant_id, id, name, deleted_at) values
    ('${here}', '${id(31)}', 'a', null), ('${here}', '${id(32)}', 'b', null), ('${here}', '${id(33)}', 'gone', now()),
    ('${there}', '${id(39)}', 'far', null);
  insert into app.team_member (tenant_id, id, team_id, user_id, leads, deleted_at) values
    ('${here}', '${id(41)}', '${id(31)}', '${ann}', true, null),
    ('${here}', '${id(42)}', '${id(32)}', '${bob}', false, null),
    ('${here}', '${id(43)}', '${id(32)}', '${ann}', true, now()),
    ('${here}', '${id(44)}', '${id(31)}', '${cid}', false, null),
    ('${there}', '${id(48)}', '${id(39)}', '${bob}', true, null), ('${there}', '${id(49)}', '${id(39)}', '${ann}', true, null);
  -- 51: tasks of 3 and 8 points, all done · 52: one open task, one removed · 53: none · 54: only a removed one · 55: removed · 59: far
  insert into app.project (tenant_id, id, team_id, owner_id, "limit", closes_on, starts_at, deleted_at) values
    ('${here}', '${id(51)}', '${id(31)}', '${ann}', 5, (now() at time zone 'utc')::date, now() - interval '1 hour', null),
    ('${here}', '${id(52)}', '${id(32)}', '${bob}', null, (now() at time zone 'utc')::date + 40, now() + interval '1 hour', null),
    ('${here}', '${id(53)}', '${id(31)}', null, 0, null, null, null),
    ('${here}', '${id(54)}', '${id(32)}', '${cid}', 5, (now() at time zone 'utc')::date - 1, now() - interval '40 days', null),
    ('${here}', '${id(55)}', '${id(31)}', '${ann}', 5, null, null, now()),
    ('${there}', '${id(59)}', '${id(39)}', '${ann}', 5, null, null, null);
  insert into app.task (tenant_id, id, project_id, points, done, assignee_id, deleted_at) values
    ('${here}', '${id(61)}', '${id(51)}', 3, true, '${ann}', null),
    ('${here}', '${id(62)}', '${id(51)}', 8, true, '${bob}', null),
    ('${here}', '${id(63)}', '${id(52)}', null, false, '${bob}', null),
    ('${here}', '${id(64)}', '${id(52)}', 9, true, '${ann}', now()),
    ('${here}', '${id(65)}', '${id(54)}', 9, true, null, now()),
    ('${there}', '${id(69)}', '${id(59)}', 9, true, '${ann}', null);
  insert into app.brief (tenant_id, id, project_id, text, deleted_at) values
    ('${here}', '${id(71)}', '${id(51)}', 'x', null), ('${here}', '${id(72)}', '${id(52)}', 'y', now());
`
