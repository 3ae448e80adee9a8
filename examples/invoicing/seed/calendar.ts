const dayMs = 86_400_000
const firstDay = Date.UTC(2025, 0, 6)

/** How many days the data covers, from 6 January 2025 on. */
export const days = 660

/** There are few of them, and each is asked for often. */
const texts = new Map<number, string>()

/** The day with this number, as `2025-01-06`. */
export function day(number: number): string {
  let text = texts.get(number)
  if (text === undefined) {
    text = new Date(firstDay + number * dayMs).toISOString().slice(0, 10)
    texts.set(number, text)
  }
  return text
}

/** An instant on that day. @param minutes since midnight, UTC; less than a day of them */
export function instant(number: number, minutes: number): string {
  return `${day(number)}T${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}:00.000Z`
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0')
}
