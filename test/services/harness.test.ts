import { existsSync } from 'node:fs'
import { expect, it } from 'vitest'
import { describeService, findService, type ServiceName, startService } from './harness.ts'

const alive = (pid: number) => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

const names: ServiceName[] = ['redis-server', 'redis-sentinel', 'influxd', 'postgres', 'mosquitto']
for (const name of names) {
  describeService(name, `harness: ${name}`, () => {
    it('starts on a free port, starts again on the same one, and leaves neither process nor folder', async () => {
      const service = await startService(name)
      const first = service.pid()!
      expect(alive(first)).toBe(true)
      await service.stop('SIGKILL')
      expect(alive(first)).toBe(false)
      await service.start()
      const second = service.pid()!
      expect(second).not.toBe(first)
      await service.close()
      expect(alive(second)).toBe(false)
      expect(existsSync(service.folder)).toBe(false)
    })

    it('says what the server said when it does not start', async () => {
      const nonsense = name === 'influxd' ? 'auth-enabled = "perhaps"' : 'no-such-setting 1'
      await expect(startService(name, nonsense)).rejects.toThrow(
        /did not start:\n.*(perhaps|no-such-setting|auth|toml)/s,
      )
    })
  })
}

it('does not find what is not there', () => {
  expect(findService('no-such-server' as ServiceName)).toBeUndefined()
})
