/** Names of what the page keeps, once: who changes something says which of these went stale. */
export const keys = {
  tickets: ['tickets'] as const,
  ticket: (id: number) => ['ticket', id] as const,
  evidence: (id: number) => ['evidence', id] as const,
  devices: ['devices'] as const,
  decisions: (device: string) => ['decisions', device] as const,
  device: (device: string) => ['device', device] as const,
  trend: (device: string, channel: string, span: string) => ['trend', device, channel, span] as const,
  scores: (device: string, span: string) => ['scores', device, span] as const,
  maintenance: ['maintenance'] as const,
  notices: ['notices'] as const,
  receivers: ['receivers'] as const,
  deliveries: (receiver: number) => ['deliveries', receiver] as const,
  catalogue: ['catalogue'] as const,
  summary: ['summary'] as const,
  simulator: ['simulator'] as const,
}
