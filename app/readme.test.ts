import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { configTable } from './configTable.ts'
import { metricsTable } from './metricsTable.ts'
import { projectRoot } from './paths.ts'

describe('README', () => {
  const readme = readFileSync(join(projectRoot, 'README.md'), 'utf8')

  it('has the configuration table of the schema', () => {
    expect(readme).toContain(configTable())
  })

  it('has the table of the metrics that are shown', () => {
    expect(metricsTable()).toContain(
      '| `forewarn_queue_jobs` | gauge, by `state` | Predictions in the queue |',
    )
    expect(readme).toContain(metricsTable())
  })

  it('names only npm scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>
    }
    const named = [...readme.matchAll(/npm run ([\w:]+)/g)].map((match) => match[1]!)
    expect(named.filter((script) => !(script in scripts))).toEqual([])
  })
})
