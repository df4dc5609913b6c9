import type { AuthenticateError } from 'aedes'
import type { Config } from '../../core/config.ts'
import { createCredentials } from '../../core/credentials.ts'

/** CONNACK return codes (MQTT 3.1.1, table 3.1). */
const badUserOrPassword = 4
const notAuthorized = 5

type Admission = (user: string | undefined, password: Uint8Array | undefined) => AuthenticateError | undefined

/** Says why a client with these credentials is not let in; without configured users everybody is. */
export function admission(users: Config['mqtt']['users']): Admission {
  const credentials = createCredentials(users)
  return (user, password) => {
    if (!credentials.required) return undefined
    if (user === undefined || password === undefined) return refusal('no user and password', notAuthorized)
    if (credentials.matches(user, Buffer.from(password).toString('utf8'))) return undefined
    return refusal(`unknown user or wrong password: ${user.slice(0, 100)}`, badUserOrPassword)
  }
}

const refusal = (problem: string, returnCode: number): AuthenticateError =>
  Object.assign(new Error(problem), { returnCode })
