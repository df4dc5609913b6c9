import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Recipe } from './recipe.ts'
import { answersPing } from './redis.ts'

/** A Sentinel keeps what it has learned in its configuration file: that is written once. */
export const redisSentinelRecipe: Recipe = {
  debianPackage: 'redis-server',
  binary: 'redis-server',
  url: (port) => `redis://127.0.0.1:${port}`,
  async prepare(folder, port, settings) {
    const file = join(folder, 'sentinel.conf')
    const lines = ['bind 127.0.0.1', `port ${port}`, `dir ${folder}`]
    if (!existsSync(file)) await writeFile(file, `${lines.join('\n')}\n${settings}\n`)
    return [file, '--sentinel']
  },
  answers: answersPing,
}
