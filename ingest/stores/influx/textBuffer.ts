/** ASCII codes. */
const zero = 48
const point = 46
const minus = 45

/** Longest text of a number: -1.2345678901234567e-308. */
const longestNumber = 24

/** Puts texts and numbers together as bytes: a string a number and one a line were most of what writing them cost. */
export class TextBuffer {
  private bytes = Buffer.allocUnsafe(1 << 16)
  private end = 0

  /** Removes and returns what was put in. */
  take(): string {
    const text = this.bytes.toString('utf8', 0, this.end)
    this.end = 0
    return text
  }

  get length(): number {
    return this.end
  }

  /** Forgets what was put in after a length of before. */
  cut(length: number): void {
    this.end = length
  }

  put(text: Uint8Array): void {
    this.reserve(text.length)
    const { bytes } = this
    let { end } = this
    // Pieces are short: a loop is quicker than a call to copy them.
    for (let i = 0; i < text.length; i++) bytes[end++] = text[i]!
    this.end = end
  }

  /** The text of a finite number: read back it is that number. */
  number(value: number): void {
    this.reserve(longestNumber)
    const thousandths = Math.round(value * 1000)
    // Sensors mostly tell three decimals or fewer. Division rounds as reading a decimal does, so equal means exact.
    if (Math.abs(thousandths) < 2 ** 51 && thousandths / 1000 === value) this.decimal(thousandths)
    else this.ascii(String(value))
  }

  private decimal(thousandths: number): void {
    if (thousandths < 0) this.bytes[this.end++] = minus
    const all = Math.abs(thousandths)
    const whole = Math.floor(all / 1000)
    this.whole(whole)
    const rest = all - whole * 1000
    if (rest > 0) this.fraction(rest)
  }

  private whole(value: number): void {
    const high = Math.floor(value / 1e9)
    if (high > 0) this.digits(high, digitsOf(high))
    const low = value - high * 1e9
    this.digits(low, high > 0 ? 9 : digitsOf(low))
  }

  private fraction(thousandths: number): void {
    this.bytes[this.end++] = point
    if (thousandths % 10 > 0) this.digits(thousandths, 3)
    else if (thousandths % 100 > 0) this.digits(thousandths / 10, 2)
    else this.digits(thousandths / 100, 1)
  }

  private digits(value: number, count: number): void {
    let rest = value | 0
    for (let at = this.end + count - 1; at >= this.end; at--) {
      const tenth = (rest / 10) | 0
      this.bytes[at] = zero + rest - tenth * 10
      rest = tenth
    }
    this.end += count
  }

  private ascii(text: string): void {
    for (let i = 0; i < text.length; i++) this.bytes[this.end++] = text.charCodeAt(i)
  }

  private reserve(more: number): void {
    if (this.end + more <= this.bytes.length) return
    const grown = Buffer.allocUnsafe(Math.max(2 * this.bytes.length, this.end + more))
    this.bytes.copy(grown, 0, 0, this.end)
    this.bytes = grown
  }
}

function digitsOf(value: number): number {
  let count = 1
  for (let bound = 10; value >= bound; bound *= 10) count++
  return count
}
