import { ForewarnError } from '../../core/errors.ts'

/** Words a MAPPING_INVALID for a place in the file. */
export type Fault = (path: string, problem: string) => ForewarnError

export const faultsOf =
  (file: string): Fault =>
  (path, problem) =>
    new ForewarnError('MAPPING_INVALID', { file, path: path || '(root)', problem })
