import { z } from 'zod'
import { list, time } from './common.ts'

/** A simulated pump as the page may know it: a fault that nobody ordered stays hidden until it fails. */
export const simulatedPump = z
  .object({
    device: z.string(),
    state: z.enum(['running', 'breaking', 'failed']),
    mode: z.string().nullable().describe('the mode the user chose, or that it failed of'),
    since: time.describe('start of this state, event time'),
    cost: z.number().describe('what its failures and repairs have cost so far'),
  })
  .meta({ id: 'SimulatedPump' })
export type SimulatedPump = z.infer<typeof simulatedPump>

export const simulatorState = z
  .object({
    assetType: z.string(),
    hoursPerSecond: z.number().describe('machine hours that pass in one second'),
    modes: list(z.object({ name: z.string(), label: z.string() })),
    pumps: list(simulatedPump),
    totalCost: z.number(),
  })
  .meta({ id: 'Simulator' })
export type SimulatorState = z.infer<typeof simulatorState>

export const simulatorView = z.object({ simulator: simulatorState.nullable() })
export type SimulatorView = z.infer<typeof simulatorView>

export const breakBody = z.object({ mode: z.string().min(1) })
export type BreakBody = z.input<typeof breakBody>
