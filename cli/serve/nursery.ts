import { setFlagsFromString } from 'node:v8'

/**
 * From now on the room for new objects stays as small as it is. While a server loads and builds its API, V8 would double it time and again, up to 96 MB that the process never gives
 * back, and a server at rest would hold them. What is left behind is collected more often for it, which takes no more time in all.
 */
export function keepNurserySmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
}

/** As V8 has it by itself: requests that come get as much room as they use. */
export function letNurseryGrow(): void {
  setFlagsFromString('--semi-space-growth-factor=2')
}
