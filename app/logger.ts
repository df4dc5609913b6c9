import { type Logger, pino } from 'pino'

/** Lines for people on a terminal, JSON lines everywhere else; always on stderr, stdout belongs to results. */
export function createLogger(level: string): Logger {
  const destination = 2
  if (!process.stderr.isTTY) return pino({ level }, pino.destination(destination))
  const options = { destination, translateTime: 'SYS:HH:MM:ss', ignore: 'pid,hostname' }
  return pino({ level, transport: { target: 'pino-pretty', options } })
}
