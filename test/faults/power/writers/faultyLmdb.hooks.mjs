/* Loads faultyLmdb.ts in lmdb's place, for everyone but itself. */
export async function resolve(specifier, context, next) {
  const isAsked = specifier === 'lmdb' && !context.parentURL?.includes('faultyLmdb')
  return isAsked
    ? next('./faultyLmdb.ts', { ...context, parentURL: import.meta.url })
    : next(specifier, context)
}
