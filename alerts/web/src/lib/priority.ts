import type { PriorityLevel } from '../../../../core/priority.ts'

export const priorityLabels: Readonly<Record<PriorityLevel, string>> = {
  urgent: 'Urgent',
  high: 'High',
  normal: 'Normal',
  low: 'Low',
}
