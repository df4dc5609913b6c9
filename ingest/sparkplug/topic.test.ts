import { describe, expect, it } from 'vitest'
import { parseSparkplugTopic } from './topic.ts'

describe('a Sparkplug topic', () => {
  it('names group, edge node, device and what the message is', () => {
    const of = { group: 'Works', edge: 'E1', device: 'Pump 7', type: 'DDATA' }
    expect(parseSparkplugTopic('spBv1.0/Works/DDATA/E1/Pump 7')).toEqual(of)
  })

  it('is none where its names do not fit a key on disk, counted in bytes: it would be refused for ever', () => {
    const name = (letter: string, length: number) => `spBv1.0/g/NBIRTH/${letter.repeat(length)}`
    expect(parseSparkplugTopic(name('e', 700))).toMatchObject({ type: 'NBIRTH' })
    expect(parseSparkplugTopic(name('泵', 200))).toMatchObject({ type: 'NBIRTH' })
    expect(parseSparkplugTopic(name('泵', 700))).toBeUndefined()
    expect(parseSparkplugTopic(name('e', 800))).toBeUndefined()
  })
})
