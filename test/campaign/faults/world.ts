import { until } from '../../support/forewarnProcess.ts'
import type { Control } from '../control.ts'
import { freezeSubscriber } from '../frozenSubscriber.ts'
import type { Plant } from '../plant.ts'
import type { Fault } from './fault.ts'

/** Faults that any installation can meet. */
type Clocked = Plant & { readonly control: Control }

const hour = 3_600_000

const clockFault = (kind: string, clockMs: number, about: string): Fault<Clocked> => ({
  kind,
  about,
  class: 'surroundings',
  async run({ plant, pause }) {
    await pause(100, 900)
    plant.control.set({ clockMs })
    await pause(1_000, 3_000)
    plant.control.set({ clockMs: 0 })
  },
})

const frozenSubscriber: Fault<Clocked> = {
  kind: 'frozen-subscriber',
  about: 'somebody subscribes to everything and never reads, while devices tell their status',
  class: 'surroundings',
  async run({ plant, pause, publish }) {
    await plant.start()
    // another fault may end the process at this very moment
    const subscriber = await until(
      async () => freezeSubscriber(plant.mqttUrl() ?? '').catch(() => undefined),
      (frozen) => frozen !== undefined,
    )
    const payload = 'x'.repeat(50_000)
    publish(
      Array.from({ length: 600 }, (_, i) => {
        return { topic: `forewarn/south/pump/D-status-${i % 10}/status`, payload, readings: [] }
      }),
    )
    await pause(2_000, 5_000)
    subscriber?.destroy()
  },
}

export const worldFaults: readonly Fault<Clocked>[] = [
  clockFault('clock-ahead', hour, 'the wall clock jumps an hour ahead, and back'),
  clockFault('clock-back', -hour, 'the wall clock jumps an hour back, and ahead'),
  frozenSubscriber,
]
