import { mkdir, open, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { ForewarnError, messageOf } from '../../../core/errors.ts'
import { type ModelDecision, modelActions } from '../../../core/model.ts'

const decisionSchema = z.strictObject({
  number: z.int().positive(),
  at: z.number(),
  actor: z.string(),
  action: z.enum(modelActions),
  hash: z.string(),
  before: z.string().nullable(),
  reason: z.string(),
  figures: z.record(z.string(), z.number()).optional(),
})

/**
 * The history of an asset type's models: a file that only grows, one decision a line. Of two processes that write the
 * same number at the same time the line that comes first in the file counts, the other one is void: whoever wrote it
 * finds out by reading it back. Throws MODEL_REGISTRY_DAMAGED naming the line.
 */
export async function readJournal(file: string): Promise<ModelDecision[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw new ForewarnError('MODEL_REGISTRY_DAMAGED', { file, line: 0, problem: messageOf(error) }, error)
  })
  const decisions: ModelDecision[] = []
  const lines = text.split('\n')
  lines.forEach((line, i) => {
    if (line === '') return
    const decision = parseLine(line, { file, line: i + 1, isLast: i === lines.length - 1 })
    if (!decision || decision.number <= decisions.length) return
    if (decision.number === decisions.length + 1) decisions.push(decision)
    else
      throw new ForewarnError('MODEL_REGISTRY_DAMAGED', {
        file,
        line: i + 1,
        problem: `decision ${decisions.length + 1} is missing before it`,
      })
  })
  return decisions
}

/** A last line without its end was cut off by a crash: nobody was told that it counts. */
function parseLine(
  text: string,
  { file, line, isLast }: { file: string; line: number; isLast: boolean },
): ModelDecision | undefined {
  if (isLast) return undefined
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch {
    // Half a line that a later one was written behind.
    return undefined
  }
  const parsed = decisionSchema.safeParse(content)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  const problem = `${issue.path.join('.') || '(line)'}: ${issue.message}`
  throw new ForewarnError('MODEL_REGISTRY_DAMAGED', { file, line, problem })
}

/** On disk when it resolves. Whether it counts says `readJournal`. */
export async function appendToJournal(file: string, decision: ModelDecision): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  const before = await readFile(file, 'utf8').catch(() => '')
  const handle = await open(file, 'a')
  try {
    const start = before === '' || before.endsWith('\n') ? '' : '\n'
    await handle.write(`${start}${JSON.stringify(decision)}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
}
