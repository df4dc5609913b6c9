/** What the placeholders of a pattern stood for. */
export type Captures = Readonly<Record<string, string>>

/** A pattern such as `plant/{site}/{line}-{device}/+/state`, compiled. */
export interface Pattern {
  readonly text: string
  /** Names of its placeholders. */
  readonly names: readonly string[]
  /** Undefined where the text does not fit. Linear in the length of the text. */
  match(text: string): Captures | undefined
}

const placeholder = /\{([a-z][A-Za-z0-9]*)\}/g
const special = /[.*+?^${}()|[\]\\]/g

/** The literal parts of a pattern and the placeholders between them. */
function parts(text: string): { readonly literals: string[]; readonly names: string[] } {
  const literals: string[] = []
  const names: string[] = []
  let from = 0
  for (const found of text.matchAll(placeholder)) {
    literals.push(text.slice(from, found.index))
    names.push(found[1]!)
    from = found.index + found[0].length
  }
  return { literals: [...literals, text.slice(from)], names }
}

/** What is wrong with a pattern in words, or undefined. */
export function patternProblem(text: string): string | undefined {
  const { literals, names } = parts(text)
  if (names.some((name, i) => names.indexOf(name) !== i)) return 'a placeholder stands in it twice'
  if (literals.slice(1, -1).includes('')) return 'two placeholders touch: something must stand between them'
  if (literals.some((literal) => /[{}]/.test(literal)))
    return 'a placeholder is {name}: a small letter, then letters and digits'
  return undefined
}

/**
 * Compiles a name's pattern. A placeholder takes one or more characters up to the character that stands behind it, so
 * that there is one way only to read a text. Give it only what `patternProblem` finds nothing in.
 */
export function compilePattern(text: string): Pattern {
  const { literals, names } = parts(text)
  const source = literals.map(
    (literal, i) => escaped(literal) + (i < names.length ? capture(literals[i + 1]!, '') : ''),
  )
  return matcher(text, names, source.join(''))
}

const escaped = (literal: string): string => literal.replaceAll(special, '\\$&')

const capture = (behind: string, separator: string): string => {
  const until = behind.slice(0, 1)
  return until || separator ? `([^${[...new Set(until + separator)].map(inClass).join('')}]+)` : '(.+)'
}

const inClass = (character: string): string => (/[\\\]^-]/.test(character) ? `\\${character}` : character)

function matcher(text: string, names: readonly string[], source: string): Pattern {
  const expression = new RegExp(`^${source}$`, 's')
  return {
    text,
    names,
    match: (input) => {
      const found = expression.exec(input)
      return found ? Object.fromEntries(names.map((name, i) => [name, found[i + 1]!])) : undefined
    },
  }
}

const restPattern = /^\{([a-z][A-Za-z0-9]*)\.\.\.\}$/

/** What is wrong with a topic's pattern in words, or undefined. */
export function topicProblem(text: string): string | undefined {
  const levels = text.split('/')
  const last = levels.at(-1)!
  const before = restPattern.test(last) || last === '#' ? levels.slice(0, -1) : levels
  if (text === '' || before.length === 0) return 'a topic has at least one level before the rest'
  if (text.startsWith('$')) return 'topics that begin with $ are the broker’s own'
  if (before.some((level) => /[#]/.test(level) || (level.includes('+') && level !== '+')))
    return '+ stands for a whole level, # and {rest...} for the last ones'
  const rest = restPattern.exec(last)?.[1]
  const names = before.flatMap((level) => parts(level).names)
  if (rest && names.includes(rest)) return 'a placeholder stands in it twice'
  return patternProblem(before.join('/'))
}

/**
 * Compiles a topic's pattern: a placeholder stays within its level, `+` is a level that nobody asks for, `{rest...}` or
 * `#` at the end are all levels from there on.
 */
export function compileTopic(text: string): Pattern {
  const levels = text.split('/')
  const names: string[] = []
  const sources = levels.map((level) => {
    const rest = restPattern.exec(level)?.[1]
    if (rest) names.push(rest)
    if (rest) return '(.+)'
    if (level === '#') return '.+'
    if (level === '+') return '[^/]+'
    const { literals, names: own } = parts(level)
    names.push(...own)
    return literals
      .map((l, i) => escaped(l) + (i < own.length ? capture(literals[i + 1]!, '/') : ''))
      .join('')
  })
  return matcher(text, names, sources.join('/'))
}

/** The topic filter (MQTT 3.1.1, section 4.7) that brings every topic of the pattern, and maybe more. */
export const topicFilter = (text: string): string =>
  text
    .split('/')
    .map((level) => (restPattern.test(level) || level === '#' ? '#' : level.includes('{') ? '+' : level))
    .join('/')
