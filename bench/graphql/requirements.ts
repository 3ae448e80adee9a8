import type { ShapeName } from './shapes.ts'

/** What a ratio has to be, by its name. */
export interface Requirement {
  readonly ratio: string
  /** In words. */
  readonly of: string
  readonly required: number
  readonly goal: number | null
  /** Whether less is better. */
  readonly isLimit: boolean
}

const all: readonly ShapeName[] = ['by-id', 'list-20', 'nested', 'aggregate', 'create']
const reads: readonly ShapeName[] = ['by-id', 'list-20', 'nested']

/** With 8 asking at once, and at rest. */
export const requirements: readonly Requirement[] = [
  ...all.map((shape) => atLeast(`vs-grafserv/${shape}/8`, `${shape} against PostGraphile on grafserv`, [1.5, 1.8])),
  ...reads.map((shape) => atLeast(`vs-floor/${shape}/8`, `${shape} against SQL by hand`, [0.55, 0.7])),
  ...all.map((shape) =>
    atLeast(`delayed/vs-grafserv/${shape}/8`, `${shape} against PostGraphile on grafserv, Postgres far away`, [
      2.5,
      null,
    ]),
  ),
  {
    ratio: 'memory at rest / limit of 250 MiB',
    of: 'memory at rest, as a part of 250 MiB',
    required: 1,
    goal: null,
    isLimit: true,
  },
]

function atLeast(
  ratio: string,
  of: string,
  [required, goal]: readonly [required: number, goal: number | null],
): Requirement {
  return { ratio, of, required, goal, isLimit: false }
}
