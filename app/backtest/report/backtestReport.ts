import type { AssetType } from '../../../core/catalogue.ts'
import { renderReport } from '../../report/renderReport.ts'
import { version } from '../../version.ts'
import type { BacktestResult } from '../backtest.ts'
import { costSection } from './costSection.ts'
import { factsOf } from './facts.ts'
import { failuresSection } from './failuresSection.ts'
import { ticketsSection, untoldSection } from './listSections.ts'
import { modesSection } from './modesSection.ts'
import { qualitySection } from './qualitySection.ts'
import { summarySection } from './summarySection.ts'
import { timeSection } from './timeSection.ts'

/** The report of a backtest as HTML: which tickets would have been opened, what became of them, and what it would have cost. */
export const backtestReport = (result: BacktestResult, type: AssetType): string =>
  renderReport({
    title: `${type.label}: backtest`,
    subtitle: `Replayed: ${result.source}`,
    facts: factsOf(result),
    sections: [
      summarySection(result, type),
      failuresSection(result, type),
      timeSection(result),
      qualitySection(result),
      modesSection(result, type),
      costSection(result, type),
      untoldSection(result, type),
      ticketsSection(result, type),
    ],
    footer: `Forewarn ${version}. The same scorer and policy as live; times are event times, UTC.`,
  })
