import type { AssetType } from '../../core/catalogue.ts'

/** A way to train and judge beside the main one. */
export interface Variant {
  readonly name: string
  /** Whether the machine's age is an input: it is in every file, but not in the published protocol. */
  readonly age: boolean
  /** The protocol of Li, Ding & Sun (2018): 14 sensors, the newest 30 cycles, nothing else. */
  readonly strict: boolean
}

export const variants: readonly Variant[] = [
  { name: 'withoutAge', age: false, strict: false },
  { name: 'strict', age: false, strict: true },
]

export const strictType = (type: AssetType): AssetType => ({
  ...type,
  window: { ...type.window, length: 30 },
})
