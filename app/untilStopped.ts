export interface Stopped {
  /** Resolves at Ctrl-C or SIGTERM, rejects when something fatal is reported. */
  readonly wait: Promise<void>
  /** True from the moment of stopping on. */
  readonly signal: AbortSignal
  stop(): void
  fail(error: unknown): void
}

/** Waits for the end of the process's work. A second Ctrl-C ends at once. */
export function untilStopped(): Stopped {
  const abort = new AbortController()
  let end: { resolve: () => void; reject: (error: unknown) => void } | undefined
  const wait = new Promise<void>((resolve, reject) => {
    end = { resolve, reject }
  })
  // Whoever waits handles it; a failure before that must not end the process on its own.
  wait.catch(() => {})
  const stop = () => {
    if (abort.signal.aborted) process.exit(130)
    abort.abort()
    end?.resolve()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  const fail = (error: unknown) => {
    abort.abort()
    end?.reject(error)
  }
  return { wait, signal: abort.signal, stop: () => (abort.signal.aborted ? undefined : stop()), fail }
}
