/**
 * Group commit (Gray & Reuter, Transaction Processing, 1993): what gathers while one commit runs goes into the next,
 * which starts as soon as that one is durable. Every caller of a group waits on the same promise.
 */
export class GroupCommit<Group> {
  private gathering: { group: Group; done: Promise<void>; settle: Settle } | undefined
  private running: Promise<void> | undefined

  constructor(
    private readonly newGroup: () => Group,
    /** Makes a group durable; called for one group at a time. */
    private readonly write: (group: Group) => Promise<void>,
  ) {}

  /** Puts something into the gathering group; resolves when that group is durable, rejects when it was not kept. */
  add(put: (group: Group) => void): Promise<void> {
    this.gathering ??= this.start()
    put(this.gathering.group)
    return this.gathering.done
  }

  /** Resolves when everything added so far was written or refused. */
  async idle(): Promise<void> {
    while (this.running) await this.running
  }

  private start(): NonNullable<typeof this.gathering> {
    let settle!: Settle
    const done = new Promise<void>((resolve, reject) => {
      settle = { resolve, reject }
    })
    // whoever added listens to `done`; this keeps a group whose callers all went away from being unhandled
    done.catch(() => {})
    // the rest of this turn, a whole socket chunk of messages, joins the first group
    this.running ??= new Promise((resolve) => setImmediate(resolve)).then(() => this.drain())
    return { group: this.newGroup(), done, settle }
  }

  private async drain(): Promise<void> {
    while (this.gathering) {
      const { group, settle } = this.gathering
      this.gathering = undefined
      await this.write(group).then(settle.resolve, settle.reject)
    }
    this.running = undefined
  }
}

interface Settle {
  resolve(): void
  reject(reason: unknown): void
}
