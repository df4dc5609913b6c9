import type { BenchCase } from '../lib/benchCase.ts'
import { ingest } from './ingest.ts'
import { latency } from './latency.ts'
import { peer } from './peer.ts'

/** In the order in which they run. */
export const cases: readonly BenchCase[] = [ingest, latency, peer]
