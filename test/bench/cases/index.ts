import type { BenchCase } from '../lib/benchCase.ts'
import { devices } from './devices.ts'
import { ingest } from './ingest.ts'
import { latency } from './latency.ts'
import { memory } from './memory.ts'
import { overload } from './overload.ts'
import { peer } from './peer.ts'
import { query } from './query.ts'
import { score } from './score.ts'

/** In the order in which they run. */
export const cases: readonly BenchCase[] = [ingest, score, latency, devices, query, memory, overload, peer]
