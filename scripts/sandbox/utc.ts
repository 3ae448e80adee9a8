const parts = ['FullYear', 'Month', 'Date', 'Day', 'Hours', 'Minutes', 'Seconds', 'Milliseconds'] as const

/** From now on local time is UTC in this thread, where the engine asks for it: scripts read the same on every machine. */
export function standStillInUtc(): void {
  const prototype = Date.prototype as unknown as Record<string, unknown>
  for (const part of parts) prototype[`get${part}`] = prototype[`getUTC${part}`]
  prototype.getTimezoneOffset = () => 0
}
