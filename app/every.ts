/**
 * Does `work` every so many ms, one round after the other, until stopped; a round that fails is reported once and tried
 * again with the next.
 */
export function every(ms: number, work: () => Promise<unknown>, onError: (error: unknown) => void) {
  let stopped = false
  let failing = false
  let wake = () => {}
  const run = async () => {
    while (!stopped) {
      try {
        await work()
        failing = false
      } catch (error) {
        if (!failing) onError(error)
        failing = true
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }
  const done = run()
  return {
    stop: async (): Promise<void> => {
      stopped = true
      wake()
      await done
    },
  }
}
