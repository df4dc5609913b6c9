import { describe, expect, it } from 'vitest'
import { judgeTickets, type ObservedLife, ticketFigures } from './outcome.ts'

const demands = { horizon: 100, requiredLead: () => 10 }

const life = (over: Partial<ObservedLife> = {}): ObservedLife => ({
  device: 'P-1',
  from: 0,
  until: 1000,
  end: 'failed',
  mode: 'wear',
  healthyUntil: null,
  ...over,
})

const ticket = (openedAt: number, device = 'P-1') => ({ device, mode: 'wear', openedAt })

const outcomesOf = (lives: readonly ObservedLife[], ...openedAt: number[]) =>
  judgeTickets(
    lives,
    openedAt.map((at) => ticket(at)),
    demands,
  ).tickets.map(({ outcome, lead }) => [outcome, lead])

describe('a ticket', () => {
  it('is found within the horizon, with the required lead', () => {
    expect(outcomesOf([life()], 900, 950, 990)).toEqual([
      ['found', 100],
      ['found', 50],
      ['found', 10],
    ])
  })

  it('is late with less, and early beyond the horizon', () => {
    expect(outcomesOf([life()], 991, 1000, 899)).toEqual([
      ['late', 9],
      ['late', 0],
      ['early', 101],
    ])
  })

  it('is true where a planner confirmed the fault, though the machine never failed', () => {
    expect(outcomesOf([life({ end: 'confirmed' })], 950)).toEqual([['found', 50]])
  })

  it('is false where the machine lived on beyond the horizon, and undecided before', () => {
    for (const end of ['running', 'stopped', 'renewed'] as const)
      expect(outcomesOf([life({ end })], 900, 901)).toEqual([
        ['false', null],
        ['undecided', null],
      ])
  })

  it('is false where a planner looked and found nothing', () => {
    expect(outcomesOf([life({ end: 'running', healthyUntil: 980 })], 970, 990)).toEqual([
      ['false', null],
      ['undecided', null],
    ])
  })

  it('belongs to the life in which it was opened, of its own device', () => {
    const lives = [life({ until: 500 }), life({ from: 500, until: 1000, end: 'running' })]
    expect(outcomesOf(lives, 500, 501)).toEqual([
      ['late', 0],
      ['false', null],
    ])
    expect(judgeTickets([life()], [ticket(950, 'P-2')], demands).tickets).toEqual([])
  })
})

describe('the figures', () => {
  it('are those counted by hand', () => {
    const lives = [
      life({ device: 'found' }),
      life({ device: 'late' }),
      life({ device: 'missed' }),
      life({ device: 'early' }),
      life({ device: 'sound', end: 'running' }),
    ]
    const opened = [
      ticket(940, 'found'),
      ticket(995, 'late'),
      ticket(300, 'early'),
      ticket(100, 'sound'),
      ticket(990, 'sound'),
    ]
    expect(ticketFigures(judgeTickets(lives, opened, demands))).toEqual({
      tickets: 5,
      failures: 4,
      found: 1,
      late: 1,
      toldEarly: 1,
      missed: 1,
      early: 1,
      false: 1,
      undecided: 1,
      precision: 0.5,
      recall: 0.25,
    })
  })

  it('say nothing of nothing', () => {
    expect(ticketFigures(judgeTickets([], [], demands))).toMatchObject({ precision: null, recall: null })
  })
})
