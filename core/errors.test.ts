import { describe, expect, it } from 'vitest'
import { type ErrorCode, errorCatalogue, ForewarnError, messageOf, type NextStep } from './errors.ts'

const nextWords: Record<NextStep, string> = {
  retry: 'try again later',
  drop: 'give this input up',
  stop: 'stop and mend the cause',
}

/** docs/errors.md as it has to be: a section a code, in the order of the catalogue. */
function describeCatalogue(): string {
  const sections = Object.entries(errorCatalogue).map(
    ([code, { status, next, message, remedy }]) =>
      `## ${code}\n\n${message}.\n\n- Way out: ${remedy}\n- The caller: ${nextWords[next]} (\`${next}\`)\n- HTTP status: ${status}\n`,
  )
  return `# Errors

Every error of Forewarn has a code. The HTTP API answers with problem+json (RFC 9457) that carries \`code\`, \`next\` and
\`remedy\`; the command line prints message and remedy and exits with a code other than 0. \`{...}\` is filled in each time.

This file is written from \`core/errors.ts\` by \`npx vitest run core/errors.test.ts -u\`.

${sections.join('\n')}`
}

describe('catalogue', () => {
  it('is what docs/errors.md says', async () => {
    await expect(describeCatalogue()).toMatchFileSnapshot('../docs/errors.md')
  })

  it.each(Object.keys(errorCatalogue) as ErrorCode[])('%s says what went wrong and what to do', (code) => {
    const { status, message, remedy } = errorCatalogue[code]
    expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/)
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(600)
    // The document ends the message with a full stop, whoever throws may follow with a colon.
    expect(message).toMatch(/[^.]$/)
    expect(remedy).toMatch(/\.$/)
  })
})

describe('ForewarnError', () => {
  it('fills message and remedy from its details and knows what comes next', () => {
    const cause = new Error('EADDRINUSE')
    const details = { port: 1883, host: '127.0.0.1', what: 'MQTT', key: 'mqtt.port' }
    const error = new ForewarnError('PORT_IN_USE', details, cause)
    expect(error).toMatchObject({
      name: 'ForewarnError',
      code: 'PORT_IN_USE',
      message: 'Port 1883 for MQTT is already in use on 127.0.0.1',
      next: 'stop',
      status: 500,
      details,
      cause,
    })
    expect(error.remedy).toContain('set mqtt.port to another port')
  })

  it('leaves a hole visible that nobody filled, and makes no cause of none', () => {
    const error = new ForewarnError('TICKET_UNKNOWN')
    expect(error.message).toBe('There is no ticket {ticket}')
    expect('cause' in error).toBe(false)
  })

  it('puts no detail in that only looks like a place to fill', () => {
    const error = new ForewarnError('NOT_FOUND', { path: '/$&/{code}' })
    expect(error.message).toBe('There is nothing at /$&/{code}')
  })
})

it('has words for anything that was thrown', () => {
  expect(messageOf(new Error('broken'))).toBe('broken')
  expect(messageOf(new TypeError())).toBe('TypeError')
  expect(messageOf('text')).toBe('text')
  expect(messageOf(undefined)).toBe('undefined')
})
