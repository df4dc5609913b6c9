import { ForewarnError, messageOf } from '../../core/errors.ts'
import type { Server } from './server.ts'

interface Refusal {
  readonly problem: string
  /** What to correct, where. */
  readonly setting: string
}

const login: Refusal = {
  problem: 'it does not accept the user name and password',
  setting: 'mqtt.url names a user of the broker and its password',
}
const notAuthorized: Refusal = {
  problem: 'it does not let this user in (not authorised)',
  setting: 'mqtt.url names a user that may connect with this client id',
}
const clientIdentifier: Refusal = {
  problem: 'it does not accept the client id',
  setting: 'it allows client ids of the form forewarn-<worker.name>',
}
const protocol: Refusal = {
  problem: 'it does not speak this version of MQTT',
  setting: 'mqtt.version is one that it speaks, 3.1.1 or 5',
}

/** CONNACK codes that trying again does not mend: 3.1.1 section 3.2.2.3, 5 section 3.2.2.2. */
const connackRefusals: Readonly<Record<number, Refusal>> = {
  1: protocol,
  2: clientIdentifier,
  4: login,
  5: notAuthorized,
  132: protocol,
  133: clientIdentifier,
  134: login,
  135: notAuthorized,
  138: { problem: 'it has banned this client', setting: 'this client is taken off its list of banned ones' },
  140: login,
}

/** Node.js names a certificate that it does not trust with one of these, or a code that begins with ERR_TLS. */
const certificate =
  /^(ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|HOSTNAME_MISMATCH|INVALID_CA)/

/** A failure to connect in the catalogue's words: BROKER_MISCONFIGURED where a person must act, else BROKER_UNAVAILABLE. */
export function connectFailure(thrown: unknown, server: Server): ForewarnError {
  if (thrown instanceof ForewarnError) return thrown
  const code = (thrown as { code?: unknown } | undefined)?.code
  const problem = messageOf(thrown)
  const refusal = typeof code === 'number' ? connackRefusals[code] : tlsRefusal(String(code), problem)
  return refusal ? misconfigured(server, refusal, thrown) : unavailable(server, problem, thrown)
}

function tlsRefusal(code: string, problem: string): Refusal | undefined {
  if (certificate.test(code)) {
    return {
      problem: `its certificate is not trusted: ${problem}`,
      setting:
        'mqtt.caFile names the authority that signed it, and mqtt.url the host that stands in the certificate',
    }
  }
  if (!/^(ERR_SSL|EPROTO)/.test(code)) return undefined
  const reason = /:SSL routines:[^:]*:([^:]+)/.exec(problem)?.[1] ?? problem
  return {
    problem: `it does not agree on TLS: ${reason}`,
    setting: 'mqtts:// and port in mqtt.url are those of its TLS listener',
  }
}

/** The other side closed the connection, without or with a reason of its own. */
export const isReset = (error: unknown): boolean =>
  ['ECONNRESET', 'EPIPE'].includes(String((error as { code?: unknown }).code))

/** A server that hangs up on CONNECT: as one does that speaks TLS and hears none, or the other way round. */
export function notAnswered(server: Server, cause: unknown): ForewarnError {
  const guess = server.secure ? 'if not, mqtt:// and its other port' : 'then mqtts://'
  return unavailable(
    server,
    `it closed the connection before it answered (does it speak TLS there? ${guess})`,
    cause,
  )
}

/** Why a subscription was not granted (SUBACK, 3.1.1 section 3.9.3, 5 section 3.9.3). */
const subackReasons: Readonly<Record<number, string>> = {
  0: 'QoS 0 only, which acknowledges nothing',
  128: 'refused',
  131: 'refused by the broker itself',
  135: 'not authorised',
  143: 'topic filter not valid',
  151: 'quota exceeded',
  158: 'shared subscriptions are not supported',
  162: 'wildcards are not supported',
}

/** A topic filter that the broker did not grant as QoS 1. */
export function subscriptionRefused(server: Server, filter: string, code: number): ForewarnError {
  const reason = subackReasons[code] ?? `reason code ${code}`
  const setting =
    code === 0
      ? 'it allows QoS 1 (Mosquitto: max_qos 2)'
      : code === 158
        ? 'it supports shared subscriptions, or mqtt.shareGroup is empty'
        : `the user in mqtt.url may subscribe to ${filter}`
  return misconfigured(server, { problem: `subscription to ${filter}: ${reason}`, setting })
}

/** Another client has come with our client id (DISCONNECT 142, MQTT 5 section 3.14.2.1). */
export const sessionTakenOver = (server: Server, clientId: string): ForewarnError =>
  misconfigured(server, {
    problem: `another client uses the client id ${clientId}`,
    setting: 'every forewarn process at this broker has a worker.name of its own',
  })

export const unavailable = (server: Server, problem: string, cause?: unknown): ForewarnError =>
  new ForewarnError('BROKER_UNAVAILABLE', { url: server.shown, problem }, cause)

export const misconfigured = (server: Server, refusal: Refusal, cause?: unknown): ForewarnError =>
  new ForewarnError('BROKER_MISCONFIGURED', { url: server.shown, ...refusal }, cause)
