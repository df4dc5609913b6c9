export interface Stopped {
  /** Resolves at Ctrl-C or SIGTERM, rejects when something fatal is reported. */
  readonly wait: Promise<void>
  /** True from the moment of stopping on. */
  readonly signal: AbortSignal
  stop(): void
  fail(error: unknown): void
}

/**
 * Waits for the end of the process's work. A second Ctrl-C ends at once; the first never does, whatever has begun to
 * stop it: what is closing then, closes.
 */
export function untilStopped(): Stopped {
  const abort = new AbortController()
  let end: { resolve: () => void; reject: (error: unknown) => void } | undefined
  const wait = new Promise<void>((resolve, reject) => {
    end = { resolve, reject }
  })
  // Whoever waits handles it; a failure before that must not end the process on its own.
  wait.catch(() => {})
  const stop = () => {
    abort.abort()
    end?.resolve()
  }
  let wasAsked = false
  const asked = () => {
    if (wasAsked) process.exit(130)
    wasAsked = true
    stop()
  }
  process.on('SIGINT', asked)
  process.on('SIGTERM', asked)
  const fail = (error: unknown) => {
    abort.abort()
    end?.reject(error)
  }
  return { wait, signal: abort.signal, stop, fail }
}
