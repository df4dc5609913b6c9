import { connect } from 'node:net'
import type { Config } from '../core/config.ts'
import { messageOf } from '../core/errors.ts'
import type { Finding } from './finding.ts'

/** Looks whether what the adapters' URLs name answers at all; embedded adapters are only named. */
export async function probeServices(config: Config): Promise<Finding[]> {
  return [
    await probe('telemetry', config.telemetry.url, 8086, 'Start InfluxDB or correct telemetry.url.'),
    await probe('queue', config.queue.url, 6379, 'Start Redis or correct queue.url.'),
  ]
}

async function probe(what: string, url: string, usualPort: number, remedy: string): Promise<Finding> {
  if (!url.includes('//')) return { what, level: 'ok', detail: `${url.replace(/:$/, '')}, embedded` }
  const { hostname, port } = new URL(url)
  const at = `${hostname}:${port || usualPort}`
  try {
    await answers(hostname, Number(port || usualPort))
    return { what, level: 'ok', detail: `${at} answers` }
  } catch (error) {
    return { what, level: 'problem', detail: `${at} does not answer: ${messageOf(error)}`, remedy }
  }
}

function answers(host: string, port: number): Promise<void> {
  return new Promise((done, fail) => {
    const socket = connect({ host, port, timeout: 3_000 })
    const end = (error?: Error) => {
      socket.destroy()
      if (error) fail(error)
      else done()
    }
    socket.once('connect', () => end())
    socket.once('error', end)
    socket.once('timeout', () => end(new Error('no answer within 3 s')))
  })
}
