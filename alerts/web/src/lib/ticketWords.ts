import type { Automation, TicketState, Verdict } from '../../../../core/ticket.ts'
import { type DecisionReason, decisionReasons } from '../../../policy/decision.ts'

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1)

export const stateLabels: Readonly<Record<TicketState, string>> = {
  open: 'Open',
  acknowledged: 'Acknowledged',
  scheduled: 'Scheduled',
  in_progress: 'In progress',
  resolved: 'Resolved',
  closed: 'Closed',
  withdrawn: 'Withdrawn',
}

export const stateColors: Readonly<Record<TicketState, string>> = {
  open: 'petrol',
  acknowledged: 'indigo',
  scheduled: 'violet',
  in_progress: 'orange',
  resolved: 'teal',
  closed: 'gray',
  withdrawn: 'gray',
}

export const automations: readonly Automation[] = ['suggest', 'automatic']

export const automationLabels: Readonly<Record<Automation, string>> = {
  suggest: 'Suggested',
  automatic: 'Automatic',
}

export const verdictLabels: Readonly<Record<Verdict, string>> = {
  confirmed: 'Confirmed: the fault was there',
  no_fault_found: 'No fault found',
  false_alarm: 'False alarm',
  not_inspected: 'Not inspected',
}

const eventLabels: Readonly<Record<string, string>> = {
  opened: 'Ticket opened',
  merged: 'Newer forecast merged in',
  revised: 'Suspicion revised',
  acknowledged: 'Acknowledged',
  scheduled: 'Scheduled',
  in_progress: 'Work started',
  resolved: 'Resolved',
  closed: 'Closed',
  withdrawn: 'Withdrawn',
  commented: 'Comment',
  reopened: 'Reopened',
  absorbed: 'Another ticket merged into it',
  split: 'Split',
  attached: 'File attached',
  detached: 'File removed',
  reassessed: 'Priority and date said anew',
}

export const eventLabel = (kind: string): string => eventLabels[kind] ?? sentence(kind)

/** "bearing_wear" -> "Bearing wear": for names the catalogue has no label for. */
export const sentence = (name: string): string => capital(name.replaceAll('_', ' '))

/** A decision's named reason in the policy's own words. */
export const reasonWords = (reason: string): string =>
  capital(decisionReasons[reason as DecisionReason] ?? reason.replaceAll('_', ' '))

/** The policy and the program act under these names; everyone else is a person. */
export const isPerson = (actor: string): boolean => !['policy', 'forewarn', 'system'].includes(actor)
