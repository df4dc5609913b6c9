import { ForewarnError } from './errors.ts'

/** A trained model of an asset type: its artifacts together, never changed once they are registered. */
export interface ModelVersion {
  readonly assetType: string
  /** Identifies it and every score that it makes: sha256 over its artifacts. */
  readonly hash: string
  /** Its artifacts: `forecaster`, `autoencoder`. */
  readonly kinds: readonly string[]
  /** ISO 8601. */
  readonly trainedAt: string
  readonly seed: number
  /** What trained it. */
  readonly data: {
    readonly name: string
    readonly sha256: string
    readonly devices: number
    readonly rows: number
  }
  /** Figures from devices that trained nothing. */
  readonly metrics: Readonly<Record<string, number>>
}

/**
 * What can happen to a version: it is registered; as the challenger it scores in the shadow, until it is promoted to champion,
 * refused or withdrawn; a roll-back brings the champion before the present one back.
 */
export const modelActions = [
  'registered',
  'challenged',
  'promoted',
  'refused',
  'withdrawn',
  'rolled_back',
] as const
export type ModelAction = (typeof modelActions)[number]

/** One line of an asset type's history of models. */
export interface ModelDecision {
  /** Running number within the asset type, from 1. */
  readonly number: number
  /** ms. */
  readonly at: number
  readonly actor: string
  readonly action: ModelAction
  /** The version that it is about; of a roll-back the one that is in force again. */
  readonly hash: string
  /** The champion until then; null where there was none. */
  readonly before: string | null
  readonly reason: string
  /** What the decision was based on. */
  readonly figures?: Readonly<Record<string, number>> | undefined
}

/** Which versions of an asset type score: the champion counts, the challenger scores in the shadow. */
export interface ModelsInForce {
  readonly champion: string | null
  readonly challenger: string | null
}

interface Standing extends ModelsInForce {
  /** Champions that were replaced, the oldest first: where a roll-back leads. */
  readonly replaced: readonly string[]
}

/** What follows from a history. `base` is in force where nothing was ever promoted. */
export function standingAfter(decisions: readonly ModelDecision[], base: string | null): Standing {
  let standing: Standing = { champion: base, challenger: null, replaced: [] }
  for (const decision of decisions) standing = after(standing, decision)
  return standing
}

function after(standing: Standing, { action, hash, before }: ModelDecision): Standing {
  const { challenger, replaced } = standing
  switch (action) {
    case 'registered':
      return standing
    case 'challenged':
      return { ...standing, challenger: hash }
    case 'refused':
    case 'withdrawn':
      return { ...standing, challenger: challenger === hash ? null : challenger }
    case 'promoted':
      return {
        champion: hash,
        challenger: challenger === hash ? null : challenger,
        replaced: before === null ? replaced : [...replaced, before],
      }
    case 'rolled_back':
      return {
        champion: hash,
        challenger: challenger === hash ? null : challenger,
        replaced: replaced.slice(0, -1),
      }
  }
}

/** Throws MODEL_DECISION_INVALID where the decision makes no sense for what stands. */
export function assertDecision(action: ModelAction, hash: string, standing: Standing): void {
  const { champion, challenger, replaced } = standing
  const problem = (text: string) =>
    new ForewarnError('MODEL_DECISION_INVALID', { action: action.replace('_', ' '), problem: text })
  const name = hash.slice(0, 12)
  if ((action === 'challenged' || action === 'promoted') && hash === champion)
    throw problem(`${name} is the champion already`)
  if (action === 'challenged' && hash === challenger) throw problem(`${name} is the challenger already`)
  if ((action === 'refused' || action === 'withdrawn') && hash !== challenger)
    throw problem(`${name} is not the challenger`)
  if (action === 'rolled_back' && hash !== replaced.at(-1))
    throw problem('there is no champion before the present one')
}
