import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Recipe, replies } from './recipe.ts'

/** CONNECT of MQTT 3.1.1, clean session, client id `probe` (section 3.1); its CONNACK begins with 0x20. */
const connect = Buffer.from('\x10\x11\0\x04MQTT\x04\x02\0\x3c\0\x05probe', 'latin1')

/** A Mosquitto that keeps what it has taken: queues without a limit by number, saved at once. */
export const mosquittoRecipe: Recipe = {
  debianPackage: 'mosquitto',
  url: (port) => `mqtt://127.0.0.1:${port}`,
  async prepare(folder, port, settings) {
    const file = join(folder, 'mosquitto.conf')
    const lines = [
      `listener ${port} 127.0.0.1`,
      'allow_anonymous true',
      // started as root it would drop its rights and find the folder closed
      ...(process.getuid?.() === 0 ? ['user root'] : []),
      'persistence true',
      `persistence_location ${folder}/`,
      'autosave_interval 1',
      'max_queued_messages 0',
    ]
    await writeFile(file, `${lines.join('\n')}\n${settings}\n`)
    return ['-c', file]
  },
  answers: (port) => replies(port, connect, '\x20'),
}
