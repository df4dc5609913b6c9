import { describe, expect, it } from 'vitest'
import {
  checksums,
  dashboardNames,
  missingForRendering,
  notedChecksums,
  render,
  rendered,
} from '../../scripts/dashboards.ts'

describe('the rendered dashboards', () => {
  it('are noted together with the sources that they were made of; else run `npm run dashboards`', () => {
    expect(checksums()).toBe(notedChecksums())
  })

  const missing = missingForRendering()
  if (missing === undefined) {
    it.each(dashboardNames)('%s is what its sources render to', (name) => {
      expect(render(name)).toBe(rendered(name))
    })
  } else describe.runIf(false)(`(rendering anew left out: ${missing})`, () => {})
})
