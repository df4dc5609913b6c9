import { type PriorityLevel, priorityLevels } from '../../../../core/priority.ts'
import type { Ticket } from '../api/types.ts'

/** How soon someone must act, as the server says it of each ticket (core/priority.ts). */
export type Priority = PriorityLevel

export const priorityOrder: readonly Priority[] = priorityLevels

export const priorityLabels: Readonly<Record<Priority, string>> = {
  urgent: 'Urgent',
  high: 'High',
  normal: 'Normal',
  low: 'Low',
}

export const priorityColors: Readonly<Record<Priority, string>> = {
  urgent: 'red',
  high: 'orange',
  normal: 'gray',
  low: 'gray',
}

/** Tickets that were finished before there were priorities have none. */
export const priorityOf = ({ priority }: Pick<Ticket, 'priority'>): Priority => priority?.level ?? 'normal'
