const dayMs = 86_400_000
const firstDay = Date.UTC(2025, 0, 6)

/** How many days the data covers, from 6 January 2025 on. */
export const days = 660

/** The day with this number, as `2025-01-06`. */
export function day(number: number): string {
  return new Date(firstDay + number * dayMs).toISOString().slice(0, 10)
}

/** An instant on that day. @param minutes since midnight, UTC */
export function instant(number: number, minutes: number): string {
  return new Date(firstDay + number * dayMs + minutes * 60_000).toISOString()
}
