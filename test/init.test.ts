import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { projectRoot } from '../app/paths.ts'
import { credentialPattern } from '../core/credentials.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'forewarn-init-'))
  file = join(folder, '.env')
})
afterEach(() => rmSync(folder, { recursive: true }))

const init = (...args: string[]) =>
  spawnSync(process.execPath, [join(projectRoot, 'scripts', 'init.mjs'), '--file', file, ...args], {
    encoding: 'utf8',
  })
const told = (...args: string[]) =>
  JSON.parse(init('--json', ...args).stdout) as { written: string[]; kept: string[]; next: string[] }
const values = () =>
  Object.fromEntries(
    [...readFileSync(file, 'utf8').matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => [name!, value!]),
  )

describe('npm run init', () => {
  it('writes secrets that fit wherever they stand, each its own, for their owner alone', () => {
    const { written, kept } = told()
    expect(kept).toEqual([])
    expect(Object.keys(values())).toEqual(written)
    const { GRAFANA_INFLUX_TOKEN, ...secrets } = values()
    expect(GRAFANA_INFLUX_TOKEN).toBe(secrets.INFLUX_TOKEN)
    expect(new Set(Object.values(secrets)).size).toBe(Object.keys(secrets).length)
    for (const secret of Object.values(secrets)) {
      expect(secret).toMatch(/^[0-9a-f]{48}$/)
      expect(`planner:${secret}`).toMatch(credentialPattern)
    }
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  it('changes nothing the second time', () => {
    init()
    const before = readFileSync(file, 'utf8')
    expect(told()).toMatchObject({ written: [] })
    expect(readFileSync(file, 'utf8')).toBe(before)
  })

  it('fills in what is missing or empty, keeps the rest with its comments, and closes the file to others', () => {
    writeFileSync(file, '# mine\nREDIS_PASSWORD="kept as it is"\nPOSTGRES_PASSWORD=\nOTHER=1\n')
    chmodSync(file, 0o644)
    const { written, kept } = told()
    expect(kept).toEqual(['REDIS_PASSWORD'])
    expect(written).toContain('POSTGRES_PASSWORD')
    const text = readFileSync(file, 'utf8')
    expect(text).toMatch(/^# mine\nREDIS_PASSWORD="kept as it is"\nPOSTGRES_PASSWORD=[0-9a-f]{48}\nOTHER=1\n/)
    expect(text.match(/POSTGRES_PASSWORD/g)).toHaveLength(1)
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  it('gives Grafana the token that InfluxDB has already', () => {
    writeFileSync(file, 'INFLUX_TOKEN=of-long-ago-and-kept\n')
    init()
    expect(values().GRAFANA_INFLUX_TOKEN).toBe('of-long-ago-and-kept')
  })

  it('switches to Mosquitto where it is asked to, also later', () => {
    init()
    const { BROKER_PASSWORD } = values()
    expect(told('--broker', 'mosquitto').written).toEqual([
      'COMPOSE_PROFILES',
      'FOREWARN_MQTT_URL',
      'EMBEDDED_MQTT_PORT',
    ])
    expect(values().FOREWARN_MQTT_URL).toBe(`mqtt://forewarn:${BROKER_PASSWORD}@mosquitto:1883`)
  })

  it('says what to do next and shows no secret', () => {
    const { stdout, status } = init()
    expect(status).toBe(0)
    expect(stdout).toContain('docker compose up -d')
    for (const secret of Object.values(values())) expect(stdout).not.toContain(secret)
  })

  it('explains itself, and refuses what it does not know', () => {
    expect(init('--help').stdout).toContain('--broker mosquitto')
    for (const args of [['--broker', 'kafka'], ['--nonsense']]) {
      const { status, stderr } = init(...args)
      expect(status).toBe(1)
      expect(stderr).toContain('npm run init -- [options]')
    }
    expect(() => statSync(file)).toThrow('ENOENT')
  })
})
