import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import type { Catalogue } from '../core/catalogue.ts'
import type { Config } from '../core/config.ts'
import { ForewarnError } from '../core/errors.ts'
import { examineBroker } from '../ingest/subscriber/examine/examineBroker.ts'
import { verifyArtifacts } from '../models/registry/verify.ts'
import { freeBytes, holdDataFolder } from './dataFolder.ts'
import { examineBackend } from './doctor/backend.ts'
import { examinePlainText } from './doctor/plainText.ts'
import { type Finding, problem } from './finding.ts'
import { loadCatalogue } from './loadCatalogue.ts'
import { loadConfig } from './loadConfig.ts'
import { loadTls } from './loadTls.ts'
import { defaultFolders } from './paths.ts'
import { probeServices } from './probeServices.ts'

/** Everything that a start needs, looked at one by one; a check that fails does not hide the next. */
export async function examine(configFile?: string): Promise<Finding[]> {
  const node: Finding = { what: 'Node.js', level: 'ok', detail: process.versions.node }
  const config = attempt(
    'config',
    () => loadConfig(configFile),
    () => 'every value is valid',
  )
  if (!config.value) return [node, config.finding]
  const catalogue = attempt(
    'catalogue',
    () => loadCatalogue(config.value.catalogue.folder),
    describeCatalogue,
  )
  return [
    node,
    config.finding,
    catalogue.finding,
    checkFolder(config.value),
    ...checkTls(config.value),
    ...examinePlainText(config.value),
    ...(await checkInlet(config.value)),
    await checkPort('HTTP port', 'http', config.value.http),
    ...(await probeServices(config.value)),
    await examineBackend(config.value.models.backend),
    ...(catalogue.value ? await checkModels(config.value, catalogue.value) : []),
  ]
}

type Attempt<T> = { finding: Finding; value: T } | { finding: Finding; value: undefined }

function attempt<T>(what: string, work: () => T, detail: (value: T) => string): Attempt<T> {
  try {
    const value = work()
    return { value, finding: { what, level: 'ok', detail: detail(value) } }
  } catch (error) {
    return { value: undefined, finding: problem(what, error) }
  }
}

const describeCatalogue = (catalogue: Catalogue) =>
  [...catalogue.values()]
    .map((t) => `${t.name} (${t.channels.length} channels, ${t.failureModes.length} failure modes)`)
    .join(', ')

function checkFolder(config: Config): Finding {
  const folder = resolve(config.data.folder)
  const { finding, value } = attempt(
    'data folder',
    () => holdDataFolder(folder),
    () => '',
  )
  if (!value) return finding
  value.release()
  const free = freeBytes(folder)
  const detail = `${folder}, ${(free / 1024 ** 3).toFixed(1)} GB free`
  if (free >= config.log.maxBytes) return { what: 'data folder', level: 'ok', detail }
  const remedy = 'The reading log may grow beyond the free space (log.maxBytes): free some, or lower the cap.'
  return { what: 'data folder', level: 'warning', detail, remedy }
}

const checkTls = (config: Config): Finding[] =>
  (['http', 'mqtt'] as const)
    .filter((section) => config[section].tlsCert)
    .map((section) => {
      const { finding } = attempt(
        `${section} TLS`,
        () => loadTls(config, section),
        () => config[section].tlsCert,
      )
      return finding
    })

/** The external broker, or the port of ours. */
const checkInlet = async ({ mqtt }: Config): Promise<Finding[]> =>
  mqtt.url === '' ? [await checkPort('MQTT port', 'mqtt', mqtt)] : examineBroker(mqtt)

async function checkPort(
  what: string,
  section: string,
  { host, port }: { host: string; port: number },
): Promise<Finding> {
  try {
    await listenOnce(host, port)
    return { what, level: 'ok', detail: port === 0 ? `${host}, a free one` : `${host}:${port} is free` }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE')
      return { ...problem(what, error), remedy: `Correct ${section}.host or ${section}.port.` }
    return problem(
      what,
      new ForewarnError('PORT_IN_USE', { port, host, what: section, key: `${section}.port` }),
    )
  }
}

function listenOnce(host: string, port: number): Promise<void> {
  return new Promise((done, fail) => {
    const server = createServer()
    server.once('error', fail)
    server.listen(port, host, () => server.close(() => done()))
  })
}

async function checkModels(config: Config, catalogue: Catalogue): Promise<Finding[]> {
  const root = config.models.folder || defaultFolders.models
  const findings: Finding[] = []
  for (const { name } of catalogue.values()) {
    const what = `models ${name}`
    try {
      const found = await verifyArtifacts(join(root, name))
      findings.push({
        what,
        level: 'ok',
        detail: found.map((a) => `${a.kind} ${a.hash.slice(0, 8)}`).join(', '),
      })
    } catch (error) {
      findings.push(problem(what, error))
    }
  }
  return findings
}
