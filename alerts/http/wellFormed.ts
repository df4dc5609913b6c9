import type { FastifyRequest } from 'fastify'
import { ForewarnError } from '../../core/errors.ts'
import type { App } from './app.ts'

/** Nothing that anybody means to say lies deeper. */
const deepest = 32

/**
 * Refuses text that no database takes and nobody types: NUL characters and halves of surrogate pairs, which JSON may
 * hold (RFC 8259, 8.2); and what is nested so deeply that whoever looks at it part by part runs out of stack.
 */
export function installWellFormed(app: App): void {
  app.addHook('preValidation', async (request) => {
    for (const place of ['params', 'query', 'body'] as const) {
      const problem = problemIn(request[place])
      if (problem !== undefined)
        throw new ForewarnError('REQUEST_INVALID', { problem: `${place}: ${problem}` })
    }
  })
}

function problemIn(value: FastifyRequest['body']): string | undefined {
  const waiting: [value: unknown, depth: number][] = [[value, 0]]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [part, depth] = next
    if (typeof part === 'string' && !isText(part)) return 'text with NUL characters or halves of characters'
    if (typeof part !== 'object' || part === null) continue
    if (depth > deepest) return `nested more than ${deepest} levels deep`
    for (const [key, inner] of Object.entries(part)) waiting.push([key, depth], [inner, depth + 1])
  }
  return undefined
}

/** In UTF-16 a half of a surrogate pair by itself is no character. */
const isText = (text: string): boolean => !text.includes('\u0000') && !/\p{Surrogate}/u.test(text)
