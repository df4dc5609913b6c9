import { expect, it } from 'vitest'
import { type Client, Session } from './session.ts'
import { query, readyForQuery, type SessionStatus } from './wire.ts'

const client = (): Client => ({ listening: false, notify: () => undefined })
const text = (unit: Uint8Array) => Buffer.from(unit.subarray(5, -1)).toString()

/** An engine that records what it ran and follows BEGIN, COMMIT and ROLLBACK. */
function recordingEngine() {
  const ran: string[] = []
  let status: SessionStatus = 'I'
  const engine = async (unit: Uint8Array) => {
    ran.push(text(unit))
    await new Promise((resolve) => setImmediate(resolve))
    if (text(unit) === 'BEGIN') status = 'T'
    if (/^(COMMIT|ROLLBACK)$/.test(text(unit))) status = 'I'
    return readyForQuery(status)
  }
  return { ran, engine }
}

it('keeps the session with whoever is inside a transaction', async () => {
  const { ran, engine } = recordingEngine()
  const session = new Session(engine)
  const [a, b] = [client(), client()]
  session.join(a)
  session.join(b)
  const begun = session.run(a, query('BEGIN'))
  const other = session.run(b, query('other'))
  await begun
  await session.run(a, query('inside'))
  expect(ran).toEqual(['BEGIN', 'inside'])
  await session.run(a, query('COMMIT'))
  await other
  expect(ran).toEqual(['BEGIN', 'inside', 'COMMIT', 'other'])
})

it('rolls back what a client that leaves had open, also when it leaves in the middle of a unit', async () => {
  for (const leaveEarly of [true, false]) {
    const { ran, engine } = recordingEngine()
    const session = new Session(engine)
    const [a, b] = [client(), client()]
    session.join(a)
    session.join(b)
    const begun = session.run(a, query('BEGIN'))
    if (leaveEarly) session.leave(a)
    await begun
    session.leave(a)
    await session.run(b, query('next'))
    expect(ran).toEqual(['BEGIN', 'ROLLBACK', 'next'])
  }
})

it('fails what waits too long behind one transaction with 55P03, and only that', async () => {
  const { ran, engine } = recordingEngine()
  const session = new Session(engine, 50)
  const [a, b] = [client(), client()]
  session.join(a)
  session.join(b)
  await session.run(a, query('BEGIN'))
  const answer = await session.run(b, query('waits'))
  expect(answer.toString('latin1')).toContain('55P03')
  expect(answer.subarray(-6)).toEqual(readyForQuery('I'))
  await session.run(a, query('COMMIT'))
  await session.run(b, query('again'))
  expect(ran).toEqual(['BEGIN', 'COMMIT', 'again'])
})

it('is patient with many transactions that each end in time', async () => {
  const { engine } = recordingEngine()
  const slow = async (unit: Uint8Array) => {
    await new Promise((resolve) => setTimeout(resolve, 10))
    return engine(unit)
  }
  const session = new Session(slow, 60)
  const transactions = Array.from({ length: 10 }, async () => {
    const one = client()
    session.join(one)
    const answers = [await session.run(one, query('BEGIN')), await session.run(one, query('COMMIT'))]
    return answers.every((answer) => !answer.toString('latin1').includes('55P03'))
  })
  expect(await Promise.all(transactions)).toEqual(Array(10).fill(true))
})

it('rejects everybody once the engine is gone', async () => {
  const session = new Session(() => new Promise(() => undefined))
  const a = client()
  session.join(a)
  void session.run(a, query('never')).catch(() => undefined)
  const waiting = session.run(a, query('waits'))
  session.fail(new Error('gone'))
  await expect(waiting).rejects.toThrow('gone')
  await expect(session.run(a, query('late'))).rejects.toThrow('gone')
})

it('lets the process go on with other things though somebody asks an engine that is gone again and again', async () => {
  const session = new Session(() => new Promise(() => undefined))
  const a = client()
  session.join(a)
  session.fail(new Error('gone'))
  let asked = 0
  let isOver = false
  const asking = (async () => {
    for (; !isOver && asked < 100_000; asked++) await session.run(a, query('again')).catch(() => undefined)
  })()
  await new Promise((resolve) => setImmediate(resolve))
  isOver = true
  await asking
  expect(asked).toBeLessThan(100)
})
