import type { MappedItem } from './mapped.ts'

/** Items with the values that there are; those that have none are left out. */
export const givenItems = (items: readonly MappedItem[]): MappedItem[] =>
  items.map(withoutNull).filter(({ values }) => Object.keys(values).length > 0)

const withoutNull = ({ time, values }: MappedItem): MappedItem => ({
  time,
  values: Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null)),
})
