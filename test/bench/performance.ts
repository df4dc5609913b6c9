import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { performancePage } from './table/document.ts'
import { parseLines } from './table/lines.ts'

/* `npm run bench:table`: writes docs/performance.md and its charts from docs/performance.jsonl. */
const docs = fileURLToPath(new URL('../../docs', import.meta.url))
const { document, images } = performancePage(
  parseLines(readFileSync(join(docs, 'performance.jsonl'), 'utf8')),
)
writeFileSync(join(docs, 'performance.md'), document)
for (const [name, svg] of images) writeFileSync(join(docs, 'images', name), svg)
