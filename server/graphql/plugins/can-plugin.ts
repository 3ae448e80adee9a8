import { loadOneWithPgClient } from '@dataplan/pg'
import { context, type ExecutableStep, object } from 'grafast'
import { indexModel } from '#policies'
import type { RequestClient } from '../../postgres/with-pg-client.ts'
import { entityResources } from '../model-of-build.ts'
import { type Asker, answerQuestions, RightsBudget } from '../rights/answer-questions.ts'
import { type GivenQuestion, mostQuestions, mostRows } from '../rights/read-questions.ts'
import 'postgraphile'

const questionName = 'CanQuestion'
const answerName = 'CanAnswer'

/** `can(questions)`: for many rows at once whether the caller may do a verb on them. */
export const CanPlugin: GraphileConfig.Plugin = {
  name: 'CanPlugin',
  version: '1.0.0',
  schema: {
    hooks: {
      init(_, build) {
        build.registerInputObjectType(questionName, {}, () => questionSpec(build) as never, 'CanPlugin')
        build.registerObjectType(answerName, {}, () => answerSpec(build) as never, 'CanPlugin')
        return _
      },
      GraphQLObjectType_fields(fields, build, { scope, fieldWithHooks }) {
        const [first] = entityResources(build)
        if (scope.isRootQuery !== true || first === undefined) return fields
        const field = fieldWithHooks({ fieldName: 'can' }, () => canField(build, first.resource.executor) as never)
        return build.extend(fields, { can: field }, 'CanPlugin')
      },
    },
  },
}

function questionSpec(build: GraphileBuild.Build): object {
  const { GraphQLNonNull, GraphQLList, GraphQLString, GraphQLID } = build.graphql
  const text = new GraphQLNonNull(GraphQLString)
  return {
    description: 'A verb and rows of one kind.',
    fields: () => ({
      verb: { type: text, description: '`read`, `update`, `remove`, `restore`, `delete`, a transition or an action.' },
      entity: { type: text, description: 'What the rows are: the name of their type.' },
      ids: {
        type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(GraphQLID))),
        description: 'Keys of the rows. What is no key of theirs is the key of no row.',
      },
      fields: {
        type: new GraphQLList(text),
        description: 'Names of fields: one single rule must cover them all; of `read`, all of them must be shown.',
      },
    }),
  }
}

function answerSpec(build: GraphileBuild.Build): object {
  const { GraphQLNonNull, GraphQLList, GraphQLBoolean } = build.graphql
  return {
    assertStep: null,
    description: 'What is answered to one question.',
    fields: () => ({
      allowed: {
        type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(GraphQLBoolean))),
        description: 'Of each id, in order. A row that the caller may not read is like one that is not there: false.',
      },
    }),
  }
}

interface Lookup extends Asker {
  readonly questions: readonly GivenQuestion[]
  /** One object for each request. */
  readonly transaction: object
}

function canField(build: GraphileBuild.Build, executor: unknown): object {
  const { GraphQLNonNull, GraphQLList } = build.graphql
  const question = new GraphQLNonNull(build.getInputTypeByName(questionName) as never)
  const answer = new GraphQLNonNull(build.getOutputTypeByName(answerName) as never)
  const index = indexModel(build.input.rowhouseModel)
  const load = async (client: RequestClient, lookups: readonly Lookup[]) => {
    const answers = []
    for (const { questions, transaction, ...asker } of lookups) {
      budgetOf(transaction).spend(questions)
      answers.push(await answerQuestions(client, questions, { index, asker }))
    }
    return answers
  }
  return {
    type: new GraphQLNonNull(new GraphQLList(answer)),
    description: `Whether the caller may do verbs on rows, in the order of the questions. At most ${mostQuestions} questions and ${mostRows} rows in a request.`,
    args: {
      questions: {
        type: new GraphQLNonNull(new GraphQLList(question)),
        description: 'What is asked.',
      },
    },
    plan: (_root: unknown, args: { getRaw(name: string): ExecutableStep }) => {
      const $context = context()
      const $asked = object({
        questions: args.getRaw('questions'),
        roles: $context.get('roles' as never),
        hidden: $context.get('hidden' as never),
        transaction: $context.get('transaction' as never),
      })
      return loadOneWithPgClient(executor as never, $asked as never, load as never)
    },
  }
}

const budgets = new WeakMap<object, RightsBudget>()

function budgetOf(request: object): RightsBudget {
  const known = budgets.get(request) ?? new RightsBudget()
  budgets.set(request, known)
  return known
}
