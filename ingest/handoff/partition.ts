/** The partition of a device, 0 to `partitions` - 1: FNV-1a over its name, so that every process finds the same one. */
export function partitionOf(device: string, partitions: number): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < device.length; i++) {
    hash ^= device.charCodeAt(i)
    hash = Math.imul(hash, 0x01000193)
  }
  return (hash >>> 0) % partitions
}

/** Which of how many: `2/3` as in worker.share. */
export interface Share {
  readonly which: number
  readonly of: number
}

export function parseShare(text: string): Share {
  const [which, of] = text.split('/').map(Number) as [number, number]
  return { which, of }
}

/** The partitions of a share: every `of`-th, so that any number of processes covers all of them. */
export const partitionsOf = ({ which, of }: Share, partitions: number): number[] =>
  Array.from({ length: partitions }, (_, p) => p).filter((p) => p % of === which - 1)

/** Whether the devices of a share include this one, where a log has so many partitions. */
export const holds = ({ which, of }: Share, device: string, partitions: number): boolean =>
  partitionOf(device, partitions) % of === which - 1
