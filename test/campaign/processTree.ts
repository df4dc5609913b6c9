import { readdirSync, readFileSync } from 'node:fs'

/** A signal to a process and, first, to everything it started: PostgreSQL answers from a child a connection. */
export function signalTree(pid: number, signal: 'SIGSTOP' | 'SIGCONT'): void {
  for (const child of childrenOf(pid)) signalTree(child, signal)
  try {
    process.kill(pid, signal)
  } catch {
    // it has ended
  }
}

function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && parentOf(name) === pid)
    .map(Number)
}

/** Fourth field of /proc/<pid>/stat; the second, the name in brackets, may hold blanks (proc(5)). */
function parentOf(pid: string): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return undefined
  }
}
