import { series } from '../../../core/series.ts'
import { escapeTag, type Point } from './lines.ts'
import { TextBuffer } from './textBuffer.ts'

/** What every line of a device begins with. */
interface Head {
  readonly site: string
  readonly text: Uint8Array
}

const comma = Buffer.from(',')
const space = Buffer.from(' ')
const lineFeed = Buffer.from('\n')
const receivedAtField = Buffer.from(`${series.receivedAt}=`)

/**
 * The lines of readings for one request. A value is always a float: a number without the suffix `i` is one, `1e+21`
 * included. Channels are identifiers and need no escaping.
 */
export class LineBuffer {
  private readonly text = new TextBuffer()
  private readonly heads = new Map<string, Head>()
  private readonly fields: readonly Uint8Array[]

  constructor(channels: readonly string[]) {
    this.fields = channels.map((name) => Buffer.from(`${name}=`))
  }

  /** Adds the line of a reading without the given channels; false where no value is left, then there is none. */
  add({ batch, row, time }: Point, without: readonly boolean[]): boolean {
    const { text } = this
    const start = text.length
    if (start > 0) text.put(lineFeed)
    text.put(this.headOf(batch.assetType, batch.device[row]!, batch.site[row]!))
    let values = 0
    // Every value of every reading comes by.
    for (let c = 0; c < this.fields.length; c++) {
      const value = batch.channels[c]?.[row]
      if (value === undefined || !Number.isFinite(value) || without[c]) continue
      text.put(this.fields[c]!)
      text.number(value)
      text.put(comma)
      values++
    }
    if (values === 0) {
      text.cut(start)
      return false
    }
    const receivedAt = batch.receivedAt[row]!
    text.put(receivedAtField)
    text.number(Number.isFinite(receivedAt) ? receivedAt : time)
    text.put(space)
    text.number(time)
    return true
  }

  /** Removes and returns the lines. */
  take(): string {
    return this.text.take()
  }

  private headOf(assetType: string, device: string, site: string): Uint8Array {
    const known = this.heads.get(device)
    if (known?.site === site) return known.text
    const { tags } = series
    const head = `${assetType},${tags.device}=${escapeTag(device)},${tags.site}=${escapeTag(site)} `
    const text = Buffer.from(head)
    this.heads.set(device, { site, text })
    return text
  }
}
