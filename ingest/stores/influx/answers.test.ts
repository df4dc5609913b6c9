import { describe, expect, it } from 'vitest'
import { errorOf, WriteRefused, writeError } from './answers.ts'

const answer = (status: number, body: string | object, retryAfterMs?: number) => ({
  status,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  retryAfterMs,
})

describe('answers to a write', () => {
  it.each([
    ['1.x', 400, { error: 'partial write: points beyond retention policy dropped=2' }],
    ['1.x', 400, { error: "unable to parse 'm v=': missing field value" }],
    ['1.x', 413, { error: 'Request Entity Too Large' }],
    // https://docs.influxdata.com/influxdb/v2/write-data/troubleshoot/: 400 with the first malformed line, 422 for points
    ['2.x', 400, { code: 'invalid', message: "unable to parse 'm v=': missing field value" }],
    [
      '2.x',
      422,
      {
        code: 'unprocessable entity',
        message: 'failure writing points to database: partial write: dropped 4 points dropped=4',
      },
    ],
    ['2.x', 413, { code: 'request too large', message: 'unable to read data: points batch is too large' }],
    ['a proxy', 413, '<html><h1>413 Request Entity Too Large</h1></html>'],
  ])('%s: %i refuses lines, and says why', (_, status, body) => {
    const error = writeError(answer(status, body))
    expect(error).toBeInstanceOf(WriteRefused)
    const { error: said, message = said } = typeof body === 'string' ? { error: body } : (body as never)
    expect(error).toMatchObject({ status, message, lines: [] })
  })

  // https://docs.influxdata.com/influxdb3/core/write-data/http-api/v3-write-lp/#partial-writes, sent without a content type
  it('3 names the lines that it did not take', () => {
    const data = [
      { original_line: 'm v=', line_number: 2, error_message: 'A generic parsing error occurred' },
    ]
    expect(writeError(answer(400, { error: 'partial write of line protocol occurred', data }))).toMatchObject(
      {
        status: 400,
        lines: [{ number: 2, message: 'A generic parsing error occurred' }],
      },
    )
    expect(
      writeError(answer(400, { error: 'parsing failed for write_lp endpoint', data: data[0] })),
    ).toMatchObject({ lines: [{ number: 2 }] })
  })

  it.each([
    [401, { error: 'authorization failed' }, '401 authorization failed'],
    // https://docs.influxdata.com/influxdb/v2/write-data/troubleshoot/
    [401, { code: 'unauthorized', message: 'unauthorized access' }, '401 unauthorized access'],
    [404, { code: 'not found', message: 'bucket "plant" not found' }, '404 bucket "plant" not found'],
    [403, { error: '"u" user is not authorized to write to database "x"' }, 'not authorized to write'],
    [404, { error: 'database not found: "x"' }, 'database not found: "x"'],
    [500, { error: 'retention policy not found: raw' }, 'retention policy not found: raw'],
    // 3 Core answers 401 and 403 with nothing more
    [401, '', 'token are missing or wrong'],
    [403, '', 'may not do this'],
    // 400 and 422 about the request itself, not its lines
    [400, { code: 'invalid', message: 'Please provide either orgID or org' }, 'orgID or org'],
    [400, '<html>Bad Request</html>', 'Bad Request'],
    // https://docs.influxdata.com/influxdb3/core/admin/databases/#database-limit
    [422, { error: 'Adding a new database would exceed limit of 5 databases' }, 'limit of 5 databases'],
    [
      422,
      {
        error: 'partial write of line protocol occurred',
        data: [
          {
            original_line: 'm v=1',
            line_number: 1,
            error_message: 'Update to schema would exceed number of columns per table limit of 500 columns',
          },
        ],
      },
      'limit of 500 columns',
    ],
  ])('%i %j is for a person to mend', (status, body, problem) => {
    expect(writeError(answer(status, body))).toMatchObject({
      code: 'STORE_MISCONFIGURED',
      next: 'stop',
      message: expect.stringContaining(problem),
      remedy: expect.stringMatching(/telemetry\.url/),
    })
  })

  it.each([
    [500, { error: 'engine: cache-max-memory-size exceeded' }],
    [503, 'request throttled, queue full'],
    [502, '<html>bad gateway</html>'],
    // https://docs.influxdata.com/influxdb/cloud/write-data/troubleshoot/: 429 with Retry-After in seconds
    [429, { code: 'too many requests', message: 'exceeded quota' }],
    [408, ''],
  ])('%i is worth trying again', (status, body) => {
    expect(writeError(answer(status, body))).toMatchObject({ code: 'STORE_UNAVAILABLE', next: 'retry' })
    expect(writeError(answer(status, body))).not.toHaveProperty('details.retryAfterMs')
  })

  it.each([429, 503])('%i hands on how long the server asks to wait', (status) => {
    expect(writeError(answer(status, '', 7_000))).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      details: { retryAfterMs: 7_000 },
    })
  })
})

it('never takes an answer to something else for refused lines', () => {
  for (const status of [400, 409, 413, 422]) {
    expect(errorOf(answer(status, { error: 'partial write' }))).toMatchObject({
      code: 'STORE_MISCONFIGURED',
    })
  }
})
