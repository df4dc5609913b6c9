import { ForewarnError } from '../../../core/errors.ts'
import type { ServerDeps } from '../deps.ts'

/** A verdict or a suspicion is a label to learn from: it names a mode that exists. */
export async function assertMode(
  { tickets, catalogue }: Pick<ServerDeps, 'tickets' | 'catalogue'>,
  id: number,
  mode: string,
): Promise<void> {
  const { assetType } = await tickets.get(id)
  const modes = ['unknown', ...(catalogue.get(assetType)?.failureModes ?? []).map((m) => m.name)]
  if (modes.includes(mode)) return
  const problem = `${mode} is no failure mode of ${assetType}; there are ${modes.join(', ')}`
  throw new ForewarnError('REQUEST_INVALID', { problem })
}
