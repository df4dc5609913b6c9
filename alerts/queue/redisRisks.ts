/**
 * What a Redis server's settings put at risk, in words for the log; empty when it keeps what it is given.
 * @param info the sections `memory` and `persistence` of INFO (CONFIG is often forbidden, INFO is not)
 */
export function redisRisks(info: string): string[] {
  const setting = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1]
  const risks: string[] = []
  const policy = setting('maxmemory_policy')
  if (policy !== undefined && policy !== 'noeviction') {
    risks.push(
      `Redis may throw predictions away when memory runs short: set maxmemory-policy noeviction, not ${policy}`,
    )
  }
  if (setting('aof_enabled') === '0') {
    risks.push('Redis forgets the newest predictions when it crashes: set appendonly yes')
  }
  return risks
}
