import type { AssetType } from '../../../core/catalogue.ts'
import type { Section } from '../../report/renderReport.ts'
import { inCount, inFigures } from '../../report/words.ts'
import type { BacktestResult } from '../backtest.ts'
import { plannerWords, policyWords } from './facts.ts'
import { counted, requiredLeadWords, usage } from './phrases.ts'

/** What it comes to, for who reads nothing else; then what it was tried with. */
export function summarySection(result: BacktestResult, type: AssetType): Section {
  return {
    heading: 'What it comes to',
    text: [
      [failuresSentence(result, type), ticketsSentence(result), costSentence(result)]
        .filter(Boolean)
        .join(' '),
      policyWords(result),
      plannerWords[result.planner],
      ...(result.from === 0 ? [undated] : []),
    ],
  }
}

const undated = 'The history has no dates of its own: its times are counted from 1970-01-01.'

function failuresSentence({ figures, horizon, usageUnit }: BacktestResult, type: AssetType): string {
  const { failures, found, toldEarly, late, missed } = figures
  if (failures === 0) return 'No failure is known in this history, so there was none to tell.'
  const lead = requiredLeadWords(type)
  const notice = `${lead === null ? '' : `at least ${lead} and `}at most ${usage(horizon, usageUnit)} ahead`
  const rest = [
    toldEarly > 0 ? `; ${inCount(toldEarly)} earlier than that` : '',
    late > 0 ? `; ${inCount(late)} too late` : '',
    missed > 0 ? `; ${inCount(missed)} not at all` : '',
  ]
  return `${toldWords(found, failures)} told in time, ${notice}${rest.join('')}.`
}

function toldWords(found: number, failures: number): string {
  if (failures === 1) return `The only failure was${found === 1 ? '' : ' not'}`
  if (found === failures) return `All ${inCount(failures)} failures were`
  return `${found === 0 ? 'None' : inCount(found)} of ${inCount(failures)} failures ${found > 1 ? 'were' : 'was'}`
}

function ticketsSentence({ figures: { tickets, false: wrong, undecided } }: BacktestResult): string {
  if (tickets === 0) return 'No ticket would have been opened.'
  const falseWords = `${wrong === 0 ? 'none' : inCount(wrong)} of them ${wrong > 1 ? 'were' : 'was'} false`
  const open = undecided > 0 ? `, and of ${inCount(undecided)} one cannot know yet` : ''
  return `${counted(tickets, 'ticket')} would have been opened; ${falseWords}${open}.`
}

function costSentence({ costs }: BacktestResult): string {
  const perDay = (name: string) => costs.find((cost) => cost.name === name)?.perDay ?? 0
  const [without, using] = [perDay('run to failure'), perDay('forewarn')]
  if (without === 0 && using === 0) return ''
  return `A day that a machine ran would have cost ${inFigures(using)}; run to failure it cost ${inFigures(without)}.`
}
