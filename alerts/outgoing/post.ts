import { type ClientRequest, type IncomingMessage, request as overHttp } from 'node:http'
import { request as overHttps } from 'node:https'
import type { LookupFunction } from 'node:net'
import type { Target } from './target.ts'

export interface Posted {
  readonly status: number
  /** Its first bytes read as UTF-8. */
  readonly answer: string
}

const answerBytes = 1_000

/**
 * Posts JSON to a target and reads the beginning of the answer. Redirects are not followed: where they lead nobody has
 * checked. Rejects when nobody answers before `signal` aborts.
 */
export function post(
  { url, address, family }: Target,
  body: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Posted> {
  // Whatever name is to be connected to, it is this address. The name itself still goes into Host, SNI and the check of
  // the certificate.
  const pinned: LookupFunction = (_host, { all }, done) => {
    if (all) done(null, [{ address, family }])
    else done(null, address, family)
  }
  const options = {
    method: 'POST',
    agent: false,
    lookup: pinned,
    signal,
    headers: {
      ...headers,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'Forewarn',
    },
  } as const
  return new Promise((resolve, reject) => {
    const sending = (url.protocol === 'https:' ? overHttps : overHttp)(url, options)
    sending.once('error', reject)
    sending.once('response', (response) => {
      beginningOf(response, sending).then(
        (answer) => resolve({ status: response.statusCode!, answer }),
        reject,
      )
    })
    sending.end(body)
  })
}

/** What comes after it is of no interest: the connection ends there, however much somebody means to send. */
async function beginningOf(response: IncomingMessage, sending: ClientRequest): Promise<string> {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of response as AsyncIterable<Buffer>) {
    parts.push(part)
    length += part.byteLength
    if (length >= answerBytes) break
  }
  sending.destroy()
  return readable(Buffer.concat(parts).subarray(0, answerBytes))
}

/** Without the control characters that no database text may hold, or no terminal should see. */
export const readable = (bytes: Uint8Array): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
  new TextDecoder().decode(bytes).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '\ufffd')
