import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseConfig } from '../../../core/config.ts'
import { pumpChannels } from '../../../edge/simulator/pumpFaults.ts'
import { type PumpRecord, planUnseenFleet, recordOf } from '../../../edge/simulator/unseenFleet.ts'
import { loadCatalogue } from '../../loadCatalogue.ts'
import { defaultFolders } from '../../paths.ts'
import { type FleetResult, judgeRecordedFleet, judgeUnseenFleets } from './fleet.ts'
import { fleetText } from './fleetText.ts'
import { readFleet } from './readFleet.ts'

const type = loadCatalogue('').get('pump')!
const { policy } = parseConfig({})
const parts = {
  type,
  modelFolder: join(defaultFolders.models, 'pump'),
  policy,
  backend: 'auto' as const,
}

const small = { seeds: [7], devices: 5, days: 16 }
let one: FleetResult
const shares: number[] = []
beforeAll(async () => {
  one = await judgeUnseenFleets(small, { ...parts, threads: 1 }, (_, share) => shares.push(share))
}, 240_000)

describe('a small unseen fleet', () => {
  it('is judged the same whoever shares the work and whatever was judged before, tells the model, and prints', {
    timeout: 240_000,
  }, async () => {
    // Pumps of all fleets have the same names: what the scorer remembers of one must not be taken for another's.
    const two = await judgeUnseenFleets({ ...small, seeds: [6, 7] }, { ...parts, threads: 2 })
    expect(two.fleets.at(-1)).toEqual(one.fleets[0])
    expect(two.pooled.windows).toBeGreaterThan(1.8 * one.pooled.windows)
    expect(shares).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1])
    expect(one.model).toMatch(/^[0-9a-f]{64}$/)
    expect(one.pooled).toMatchObject({ devices: 5, forewarn: { failures: 1 }, rule: { failures: 1 } })
    expect(one.pooled.windows).toBeGreaterThan(8_000)
    const text = fleetText(one)
    expect(text).toContain(one.model.slice(0, 12))
    expect(text).toContain('seed 7')
  })
})

describe('a fleet from files', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'forewarn-fleet-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  const [pumpRecord] = planUnseenFleet(7, 5, 16).map(recordOf) as [PumpRecord]
  const readings = (record: PumpRecord) =>
    [
      `device,time,${pumpChannels.join(',')}`,
      ...Array.from(record.times, (time, row) =>
        [record.device, time, ...record.channels.map((values) => values[row])].join(','),
      ),
    ].join('\n')
  const truth = ({ moments }: PumpRecord) =>
    [
      'device,time,kind,mode,sudden',
      ...moments.map(({ device, time, kind, mode, sudden }) =>
        [device, new Date(time).toISOString(), kind, mode ?? '', sudden ? 'yes' : ''].join(','),
      ),
    ].join('\n')
  const written = async (name: string, text: string) => {
    const file = join(folder, name)
    await writeFile(file, text)
    return file
  }

  it('gives the figures of the same fleet out of the simulator', { timeout: 240_000 }, async () => {
    const fleet = await readFleet(
      type,
      await written('readings.csv', readings(pumpRecord)),
      await written('truth.csv', truth(pumpRecord)),
    )
    const recorded = await judgeRecordedFleet(fleet, { ...parts, threads: 1 })
    // out of the simulator a name tells its fleet as well
    const own = <T extends { readonly device: string }>(list: readonly T[]) =>
      list
        .filter(({ device }) => device.endsWith(`/${pumpRecord.device}`))
        .map((found) => ({ ...found, device: pumpRecord.device }))
    expect(recorded.fleets[0]!.tickets).toEqual(own(one.fleets[0]!.tickets))
    expect(recorded.fleets[0]!.failures).toEqual(own(one.fleets[0]!.failures))
    expect(recorded.rule).toMatchObject({ name: 'normal ranges of the catalogue', k: policy.k, n: policy.n })
  })

  const first: PumpRecord = { ...pumpRecord, times: pumpRecord.times.slice(0, 3) }
  it.each([
    [
      'a device without readings',
      'device,time,kind\nP-9,2025-03-01T00:00:00Z,failed',
      'line 2: there is no reading of device P-9',
    ],
    [
      'a time without its zone',
      `device,time,kind\n${pumpRecord.device},2025-03-01 00:00,failed`,
      'column time is "2025-03-01 00:00"',
    ],
    [
      'an unknown kind',
      `device,time,kind\n${pumpRecord.device},2025-03-01T00:00:00Z,broke`,
      'known: installed, failed',
    ],
    [
      'an unknown mode',
      `device,time,kind,mode\n${pumpRecord.device},2025-03-01T00:00:00Z,failed,rust`,
      'the catalogue has no failure mode rust',
    ],
    [
      'a sudden repair',
      `device,time,kind,sudden\n${pumpRecord.device},2025-03-01T00:00:00Z,repaired,yes`,
      'only a failure can be sudden',
    ],
    ['no kind', 'device,time\n', 'there is no such column'],
  ])('with %s is refused, with the line or the column', async (_, text, problem) => {
    const files = [await written('few.csv', readings(first)), await written('bad.csv', text)] as const
    await expect(readFleet(type, ...files)).rejects.toThrow(problem)
  })
})
