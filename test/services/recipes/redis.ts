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
  answers: answersPing,
}

/** One that wants a password first has started, too. */
export async function answersPing(port: number): Promise<boolean> {
  const ping = 'PING\r\n'
  return (await replies(port, ping, '+PONG')) || replies(port, ping, '-NOAUTH')
}
