import { readdirSync, readFileSync } from 'node:fs'

/** Clock ticks a second in /proc, on every Linux of today. */
const ticksPerSecond = 100

export interface ProcessUsage {
  /** CPU time since the process began, s. */
  readonly cpuSeconds: number
  readonly rssMb: number
}

/** What a process has used so far, read from Linux's /proc. */
export function usageOf(pid: number): ProcessUsage {
  const { user, system } = ticksIn(`/proc/${pid}/stat`)
  const resident = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return {
    cpuSeconds: (user + system) / ticksPerSecond,
    rssMb: Math.round(Number(resident?.[1] ?? 0) / 1024),
  }
}

/** Memory of its own, MB: without the files that it has mapped, such as the reading log. */
export function ownMemoryMb(pid: number): number {
  const own = /RssAnon:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Number(own?.[1] ?? 0) / 1024
}

/** CPU time of the process's first thread, where connections are served, s. */
export function mainThreadSeconds(pid: number): number {
  const { user, system } = ticksIn(`/proc/${pid}/task/${pid}/stat`)
  return (user + system) / ticksPerSecond
}

/** The busiest threads by name with their CPU time so far, s. */
export function threadSeconds(pid: number): { name: string; seconds: number }[] {
  const threads = readdirSync(`/proc/${pid}/task`).map((id) => {
    const { user, system, name } = ticksIn(`/proc/${pid}/task/${id}/stat`)
    return { name: `${name}-${id}`, seconds: (user + system) / ticksPerSecond }
  })
  return threads.sort((a, b) => b.seconds - a.seconds).slice(0, 8)
}

/** Fields 14 and 15 of proc(5); the name in brackets may hold spaces. */
function ticksIn(file: string): { name: string; user: number; system: number } {
  const text = readFileSync(file, 'utf8')
  const name = text.slice(text.indexOf('(') + 1, text.lastIndexOf(')'))
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return { name, user: Number(fields[11]), system: Number(fields[12]) }
}
