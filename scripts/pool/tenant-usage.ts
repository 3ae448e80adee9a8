import type { TenantLimits } from '../limits.ts'

type Used = { -readonly [K in keyof TenantLimits]: number }

const minuteMs = 60_000

/** What tenants used in this minute, and how many of their scripts run. */
export class TenantUsage {
  readonly #limits: TenantLimits
  readonly #running = new Map<string, number>()
  #used = new Map<string, Used>()
  #endsAt = 0

  constructor(limits: TenantLimits) {
    this.#limits = limits
  }

  /** How many scripts of a tenant run. */
  running(tenant: string): number {
    return this.#running.get(tenant) ?? 0
  }

  /** One more runs, or one less. */
  change(tenant: string, by: 1 | -1): void {
    const running = this.running(tenant) + by
    if (running === 0) this.#running.delete(tenant)
    else this.#running.set(tenant, running)
  }

  /** Counts what a run used. */
  add(tenant: string, used: TenantLimits, nowMs: number): void {
    const known = this.#of(tenant, nowMs)
    known.timeMs += used.timeMs
    known.hostCalls += used.hostCalls
    known.rows += used.rows
  }

  /** What a tenant has used up for this minute, and in how many milliseconds it may go on; null if nothing. */
  usedUp(tenant: string, nowMs: number): { readonly what: keyof TenantLimits; readonly retryInMs: number } | null {
    const known = this.#of(tenant, nowMs)
    const what = (['timeMs', 'hostCalls', 'rows'] as const).find((name) => known[name] >= this.#limits[name])
    return what === undefined ? null : { what, retryInMs: this.#endsAt - nowMs }
  }

  #of(tenant: string, nowMs: number): Used {
    if (nowMs >= this.#endsAt) {
      this.#used = new Map()
      this.#endsAt = nowMs + minuteMs
    }
    const known = this.#used.get(tenant) ?? { timeMs: 0, hostCalls: 0, rows: 0 }
    this.#used.set(tenant, known)
    return known
  }
}
