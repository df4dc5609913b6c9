import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { restore } from '../../app/backup/restore.ts'
import { type BackupResult, backup } from '../../app/backup/save.ts'
import { systemClock as clock } from '../../core/clock.ts'
import { type Config, parseConfig } from '../../core/config.ts'
import { contentOf, filled, fillInstallation } from '../support/filledInstallation.ts'
import { describeService, type Service, startService } from './harness.ts'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

const parent = mkdtempSync(join(tmpdir(), 'forewarn-backup-services-'))
const queue = { attempts: 1 }
const embedded = (name: string): Config => parseConfig({ data: { folder: join(parent, name) }, queue })

describeService('influxd', 'backup and restore between embedded parts and services', () => {
  describeService('postgres', 'with PostgreSQL', () => {
    describeService('redis-server', 'and Redis', () => {
      const file = join(parent, 'embedded.backup.gz')
      const services: Service[] = []
      let plant: Config
      let source: Awaited<ReturnType<typeof contentOf>>
      let written: BackupResult

      beforeAll(async () => {
        for (const name of ['influxd', 'postgres', 'redis-server'] as const)
          services.push(await startService(name))
        const [influx, postgres, redis] = services as [Service, Service, Service]
        plant = parseConfig({
          data: { folder: join(parent, 'plant') },
          telemetry: { url: `${influx.url}/forewarn` },
          tickets: { url: postgres.url },
          queue: { ...queue, url: redis.url },
        })
        const home = embedded('home')
        await fillInstallation(home)
        source = await contentOf(home)
        written = await backup({ config: home, clock, file, telemetry: true })
      })
      afterAll(async () => {
        for (const service of services) await service.close()
        rmSync(parent, { recursive: true })
      })

      /** What had failed is tried once more, wherever it is put back. */
      const triedAgain = { waiting: 1, active: 0, delayed: 0, failed: 0 }

      it('moves an embedded installation onto services', async () => {
        const result = await restore({ config: plant, clock, file })
        expect(result).toMatchObject({ refused: 0, counts: written.counts })
        expect(await contentOf(plant)).toEqual({ ...source, predictions: triedAgain })
      })

      it('refuses services with something in them', async () => {
        const config = { ...plant, data: { folder: join(parent, 'second') } }
        await expect(restore({ config, clock, file })).rejects.toMatchObject({
          code: 'INSTALLATION_NOT_EMPTY',
          message: expect.stringMatching(/rows in forewarn.ticket.*predictions.*240 stored readings/),
        })
      })

      it('leaves InfluxDB to its own tools unless it is asked for', async () => {
        const target = join(parent, 'without.backup.gz')
        const { counts } = await backup({ config: plant, clock, file: target, telemetry: false })
        expect(counts.readings).toBeUndefined()
        expect(counts.scores).toBeUndefined()
        expect(counts.logged).toBe(filled.logged)
        // the prediction that waited became its ticket
        expect(counts['forewarn.ticket']).toBe(filled.tickets + 1)
      })

      it('brings services home again', async () => {
        const before = await contentOf(plant)
        const target = join(parent, 'plant.backup.gz')
        await backup({ config: plant, clock, file: target, telemetry: true })
        const config = embedded('again')
        await restore({ config, clock, file: target })
        expect(await contentOf(config)).toEqual(before)
      })
    })
  })
})
