import { RequestError } from '#base'
import type { RequestIdentity } from './request-identity.ts'

/** What {@link RoleSets} needs from outside. */
export interface RoleSetOptions {
  /** Name of the app. */
  readonly app: string
  /** Name of the role set of a list of roles; `roleSetName` of the migrations. */
  readonly nameOf: (app: string, roles: readonly string[]) => string
  /** True when the server's login may become the role. */
  readonly exists: (role: string) => Promise<boolean>
  /** Makes a role set that is not there; without it, such callers are refused. */
  readonly provision?: (roles: readonly string[]) => Promise<void>
}

/** Finds the Postgres role that a caller becomes. */
export class RoleSets {
  readonly #options: RoleSetOptions
  readonly #known = new Map<string, Promise<void>>()
  /** By roles of identities, which are remembered: a name takes a hash. */
  readonly #names = new WeakMap<readonly string[], string>()

  constructor(options: RoleSetOptions) {
    this.#options = options
  }

  /**
   * The role of a caller, which is there.
   *
   * @throws RequestError FORBIDDEN when the combination of roles is not set up on this server
   */
  async roleOf(identity: RequestIdentity): Promise<string> {
    if (identity.roles === null) return `${this.#options.app}_anonymous`
    const { roles } = identity
    const role = this.#nameOf(roles)
    let known = this.#known.get(role)
    if (known === undefined) {
      known = this.#ensure(role, roles)
      this.#known.set(role, known)
      // What failed is tried again by the next request.
      known.catch(() => this.#known.delete(role))
    }
    await known
    return role
  }

  #nameOf(roles: readonly string[]): string {
    const name = this.#names.get(roles) ?? this.#options.nameOf(this.#options.app, roles)
    this.#names.set(roles, name)
    return name
  }

  /** Forgets what is there, after roles were changed. */
  forget(): void {
    this.#known.clear()
  }

  async #ensure(role: string, roles: readonly string[]): Promise<void> {
    if (await this.#options.exists(role)) return
    await this.#options.provision?.(roles)
    if (this.#options.provision !== undefined && (await this.#options.exists(role))) return
    throw new RequestError('FORBIDDEN', 'This combination of roles is not set up on this server.', {
      reason: 'ROLE_SET',
    })
  }
}
