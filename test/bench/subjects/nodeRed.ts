import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort, startService } from '../../services/harness.ts'
import { mosquittoSettings } from './forewarn.ts'
import { startInflux } from './influx.ts'
import { type NodeRedWay, nodeRedFlow } from './nodeRedFlow.ts'
import type { Subject } from './subject.ts'

export const nodeRedVersions = { 'node-red': '4.1.8', 'node-red-contrib-influxdb': '0.7.0' } as const

/** Nothing but the runtime: no editor, and no word to anybody. */
const settings = `module.exports = {
  httpAdminRoot: false,
  uiHost: '127.0.0.1',
  telemetry: { enabled: false },
  externalModules: { autoInstall: false },
}
`

/** Installs Node-RED with its InfluxDB nodes from the npm registry into a folder of its own. */
export async function installNodeRed(folder: string): Promise<void> {
  writeFileSync(join(folder, 'package.json'), '{ "private": true }')
  const packages = Object.entries(nodeRedVersions).map(([name, version]) => `${name}@${version}`)
  const args = ['install', '--no-audit', '--no-fund', '--omit=dev', '--loglevel=error', ...packages]
  const npm = spawn('npm', args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
  const [code] = await once(npm, 'exit')
  if (code !== 0) throw new Error(`npm could not install ${packages.join(' and ')}: it ended with ${code}`)
}

/** Node-RED from a Mosquitto into InfluxDB; `folder` is where it was installed. */
export async function startNodeRed(folder: string, way: NodeRedWay): Promise<Subject> {
  const influx = await startInflux()
  const mosquitto = await startService('mosquitto', mosquittoSettings)
  const places = { mqttPort: mosquitto.port, influxPort: influx.port, database: influx.database }
  writeFileSync(join(folder, 'settings.cjs'), settings)
  writeFileSync(join(folder, 'flows.json'), JSON.stringify(nodeRedFlow(way, places)))
  const nodeRed = await launch(folder, await freePort())
  return {
    port: mosquitto.port,
    pids: { nodeRed: nodeRed.pid!, influxd: influx.pid, mosquitto: mosquitto.pid()! },
    stored: influx.readings,
    async close() {
      const ended = once(nodeRed, 'exit')
      nodeRed.kill('SIGKILL')
      await ended
      await mosquitto.close()
      await influx.close()
    },
  }
}

/** Resolves when its flow is connected to the broker. */
async function launch(folder: string, port: number): Promise<ChildProcess> {
  const program = join(folder, 'node_modules', 'node-red', 'red.js')
  const args = [program, '--userDir', folder, '--settings', join(folder, 'settings.cjs')]
  const child = spawn(process.execPath, [...args, '--port', String(port), 'flows.json'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  child.stdout!.pipe(createWriteStream(join(folder, 'output.txt')))
  await new Promise<void>((resolve, reject) => {
    let said = ''
    const listen = (text: Buffer) => {
      said += text
      if (!said.includes('Connected to broker')) return
      child.stdout!.off('data', listen)
      resolve()
    }
    child.stdout!.on('data', listen)
    child.once('exit', (code) => reject(new Error(`Node-RED ended with ${code}:\n${said}`)))
  })
  return child
}
