import { sideEffectWithPgClient } from '@dataplan/pg'
import { context, type ExecutableStep, lambda, object } from 'grafast'
import type { GraphQLInputType } from 'graphql'
import type { Model } from '#schema'
import type { RequestClient } from '../../postgres/with-pg-client.ts'
import type { Sealing } from '../../secrets/seal-secret.ts'
import { inputName, patchName } from '../api-names.ts'
import { allowDirectly, type DirectWrite } from '../direct/direct-write.ts'
import { type FieldWrite, hasRuleForField } from '../mutations/has-rule-for-field.ts'
import { doOnce, type KeyAnswer } from './do-once.ts'
import { type SecretPlace, secretsIn } from './holds-secret.ts'
import { hashInput, type KeyedInput, keyOf } from './request-key.ts'

/** What a field of a mutation does. */
export interface ChangeStep<Input> {
  /** `createOrder` */
  readonly mutation: string
  /** Of the entity's resource. */
  readonly executor: unknown
  /** As the caller gave it. */
  readonly $input: ExecutableStep
  /** What `change` gets instead, where the input must be prepared before a connection is taken. */
  readonly $prepared?: ExecutableStep
  readonly inputType: GraphQLInputType
  /** How it is sent where it is one statement; left out: nobody knows. */
  readonly direct?: DirectWrite | null
  /** Does it; answers keys of rows in JSON, by name. They are kept where the input has an `idempotencyKey`. */
  change(client: RequestClient, asked: Asked<Input>): Promise<KeyAnswer>
}

/** What a change is done for. */
export interface Asked<Input> {
  readonly input: Input
  /** Of the caller; null: a visitor. */
  readonly roles: readonly string[] | null
}

interface Given {
  readonly input: Readonly<Record<string, unknown>>
  readonly roles: readonly string[] | null
  readonly sealing: Sealing | undefined
  /** With all that rules say. */
  readonly model: Model
}

/** How long answers are kept when nobody says so. */
export const defaultKeyLifetimeMs = 24 * 60 * 60 * 1000

/**
 * The one way in which mutations change anything: in the transaction of their request, and once where their input has an
 * `idempotencyKey`. What comes of it is what `change` answers, with the `clientMutationId` of this very request.
 */
export function changeStep<Input>(of: ChangeStep<Input>): ExecutableStep {
  const { $input, $prepared = $input } = of
  const asked = (what: string) => context().get(what as never)
  const $given = object({
    ...{ input: $input, roles: asked('roles'), sealing: asked('sealing'), model: asked('rowhouseModel') },
    // What is wrong with the input, and too much of it, is told before anything is hashed for its key.
    prepared: $prepared,
  })
  const $keyed = lambda($given, (given) => keyedInput(of, given as unknown as Given))
  const $all = object({
    ...{ input: $prepared, given: $input, keyed: $keyed },
    ...{ roles: asked('roles'), lifetimeMs: asked('keyLifetimeMs') },
  })
  const $change = sideEffectWithPgClient(of.executor as never, $all, async (client, all) => {
    const { input, given, keyed, roles, lifetimeMs } = all as unknown as Change<Input>
    const asking = client as unknown as RequestClient
    const change = (each: RequestClient) => of.change(each, { input, roles })
    const lastingMs = lifetimeMs ?? defaultKeyLifetimeMs
    const answer =
      keyed === null
        ? await change(asking)
        : // Its answer is kept, so it is waited for.
          await doOnce(asking, { ...keyed, lastingMs }, () => change({ ...asking, ahead: null }))
    asking.finish()
    return { ...answer, clientMutationId: given.clientMutationId ?? null }
  })
  if (of.direct != null) allowDirectly($change, of.direct)
  return $change as never
}

interface Change<Input> extends Asked<Input> {
  readonly given: Given['input']
  readonly keyed: KeyedInput | null
  readonly lifetimeMs: number | undefined
}

async function keyedInput<Input>(
  { mutation, inputType }: ChangeStep<Input>,
  { input, roles, sealing, model }: Given,
): Promise<KeyedInput | null> {
  const key = keyOf(input, roles === null)
  if (key === null) return null
  const secrets = secretsIn(inputType, input)
  const given = {
    mutation,
    input,
    hasSecret: secrets.length > 0,
    mayWriteSecret: secrets.some(mayWrite({ model, roles })),
  }
  return await hashInput(key, given, sealing?.keys ?? null)
}

function mayWrite({ model, roles }: Pick<FieldWrite, 'model' | 'roles'>) {
  return ({ type, field }: SecretPlace): boolean => {
    const entity = model.entities.find((each) => type === inputName(each) || type === patchName(each))
    if (entity === undefined) return false
    return (['create', 'update'] as const).some((verb) => hasRuleForField({ model, roles, entity, verb }, field))
  }
}
