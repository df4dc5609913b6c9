import { writeFile } from 'node:fs/promises'
import type { AssetType } from '../../core/catalogue.ts'
import type { BacktestResult } from './backtest.ts'

export async function writeBacktestReport(
  file: string,
  result: BacktestResult,
  _type: AssetType,
): Promise<void> {
  await writeFile(file, JSON.stringify(result))
}
