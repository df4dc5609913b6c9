import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort, type Recipe, replies } from './recipe.ts'

export const influxRecipe: Recipe = {
  debianPackage: 'influxdb',
  url: (port) => `influx://127.0.0.1:${port}`,
  async prepare(folder, port, settings) {
    const file = join(folder, 'influxdb.conf')
    await writeFile(file, influxConfig(folder, port, await freePort(), settings))
    return ['-config', file]
  },
  answers: (port) => replies(port, 'GET /ping HTTP/1.1\r\nHost: forewarn\r\n\r\n', 'HTTP/1.1 204'),
}

const influxConfig = (folder: string, port: number, rpcPort: number, http: string) => `
reporting-disabled = true
bind-address = "127.0.0.1:${rpcPort}"
[meta]
  dir = "${folder}/meta"
[data]
  dir = "${folder}/data"
  wal-dir = "${folder}/wal"
  index-version = "inmem"
[monitor]
  store-enabled = false
[subscriber]
  enabled = false
[continuous_queries]
  enabled = false
[http]
  bind-address = "127.0.0.1:${port}"
  log-enabled = false
  ${http}
`
