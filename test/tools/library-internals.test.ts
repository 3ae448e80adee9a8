import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sourceFiles } from '../../tools/check/source-files.ts'
import { root } from '../cli/support/run-rowhouse.ts'

/** What is not in the documentation of a library, and may be another thing in its next version. */
interface Internals {
  /** At which all of it was looked at. */
  readonly versions: Readonly<Record<string, string>>
  /** By which a file is found that relies on it. */
  readonly signs: RegExp
  /** What each relies on: where to look before another version is believed. */
  readonly files: Readonly<Record<string, string>>
}

const pg: Internals = {
  versions: { pg: '8.23.1' },
  signs:
    /\b_idle\b|\bprocessID\b|\bhandleRowDescription\b|\bparsedStatements\b|\(client as unknown as Wire\)|\.connection\.stream\b|extends LeanQuery\b/,
  files: {
    'server/postgres/affine-connection.ts': 'the idle connections of a pool, and their order',
    'server/postgres/cancel-statement.ts': 'number and key of the backend, address of a client',
    'server/postgres/gathered-writes.ts': 'the stream of a connection',
    'server/postgres/lean-query.ts': 'what a query is told of messages, and its prepared values',
    'server/postgres/opening-query.ts': 'the same: it is such a query',
    'server/postgres/prepare-statement.ts': 'the same: it is such a query',
    'server/postgres/silence.ts': 'the stream of a connection',
    'server/postgres/transaction-connection.ts': 'which statements a connection has prepared',
  },
}

const grafast: Internals = {
  versions: {
    '@dataplan/pg': '1.1.2',
    '@graphile/pg-aggregates': '0.2.0-rc.2',
    '@graphile-contrib/pg-order-by-related': '2.0.0-rc.2',
    grafast: '1.1.3',
    'graphile-build': '5.1.1',
    'graphile-build-pg': '5.1.4',
    postgraphile: '5.1.5',
    'postgraphile-plugin-connection-filter': '4.0.1',
  },
  signs:
    /\bstepTracker\b|\btrackedContextStep\b|\bpgAggregate(GroupBy)?Specs\b|\bconnectionFilterOperatorsDigest\b|\bgetSubplan\b|builder\.initBuild\b|\bnewWithHooks\b|extends PgExecutor\b|grafast\.apply\b|\blistOfCodec\b|interface Behavior\b|\bhaving[A-Z]\w*Digest\b|\brootOutputPlan\b|\bvariableValuesStep\b|\bunbatchedExecute\b/,
  files: {
    'server/graphql/create-graphql-schema.ts': 'that a builder asks itself for its build, once',
    'server/graphql/create-types-ahead.ts': 'that types may be made before they are asked for',
    'server/graphql/direct/find-direct-create.ts': 'what a plan depends on, and its steps between a change and its row',
    'server/graphql/direct/find-direct-read.ts': 'what a plan depends on, what it takes for granted, and its selects',
    'server/graphql/direct/plain-steps.ts': 'how steps make a value of others, and which need nothing else',
    'server/graphql/direct/planned-row.ts': 'what a plan keeps of an answer, and how its leaves are written',
    'server/graphql/direct/value-reader.ts': 'how steps make a value of others',
    'server/graphql/fenced-executor.ts': 'what an executor is asked, and with which statement',
    'server/graphql/is-hidden.ts': 'the step of the context in a plan',
    'server/graphql/known-statements.ts': 'steps of a plan, and what a select keeps besides its types',
    'server/graphql/plugins/aggregate-types-plugin.ts': 'how aggregates are described',
    'server/graphql/plugins/behavior-memo-plugin.ts': 'how behaviours are looked up',
    'server/graphql/plugins/distinct-plugin.ts': 'the select behind a connection, and what its query is told',
    'server/graphql/plugins/embed-plugin.ts': 'operators of a codec in filters',
    'server/graphql/plugins/group-intervals-plugin.ts': 'how groups are described',
    'server/graphql/plugins/having-plugin.ts': 'operators of a codec in filters',
    'server/graphql/plugins/page-info-plugin.ts': 'the select behind a connection',
    'server/graphql/plugins/search-plugin.ts': 'the select behind a connection, and what its query is told',
    'server/graphql/plugins/shape-filter-plugin.ts': 'operators of a codec in filters',
    'server/graphql/plugins/statement-count-plugin.ts': 'steps of a plan',
    'server/graphql/structure-codec.ts': 'names of the codecs of lists',
    'server/graphql/wrap-order.ts': 'how values of orders are applied',
  },
}

test.each([
  ['pg', pg],
  ['Grafast and its plugins', grafast],
])('files that rely on the inside of %s are listed, so that an upgrade knows where to look', (_, { signs, files }) => {
  const found = sourceFiles(['server', 'cli', 'migrations']).filter(({ text }) => signs.test(text))
  expect(found.map(({ path }) => path).toSorted()).toEqual(Object.keys(files).toSorted())
})

test('they were looked at in the versions that are installed', () => {
  const installed = (name: string): string =>
    JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  for (const [name, version] of Object.entries({ ...pg.versions, ...grafast.versions })) {
    // Another version: look at the files above, then write it here.
    expect(`${name} ${installed(name)}`).toBe(`${name} ${version}`)
    // No range: an install would take what nobody has looked at.
    expect(`${name} ${dependencies[name]}`).toBe(`${name} ${version}`)
  }
})
