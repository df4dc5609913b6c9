import { configKeys, environmentName } from '../../core/config.ts'
import { type ComposeFile, type ComposeService, referencesIn } from './composeFile.ts'

/** What must hold of every service; a rule answers with what is wrong, or with nothing. */
type ServiceRule = (service: ComposeService, name: string, file: ComposeFile) => string | false | undefined

const configVariables = new Set(configKeys().map(({ path }) => environmentName(path)))
/** Names of variables that hold a secret, alone or behind `name:`. */
const secretName = /(PASSWORD|TOKENS?|USERS|SECRET)$/
const generated = /^([a-z]+:)?\$\{[A-Z_]+:\?run npm run init\}$/
const passwordInUrl = /:\/\/[^/@:$]*:(?<password>(?:\$\{[^}]*\}|[^@/])*)@/

const texts = (service: ComposeService) =>
  Object.entries(service.environment ?? {}).map(([key, value]) => [key, String(value ?? '')] as const)

export const serviceRules: Readonly<Record<string, ServiceRule>> = {
  'an image of one exact version'({ image = '' }) {
    const tag = image.split(':')[1] ?? ''
    // PostgreSQL counts its releases in two numbers
    const exact = image.startsWith('postgres:') ? /^\d+\.\d+(-|$)/ : /^\d+\.\d+\.\d+(-|$)/
    return !exact.test(tag) && `image ${image}`
  },
  'a health check with its times'({ healthcheck }) {
    const { test = [], interval, timeout, retries, disable } = healthcheck ?? {}
    return (test.length < 2 || !interval || !timeout || !retries || disable) && 'no whole health check'
  },
  'a start after healthy services only'({ depends_on = {} }, _, { services }) {
    const wrong = Object.entries(depends_on).find(
      ([on, { condition }]) => condition !== 'service_healthy' || !services[on]?.healthcheck,
    )
    return wrong && `depends on ${wrong[0]}, ${wrong[1].condition}`
  },
  'data in named volumes, files of ours read-only'({ volumes = [] }, _, file) {
    return volumes.find((volume) => {
      const [source = '', , mode] = volume.split(':')
      return source.startsWith('./') ? mode !== 'ro' : !(source in file.volumes)
    })
  },
  'a user that is not root'({ user = '' }) {
    return !/^[1-9]\d*:\d+$/.test(user) && `user ${user || '(of the image)'}`
  },
  'a read-only root'({ read_only }) {
    return !read_only && 'its root can be written'
  },
  'a memory limit'({ mem_limit = '' }) {
    return !/^\d+[mg]$/.test(mem_limit) && `mem_limit ${mem_limit}`
  },
  'no capabilities and no way to more rights'({ cap_drop = [], cap_add, security_opt = [], privileged }) {
    const right = cap_drop.includes('ALL') && security_opt.includes('no-new-privileges:true')
    return (!right || cap_add !== undefined || privileged) && 'it may do more than it needs'
  },
  'a network of its own'({ network_mode, pid, networks = [] }, _, file) {
    const known = networks.length > 0 && networks.every((network) => network in file.networks)
    return (!known || network_mode !== undefined || pid !== undefined) && 'not apart from its host'
  },
  'ports on loopback only'({ ports = [] }) {
    return ports.find((port) => !/^127\.0\.0\.1:(\d+|\$\{[A-Z_]+:-\d+\}):\d+$/.test(port))
  },
  'a way out only where ports are published'({ ports = [], networks = [] }, _, file) {
    const outside = networks.filter((network) => !file.networks[network]?.internal)
    return ports.length === 0 && outside.length > 0 && `on ${outside.join(', ')} without a port`
  },
  'secrets from .env, none by default'(service) {
    const bad = texts(service).find(([key, value]) => {
      const password = passwordInUrl.exec(value)?.groups?.password
      return (
        (secretName.test(key) && !generated.test(value)) ||
        (password !== undefined && !generated.test(password))
      )
    })
    return bad && `${bad[0]} is no generated secret`
  },
  'forewarn’s variables are configuration keys'(service) {
    const named = texts(service).flatMap(([key, value]) => [
      key,
      ...referencesIn(value).map(({ name }) => name),
    ])
    return named.find((name) => name.startsWith('FOREWARN_') && !configVariables.has(name))
  },
}

/** Everything that is wrong with a compose file: `service: rule (what)`. */
export const composeProblems = (file: ComposeFile): string[] =>
  Object.entries(file.services).flatMap(([name, service]) =>
    Object.entries(serviceRules).flatMap(([rule, check]) => {
      const wrong = check(service, name, file)
      return wrong ? [`${name}: ${rule} (${wrong})`] : []
    }),
  )
