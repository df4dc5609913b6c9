/** What a change leaves behind: a value, or nothing any more. */
export type StateChange = readonly [key: string, value: unknown]

/**
 * What must be known after a restart to understand the next message: last known values, Sparkplug births. Values are
 * plain data; keys are at most 1,024 characters long.
 */
export interface MappingState {
  /** All entries whose key begins so. */
  entries(prefix: string): Iterable<[key: string, value: unknown]>
  /** Makes the changes durable together; `undefined` removes a key. Throws LOG_FAILED. */
  save(changes: readonly StateChange[]): Promise<void>
  close(): Promise<void>
}

/** Knows nothing after a restart: for tests, and for trying a mapping. */
export function memoryState(kept = new Map<string, unknown>()): MappingState {
  return {
    entries: (prefix) => [...kept].filter(([key]) => key.startsWith(prefix)),
    save: async (changes) => {
      for (const [key, value] of structuredClone(changes)) {
        if (value === undefined) kept.delete(key)
        else kept.set(key, value)
      }
    },
    close: async () => {},
  }
}
