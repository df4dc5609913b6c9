/**
 * Which names of the store an InfluxQL query asks for: measurements, and of each what it takes for tags and fields.
 * Understands what the dashboards write: SELECT with nested SELECTs, and SHOW TAG VALUES. Takes expanded queries.
 */
export interface Asked {
  /** Names, or regular expressions as /.../. */
  readonly measurement: string
  /** Of it, in the same notation: selected, compared, or grouped by. */
  readonly columns: readonly string[]
}

type Kind = 'name' | 'regex' | 'text' | 'word' | 'number' | 'sign'

interface Token {
  readonly kind: Kind
  readonly text: string
}

/** A slash begins a regular expression where a value or name can stand; the dashboards divide nothing. */
const patterns: readonly [Kind, RegExp][] = [
  ['name', /^"((?:[^"\\]|\\.)*)"/],
  ['regex', /^(\/(?:[^/\\]|\\.)*\/)/],
  ['text', /^'((?:[^'\\]|\\.)*)'/],
  ['number', /^(\d+(?:\.\d+)?[a-z]*)/],
  ['word', /^([A-Za-z_]\w*)/],
  ['sign', /^(=~|!~|!=|<>|<=|>=|[-=<>(),+*])/],
]

function tokensOf(query: string): Token[] {
  const tokens: Token[] = []
  for (let rest = query.trim(); rest !== ''; rest = rest.trimStart()) {
    const found = patterns
      .map(([kind, pattern]) => ({ kind, match: pattern.exec(rest) }))
      .find(({ match }) => match !== null)
    if (!found?.match) throw new Error(`not understood: ${rest}`)
    tokens.push({ kind: found.kind, text: found.match[1]! })
    rest = rest.slice(found.match[0].length)
  }
  return tokens
}

/** A SELECT as the one around it sees it: `given` are the names that its columns have. */
type Level = Asked & { readonly given: readonly string[] }

export function asksFor(query: string): Asked {
  const reader = new Reader(tokensOf(query))
  const { measurement, columns } = reader.isNext('SHOW') ? tagValues(reader) : select(reader)
  reader.end()
  return { measurement, columns }
}

function tagValues(reader: Reader): Asked {
  reader.words('SHOW', 'TAG', 'VALUES', 'FROM')
  const measurement = reader.source()
  reader.words('WITH', 'KEY', '=')
  return { measurement, columns: reader.names() }
}

/** The innermost measurement, with what every level asks of it beyond the names that the level below gave. */
function select(reader: Reader): Level {
  reader.words('SELECT')
  const { columns, given } = reader.selected()
  reader.words('FROM')
  const inner = reader.isNext('(') ? nested(reader) : { measurement: reader.source(), columns: [], given: [] }
  const asked = [...columns, ...reader.names()].filter((name) => !inner.given.includes(name))
  return { measurement: inner.measurement, columns: [...inner.columns, ...asked], given }
}

function nested(reader: Reader): Level {
  reader.words('(')
  const inner = select(reader)
  reader.words(')')
  return inner
}

class Reader {
  private at = 0

  constructor(private readonly tokens: readonly Token[]) {}

  isNext(text: string): boolean {
    return this.tokens[this.at]?.text.toUpperCase() === text && this.tokens[this.at]?.kind !== 'text'
  }

  words(...expected: readonly string[]): void {
    for (const text of expected) {
      if (!this.isNext(text))
        throw new Error(`${text} expected, not ${this.tokens[this.at]?.text ?? 'the end'}`)
      this.at++
    }
  }

  end(): void {
    if (this.at < this.tokens.length) throw new Error(`not understood: ${this.tokens[this.at]!.text}`)
  }

  source(): string {
    const token = this.tokens[this.at++]
    if (token?.kind !== 'name' && token?.kind !== 'regex') throw new Error('a measurement is expected')
    return token.text
  }

  /** Up to FROM: what is asked for, and under which names it is given on. */
  selected(): { columns: string[]; given: string[] } {
    const columns: string[] = []
    const given: string[] = []
    for (let token = this.take(); token; token = this.isNext('FROM') ? undefined : this.take()) {
      if (token.kind === 'word' && token.text.toUpperCase() === 'AS') given.push(this.take()!.text)
      else if (token.kind === 'name' || token.kind === 'regex') columns.push(token.text)
    }
    return { columns, given: [...given, ...columns] }
  }

  /** Names in conditions and groupings up to the end of this SELECT. A compared value is none of them. */
  names(): string[] {
    const found: string[] = []
    let depth = 0
    for (let token = this.tokens[this.at]; token; token = this.tokens[++this.at]) {
      if (token.text === ')' && depth === 0) break
      if (token.kind === 'name') found.push(token.text)
      if (token.text === '(') depth++
      if (token.text === ')') depth--
    }
    return found
  }

  private take(): Token | undefined {
    return this.tokens[this.at++]
  }
}
