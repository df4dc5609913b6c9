import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Recipe, replies } from './recipe.ts'

export const redisRecipe: Recipe = {
  debianPackage: 'redis-server',
  url: (port) => `redis://127.0.0.1:${port}`,
  async prepare(folder, port, settings) {
    const file = join(folder, 'redis.conf')
    const lines = [
      'bind 127.0.0.1',
      `port ${port}`,
      `dir ${folder}`,
      'save ""',
      'appendonly yes',
      'maxmemory-policy noeviction',
    ]
    await writeFile(file, `${lines.join('\n')}\n${settings}\n`)
    return [file]
  },
  answers: (port) => replies(port, 'PING\r\n', '+PONG'),
}
