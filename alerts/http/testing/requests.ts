import fc from 'fast-check'
import { type Components, exampleOf, type JsonSchema } from '../examples.ts'

/** What a route says of itself in the OpenAPI document. */
export interface Route {
  readonly method: string
  readonly path: string
  readonly parameters: readonly { name: string; in: string; schema?: JsonSchema; required?: boolean }[]
  readonly body: JsonSchema | undefined
  readonly answers: Readonly<Record<string, { content?: Record<string, unknown> }>>
}

/** A request as `inject` takes it. */
export interface Wanted {
  readonly method: string
  readonly url: string
  readonly headers: Record<string, string>
  readonly payload?: string
}

const deep = (depth: number): string => `${'[{"a":'.repeat(depth)}1${'}]'.repeat(depth)}`

/** Values that nobody means well with, as JSON. */
const hostileJson: readonly string[] = [
  'null',
  'true',
  '0',
  '-1',
  '1.5',
  '1e308',
  '-1e308',
  '1e999',
  '9007199254740993',
  '2147483648',
  '-2147483649',
  '9'.repeat(400),
  '""',
  '" "',
  '"\\u0000"',
  '"a\\u0000b"',
  '"\\ud800"',
  '"\\udc00x"',
  '"\\u202e"',
  '"NaN"',
  '"Infinity"',
  '"__proto__"',
  '"constructor"',
  `"${"'; DROP TABLE forewarn.ticket; --"}"`,
  `"${'x'.repeat(5_000)}"`,
  '"\\\\"',
  '"%s%n"',
  '[]',
  '{}',
  '[null]',
  '[[]]',
  '{"__proto__":{"actor":"x"}}',
  '{"constructor":{"prototype":{"x":1}}}',
  '{"toString":1,"valueOf":null}',
  '{"\\u0000":1}',
  deep(40),
  deep(3_000),
]
const hostileText: readonly string[] = [
  '',
  ' ',
  '%00',
  '%',
  '%zz',
  '%ED%A0%80',
  '%F0%9F%92%A9',
  '..%2f..%2f',
  '__proto__',
  'constructor',
  'NaN',
  'Infinity',
  '-Infinity',
  '-1',
  '0',
  '1.5',
  '1e308',
  '1e999',
  '2147483647',
  '2147483648',
  '9007199254740993',
  '9'.repeat(200),
  '0x10',
  '%27%3B--',
  'a%0d%0ab',
  '%E2%80%AE',
  'null',
  'undefined',
  '[]',
  'true',
  'x'.repeat(300),
]
/** Names and numbers of things that the world has. */
const known = ['1', '2', '3', 'pump-1', 'pump-2', 'pump', 'north', 'vibration', 'job-1']

const contentTypes = [
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/json; charset=utf-16',
  'application/xml',
  'x',
  '',
  'application/problem+json',
]

/** Values that a schema takes, as far as it says; where a pattern is asked for, the example. */
function validValue(schema: JsonSchema, components: Components, name = ''): fc.Arbitrary<unknown> {
  const again = (part: JsonSchema, as = name) => validValue(part, components, as)
  if (schema.$ref) return again(components[schema.$ref.split('/').at(-1)!] ?? {})
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  const alternatives = schema.anyOf ?? schema.oneOf
  if (alternatives) return fc.oneof(...alternatives.map((part) => again(part)))
  const example = exampleOf(schema, components, name)
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case 'object': {
      const { properties = {}, required = [] } = schema
      const parts = Object.entries(properties).map(([key, part]) => [key, again(part, key)] as const)
      return fc.record(Object.fromEntries(parts), { requiredKeys: [...required] })
    }
    case 'array':
      return fc.array(again(schema.items ?? {}), { minLength: schema.minItems ?? 0, maxLength: 4 })
    case 'integer':
      return fc.oneof(fc.integer({ min: 1, max: 3 }), fc.constant(example), fc.maxSafeInteger())
    case 'number':
      return fc.oneof(fc.constant(example), fc.double({ noNaN: true, noDefaultInfinity: true }))
    case 'boolean':
      return fc.boolean()
    case 'string':
      if (schema.pattern || schema.format) return fc.constant(example)
      return fc.oneof(
        fc.constantFrom(...known),
        fc.constant(example),
        fc.string({ maxLength: 30, unit: 'binary' }),
      )
    default:
      return fc.jsonValue()
  }
}

