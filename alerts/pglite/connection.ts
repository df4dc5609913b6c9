import { Duplex } from 'node:stream'
import type { Client, Session } from './session.ts'
import { listens, startupAnswer, UnitCollector } from './wire.ts'

/**
 * What `pg` takes for its socket: a stream that speaks the wire protocol with PGlite's session instead of a server.
 * Rows come in one piece (a portal is not read in parts: no cursors), COPY and named prepared statements are not for
 * a shared session.
 */
export class PgliteConnection extends Duplex implements Client {
  private readonly collector = new UnitCollector()
  listening = false

  constructor(private readonly session: Session) {
    super()
    session.join(this)
  }

  connect(): this {
    queueMicrotask(() => this.emit('connect'))
    return this
  }

  notify(notifications: Buffer): void {
    this.push(notifications)
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, written: (error?: Error) => void): void {
    const greeted = this.collector.started
    const units = this.collector.feed(chunk)
    if (!greeted && this.collector.started) this.push(startupAnswer())
    for (const unit of units) this.answer(unit)
    written()
  }

  override _final(done: () => void): void {
    this.push(null)
    done()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.session.leave(this)
    done(error)
  }

  private answer(unit: Buffer) {
    this.listening ||= listens(unit)
    this.session.run(this, unit).then(
      (bytes) => this.destroyed || this.writableEnded || this.push(bytes),
      (reason) => this.destroy(reason),
    )
  }

  // What a socket can do besides, of no meaning here.
  setNoDelay(): this {
    return this
  }
  setKeepAlive(): this {
    return this
  }
  ref(): this {
    return this
  }
  unref(): this {
    return this
  }
}
