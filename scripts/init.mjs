#!/usr/bin/env node
// Writes the secrets that docker-compose.yml asks for into .env. Has no dependencies, so that it runs on a fresh clone.
// What is there stays: a database keeps the password it was made with.
import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const help = `npm run init -- [options]

Writes generated secrets for docker-compose.yml into .env, for its owner alone. Values that are there stay as they are.

  --broker mosquitto   Mosquitto instead of the embedded broker
  --file <path>        another file than .env
  --json               what was done as one JSON line
  --help               this text`

/** 192 random bits; letters and digits only, as it stands in URLs, lists and on command lines. */
const secret = () => randomBytes(24).toString('hex')

/** What each is for, and what it is made of. */
const variables = {
  PLANNER_TOKEN: ['token of the page and API: user name planner', secret],
  DEVICES_PASSWORD: ['password of the MQTT user devices', secret],
  BROKER_PASSWORD: ['password of forewarn at Mosquitto', secret],
  INFLUX_PASSWORD: ['password of the InfluxDB user forewarn', secret],
  INFLUX_TOKEN: ['token of forewarn at InfluxDB, with every right', secret],
  GRAFANA_INFLUX_TOKEN: [
    'token of Grafana at InfluxDB; one that may only read does',
    (env) => env.INFLUX_TOKEN,
  ],
  REDIS_PASSWORD: ['password of Redis', secret],
  POSTGRES_PASSWORD: ['password of the PostgreSQL user forewarn', secret],
  GRAFANA_PASSWORD: ['password of the Grafana user admin', secret],
}

const ofMosquitto = {
  COMPOSE_PROFILES: ['starts Mosquitto', () => 'mosquitto'],
  FOREWARN_MQTT_URL: [
    'and forewarn takes its readings from there',
    (env) => `mqtt://forewarn:${env.BROKER_PASSWORD}@mosquitto:1883`,
  ],
  EMBEDDED_MQTT_PORT: ['the port of the embedded broker makes room for it', () => '1884'],
}

const options = read()
if (options.help) {
  console.log(help)
  process.exit(0)
}
const file = resolve(options.file ?? join(dirname(fileURLToPath(import.meta.url)), '..', '.env'))
const wanted = { ...variables, ...(options.broker === 'mosquitto' ? ofMosquitto : {}) }
const lines = existsSync(file) ? readFileSync(file, 'utf8').split(/\r?\n/) : []
const env = Object.fromEntries(lines.map(valueIn).filter(Boolean))
const written = []
const kept = []
for (const [name, [meaning, make]] of Object.entries(wanted)) {
  if (env[name]) kept.push(name)
  else put(name, meaning, make(env))
}
if (written.length > 0) save()
else chmodSync(file, 0o600)
tell()

function read() {
  const types = { broker: { type: 'string' }, file: { type: 'string' } }
  const flags = { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } }
  try {
    const { values } = parseArgs({ options: { ...types, ...flags } })
    if (values.broker !== undefined && !['embedded', 'mosquitto'].includes(values.broker))
      throw new Error(`--broker ${values.broker}: there are embedded and mosquitto`)
    return values
  } catch (error) {
    console.error(`${error.message}\n\n${help}`)
    process.exit(1)
  }
}

/** [name, value] of a line; quotes as Compose takes them are not part of the value. */
function valueIn(line) {
  const [, name, value] = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/.exec(line) ?? []
  return name && [name, value.replace(/^(['"])(.*)\1$/, '$2')]
}

/** In the place of an empty one, or at the end. */
function put(name, meaning, value) {
  const empty = lines.findIndex((line) => valueIn(line)?.[0] === name)
  if (empty >= 0) lines[empty] = `${name}=${value}`
  else lines.push(`# ${meaning}`, `${name}=${value}`)
  env[name] = value
  written.push(name)
}

/** Written aside and renamed: an .env that is half written would lock everybody out of the databases. */
function save() {
  const aside = `${file}.${process.pid}`
  const text = lines.filter((line, i) => line !== '' || i > 0).join('\n')
  writeFileSync(aside, `${text.trimEnd()}\n`, { mode: 0o600 })
  renameSync(aside, file)
}

function tell() {
  const next = [
    'docker compose up -d --wait',
    'open http://127.0.0.1:8080 (user planner, password PLANNER_TOKEN of that file)',
    'open http://127.0.0.1:3000 (Grafana: user admin, password GRAFANA_PASSWORD)',
    'publish to mqtt://127.0.0.1:1883 (user devices, password DEVICES_PASSWORD)',
  ]
  if (options.json) console.log(JSON.stringify({ file, written, kept, next }))
  else {
    console.log(`${file}: ${written.length} written, ${kept.length} kept as they were.\n\nNext:`)
    for (const step of next) console.log(`  ${step}`)
    console.log('\nKeep that file with your backups: the databases were made with these passwords.')
  }
}
