import { expect, it } from 'vitest'
import { overallShare } from './overallShare.ts'

it('goes through both models, the forecaster most of the way', () => {
  const overall = overallShare()
  const shares = [
    overall({ kind: 'forecaster', share: 0.5 }),
    overall({ kind: 'forecaster', share: 1 }),
    overall({ kind: 'autoencoder', share: 0.5 }),
    overall({ kind: 'autoencoder', share: 1 }),
  ]
  expect(shares.map((share) => share.toFixed(2))).toEqual(['0.45', '0.90', '0.95', '1.00'])
})

it('begins at the beginning where the detector trains alone', () => {
  const overall = overallShare()
  expect(overall({ kind: 'autoencoder', share: 0.1 })).toBe(0.1)
  expect(overall({ kind: 'autoencoder', share: 1 })).toBe(1)
})
