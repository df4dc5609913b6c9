/** A JSON schema as far as an example is made of it. */
export interface JsonSchema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly default?: unknown
  readonly example?: unknown
  readonly examples?: readonly unknown[]
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly allOf?: readonly JsonSchema[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | JsonSchema
  readonly propertyNames?: JsonSchema
  readonly items?: JsonSchema
  readonly prefixItems?: readonly JsonSchema[]
  readonly minItems?: number
  readonly minimum?: number
  readonly exclusiveMinimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly format?: string
  readonly pattern?: string
  readonly description?: string
}

export type Components = Readonly<Record<string, JsonSchema>>

/** What things of these names look like in a plant. */
const usual: Readonly<Record<string, string>> = {
  device: 'P-101',
  parent: 'line-3',
  site: 'north',
  sites: 'north',
  assetType: 'pump',
  assetTypes: 'pump',
  mode: 'bearing_wear',
  verdictMode: 'bearing_wear',
  suspectedMode: 'bearing_wear',
  actor: 'Anna',
  note: 'bearing ordered',
  reason: 'persistent',
  channel: 'vibration',
  unit: 'mm/s',
  url: 'https://cmms.example/forewarn',
}
const aMoment = Date.UTC(2026, 0, 10, 8)

/**
 * An example of a schema, always the same: what its `example`, `default` or first value says, else something of its type
 * that looks like the thing of that name. A route whose schema has a pattern says an example of it by `.meta({ example })`.
 */
export function exampleOf(schema: JsonSchema, components: Components, name = '', depth = 0): unknown {
  const again = (part: JsonSchema, as = name) => exampleOf(part, components, as, depth + 1)
  const told = toldBy(schema)
  if (told !== undefined) return told
  const referred = schema.$ref && components[schema.$ref.split('/').at(-1)!]
  if (referred) return again(referred)
  const alternatives = schema.anyOf ?? schema.oneOf
  if (alternatives) return again(alternatives.find(({ type }) => type !== 'null') ?? alternatives[0]!)
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map((part) => again(part)))
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case 'object':
      return objectOf(schema, again)
    case 'array':
      if (schema.prefixItems) return schema.prefixItems.map((item) => again(item))
      return schema.items && (depth < 6 || schema.minItems) ? [again(schema.items)] : []
    case 'integer':
    case 'number':
      return numberOf(schema, name)
    case 'boolean':
      return true
    case 'null':
      return null
    case 'string':
      return stringOf(schema, name)
    default:
      return {}
  }
}

const toldBy = ({ example, examples, const: only, enum: values, default: fallback }: JsonSchema): unknown =>
  [example, examples?.[0], only, values?.[0], fallback].find((value) => value !== undefined)

function objectOf(
  { properties = {}, additionalProperties, propertyNames = {} }: JsonSchema,
  again: (part: JsonSchema, as?: string) => unknown,
): Record<string, unknown> {
  const entries = Object.entries(properties).map(([key, part]) => [key, again(part, key)] as const)
  const open = typeof additionalProperties === 'object' && Object.keys(additionalProperties).length > 0
  return Object.fromEntries(
    open && entries.length === 0 ? [[keyOf(propertyNames), again(additionalProperties)]] : entries,
  )
}

/** Most open objects are by channel. */
const keyOf = ({ enum: names }: JsonSchema): string => String(names?.[0] ?? 'vibration')

function numberOf(
  { description = '', minimum, exclusiveMinimum, maximum, type }: JsonSchema,
  name: string,
): number {
  const isTime = description.includes('milliseconds since the epoch') || ['at', 'from', 'to'].includes(name)
  const wanted = isTime ? aMoment : type === 'number' ? 0.8 : 1
  const low = minimum ?? (exclusiveMinimum === undefined ? Number.NEGATIVE_INFINITY : exclusiveMinimum + 1)
  return Math.min(Math.max(wanted, low), maximum ?? Number.POSITIVE_INFINITY)
}

function stringOf({ format, minLength = 0 }: JsonSchema, name: string): string {
  if (format === 'email') return 'anna@plant.example'
  if (format === 'date-time') return new Date(aMoment).toISOString()
  if (format === 'uri') return 'https://forewarn.plant/'
  return (usual[name] ?? (name.replace(/([A-Z])/g, ' $1').toLowerCase() || 'text')).padEnd(minLength, '.')
}

interface Media {
  schema?: JsonSchema
  example?: unknown
}
interface Operation {
  parameters?: { name: string; schema?: JsonSchema; example?: unknown }[]
  requestBody?: { content?: Record<string, Media> }
  responses?: Record<string, { content?: Record<string, Media> }>
}

/** Gives every body, answer and parameter of a document an example, where the route says none itself. */
export function withExamples<T extends object>(document: T): T {
  const { paths = {}, components = {} } = document as {
    paths?: Record<string, Record<string, Operation>>
    components?: { schemas?: Components }
  }
  const schemas = components.schemas ?? {}
  for (const operation of Object.values(paths).flatMap((methods) => Object.values(methods))) {
    for (const parameter of operation.parameters ?? []) {
      parameter.example ??= exampleOf(parameter.schema ?? {}, schemas, parameter.name)
    }
    const contents = [operation.requestBody, ...Object.values(operation.responses ?? {})]
    for (const media of contents.flatMap((one) => Object.values(one?.content ?? {}))) {
      media.example ??= exampleOf(media.schema ?? {}, schemas)
    }
  }
  return document
}
