/** A mistake of ours. The client sees an id, the log sees the rest. */
export class Bug extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'Bug'
  }
}

/** For the branch of a `switch` that cannot be reached. */
export function unreachable(value: never): never {
  throw new Bug(`Unexpected value: ${JSON.stringify(value)}`)
}
