import { errorResponse, query, readAnswer, readyForQuery, type SessionStatus } from './wire.ts'

/** Runs one unit of the wire protocol; never called before its last promise has settled. */
export type Engine = (unit: Uint8Array) => Promise<Buffer>

/** Somebody who takes turns at the session. */
export interface Client {
  /** Has issued LISTEN. */
  readonly listening: boolean
  notify(notifications: Buffer): void
}

interface Turn {
  readonly client: Client
  readonly unit: Uint8Array
  readonly done: (answer: Buffer) => void
  readonly failed: (reason: unknown) => void
  timer?: NodeJS.Timeout
}

/**
 * So long a unit waits for its rejection once the engine is gone, ms. BullMQ's worker asks again as soon as it is
 * answered: with an answer in the same turn it would keep the process from ever ending.
 */
const lateMs = 200

/**
 * PGlite has exactly one session. Here its clients take turns, first come, first served; a client whose last answer
 * left it inside a transaction keeps the session until that ends.
 */
export class Session {
  private waiting: Turn[] = []
  private busy = false
  private holder: Client | undefined
  private heldSince = 0
  private readonly clients = new Set<Client>()
  private failure: Error | undefined

  /**
   * @param engine runs a unit
   * @param patienceMs how long a unit waits behind one and the same idle transaction of somebody else before it fails
   *   with 55P03 (lock_not_available): code that awaits another connection inside its transaction would wait on
   *   itself for ever
   */
  constructor(
    private readonly engine: Engine,
    private readonly patienceMs = 5000,
  ) {}

  join(client: Client): void {
    this.clients.add(client)
  }

  /** Forgets a client; a transaction it left open is rolled back. */
  leave(client: Client): void {
    this.clients.delete(client)
    for (const turn of this.waiting.filter((t) => t.client === client)) this.drop(turn)
    if (this.holder === client && !this.busy) this.rollBack(client)
  }

  /** Resolves to the whole answer, ReadyForQuery at its end; rejects only when the engine is gone. */
  run(client: Client, unit: Uint8Array): Promise<Buffer> {
    return new Promise((done, failed) => {
      if (this.failure) return void setTimeout(failed, lateMs, this.failure)
      const turn: Turn = { client, unit, done, failed }
      this.waiting.push(turn)
      this.next()
      if (this.waiting.includes(turn)) this.watch(turn)
    })
  }

  /** The engine is gone: nobody gets an answer any more. */
  fail(reason: Error): void {
    this.failure ??= reason
    const turns = this.waiting
    this.waiting = []
    for (const turn of turns) {
      clearTimeout(turn.timer)
      turn.failed(reason)
    }
  }

  private watch(turn: Turn, waitMs = this.patienceMs) {
    turn.timer = setTimeout(() => {
      const blocked = this.holder && this.holder !== turn.client && !this.busy
      const held = blocked ? performance.now() - this.heldSince : 0
      if (held < this.patienceMs) return this.watch(turn, Math.max(this.patienceMs - held, 1))
      this.drop(turn)
      const text = `waited ${this.patienceMs} ms for a transaction of another connection to end`
      turn.done(Buffer.concat([errorResponse('55P03', text), readyForQuery('I')]))
    }, waitMs)
  }

  private drop(turn: Turn) {
    clearTimeout(turn.timer)
    this.waiting.splice(this.waiting.indexOf(turn), 1)
  }

  private next() {
    if (this.busy || this.failure) return
    const turn = this.waiting.find((t) => this.holder === undefined || t.client === this.holder)
    if (!turn) return
    this.drop(turn)
    this.busy = true
    this.engine(turn.unit)
      .then((bytes) => this.finish(turn, bytes))
      .catch((reason) => {
        turn.failed(reason)
        this.fail(reason)
      })
  }

  private finish(turn: Turn, bytes: Buffer) {
    const answer = readAnswer(bytes)
    this.busy = false
    this.hold(turn.client, answer.status)
    turn.done(answer.bytes)
    if (answer.notifications.length > 0) {
      for (const client of this.clients) if (client.listening) client.notify(answer.notifications)
    }
    this.next()
  }

  private hold(client: Client, status: SessionStatus) {
    if (this.holder === undefined) this.heldSince = performance.now()
    this.holder = status === 'I' ? undefined : client
    if (this.holder && !this.clients.has(client)) this.rollBack(client)
  }

  private rollBack(client: Client) {
    const ignore = () => undefined
    this.waiting.unshift({ client, unit: query('ROLLBACK'), done: ignore, failed: ignore })
    this.next()
  }
}
