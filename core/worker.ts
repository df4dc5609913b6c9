/**
 * Where a worker thread's entry lies and how Node loads it: as compiled `.js` in production, as `.ts` through tsx in
 * the tests. `name` is the entry's file name without ending, next to the caller.
 */
export function workerEntry(callerUrl: string, name: string): { url: URL; execArgv: string[] } {
  const ending = callerUrl.endsWith('.ts') ? '.ts' : '.js'
  return {
    url: new URL(`./${name}${ending}`, callerUrl),
    execArgv: ending === '.ts' ? ['--import', 'tsx'] : [],
  }
}
