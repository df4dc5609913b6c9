import { rename, writeFile } from 'node:fs/promises'
import type { AssetType } from '../../core/catalogue.ts'
import { ForewarnError } from '../../core/errors.ts'
import type { BacktestResult } from './backtest.ts'
import { backtestReport } from './report/backtestReport.ts'

/** Writes the report of a backtest as one HTML file, whole or not at all. Throws REQUEST_INVALID where it cannot be written. */
export async function writeBacktestReport(
  file: string,
  result: BacktestResult,
  type: AssetType,
): Promise<void> {
  const html = backtestReport(result, type)
  try {
    await writeFile(`${file}.new`, html)
    await rename(`${file}.new`, file)
  } catch (error) {
    const problem = `the report cannot be written: ${(error as Error).message}`
    throw new ForewarnError('REQUEST_INVALID', { problem })
  }
}
