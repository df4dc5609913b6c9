/**
 * The few pieces of the PostgreSQL wire protocol (version 3) that an in-process server needs.
 * Source: https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
const type = (letter: string) => letter.charCodeAt(0)

const QUERY = type('Q')
const SYNC = type('S')
const TERMINATE = type('X')
const READY = type('Z')
const NOTIFICATION = type('A')

/** Whether the session is free (`I`) or inside a transaction (`T`, or `E` once that has failed). */
export type SessionStatus = 'I' | 'T' | 'E'

/** A backend message: type letter, length that counts itself, body. */
function message(letter: string, body: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(5 + body.length)
  bytes[0] = type(letter)
  bytes.writeInt32BE(4 + body.length, 1)
  bytes.set(body, 5)
  return bytes
}

const strings = (...parts: string[]) => Buffer.from(parts.map((part) => `${part}\0`).join(''))

export const readyForQuery = (status: SessionStatus): Buffer => message('Z', Buffer.from(status))

/** A simple Query message, as a client would send it. */
export const query = (sql: string): Buffer => message('Q', strings(sql))

/** ErrorResponse with an SQLSTATE code. */
export const errorResponse = (code: string, text: string): Buffer =>
  message('E', Buffer.concat([strings('SERROR', 'VERROR', `C${code}`, `M${text}`), Buffer.alloc(1)]))

/** What a server says after Startup: no password, its parameters, a key for cancelling, ready. */
export function startupAnswer(): Buffer {
  const parameters = {
    server_version: '18.0',
    server_encoding: 'UTF8',
    client_encoding: 'UTF8',
    DateStyle: 'ISO, MDY',
    TimeZone: 'UTC',
    integer_datetimes: 'on',
    standard_conforming_strings: 'on',
  }
  return Buffer.concat([
    message('R', Buffer.alloc(4)),
    ...Object.entries(parameters).map(([name, value]) => message('S', strings(name, value))),
    message('K', Buffer.alloc(8)),
    readyForQuery('I'),
  ])
}

/**
 * Collects what a client writes into units: everything up to a Query or a Sync, the two messages that the server
 * answers with ReadyForQuery. Startup, the only message without a type letter, comes first and is left out.
 */
export class UnitCollector {
  private pending: Buffer = Buffer.alloc(0)
  /** Start of the next message within `pending`. */
  private at = 0
  started = false
  terminated = false

  feed(chunk: Buffer): Buffer[] {
    this.pending = this.pending.length === 0 ? chunk : Buffer.concat([this.pending, chunk])
    const units: Buffer[] = []
    if (!this.started) this.takeStartup()
    for (let end = this.messageEnd(); end !== undefined && !this.terminated; end = this.messageEnd()) {
      const kind = this.pending[this.at]
      this.at = end
      if (kind === QUERY || kind === SYNC) units.push(this.cut())
      if (kind === TERMINATE) this.terminated = true
    }
    return units
  }

  private takeStartup() {
    if (this.pending.length < 4 || this.pending.length < this.pending.readInt32BE(0)) return
    this.at = this.pending.readInt32BE(0)
    this.cut()
    this.started = true
  }

  private messageEnd(): number | undefined {
    if (!this.started || this.pending.length < this.at + 5) return undefined
    const end = this.at + 1 + this.pending.readInt32BE(this.at + 1)
    return end <= this.pending.length ? end : undefined
  }

  private cut(): Buffer {
    const unit = this.pending.subarray(0, this.at)
    this.pending = this.pending.subarray(this.at)
    this.at = 0
    return unit
  }
}

/** Whether a unit subscribes its connection to notifications; BullMQ writes comments ahead of its LISTEN. */
export const listens = (unit: Buffer): boolean =>
  unit[0] === QUERY &&
  /^(\s|--[^\n]*\n)*LISTEN\s/i.test(unit.toString('latin1', 5, Math.min(unit.length, 1024)))

export interface Answer {
  /** For the connection that asked. */
  readonly bytes: Buffer
  /** NotificationResponse messages, for every connection that listens; empty when there are none. */
  readonly notifications: Buffer
  readonly status: SessionStatus
}

/** Parts the server's answer to a unit; the status stands in its ReadyForQuery. */
export function readAnswer(answer: Buffer): Answer {
  const own: Buffer[] = []
  const notifications: Buffer[] = []
  let status: SessionStatus | undefined
  for (let at = 0, from = 0; at < answer.length; ) {
    const end = at + 1 + answer.readInt32BE(at + 1)
    if (answer[at] === READY) status = String.fromCharCode(answer[at + 5]!) as SessionStatus
    if (answer[at] === NOTIFICATION) {
      own.push(answer.subarray(from, at))
      notifications.push(answer.subarray(at, end))
      from = end
    }
    at = end
    if (at >= answer.length) own.push(answer.subarray(from))
  }
  if (status === undefined) throw new Error('the database engine ended an answer without ReadyForQuery')
  return {
    bytes: own.length === 1 ? own[0]! : Buffer.concat(own),
    notifications: Buffer.concat(notifications),
    status,
  }
}
