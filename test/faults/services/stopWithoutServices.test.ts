import { expect, it } from 'vitest'
import { describePlant, usual } from '../../support/plant.ts'

describePlant('SIGTERM while the services are away', usual, (plant) => {
  it('ends every process, and says that it ended as asked', async () => {
    const { influx, redis, postgres, installation } = plant()
    for (const service of [influx, redis, postgres]) await service.stop('SIGKILL')
    const codes = await Promise.all(Object.values(installation.processes).map((one) => one.stop()))
    expect(codes).toEqual([0, 0, 0, 0])
  }, 120_000)
})
