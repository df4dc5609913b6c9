import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '../../app/paths.ts'
import { dockerfileProblems, dockerfileRules } from './dockerfileRules.ts'

const read = (...path: string[]) => readFileSync(join(projectRoot, ...path), 'utf8')

describe('Dockerfile', () => {
  const dockerfile = read('Dockerfile')

  it('keeps every rule', () => {
    expect(dockerfileProblems(dockerfile)).toEqual([])
  })

  const cases: [rule: string, from: string | RegExp, to: string][] = [
    ['several stages', /^FROM.*(build|packages)$/gm, '#'],
    [
      'the same exact Debian image of Node 20 everywhere',
      'node:20.20.2-bookworm-slim',
      'node:20-bookworm-slim',
    ],
    ['a numeric user that is not root, at the end', /^USER .*$/m, 'USER root'],
    ['a numeric user that is not root, at the end', /^USER .*$/m, ''],
    ['nothing runs as root after the user is set', /^(USER .*)$/m, '$1\nRUN id'],
    ['nothing fetched by ADD', 'COPY bin bin', 'ADD https://example.org/bin.tar bin'],
    ['no secrets', 'NODE_ENV=production', 'REDIS_PASSWORD=x'],
    ['no secrets', 'WORKDIR /build', 'ARG NPM_TOKEN'],
    ['a health check', /^HEALTHCHECK[\s\S]*?\n.*$/m, ''],
    ['what was built comes from other stages', '--from=build ', ''],
    ['what was built comes from other stages', '--from=build ', '--from=elsewhere '],
    ['nothing of the sources but what runs', 'COPY bin bin', 'COPY . .'],
    ['packages by the lock file', 'npm ci --omit=dev', 'npm install --omit=dev'],
    ['tfjs-node at the version of tfjs-core', 'tfjs-node@4.22.0', 'tfjs-node@latest'],
    ['a build that fails where tfjs-node does not compute', 'process.exit(1)', 'console.warn(1)'],
    ['Node as process 1, stopped by SIGTERM', /^ENTRYPOINT.*$/m, 'ENTRYPOINT node bin/forewarn.cjs'],
    ['Node as process 1, stopped by SIGTERM', /^STOPSIGNAL.*$/m, ''],
  ]

  it.each(cases)('that breaks a rule is found: %s (%s)', (rule, from, to) => {
    expect(dockerfileProblems(dockerfile.replace(from, to))).toContain(rule)
  })

  it('is tried for every rule', () => {
    expect([...new Set(cases.map(([rule]) => rule))].sort()).toEqual(Object.keys(dockerfileRules).sort())
  })

  it('asks for the tfjs-node of the peer dependency', () => {
    const { peerDependencies, dependencies } = JSON.parse(read('package.json')) as Record<
      string,
      Record<string, string>
    >
    expect(peerDependencies!['@tensorflow/tfjs-node']).toBe(dependencies!['@tensorflow/tfjs-core'])
    expect(dependencies!['@tensorflow/tfjs-core']).toBe('4.22')
  })

  it('copies only what the context lets through', () => {
    const allowed = read('.dockerignore')
      .split('\n')
      .flatMap((line) => line.match(/^!(.*)$/)?.[1] ?? [])
    const copied = [...dockerfile.matchAll(/^COPY (?!--from|\. )(.*) \S+$/gm)].flatMap(([, files]) =>
      files!.split(' '),
    )
    expect(copied.length).toBeGreaterThan(5)
    expect(
      copied.filter((file) => !allowed.some((one) => file === one || file.startsWith(`${one}/`))),
    ).toEqual([])
    expect(allowed.filter((one) => !existsSync(join(projectRoot, one)))).toEqual([])
    expect(allowed).not.toContain('.env')
  })
})
