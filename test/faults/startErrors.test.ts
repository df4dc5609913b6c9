import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultFolders, projectRoot } from '../../app/paths.ts'

const folder = mkdtempSync(join(tmpdir(), 'forewarn-start-'))
const small = join(folder, 'small-disk')
let holder: Server
let heldPort = 0

/** A tiny disk of its own; only root may mount one. */
const hasSmallDisk = (() => {
  mkdirSync(small)
  return spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', small]).status === 0
})()

beforeAll(async () => {
  holder = createServer()
  await new Promise<void>((done) => holder.listen(0, '127.0.0.1', done))
  heldPort = (holder.address() as { port: number }).port
})

afterAll(() => {
  holder.close()
  if (hasSmallDisk) spawnSync('umount', [small])
  rmSync(folder, { recursive: true, force: true })
})

/** Starts the built program, which must end by itself with an error. */
function startFails(env: Record<string, string>, args: readonly string[] = []) {
  const run = spawnSync(process.execPath, [join(projectRoot, 'bin', 'forewarn.cjs'), 'start', ...args], {
    cwd: folder,
    env: {
      ...process.env,
      FOREWARN_DATA_FOLDER: join(folder, 'data'),
      FOREWARN_HTTP_PORT: '0',
      FOREWARN_MQTT_PORT: '0',
      ...env,
    },
    encoding: 'utf8',
    timeout: 60_000,
  })
  return { status: run.status, text: run.stderr }
}

describe('a start that cannot succeed says what is wrong, what to do, and ends with a code other than 0', () => {
  it('names a wrong config value and its file', () => {
    const file = join(folder, 'wrong.yaml')
    writeFileSync(file, 'http:\n  port: eighty\n')
    const { status, text } = startFails({ FOREWARN_HTTP_PORT: '' }, ['--config', file])
    expect(status).toBe(1)
    expect(text).toContain('CONFIG_INVALID')
    expect(text).toContain('http.port')
  }, 90_000)

  it('names an unknown config key', () => {
    const file = join(folder, 'unknown.yaml')
    writeFileSync(file, 'mqtt:\n  prot: 1883\n')
    const { status, text } = startFails({}, ['--config', file])
    expect(status).toBe(1)
    expect(text).toMatch(/CONFIG_INVALID|prot/)
    expect(text).toContain('prot')
  })

  it('names a port in use and the key to change', () => {
    const { status, text } = startFails({ FOREWARN_MQTT_PORT: String(heldPort) })
    expect(status).toBe(1)
    expect(text).toContain(`PORT_IN_USE`)
    expect(text).toContain(String(heldPort))
    expect(text).toContain('mqtt.port')
  }, 90_000)

  it('names the HTTP port in use, too', () => {
    const { status, text } = startFails({ FOREWARN_HTTP_PORT: String(heldPort) })
    expect(status).toBe(1)
    expect(text).toContain('PORT_IN_USE')
    expect(text).toContain('http.port')
  })

  it.each([
    ['HTTP', 'http.tokens'],
    ['MQTT', 'mqtt.users'],
  ])('does not let other machines in over %s without %s and TLS', (section, key) => {
    const { status, text } = startFails({ [`FOREWARN_${section}_HOST`]: '0.0.0.0' })
    expect(status).toBe(1)
    expect(text).toContain('CONFIG_INVALID')
    expect(text).toContain(`set ${key}, ${section.toLowerCase()}.tlsCert`)
  })

  it('names a certificate that is not there', () => {
    const { status, text } = startFails({
      FOREWARN_HTTP_TLSCERT: join(folder, 'no-cert.pem'),
      FOREWARN_HTTP_TLSKEY: join(folder, 'no-key.pem'),
    })
    expect(status).toBe(1)
    expect(text).toContain('CONFIG_INVALID')
    expect(text).toContain('http.tlsCert')
  })

  it('names a data folder that cannot be made', () => {
    const file = join(folder, 'a-file')
    writeFileSync(file, '')
    const { status, text } = startFails({ FOREWARN_DATA_FOLDER: join(file, 'data') })
    expect(status).toBe(1)
    expect(text).toContain('DATA_FOLDER_UNUSABLE')
    expect(text).toContain('data.folder')
  })

  it.runIf(process.getuid?.() !== 0 || hasSmallDisk)('names a data folder that is read-only', () => {
    const readOnly = join(folder, 'read-only')
    mkdirSync(readOnly)
    if (hasSmallDisk) spawnSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'tmpfs', readOnly])
    const { status, text } = startFails({ FOREWARN_DATA_FOLDER: readOnly })
    if (hasSmallDisk) spawnSync('umount', [readOnly])
    expect(status).toBe(1)
    expect(text).toContain('DATA_FOLDER_UNUSABLE')
  })

  it.runIf(hasSmallDisk)('names a data folder whose disk is full', () => {
    const { status, text } = startFails({ FOREWARN_DATA_FOLDER: small })
    expect(status).toBe(1)
    expect(text).toContain('DATA_FOLDER_UNUSABLE')
    expect(text).toContain('free')
  })

  it('names a damaged model artifact', () => {
    const models = join(folder, 'models')
    cpSync(defaultFolders.models, models, { recursive: true })
    const weights = join(models, 'pump', 'forecaster', 'weights.bin')
    const bytes = readFileSync(weights)
    bytes[100]! ^= 1
    writeFileSync(weights, bytes)
    const { status, text } = startFails({ FOREWARN_MODELS_FOLDER: models })
    expect(status).toBe(1)
    expect(text).toContain('ARTIFACT_DAMAGED')
    expect(text).toContain('forewarn train pump')
  })

  it('names a catalogue file with a mistake', () => {
    const catalogue = join(folder, 'catalogue')
    mkdirSync(catalogue)
    writeFileSync(join(catalogue, 'fan.yaml'), 'name: fan\nlabel: Fan\n')
    const { status, text } = startFails({ FOREWARN_CATALOGUE_FOLDER: catalogue })
    expect(status).toBe(1)
    expect(text).toContain('CATALOGUE_INVALID')
    expect(text).toContain('fan.yaml')
  })

  it('refuses a data folder that another process holds', () => {
    const held = join(folder, 'held')
    mkdirSync(held)
    writeFileSync(join(held, 'forewarn.pid'), String(process.pid))
    const { status, text } = startFails({ FOREWARN_DATA_FOLDER: held })
    expect(status).toBe(1)
    expect(text).toContain('DATA_FOLDER_LOCKED')
    expect(text).toContain(String(process.pid))
  })
})
