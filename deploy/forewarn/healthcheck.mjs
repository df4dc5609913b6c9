// Asks the forewarn of this container whether it is ready; exit code 0 when it is. Without dependencies, as it runs every
// few seconds. Prints what is wrong, for `docker inspect`.
import { request as http } from 'node:http'
import { request as https } from 'node:https'

const { env } = process
const secure = Boolean(env.FOREWARN_HTTP_TLSCERT)
const [first] = (env.FOREWARN_HTTP_TOKENS ?? '').split(',')
const token = first.slice(first.indexOf(':') + 1)
const options = {
  host: '127.0.0.1',
  port: env.FOREWARN_HTTP_PORT || 8080,
  path: '/health/ready',
  timeout: 5_000,
  headers: token ? { authorization: `Bearer ${token}` } : {},
  // it is this container's own certificate, asked for by an address that it does not name
  rejectUnauthorized: false,
}

const ask = (secure ? https : http)(options, async (answer) => {
  let text = ''
  for await (const chunk of answer) text += chunk
  end(answer.statusCode === 200, text)
})
ask.on('timeout', () => ask.destroy(new Error('no answer within 5 s')))
ask.on('error', (error) => end(false, error.message))
ask.end()

function end(healthy, text) {
  console.log(text)
  process.exit(healthy ? 0 : 1)
}
