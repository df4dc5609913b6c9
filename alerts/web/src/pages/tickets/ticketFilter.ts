import { type PriorityLevel, priorityLevels } from '../../../../../core/priority.ts'
import { type Automation, type TicketState, ticketStates } from '../../../../../core/ticket.ts'
import type { TicketListQuery } from '../../api/ticketList.ts'
import { automations } from '../../lib/ticketWords.ts'

export type StateChoice = 'unfinished' | 'all' | TicketState
export const sortChoices = ['act_by', 'priority', 'opened'] as const
export type SortChoice = (typeof sortChoices)[number]
export const views = ['table', 'board'] as const
export type TicketView = (typeof views)[number]

/** What of the tickets is shown and how. An empty word means: every one. */
export interface TicketFilter {
  readonly view: TicketView
  /** Of the table; the board has a column for each. */
  readonly state: StateChoice
  readonly site: string
  readonly assetType: string
  readonly mode: string
  readonly priority: PriorityLevel | ''
  readonly automation: Automation | ''
  readonly search: string
  readonly sort: SortChoice
}

const stateChoices: readonly StateChoice[] = ['unfinished', 'all', ...ticketStates]

/** What an address says; a word that it does not know is as good as none. */
export function readFilter(params: URLSearchParams): TicketFilter {
  const oneOf = <T extends string, D extends string>(name: string, known: readonly T[], usual: D): T | D =>
    known.find((word) => word === params.get(name)) ?? usual
  return {
    view: oneOf('view', views, 'table'),
    state: oneOf('state', stateChoices, 'unfinished'),
    site: params.get('site') ?? '',
    assetType: params.get('assetType') ?? '',
    mode: params.get('mode') ?? '',
    priority: oneOf('priority', priorityLevels, ''),
    automation: oneOf('automation', automations, ''),
    search: params.get('search') ?? '',
    sort: oneOf('sort', sortChoices, 'act_by'),
  }
}

/** The address with some of it changed; what is as usual is not written. */
export function writeFilter(old: URLSearchParams, part: Partial<TicketFilter>): URLSearchParams {
  const next = new URLSearchParams(old)
  const usual = readFilter(new URLSearchParams())
  for (const [name, value] of Object.entries(part)) {
    if (value && value !== usual[name as keyof TicketFilter]) next.set(name, value)
    else next.delete(name)
  }
  return next
}

/** Whether anything is left out, beside what is finished. */
export const isNarrowed = ({ site, assetType, mode, priority, automation, search, state }: TicketFilter) =>
  [site, assetType, mode, priority, automation, search].some((word) => word !== '') || state !== 'unfinished'

/** What the server is asked for. */
export const listQuery = ({ view: _, state, ...rest }: TicketFilter): TicketListQuery => ({
  ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== '')),
  ...(state === 'all' ? {} : { state }),
})
