import { type Mistake, testMistakes } from '../schema/mistakes.ts'
import { entitiesOnly } from '../schema/written-app.ts'

const of = (definition: string) => `export const A = entity('A', { ${definition} })`

const states = (to: string) =>
  `fields: {}, lifecycle: { initial: 'new', states: ['new', '${to}'], transitions: { send: { from: 'new', to: '${to}' } } }`

const mistakes: readonly Mistake[] = [
  ['no list', [['OPTION_INVALID', "'yes'"]], of("events: 'yes', fields: {}")],
  ['an empty list', [['OPTION_INVALID', '[]']], of('events: [], fields: {}')],
  ['no names', [['OPTION_INVALID', '[1]']], of('events: [1], fields: {}')],
  ['nothing that happens', [['EVENT_UNKNOWN', "'craeted'"]], of("events: ['craeted'], fields: {}")],
  ['a verb instead of a state', [['EVENT_UNKNOWN', "'send'"]], of(`events: ['send'], ${states('moved')}`)],
  ['a state that nothing leads to', [['EVENT_UNKNOWN', "'new'"]], of(`events: ['new'], ${states('moved')}`)],
  [
    'what never happens to rows that never change',
    [
      ['EVENT_UNKNOWN', "'updated'"],
      ['EVENT_UNKNOWN', "'removed'"],
    ],
    of("immutable: true, events: ['updated', 'removed'], fields: {}"),
  ],
  [
    'a state called like what happens to any row',
    [['EVENT_NAME_AMBIGUOUS', "'deleted'"]],
    of(`events: true, ${states('deleted')}`),
  ],
  [
    'rows of a report',
    [['REPORT_OPTION_UNSUPPORTED', 'events']],
    of("sql: 'reports/a.sql', key: 'n', events: true, fields: { n: int() }"),
  ],
  [
    'rows of a view',
    [['REPORT_OPTION_UNSUPPORTED', 'events']],
    of("adopt: { view: 'public.a' }, tenant: false, key: 'n', events: true, fields: { n: int() }"),
  ],
]

testMistakes('events', (source) => ({ ...entitiesOnly(source), 'reports/a.sql': 'select 1 as n' }), mistakes)
