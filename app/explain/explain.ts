import { createHash } from 'node:crypto'
import { decodeWindow } from '../../alerts/policy/evidence.ts'
import type { AssetType, Catalogue } from '../../core/catalogue.ts'
import { ForewarnError } from '../../core/errors.ts'
import type { ModelVersion } from '../../core/model.ts'
import type { ModelRegistry } from '../../core/ports.ts'
import type { Prediction } from '../../core/ticket.ts'
import { openBackend } from '../../models/backend.ts'
import { type AssetModel, loadAssetModel, type Verdict } from '../../models/scoring/assetModel.ts'
import { fitModes } from '../../models/scoring/modes.ts'
import { replayWindow } from '../../models/scoring/replay.ts'

/** One number of a score: as the ticket keeps it, and computed again. */
export interface Recomputed {
  readonly name: string
  readonly kept: number
  readonly again: number
  /** The same bits. */
  readonly same: boolean
}

export interface Explanation {
  readonly ticket: number
  readonly device: string
  readonly windowEnd: number
  readonly mode: string
  readonly model: ModelVersion
  readonly backend: { readonly name: string; readonly simd: boolean }
  /** The kept window has the sha256 that was taken when it was scored. */
  readonly windowIntact: boolean
  readonly numbers: readonly Recomputed[]
  /** Window and every number are the same, bit for bit. */
  readonly same: boolean
  /** Share of the deviation that each catalogued mode explains, 0 to 1, the likeliest mode first. */
  readonly modes: readonly { readonly mode: string; readonly fit: number }[]
}

export interface ExplainParts {
  readonly catalogue: Catalogue
  readonly registry: Pick<ModelRegistry, 'folderOf' | 'versions'>
}

/**
 * Computes the score behind a ticket again, from the evidence that was kept with it and the model that made it. Throws
 * MODEL_UNKNOWN where that version is not in the registry, EXPLANATION_IMPOSSIBLE where this machine cannot do it.
 */
export async function explainTicket(
  ticket: number,
  prediction: Prediction,
  { catalogue, registry }: ExplainParts,
): Promise<Explanation> {
  const { assetType, device, windowEnd, mode, evidence } = prediction
  const impossible = (problem: string) => new ForewarnError('EXPLANATION_IMPOSSIBLE', { ticket, problem })
  const type = catalogue.get(assetType)
  if (!type) throw impossible(`the catalogue has no asset type ${assetType} any more`)
  assertColumns(type, evidence.channels, impossible)
  const backend = await openBackend(backendOf(evidence.backend, impossible))
  if (backend.simd !== evidence.simd)
    throw impossible(`it was computed ${evidence.simd ? 'with' : 'without'} SIMD instructions`)
  const version = (await registry.versions(assetType)).find(({ hash }) => hash === prediction.model)
  const model = await loadAssetModel(await registry.folderOf(assetType, prediction.model), type)
  try {
    const verdict = replayed(model, prediction, impossible)
    const windowIntact = sha256Of(evidence.window) === evidence.sha256
    const numbers = compare(prediction, verdict)
    return {
      ticket,
      device,
      windowEnd,
      mode,
      model: version!,
      backend: { name: backend.name, simd: backend.simd },
      windowIntact,
      numbers,
      same: windowIntact && numbers.every(({ same }) => same),
      modes: fitModes(verdict.deviations, type.failureModes).map(({ mode, explained }) => ({
        mode,
        fit: explained,
      })),
    }
  } finally {
    model.dispose()
  }
}

type Impossible = (problem: string) => ForewarnError

function assertColumns(type: AssetType, columns: readonly string[], impossible: Impossible): void {
  const now = type.channels.map(({ name }) => name)
  if (now.join() === columns.join()) return
  throw impossible(
    `its window has the channels ${columns.join(', ')}; the catalogue has ${now.join(', ')} now`,
  )
}

function backendOf(name: string, impossible: Impossible): 'node' | 'wasm' | 'cpu' {
  if (name === 'node' || name === 'wasm' || name === 'cpu') return name
  throw impossible(`nothing here computes as ${name}`)
}

function replayed(model: AssetModel, { evidence }: Prediction, impossible: Impossible): Verdict {
  const outcome = replayWindow(model, {
    window: decodeWindow(evidence.window),
    rows: evidence.rows,
    channels: evidence.channels.length,
    times: Float64Array.from(evidence.times),
  })
  if ('reason' in outcome) throw impossible(`its window would not be scored now: ${outcome.reason}`)
  return outcome
}

const sha256Of = (base64: string) => createHash('sha256').update(Buffer.from(base64, 'base64')).digest('hex')

function compare(kept: Prediction, again: Verdict): Recomputed[] {
  const number = (name: string, before: number, now: number): Recomputed => ({
    name,
    kept: before,
    again: now,
    same: Object.is(before, now),
  })
  const { rul, contributions } = kept
  return [
    number('failure probability', kept.failureProbability, again.failureProbability),
    number('anomaly', kept.anomaly, again.anomaly),
    ...(Object.keys(rul) as (keyof typeof rul)[]).map((q) =>
      number(`remaining life ${q}`, rul[q], again.rul[q]),
    ),
    ...Object.entries(contributions).map(([channel, share]) =>
      number(`contribution of ${channel}`, share, again.contributions[channel] ?? Number.NaN),
    ),
  ]
}
