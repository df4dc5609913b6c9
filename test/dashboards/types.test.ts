import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { beforeAll, describe, expect, it } from 'vitest'
import { type DashboardName, dashboardNames, rendered } from '../../scripts/dashboards.ts'

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '../..')
const fileOf = (name: string) => join(here, `${name}.generated.ts`)

const slips = [
  ['a word that the panel does not know', '"showPoints": "auto"', '"showPoints": "perhaps"'],
  ['a text in the place of a number', '"lineWidth": 1', '"lineWidth": "1"'],
  ['an option that does not exist', '"spanNulls": true', '"spanNull": true'],
  ['a variable of no known kind', '"type": "textbox"', '"type": "textfield"'],
] as const

/**
 * What the compiler says of literals that are said to be dashboards, one by one; the files exist in its memory alone.
 * One program for all of them, as most of its time goes into the schema.
 */
function complaints(literals: Readonly<Record<string, string>>): Map<string, string[]> {
  const sources = new Map(
    Object.entries(literals).map(([name, json]) => [
      fileOf(name),
      `import type { Dashboard } from './shape.ts'\nexport const dashboard: Dashboard = ${json}\n`,
    ]),
  )
  const config = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(
    config.config,
    { ...ts.sys, readDirectory: () => [] },
    root,
  )
  const host = ts.createCompilerHost(options)
  const { readFile, fileExists } = host
  host.readFile = (file) => sources.get(file) ?? readFile(file)
  host.fileExists = (file) => sources.has(file) || fileExists(file)
  const program = ts.createProgram([...sources.keys()], options, host)
  const said = (name: string) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(fileOf(name)))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
  return new Map(Object.keys(literals).map((name) => [name, said(name)]))
}

describe('for @grafana/schema', () => {
  const slipped = slips.map(
    ([what, right, wrong]) => [what, rendered('pipeline').replace(right, wrong)] as const,
  )
  const whole = dashboardNames.map((name) => [name, rendered(name)] as const)
  let said: Map<string, string[]>
  beforeAll(() => {
    said = complaints(Object.fromEntries([...whole, ...slipped]))
  })

  it.each(dashboardNames)('%s is a dashboard', (name: DashboardName) => {
    expect(said.get(name)).toEqual([])
  })

  it.each(slips)('one with %s is none', (what, right) => {
    expect(rendered('pipeline')).toContain(right)
    expect(said.get(what)).not.toEqual([])
  })
})
