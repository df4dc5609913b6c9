import type { Random } from '../../edge/simulator/random.ts'
import { unreadable } from './faults/devices.ts'
import { Fleet } from './fleet.ts'
import { Journal, type Sent } from './journal.ts'
import { Lane } from './lane.ts'

/** The steady fleet's messages of a round take about so long, ms: faults happen under load. */
const roundMs = 2_500

/** All that publishes to one installation, for as long as it lives. */
export class Load {
  readonly journal = new Journal()
  private readonly fleet: Fleet
  private readonly steady: Lane[]
  private readonly odd: Lane

  constructor(random: Random, url: () => string | undefined) {
    this.fleet = new Fleet(random)
    const lane = () => new Lane({ journal: this.journal, url })
    this.steady = [lane(), lane(), lane()]
    this.odd = lane()
    for (const one of this.lanes) one.start()
  }

  /** The next round of the fleet goes out, and a few messages that nobody can read. */
  nextRound(round: number): void {
    this.fleet.next().forEach((messages, i) => {
      this.steady[i]!.add(messages, (messages.length * 1000) / roundMs)
    })
    this.odd.add(unreadable(String(round)))
  }

  /** Of devices that a fault makes speak. */
  publish(messages: readonly Sent[], perSecond?: number): void {
    this.odd.add(messages, perSecond)
  }

  sendLastAgain(): void {
    for (const lane of this.lanes) lane.sendLastAgain()
  }

  /** Resolves when everything is acknowledged; throws when it is not within `ms`. */
  async acknowledged(ms: number): Promise<void> {
    const end = performance.now() + ms
    while (!this.lanes.every((lane) => lane.isDone)) {
      if (performance.now() > end) throw new Error(`not everything was acknowledged within ${ms} ms`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  failed(): Map<string, string> {
    return this.fleet.failed()
  }

  async close(): Promise<void> {
    await Promise.all(this.lanes.map((lane) => lane.close()))
  }

  private get lanes(): readonly Lane[] {
    return [...this.steady, this.odd]
  }
}
