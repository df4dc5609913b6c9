import { describe, expect, it } from 'vitest'
import { GroupCommit } from './groupCommit.ts'

const turn = () => new Promise((resolve) => setImmediate(resolve))

function open() {
  const written: number[][] = []
  const finish: ((error?: Error) => void)[] = []
  const commits = new GroupCommit<number[]>(
    () => [],
    (group) =>
      new Promise((resolve, reject) => {
        written.push(group)
        finish.push((error) => (error ? reject(error) : resolve()))
      }),
  )
  return { commits, written, finish, add: (n: number) => commits.add((group) => group.push(n)) }
}

describe('group commit', () => {
  it('writes one group at a time, and what gathered meanwhile as the next', async () => {
    const { written, finish, add } = open()
    const first = [add(1), add(2)]
    expect(written).toEqual([])
    await turn()
    expect(written).toEqual([[1, 2]])
    const second = [add(3), add(4), add(5)]
    await turn()
    expect(written).toHaveLength(1)
    finish[0]!()
    await Promise.all(first)
    await turn()
    expect(written).toEqual([
      [1, 2],
      [3, 4, 5],
    ])
    finish[1]!()
    await Promise.all(second)
  })

  it('tells only the callers of a group that failed, and goes on', async () => {
    const { finish, add } = open()
    const first = add(1)
    await turn()
    const second = add(2)
    finish[0]!(new Error('disk'))
    await expect(first).rejects.toThrow('disk')
    await turn()
    finish[1]!()
    await second
  })

  it('is idle when everything is written', async () => {
    const { commits, finish, add } = open()
    await commits.idle()
    const done: string[] = []
    add(1).then(() => done.push('written'))
    await turn()
    const idle = commits.idle().then(() => done.push('idle'))
    finish[0]!()
    await idle
    expect(done).toEqual(['written', 'idle'])
  })
})
