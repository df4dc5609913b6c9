/**
 * Where a worker thread's entry lies: as compiled `.js` in production, as `.ts` in the tests. `name` is the entry's
 * file name without ending, next to the caller. Pass both to `new Worker(url, { execArgv })`.
 *
 * On Node 20 `--import tsx` has no effect inside a worker thread, so for `.ts` the entry is a line of JavaScript that
 * registers tsx in the thread and then imports the file.
 */
export function workerEntry(callerUrl: string, name: string): { url: URL; execArgv: string[] } {
  const compiled = !callerUrl.endsWith('.ts')
  const entry = new URL(`./${name}${compiled ? '.js' : '.ts'}`, callerUrl)
  if (compiled) return { url: entry, execArgv: [] }
  const tsx = import.meta.resolve('tsx/esm/api')
  const bootstrap = `import { register } from ${JSON.stringify(tsx)}; register(); await import(${JSON.stringify(entry.href)})`
  return { url: new URL(`data:text/javascript,${encodeURIComponent(bootstrap)}`), execArgv: [] }
}
