/* What people take for now is the server's to say: a simulated fleet has a day of its own. */

let offset = 0
const listeners = new Set<() => void>()

/** Clocks of two computers differ a little; up to here it is that, and no other day. */
const skew = 120_000

/** The server's time now, ms. */
export const serverNow = (): number => Date.now() + offset

/** `server`: its time when it answered; `received`: our own then. Both ms. */
export function followServer(server: number, received: number): void {
  const next = Math.abs(server - received) < skew ? 0 : server - received
  if (next === offset) return
  offset = next
  for (const listener of listeners) listener()
}

/** Calls when the server's time has jumped; returns the way to stop. */
export function onServerTime(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
