import { describe, expect, test } from 'vitest'
import { collectProblems } from '#schema'
import { completeWorker, readCron, readInput } from '#workers'
import { int, list, string } from '../../schema/public.ts'
import { worker } from '../../workers/public.ts'

function complete(options: object, run: unknown = () => undefined) {
  const problems = collectProblems(() => null)
  const read = completeWorker('workers/dun', worker(options as never, run as never), { roles: ['robot'], problems })
  return { read, told: problems.list.map(({ code, message, at }) => `${code} ${at?.file} ${message}`) }
}

describe('a worker', () => {
  test('that says nothing is tried six times, a minute at most, as who caused it', () => {
    const { read, told } = complete({})
    expect(told).toEqual([])
    expect(read).toMatchObject({
      attempts: 6,
      backoffSeconds: 10,
      timeoutSeconds: 60,
      perTenant: null,
      cron: null,
      service: null,
    })
  })

  test.each([
    [{ cron: '0 6 * * *' }, 'runs by the clock, which has no rights.'],
    [{ cron: '0 6 * *', as: { service: 'robot' } }, '"0 6 * *" has 4 fields'],
    [{ cron: '60 6 * * *', as: { service: 'robot' } }, '"60" is no minute: 0 to 59.'],
    [{ cron: '0 6 * * *', as: { service: 'robot' }, input: { days: int() } }, 'which gives it no input'],
    [{ as: { service: 'rowbot' } }, 'names no role of the app'],
    [{ as: 'robot' }, 'names no role of the app'],
    [{ as: null }, 'names no role of the app'],
    [{ unique: 'number' }, '"unique" of "workers/dun" is no function.'],
    [{ retries: -1 }, '"retries" of "workers/dun" must be a whole number from 0 to 1000.'],
    [{ timeoutSeconds: '60' }, '"timeoutSeconds" of "workers/dun" must be a number from 0.01 to 86400.'],
    [{ perTenant: 0 }, '"perTenant" of "workers/dun" must be a whole number from 1 to 1000.'],
    [{ retry: 1 }, 'A worker has no option "retry".'],
  ])('that says %j is told WORKER_INVALID', (options, message) => {
    const { told } = complete(options)
    expect(told).toHaveLength(1)
    expect(told[0]).toContain('WORKER_INVALID workers/dun.ts')
    expect(told[0]).toContain(message)
  })

  test('reads its input with the limits of its fields', () => {
    const { read } = complete({
      input: { to: string({ max: 5 }), days: int({ optional: true }), ids: list(int(), { optional: true }) },
    })
    expect(readInput(read.fields, { to: 'sam', ids: [1, 2] })).toEqual({ to: 'sam', days: null, ids: [1, 2] })
    expect(readInput(read.fields, {})).toBe('"to" is missing.')
    expect(readInput(read.fields, { to: 'sam', cc: 'x' })).toBe('There is no input "cc".')
    expect(readInput(read.fields, { to: 'samuel' })).toContain('"to"')
    expect(readInput(read.fields, { to: 'sam', ids: [1, 'x'] })).toContain('"ids.1"')
  })
})

describe('the clock', () => {
  const at = (text: string) => new Date(`${text}:30Z`)
  test.each([
    ['* * * * *', ['2026-01-01T00:00', '2026-06-15T23:59'], []],
    ['0 6 * * *', ['2026-01-01T06:00'], ['2026-01-01T06:01', '2026-01-01T07:00']],
    ['*/15 9-17 * * 1-5', ['2026-11-20T09:45'], ['2026-11-20T09:46', '2026-11-21T09:45', '2026-11-20T18:00']],
    ['0 0 1 * 0', ['2026-11-01T00:00', '2026-11-08T00:00', '2026-12-01T00:00'], ['2026-11-02T00:00']],
    ['0 0 * * 7', ['2026-11-22T00:00'], ['2026-11-21T00:00']],
    ['5,10 0 1 1,7 *', ['2026-07-01T00:10'], ['2026-02-01T00:10', '2026-07-01T00:15']],
  ])('reads "%s"', (text, runs, rests) => {
    const cron = readCron(text)
    if (typeof cron === 'string') throw new Error(cron)
    for (const each of runs) expect(cron.matches(at(each)), each).toBe(true)
    for (const each of rests) expect(cron.matches(at(each)), each).toBe(false)
  })

  test.each([
    '',
    '* * * *',
    'x * * * *',
    '*/0 * * * *',
    '5-1 * * * *',
    '* 24 * * *',
    '* * 0 * *',
    '* * * 13 *',
    '* * * * 8',
  ])('refuses "%s"', (text) => {
    expect(readCron(text)).toBeTypeOf('string')
  })
})
