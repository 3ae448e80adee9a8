import { lookup } from 'node:dns/promises'

/** What requests of scripts go through. */
export interface Network {
  /** All addresses of a host. */
  resolve(host: string): Promise<readonly string[]>
  /** Where the connection to a checked address goes. */
  dial(address: string, port: number): { readonly host: string; readonly port: number }
}

/** The machine's network. */
export const machineNetwork: Network = {
  resolve: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
  dial: (host, port) => ({ host, port }),
}
