import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createGraphqlSchema } from '../../../server/graphql/create-graphql-schema.ts'
import { useExampleServer } from '../../support/example-server.ts'
import { relationQuestions } from '../../support/relation-questions.ts'
import { type ServedApp, type Subject, serveApp } from '../../support/served-app.ts'
import { recordStatements, type StatementRecorder } from '../../support/statement-recorder.ts'
import { useWrittenServer } from './support-links.ts'

const acme = '00000000-0000-7000-8000-00000000000a'
const ann = '00000000-0000-7000-8000-0000000000a1'

/** Every way from one row to others: to-one, many, hasOne, through, links, oneOf, and both ways along a tree. */
const grove = {
  'schema/all.entity.ts': `
export const User = entity('User', { tenant: false, fields: { name: string() } })
export const Tag = entity('Tag', { fields: { name: string() }, relations: { trees: many('Tree', { by: 'tags' }) } })
export const Tree = entity('Tree', {
  tree: 'parent', fields: { name: string() },
  relations: {
    parent: one('Tree', { optional: true }), branches: many('Tree', { by: 'parent' }), label: hasOne('Label', { by: 'tree' }),
    above: many('Tree', { up: 'parent' }), below: many('Tree', { down: 'parent' }),
    tags: many('Tag', { link: true }), visits: many('Visit', { by: 'tree' }), visitors: many('Person', { through: 'Visit' }),
    notes: many('Note', { by: 'subject' }),
  },
})
export const Label = entity('Label', { fields: { text: string() }, relations: { tree: one('Tree', { unique: true }) } })
export const Person = entity('Person', { fields: { name: string() }, relations: { visits: many('Visit', { by: 'person' }), notes: many('Note', { by: 'subject' }) } })
export const Visit = entity('Visit', { fields: { place: int() }, relations: { tree: one('Tree'), person: one('Person') } })
export const Note = entity('Note', { fields: { text: string() }, relations: { subject: oneOf(['Tree', 'Person'], { optional: true }) } })`,
  'policies/all.ts': `
import { Label, Note, Person, Tag, Tree, User, Visit } from '../schema/all.entity.ts'
export const roles = defineRoles({ admin: 'Does everything.' })
export const actor = defineActor(User, {})
const all = { allow: 'admin', to: anything } as const
export const UserPolicy = policy(User, { all: { allow: signedIn, to: 'read' } })
export const TagPolicy = policy(Tag, { all })
export const TreePolicy = policy(Tree, { all })
export const LabelPolicy = policy(Label, { all })
export const PersonPolicy = policy(Person, { all })
export const VisitPolicy = policy(Visit, { all })
export const NotePolicy = policy(Note, { all })`,
}

const uuid = (kind: number, n: string) => `('00000000-0000-7000-900${kind}-' || lpad((${n})::text, 12, '0'))::uuid`
const rows = `
insert into rowhouse.tenant (id, slug, name) values ('${acme}', 'acme', 'Acme');
insert into app."user" (id, name) values ('${ann}', 'Ann');
select set_config('rowhouse.tenant_id', '${acme}', true);
insert into app.tag (tenant_id, id, name) select '${acme}', ${uuid(1, 'n')}, 'T' || n from generate_series(1, 12) n;
insert into app.tree (tenant_id, id, name, parent_id) select '${acme}', ${uuid(2, 'n')}, 'T' || n, case when n > 1 then ${uuid(2, 'n / 2')} end from generate_series(1, 40) n;
insert into app.tag__tree__link (tenant_id, tree_id, tag_id) select '${acme}', ${uuid(2, 'n')}, ${uuid(1, 'm')} from generate_series(1, 40) n, generate_series(1, 3) m;
insert into app.label (tenant_id, text, tree_id) select '${acme}', 'L' || n, ${uuid(2, 'n')} from generate_series(1, 40) n;
insert into app.person (tenant_id, id, name) select '${acme}', ${uuid(3, 'n')}, 'P' || n from generate_series(1, 8) n;
insert into app.visit (tenant_id, place, tree_id, person_id) select '${acme}', m, ${uuid(2, 'n')}, ${uuid(3, 'm')} from generate_series(1, 40) n, generate_series(1, 4) m;
insert into app.note (tenant_id, id, text, subject_tree_id, subject_person_id) select '${acme}', ${uuid(4, 'n')}, 'N',
  case when n % 2 = 0 then ${uuid(2, 'n / 2 + 1')} end, case when n % 2 = 1 then ${uuid(3, 'n % 8 + 1')} end from generate_series(1, 60) n;`

const example = useExampleServer()
const written = useWrittenServer(grove, rows, [['admin']])

const apps = {
  invoicing: () => ({ ...example(), who: { ...example().people.ada, sub: example().people.ada.id } as Subject }),
  grove: () => ({ ...written(), who: { sub: ann, tenant: acme, roles: ['admin'] } as Subject }),
}

describe.each(Object.keys(apps) as (keyof typeof apps)[])('%s', (app) => {
  let recorder: StatementRecorder
  let served: ServedApp
  beforeAll(async () => {
    const { model, database } = apps[app]()
    recorder = await recordStatements(database.loginUrl)
    served = await serveApp(model, { loginUrl: recorder.url })
  })
  afterAll(async () => {
    await served.close()
    await recorder.close()
  })

  /** Statements that read rows: none of those that open connections and transactions. */
  async function asked(text: string, n: number) {
    recorder.take()
    const { data, errors } = await served.ask(apps[app]().who, text, { n })
    expect(errors).toEqual([])
    const statements = recorder.take().filter((each) => /\bfrom\b/.test(each) && !/set_config|pg_catalog/.test(each))
    return { data, statements }
  }

  test('no relation, and none behind it, costs more statements for more rows', async () => {
    const { schema } = createGraphqlSchema(apps[app]().model)
    const questions = relationQuestions(schema)
    expect(questions.length).toBeGreaterThan(10)
    const grown: string[] = []
    const faults: string[] = []
    for (const { relation, text, rowsOf } of questions) {
      const [one, few, many] = [await asked(text, 1), await asked(text, 6), await asked(text, 20)]
      // People of the example see themselves alone.
      if (rowsOf(many.data) > rowsOf(one.data) || relation.startsWith('User.')) grown.push(relation)
      const counts = [one, few, many].map(({ statements }) => statements.length) as [number, number, number]
      // Of one row a relation may lead nowhere, and nothing is asked behind it.
      if (counts[0] === 0 || counts[0] > counts[1] || counts[1] !== counts[2])
        faults.push(`${relation}: ${counts.join(', ')} statements for 1, 6 and 20 rows`)
    }
    expect(faults).toEqual([])
    // With the same rows everywhere nothing would have been tested. No row of the example ever changed its state: test/lifecycles tells of those.
    const changing = questions.map(({ relation }) => relation).filter((each) => !/Transition|statusHistory/.test(each))
    expect(changing.filter((relation) => !grown.includes(relation))).toEqual([])
  })
})
