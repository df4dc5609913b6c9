import { describe, it } from 'vitest'
import { checkJourney, journeyNames } from './checkJourney.ts'
import { scenario } from './runJourney.ts'

describe.each(journeyNames)('journey %s on DuckDB and PGlite', (name) => {
  it(scenario(name).story, () => checkJourney(name), 90_000)
})
