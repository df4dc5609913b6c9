import { z } from 'zod'
import { ForewarnError } from './errors.ts'
import { reservedChannels, reservedMeasurements } from './series.ts'

/**
 * The asset catalogue: what a maintenance engineer knows of an asset type, as one YAML file a type. Terms of
 * ISO 13374 (channels, states) and ISO 14224 (failure modes, maintenance).
 */
const range = z.tuple([z.number(), z.number()]).refine(([low, high]) => low < high, 'low must be below high')

const identifier = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,63}$/, 'lower case letters, digits and _, starting with a letter')

const channel = z.strictObject({
  name: identifier.refine((name) => !reservedChannels.includes(name), 'the stores use this name themselves'),
  label: z.string(),
  /** UCUM code, see https://ucum.org. */
  unit: z.string(),
  role: z.enum(['sensor', 'setting', 'usage']).default('sensor'),
  /** A value outside is a broken sensor or message: rejected alone. */
  plausible: range,
  /** The band of a healthy machine: only for display and words, never a reason to reject. */
  normal: range.optional(),
})

const failureMode = z.strictObject({
  name: identifier,
  label: z.string(),
  /** Direction in which each channel moves as the mode develops, -1 to 1, weights relative to each other. */
  symptoms: z.record(identifier, z.number().min(-1).max(1)),
  action: z.string(),
  skill: z.string(),
  parts: z.array(z.string()).default([]),
  /** Notice that planning this repair needs, in the asset's usage unit. */
  requiredLead: z.number().positive(),
  /** Days from ordering the parts to having them; left out: they are at hand. */
  partsLeadDays: z.number().nonnegative().optional(),
  costPlanned: z.number().nonnegative(),
  costFailure: z.number().nonnegative(),
})

const assetTypeSchema = z.strictObject({
  name: identifier.refine(
    (name) => !reservedMeasurements.includes(name) && !name.endsWith('_1h'),
    'the stores use this name themselves',
  ),
  label: z.string(),
  /** `steps`: one reading a usage step (cycle, flight); `grid`: one reading every `cadenceMs`. */
  window: z.strictObject({
    by: z.enum(['steps', 'grid']),
    /** Rows in a full window. */
    length: z.int().min(2).max(1024),
    /** Rows needed before anything is scored. */
    minimum: z.int().min(2),
    /** Missing slots in a row that are held and flagged; more start a new segment. */
    maxHeld: z.int().min(0).default(2),
    /** A window is scored every `stride` slots. */
    stride: z.int().min(1).default(1),
  }),
  cadenceMs: z.int().positive(),
  /** How late a reading may be and still enter its window; default two cadences. */
  allowedLatenessMs: z.int().nonnegative().optional(),
  usage: z.strictObject({
    /** The unit in which life is counted. */
    unit: z.string(),
    /** Usage that one slot adds (1 cycle, 1/6 hour). */
    perSlot: z.number().positive(),
    perDay: z.number().positive(),
  }),
  /** RUL above this is only known as "more than". In usage units. */
  rulCap: z.number().positive(),
  /** A failure within this much usage is worth a ticket. */
  horizon: z.number().positive(),
  /** False alarms a healthy device may raise in 30 days while no failure was learned from. */
  falseAlarms: z.number().positive().default(1),
  channels: z.array(channel).min(1).max(200),
  failureModes: z.array(failureMode),
})

export type AssetType = z.infer<typeof assetTypeSchema>
export type Channel = AssetType['channels'][number]
export type FailureMode = AssetType['failureModes'][number]

/** The mode of a ticket whose evidence fits no catalogued failure mode. */
export const unknownMode = 'unknown'

/** Checks a parsed YAML file; `file` only words the error. Throws CATALOGUE_INVALID. */
export function parseAssetType(input: unknown, file: string): AssetType {
  const parsed = assetTypeSchema.safeParse(input)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    throw new ForewarnError('CATALOGUE_INVALID', {
      file,
      path: issue.path.join('.') || '(root)',
      problem: issue.message,
    })
  }
  const names = parsed.data.channels.map((c) => c.name)
  const repeated = names.find((n, i) => names.indexOf(n) !== i)
  if (repeated)
    throw new ForewarnError('CATALOGUE_INVALID', {
      file,
      path: 'channels',
      problem: `${repeated} stands twice`,
    })
  for (const mode of parsed.data.failureModes) {
    const stranger = Object.keys(mode.symptoms).find((s) => !names.includes(s))
    if (stranger) {
      throw new ForewarnError('CATALOGUE_INVALID', {
        file,
        path: `failureModes.${mode.name}.symptoms`,
        problem: `there is no channel ${stranger}`,
      })
    }
  }
  return parsed.data
}

/** All asset types by name. */
export type Catalogue = ReadonlyMap<string, AssetType>

export const allowedLateness = (type: AssetType): number => type.allowedLatenessMs ?? 2 * type.cadenceMs
