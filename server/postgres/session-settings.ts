/** What every session is set to, whoever asks: by name. */
export function sessionSettings(statementTimeoutMs: number): readonly (readonly [name: string, value: string])[] {
  return [
    ['timezone', 'UTC'],
    ['datestyle', 'ISO, YMD'],
    ['search_path', ''],
    ['statement_timeout', String(statementTimeoutMs)],
    // A request holds its connection only while it works; whoever sleeps inside a transaction is stuck.
    ['idle_in_transaction_session_timeout', String(statementTimeoutMs)],
    // Compiling a plan costs more than running it at our sizes.
    ['jit_optimize_above_cost', '-1'],
  ]
}
