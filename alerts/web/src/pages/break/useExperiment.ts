import { useSessionStorage } from '@mantine/hooks'
import { useState } from 'react'
import { useBreak, useRepair } from '../../api/actions.ts'
import { useTickets } from '../../api/ticketList.ts'
import type { SimulatedPump, SimulatorState, Ticket } from '../../api/types.ts'
import { serverNow } from '../../lib/clock.ts'
import { type Broken, choosable, newestTicketId, ticketOf } from './broken.ts'

export interface Experiment {
  readonly pump: SimulatedPump | undefined
  readonly mode: string
  /** What was broken on this page; null before the first time, or when another machine is chosen. */
  readonly broken: Broken | null
  readonly ticket: Ticket | undefined
  readonly busy: boolean
  readonly error: Error | null
  choosePump(device: string): void
  chooseMode(mode: string): void
  break(): void
  repair(): void
}

/** One machine under test; what was broken survives going to the ticket and back. */
export function useExperiment(simulator: SimulatorState): Experiment {
  const [broken, setBroken] = useSessionStorage<Broken | null>({
    key: 'forewarn.broken',
    defaultValue: null,
    getInitialValueInEffect: false,
  })
  const [device, choosePump] = useState(() => broken?.device ?? choosable(simulator.pumps)[0]?.device ?? '')
  const [mode, chooseMode] = useState(() => broken?.mode ?? simulator.modes[0]?.name ?? '')
  const tickets = useTickets({ device, sort: 'opened' }, 100).data?.tickets ?? []
  const breaking = useBreak()
  const repairing = useRepair()
  const pump = simulator.pumps.find((p) => p.device === device)
  const own = broken?.device === device ? broken : null

  return {
    pump,
    mode,
    broken: own,
    ticket: own ? ticketOf(tickets, own) : undefined,
    busy: breaking.isPending || repairing.isPending,
    error: breaking.error ?? repairing.error,
    choosePump,
    chooseMode,
    break() {
      if (!pump) return
      const lastTicket = newestTicketId(tickets, device)
      const record = { device, mode, at: serverNow(), lastTicket, costBefore: pump.cost, repaired: false }
      repairing.reset()
      breaking.mutate({ device, mode }, { onSuccess: () => setBroken(record) })
    },
    repair() {
      breaking.reset()
      repairing.mutate(device, { onSuccess: () => own && setBroken({ ...own, repaired: true }) })
    },
  }
}
