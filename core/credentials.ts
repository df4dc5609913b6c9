import { createHash, timingSafeEqual } from 'node:crypto'

/**
 * `name:secret` as it stands in the configuration: visible ASCII, so that HTTP Basic, an MQTT URL and a list split by
 * commas carry it unchanged; a secret of at least 16 characters, so that guessing over a network leads nowhere.
 */
export const credentialPattern = /^[!-+\--9;-~]+:[!-+\--9;-~]{16,}$/

export interface Credentials {
  /** False where none are configured: then everybody is let in. */
  readonly required: boolean
  /** The name that a secret alone proves. */
  ownerOf(secret: string): string | undefined
  matches(name: string, secret: string): boolean
}

/**
 * Compares digests, always all of them: how long it takes tells nothing about how much of a guess was right. The secrets
 * themselves are not kept.
 */
export function createCredentials(entries: readonly string[]): Credentials {
  const known = entries.map((entry) => {
    const at = entry.indexOf(':')
    return { name: entry.slice(0, at), digest: digestOf(entry.slice(at + 1)) }
  })
  const holders = (secret: string) => {
    const digest = digestOf(secret)
    return known.filter((one) => timingSafeEqual(one.digest, digest))
  }
  return {
    required: known.length > 0,
    ownerOf: (secret) => holders(secret)[0]?.name,
    matches: (name, secret) => holders(secret).some((one) => one.name === name),
  }
}

const digestOf = (secret: string): Buffer => createHash('sha256').update(secret).digest()