/** Of a body: as its schema wants it, with one part replaced or gone, or nothing like it at all. */
function bodyText(schema: JsonSchema, components: Components): fc.Arbitrary<string> {
  const valid = validValue(schema, components)
  const spoilt = fc
    .tuple(valid, fc.nat(), fc.constantFrom(...hostileJson, ''))
    .map(([value, at, hostile]) => {
      const entries = typeof value === 'object' && value !== null ? Object.entries(value) : []
      const parts = entries.map(([key, part], i) => [
        key,
        i === at % entries.length ? hostile : JSON.stringify(part),
      ])
      return `{${parts
        .filter(([, part]) => part)
        .map(([key, part]) => `${JSON.stringify(key)}:${part}`)
        .join(',')}}`
    })
  const broken = fc.oneof(
    fc.constantFrom(...hostileJson, '', '{', '{"a":1,}', '\ufeff{}', '{"a":1}x'),
    fc.json(),
  )
  return fc.oneof(
    { arbitrary: valid.map((value) => JSON.stringify(value)), weight: 4 },
    { arbitrary: spoilt, weight: 4 },
    { arbitrary: broken, weight: 2 },
  )
}

function placeValue(
  schema: JsonSchema | undefined,
  components: Components,
  name: string,
): fc.Arbitrary<string> {
  const valid = validValue(schema ?? {}, components, name).map((value) => encoded(String(value)))
  return fc.oneof(
    { arbitrary: fc.constantFrom(...known), weight: 4 },
    { arbitrary: valid, weight: 2 },
    { arbitrary: fc.constantFrom(...hostileText), weight: 3 },
  )
}

/** A half of a surrogate pair has no percent-encoding of its own. */
const encoded = (text: string): string => encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'))

/** Requests to a route: good ones, half good ones, and hostile ones. */
export function requestsTo(route: Route, components: Components): fc.Arbitrary<Wanted> {
  const places = (kind: string) => route.parameters.filter((one) => one.in === kind)
  const texts = (kind: string) =>
    fc.record(
      Object.fromEntries(
        places(kind).map(({ name, schema }) => [name, placeValue(schema, components, name)]),
      ),
      {
        requiredKeys: places(kind)
          .filter(({ in: place, required }) => place === 'path' || required)
          .map(({ name }) => name),
      },
    )
  const stranger = fc.option(
    fc.constantFrom('__proto__=1', 'a[]=1&a[]=2', '=', '&&', 'limit=1&limit=2', '%00=%00'),
    { freq: 5 },
  )
  const payload =
    route.method === 'get'
      ? fc.constant(undefined)
      : fc.option(bodyText(route.body ?? {}, components), { freq: 10, nil: undefined })
  const contentType = fc.oneof(
    { arbitrary: fc.constant('application/json'), weight: 9 },
    { arbitrary: fc.constantFrom(...contentTypes), weight: 1 },
  )
  return fc
    .tuple(texts('path'), texts('query'), stranger, payload, contentType)
    .map(([path, query, extra, text, type]) => {
      const filled = route.path.replace(/\{(\w+)\}/g, (_, name: string) => path[name] ?? '')
      const pairs = Object.entries(query).map(([name, value]) => `${name}=${value}`)
      const search = [...pairs, ...(extra === null ? [] : [extra])].join('&')
      return {
        method: route.method.toUpperCase(),
        url: search === '' ? filled : `${filled}?${search}`,
        headers: text === undefined ? {} : { 'content-type': type },
        ...(text !== undefined && { payload: text }),
      }
    })
}
