/** When something runs by the clock. */
export interface Cron {
  /** Whether it runs in the minute of an instant, in UTC. */
  matches(at: Date): boolean
}

interface Range {
  readonly name: string
  readonly from: number
  readonly to: number
}

const ranges: readonly Range[] = [
  { name: 'minute', from: 0, to: 59 },
  { name: 'hour', from: 0, to: 23 },
  { name: 'day', from: 1, to: 31 },
  { name: 'month', from: 1, to: 12 },
  { name: 'weekday', from: 0, to: 7 },
]

/**
 * Reads `minute hour day month weekday`, each `*`, a number, `a-b`, a list with commas, with a step behind `/`; Sunday is 0 or 7. As in
 * crontab(5), a day matches where either the day or the weekday does, unless one of them begins with `*`.
 *
 * @returns what is wrong with the text, in words, where it is none
 */
export function readCron(text: string): Cron | string {
  const fields = text.trim().split(/\s+/)
  if (fields.length !== 5)
    return `"${text}" has ${fields.length} fields; minute, hour, day, month and weekday are needed.`
  const sets: ReadonlySet<number>[] = []
  for (const [at, range] of ranges.entries()) {
    const set = readField(fields[at]!, range)
    if (typeof set === 'string') return set
    sets.push(set)
  }
  const [minutes, hours, days, months, weekdays] = sets as [
    Set<number>,
    Set<number>,
    Set<number>,
    Set<number>,
    Set<number>,
  ]
  const isEither = !fields[2]!.startsWith('*') && !fields[4]!.startsWith('*')
  return {
    matches: (at) => {
      if (!minutes.has(at.getUTCMinutes()) || !hours.has(at.getUTCHours()) || !months.has(at.getUTCMonth() + 1))
        return false
      const isDay = days.has(at.getUTCDate())
      const isWeekday = weekdays.has(at.getUTCDay()) || (at.getUTCDay() === 0 && weekdays.has(7))
      return isEither ? isDay || isWeekday : isDay && isWeekday
    },
  }
}

function readField(field: string, { name, from, to }: Range): ReadonlySet<number> | string {
  const found = new Set<number>()
  for (const part of field.split(',')) {
    const match = /^(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/.exec(part)
    if (match === null) return `"${part}" is no ${name}.`
    const [, low, high, step] = match
    const begin = low === undefined ? from : Number(low)
    // `5/10` goes on to the end, `5` alone is one.
    const end = high !== undefined ? Number(high) : low === undefined || step !== undefined ? to : begin
    const by = step === undefined ? 1 : Number(step)
    if (begin < from || end > to || begin > end || by === 0) return `"${part}" is no ${name}: ${from} to ${to}.`
    for (let each = begin; each <= end; each += by) found.add(each)
  }
  return found
}
