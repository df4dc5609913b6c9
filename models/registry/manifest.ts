import { z } from 'zod'
import { channelReferenceSchema } from '../drift/reference.ts'
import { featureSpecSchema } from '../features/spec.ts'
import { anomalyCalibrationSchema } from '../scoring/anomaly.ts'
import { conformalSchema } from '../scoring/conformal.ts'

/** Range that training saw of one channel. */
const seenRange = z.strictObject({ channel: z.string(), low: z.number(), high: z.number() })

const common = {
  format: z.literal(1),
  assetType: z.string(),
  trainedAt: z.iso.datetime(),
  seed: z.int(),
  /** What trained it: a name for people, and the sha256 of the numbers. */
  data: z.strictObject({ name: z.string(), sha256: z.string(), devices: z.int(), rows: z.int() }),
  /** Figures from devices that trained nothing. */
  metrics: z.record(z.string(), z.number()),
  features: featureSpecSchema,
  /** Spread of the channels while healthy, against which drift is told; a model of an older forewarn has none. */
  reference: z.array(channelReferenceSchema).optional(),
  /** Settings outside of these are a regime unlike training. */
  settings: z.array(seenRange),
  /** Longest run of one value that a healthy input showed, per input: a far longer one is a stuck sensor. */
  longestRun: z.array(z.int()),
  /**
   * Least spread over as many neighbouring readings as a run would need, per input; a far smaller one is a stuck sensor
   * that dithers. 0 where no life was long enough to tell. A model of an older forewarn has none.
   */
  leastSpread: z.array(z.number().nonnegative()).optional(),
  weights: z.strictObject({ file: z.literal('weights.bin'), bytes: z.int(), sha256: z.string() }),
  /** sha256 of everything above. */
  checksum: z.string(),
}

const dense = z.strictObject({
  inputs: z.int(),
  hidden: z.array(z.int()),
  /** Networks of this shape in the artifact; their outputs are averaged. */
  members: z.int().min(1),
})

export const manifestSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('forecaster'),
    ...common,
    architecture: dense,
    rulCap: z.number(),
    calibration: conformalSchema,
    /** For windows that show less of the past, and for those that do not tell their usage (see `scoring/past.ts`). */
    calibrationLate: conformalSchema.optional(),
    calibrationUnknown: conformalSchema.optional(),
  }),
  z.strictObject({
    kind: z.literal('autoencoder'),
    ...common,
    architecture: dense,
    calibration: anomalyCalibrationSchema,
  }),
])

export type Manifest = z.infer<typeof manifestSchema>
export type ForecasterManifest = Extract<Manifest, { kind: 'forecaster' }>
export type AutoencoderManifest = Extract<Manifest, { kind: 'autoencoder' }>
export type ModelKind = Manifest['kind']
