/** Where `forewarn train` finds lives; in a file of its own, so that `--help` loads no engine. */
export const sourceNames = ['store', 'csv', 'cmapss', 'simulator'] as const
export type SourceName = (typeof sourceNames)[number]
