import type { AssetType } from '../../core/catalogue.ts'
import type { Smoothing } from '../features/spec.ts'
import { type AutoencoderOptions, autoencoderDefaults } from './autoencoder.ts'
import { type ForecasterOptions, forecasterDefaults } from './forecaster.ts'

/** What is particular to training one asset type. */
export interface Recipe {
  readonly inputs: readonly string[]
  readonly forecaster: Omit<ForecasterOptions, 'seed'> & {
    readonly smoothings: readonly Smoothing[]
    /** Sums of the inputs that are smoothed in their place, so many; every input by itself where left out. */
    readonly directions?: number | undefined
    readonly usage: string | null
    /** Whether windows without usage are judged, too. */
    readonly usageMayLack?: boolean | undefined
    readonly history?: boolean | undefined
  }
  readonly autoencoder: Omit<AutoencoderOptions, 'seed'> & { readonly smoothings: readonly Smoothing[] }
}

/** The 14 sensors of C-MAPSS that vary (Li, Ding & Sun 2018): 2, 3, 4, 7, 8, 9, 11 to 15, 17, 20, 21. */
export const cmapssSensors = [
  't24',
  't30',
  't50',
  'p30',
  'nf',
  'nc',
  'ps30',
  'phi',
  'nrf',
  'nrc',
  'bpr',
  'htbleed',
  'w31',
  'w32',
] as const

const longHistory: readonly Smoothing[] = [
  { kind: 'ema', alpha: 0.1 },
  { kind: 'mean', over: 100 },
]

/**
 * What an engine's wear looks like: two components wear (high pressure compressor, fan), each in flow and in efficiency
 * (Saxena et al. 2008), so four directions of the 14 sensors hold it. Level, slope and curvature are told apart for
 * the network: as differences of two smoothings that nearly agree it would hardly find them.
 */
const engineWear = {
  directions: 4,
  smoothings: [
    { kind: 'mean', over: 100 },
    { kind: 'slope', over: 100 },
    { kind: 'curvature', over: 100 },
  ],
} as const

/** Machines whose age is known: as many are watched since they were new as later on, or without telling it. */
const agedViews = { late: 0.3, unknown: 0.35 } as const

/**
 * Any asset type: all its sensors, long and short smoothing. Where it tells its age, that and the length of the history
 * are inputs, and it is trained to do without them.
 */
function general(type: AssetType): Recipe {
  const usage = type.channels.find((c) => c.role === 'usage')?.name ?? null
  return {
    inputs: type.channels.filter((c) => c.role === 'sensor').map((c) => c.name),
    forecaster: {
      ...forecasterDefaults,
      smoothings: longHistory,
      usage,
      ...(usage === null ? {} : { usageMayLack: true, history: true, views: agedViews }),
    },
    autoencoder: { ...autoencoderDefaults, smoothings: [{ kind: 'ema', alpha: 0.1 }] },
  }
}

/** How an asset type is trained; those without particulars by the general recipe. */
export function recipeFor(type: AssetType): Recipe {
  const recipe = general(type)
  if (type.name === 'turbofan')
    return { ...recipe, inputs: cmapssSensors, forecaster: { ...recipe.forecaster, ...engineWear } }
  if (type.name !== 'pump') return recipe
  const smoothings: Smoothing[] = [
    { kind: 'ema', alpha: 0.15 },
    { kind: 'mean', over: 60 },
  ]
  // Ten minutes apart, neighbouring windows say the same: one in two hours is enough.
  return {
    ...recipe,
    forecaster: { ...recipe.forecaster, smoothings, every: 12, epochs: 50, batch: 512, rate: 3e-3, folds: 4 },
    autoencoder: { ...recipe.autoencoder, smoothings: [{ kind: 'ema', alpha: 0.15 }], every: 12 },
  }
}
