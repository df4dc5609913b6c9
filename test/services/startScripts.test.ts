import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { Redis } from 'ioredis'
import { connectAsync } from 'mqtt'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { projectRoot } from '../../app/paths.ts'
import { describeService, findService, freePort } from './harness.ts'
import { replies } from './recipes/recipe.ts'

/* The start scripts of docker-compose.yml, with the servers of this system in the place of the images'. */

const secret = 'f0'.repeat(24)
let folder: string
let child: ChildProcess | undefined

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'forewarn-start-'))
})
afterEach(async () => {
  if (child && child.exitCode === null && child.signalCode === null) {
    const closed = once(child, 'close')
    child.kill('SIGKILL')
    await closed
  }
  rmSync(folder, { recursive: true })
})

interface Outcome {
  readonly code: number | null
  readonly output: string
}

/** Runs a script; the answer resolves when it ends. */
function start(
  server: 'redis-server' | 'mosquitto',
  script: string,
  env: object,
  args: string[] = [],
): Promise<Outcome> {
  const path = [dirname(findService(server)!), process.env.PATH].join(delimiter)
  const running = spawn('sh', [join(projectRoot, 'deploy', script, 'start.sh'), ...args], {
    env: { PATH: path, RUN_FOLDER: folder, ...env },
  })
  child = running
  let output = ''
  for (const stream of [running.stdout, running.stderr]) stream.on('data', (text) => (output += text))
  return new Promise((resolve) => running.once('close', (code) => resolve({ code, output })))
}

async function eventually<T>(work: () => Promise<T>, ended: Promise<Outcome>): Promise<T> {
  let over: Outcome | undefined
  void ended.then((outcome) => {
    over = outcome
  })
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (over) throw new Error(`it ended with ${over.code}: ${over.output}`, { cause: error })
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

const commandLine = () => readFileSync(`/proc/${child!.pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
const modeOf = (name: string) => statSync(join(folder, name)).mode & 0o777

describeService('redis-server', 'the start script of Redis', () => {
  const run = async () => {
    const port = await freePort()
    const args = ['--port', String(port), '--bind', '127.0.0.1']
    return {
      port,
      ended: start('redis-server', 'redis', { REDIS_PASSWORD: secret, DATA_FOLDER: folder }, args),
    }
  }

  it('starts a Redis that forgets nothing and asks for the password', async () => {
    const { port, ended } = await run()
    // whoever has no password learns that one is asked for, and nothing else
    await eventually(async () => {
      if (!(await replies(port, 'PING\r\n', '-NOAUTH'))) throw new Error('no answer yet')
    }, ended)
    const redis = new Redis({ port, host: '127.0.0.1', password: secret })
    const info = `${await redis.info('memory')}\n${await redis.info('persistence')}`
    redis.disconnect()
    for (const line of ['maxmemory_policy:noeviction', 'aof_enabled:1', `maxmemory:${256 * 1024 ** 2}`])
      expect(info.split('\r\n')).toContain(line)
    expect(commandLine()).not.toContain(secret)
    expect(modeOf('password.conf')).toBe(0o600)
  })

  it('starts none without a password', async () => {
    const { code, output } = await start('redis-server', 'redis', {})
    expect(code).not.toBe(0)
    expect(output).toContain('run npm run init')
  })
})

describeService('mosquitto', 'the start script of Mosquitto', () => {
  const passwords = { DEVICES_PASSWORD: secret, BROKER_PASSWORD: `${secret}aa` }

  /** Our configuration with places and a port of this test. */
  const configFile = (port: number) => {
    const conf = readFileSync(join(projectRoot, 'deploy', 'mosquitto', 'mosquitto.conf'), 'utf8')
      .replace('listener 1883', `listener ${port} 127.0.0.1`)
      .replace('/tmp/passwords', join(folder, 'passwords'))
      .replace('/mosquitto/data/', `${folder}/`)
    const file = join(folder, 'mosquitto.conf')
    // started as root it would drop its rights and find the folder closed
    writeFileSync(file, process.getuid?.() === 0 ? `${conf}user root\n` : conf)
    return file
  }

  it('starts a broker that lets in whoever has a password, and nobody else', async () => {
    const port = await freePort()
    const ended = start('mosquitto', 'mosquitto', { ...passwords, CONFIG_FILE: configFile(port) })
    const enter = (username: string, password: string) =>
      connectAsync(`mqtt://127.0.0.1:${port}`, { username, password, reconnectPeriod: 0 }, false)
    const devices = await eventually(() => enter('devices', passwords.DEVICES_PASSWORD), ended)
    const forewarn = await enter('forewarn', passwords.BROKER_PASSWORD)
    const heard = new Promise<string>((resolve) => forewarn.once('message', resolve))
    await forewarn.subscribeAsync('forewarn/#', { qos: 1 })
    await devices.publishAsync('forewarn/a/pump/p/telemetry', 'x', { qos: 1 })
    expect(await heard).toBe('forewarn/a/pump/p/telemetry')
    await expect(enter('devices', passwords.BROKER_PASSWORD)).rejects.toThrow(/not authori[sz]ed/i)
    await expect(connectAsync(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 0 }, false)).rejects.toThrow(
      /not authori[sz]ed/i,
    )
    await devices.endAsync()
    await forewarn.endAsync()
    expect(readFileSync(join(folder, 'passwords'), 'utf8')).not.toContain(secret)
    expect(modeOf('passwords')).toBe(0o600)
  })

  it.each(['DEVICES_PASSWORD', 'BROKER_PASSWORD'])('starts none without %s', async (missing) => {
    const { code, output } = await start('mosquitto', 'mosquitto', { ...passwords, [missing]: '' })
    expect(code).not.toBe(0)
    expect(output).toContain(`${missing}: is not set: run npm run init`)
  })
})
