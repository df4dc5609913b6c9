import type { Config } from '../../core/config.ts'

/** What of the configuration one device's score is judged by. */
export type PolicySettings = Pick<Config['policy'], 'raiseAt' | 'clearBelow' | 'k' | 'n'>
