import type { BenchCase } from '../lib/benchCase.ts'
import { ingest } from './ingest.ts'
import { memory } from './memory.ts'
import { query } from './query.ts'

/** In the order in which they run. */
export const cases: readonly BenchCase[] = [ingest, query, memory]
