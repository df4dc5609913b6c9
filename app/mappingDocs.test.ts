import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { mappingSchema, ruleSchema } from '../ingest/mapping/schema.ts'
import { conversion } from '../ingest/mapping/units.ts'
import { projectRoot } from './paths.ts'

describe('docs/mappings.md', () => {
  const text = readFileSync(join(projectRoot, 'docs', 'mappings.md'), 'utf8')

  it('explains every key of a rule and of the file', () => {
    const keys = [...Object.keys(ruleSchema.shape), ...Object.keys(mappingSchema.shape)]
    expect(
      keys.filter((key) => key !== 'rules' && !text.includes(`\`${key}\``) && !text.includes(`${key}:`)),
    ).toEqual([])
  })

  it('names units that there are', () => {
    const named = /usual spelling \(([^)]+) and others\)/.exec(text)![1]!.replaceAll('\n', ' ')
    const units = named.split(', ').map((unit) => unit.replaceAll('`', '').trim())
    expect(units.length).toBeGreaterThan(5)
    expect(units.filter((unit) => /not known/.test(String(conversion(unit, 'Cel'))))).toEqual([])
  })
})
