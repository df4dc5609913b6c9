import { z } from 'zod'
import { timeFormats } from './times.ts'

/*
 * The shape of a mapping file. What one key says about another (a pointer, a placeholder, a channel) is looked at when
 * the file is compiled, because it needs the catalogue.
 */

const text = z.string().min(1)
const name = z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, 'expected a channel of the catalogue')

/** A text with placeholders, or a table that such a text is looked up in. */
const named = z.union(
  [
    text,
    z.strictObject({
      lookup: text.describe('the text to look up, such as "{device}"'),
      in: z.record(z.string(), text).describe('what it stands for'),
      otherwise: text
        .optional()
        .describe('what everything else stands for; left out: the rule does not take it'),
    }),
  ],
  'expected a text, or {lookup, in, otherwise}',
)

const source = {
  unit: text.optional().describe("the publisher's unit; left out: the catalogue's"),
  scale: z.number().optional().describe('the number is multiplied by it first ...'),
  offset: z.number().optional().describe('... then this is added, then the unit is converted'),
}

const time = z.union(
  [
    z.literal('broker'),
    z.strictObject({
      at: z.string().describe('JSON pointer to the time'),
      format: z.enum(timeFormats).default('iso8601'),
      zone: z
        .string()
        .regex(/^(Z|[+-]\d{2}:\d{2})$/, 'expected Z or an offset such as +01:00')
        .optional()
        .describe('zone of times that name none'),
    }),
  ],
  'expected broker, or {at, format, zone}',
)

const collect = z.strictObject({
  withinMs: z.number().int().min(0).max(1000).default(500),
  roundMs: z.number().int().min(1).max(3_600_000).optional(),
  holdMs: z.number().int().min(0).optional(),
})

const places = { site: named, assetType: named, device: named }

export const ruleSchema = z.strictObject({
  name: text.optional(),
  topic: text,
  ...places,
  payload: z.enum(['json', 'number']).default('json'),
  each: z.string().optional().describe('JSON pointer to an array whose elements are taken one by one'),
  split: z.strictObject({ of: text, as: text }).optional().describe('placeholders out of a name'),
  time,
  values: z.record(name, z.strictObject({ at: z.string(), ...source })).optional(),
  channel: text.optional().describe("the publisher's name of the one channel that a message or element has"),
  value: z.string().optional().describe('JSON pointer to its value'),
  channels: z.record(z.string(), z.strictObject({ channel: name, ...source })).optional(),
  others: z.enum(['refuse', 'ignore']).default('refuse').describe('what becomes of names not in channels'),
  collect: z.union([z.literal(false), collect], 'expected false, or {withinMs, roundMs, holdMs}').optional(),
})

const sparkplugRule = z.strictObject({
  name: text.optional(),
  path: text.describe('<group>/<edge node>/<device> with placeholders, or <group>/<edge node>'),
  ...places,
  metrics: z.record(z.string(), z.strictObject({ channel: name, ...source })),
})

export const mappingSchema = z.strictObject({
  rules: z.array(ruleSchema).default([]),
  ignore: z.array(text).default([]).describe('topics that are counted and nothing more'),
  sparkplug: z.strictObject({ rules: z.array(sparkplugRule).min(1) }).optional(),
})

export type MappingFile = z.infer<typeof mappingSchema>
export type RuleFile = MappingFile['rules'][number]
export type SparkplugRuleFile = NonNullable<MappingFile['sparkplug']>['rules'][number]
export type NamedFile = RuleFile['site']
export type SourceFile = {
  readonly unit?: string | undefined
  readonly scale?: number | undefined
  readonly offset?: number | undefined
}
