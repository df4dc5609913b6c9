import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dashboardNames } from '../../scripts/dashboards.ts'
import { plannerAnswers } from '../journeys/checkJourney.ts'
import { expected, messagesOf, play, type Scenario, scenario } from '../journeys/runJourney.ts'
import {
  annotationsOf,
  type Dashboard,
  dashboard,
  type Panel,
  panelsOf,
  queryOf,
  type Variable,
} from '../support/dashboards.ts'
import { until } from '../support/forewarnProcess.ts'
import { expandOnce, expandQuery, interpolate, intervalFor, type VariableValue } from '../support/grafana.ts'
import { describeService, type Service, startService } from './harness.ts'

const database = 'dashboards'
/** Unescaped, its point would take in Px105 beside it. */
const oddDevice = 'P.105'
const oddSite = 'hall.2'

const lastReadingOf = (device: string) =>
  Math.max(
    ...messagesOf(scenario('device-to-ticket')).flatMap(({ topic, payload }) =>
      topic.includes(`/${device}/`) ? [(JSON.parse(String(payload)) as { time: number }).time] : [],
    ),
  )

/** The failing pump and its healthy fellows, and what else the dashboards show. */
const input: Scenario = {
  ...scenario('device-to-ticket'),
  pumps: [
    ...scenario('device-to-ticket').pumps!,
    { device: oddDevice, site: oddSite, mode: null, seed: 15, rows: 5 },
    { device: 'Px105', site: oddSite, mode: null, seed: 16, rows: 3 },
  ],
  messages: [
    { topic: 'forewarn/north/pump/P-101/telemetry', text: 'no reading' },
    { topic: 'forewarn/north/boiler/B-1/telemetry', text: '{}' },
    {
      topic: 'forewarn/north/pump/P-102/event',
      text: JSON.stringify({ kind: 'planned_stop', time: Date.now() - 86_400_000, detail: 'cleaning' }),
    },
    {
      topic: 'forewarn/north/pump/P-101/event',
      text: JSON.stringify({ kind: 'failed', time: lastReadingOf('P-101'), detail: 'seized' }),
    },
  ],
}

describeService('influxd', 'the dashboards on an InfluxDB that a journey has filled', () => {
  let influx: Service
  let started: number
  let ended: number

  const ask = async (query: string): Promise<unknown[][]> => {
    const url = `http://127.0.0.1:${influx.port}/query?db=${database}&epoch=ms`
    const response = await fetch(url, { method: 'POST', body: new URLSearchParams({ q: query }) })
    const answer = (await response.json()) as {
      error?: string
      results?: { error?: string; series?: { values: unknown[][] }[] }[]
    }
    const error = answer.error ?? answer.results?.find((result) => result.error)?.error
    if (error) throw new Error(`${error}\n${query}`)
    return (answer.results ?? []).flatMap(({ series = [] }) => series.flatMap(({ values }) => values))
  }

  beforeAll(async () => {
    influx = await startService('influxd')
    started = Date.now()
    await play(input, { telemetry: { url: `${influx.url}/${database}` } }, async (journey) => {
      await plannerAnswers(journey)
      // rates need a few points, ten seconds apart
      const points = () =>
        ask('SELECT count("windows_scored") FROM "pipeline"').then(([row]) => Number(row?.[1] ?? 0))
      await until(points, (n) => n >= 4, 60_000)
      const scores = () =>
        ask('SELECT count("anomaly") FROM "score" WHERE time < now()').then(([row]) => Number(row?.[1] ?? 0))
      await until(scores, (n) => n >= journey.scored(), 60_000)
      // the model's own records come every ten seconds, too, and only after enough windows
      const drifts = () =>
        ask('SELECT count("distance") FROM "device_shift"').then(([row]) => Number(row?.[1] ?? 0))
      await until(drifts, (n) => n >= 1, 60_000)
    })
    ended = Date.now()
  }, 180_000)
  afterAll(() => influx?.close())

  /** Readings and scores lie in the last weeks; the pipeline's records where the journey ran. */
  const rangeOf = (name: string) => {
    const from = name === 'pipeline' ? started : started - 21 * 86_400_000
    const to = ended + 60_000
    return { from, to, values: {} }
  }

  /** Chooses as a person would: everything where several can be chosen, else what is wished for or comes first. */
  const choose = ({ multi = false }: Variable, options: readonly string[], wish: string | undefined) => {
    if (multi) return { value: options, multi }
    return { value: wish !== undefined && options.includes(wish) ? wish : options[0]! }
  }

  async function variablesOf(of: Dashboard, name: string, wishes: Readonly<Record<string, string>> = {}) {
    const values: Record<string, VariableValue> = {}
    for (const variable of of.templating.list) {
      const query = queryOf(variable)
      if (query === undefined) values[variable.name] = { value: String(variable.query) }
      else {
        const rows = await ask(interpolate(query, { ...rangeOf(name), values }))
        const options = [...new Set(rows.map((row) => String(row[1])))].sort()
        expect(options, `${variable.name}: ${query}`).not.toEqual([])
        values[variable.name] = choose(variable, options, wishes[variable.name])
      }
    }
    return values
  }

  /** A repeated panel is asked for once for each value. */
  const scopesOf = (panel: Panel, values: Readonly<Record<string, VariableValue>>) => {
    const repeated = panel.repeat === undefined ? undefined : values[panel.repeat]
    if (!repeated || typeof repeated.value === 'string') return [values]
    return repeated.value.map((value) => ({ ...values, [panel.repeat!]: { value, multi: true } }))
  }

  const secondsOf = (text = '10s') => Number.parseFloat(text) * (text.endsWith('h') ? 3_600 : 1)

  const queriesOf = (panel: Panel, values: Readonly<Record<string, VariableValue>>, name: string) => {
    const { from, to } = rangeOf(name)
    const intervalMs = intervalFor(to - from, panel.maxDataPoints ?? 800, 1_000 * secondsOf(panel.interval))
    return scopesOf(panel, values).flatMap((scope) =>
      (panel.targets ?? []).map(({ query }) => expandQuery(query, { values: scope, from, to, intervalMs })),
    )
  }

  describe.each(dashboardNames)('%s', (name) => {
    const of = dashboard(name)
    let values: Record<string, VariableValue>
    beforeAll(async () => {
      values = await variablesOf(of, name, { site: 'north', type: 'pump', device: 'P-101' })
    })

    it('has values for every variable', () => {
      expect(Object.keys(values)).toEqual(of.templating.list.map((variable) => variable.name))
    })

    it.each(panelsOf(of).map((panel) => [panel.title, panel] as const))(
      '%s has rows',
      async (_title, panel) => {
        const queries = queriesOf(panel, values, name)
        expect(queries).not.toEqual([])
        for (const query of queries) expect(await ask(query), query).not.toEqual([])
      },
    )
  })

  it('mark tickets and life events, over an absolute range and over one that ends now', async () => {
    const of = dashboard('device')
    expect(annotationsOf(of)).toHaveLength(2)
    const values = await variablesOf(of, 'device', { site: 'north', type: 'pump', device: 'P-101' })
    const scope = { ...rangeOf('device'), values }
    const ranges = [
      { from: new Date(scope.from).toISOString(), to: new Date(scope.to).toISOString() },
      { from: 'now-21d', to: 'now' },
    ]
    for (const { target } of annotationsOf(of))
      for (const range of ranges)
        expect(await ask(expandOnce(target.query, { ...scope, range }))).not.toEqual([])
  })

  it('find a device whose name means something in a regular expression, and it alone', async () => {
    const of = dashboard('device')
    const values = await variablesOf(of, 'device', { site: oddSite, type: 'pump', device: oddDevice })
    expect(values).toMatchObject({ site: { value: oddSite }, device: { value: oddDevice } })
    const [state] = queriesOf(of.panels.find((panel) => panel.title === 'State')!, values, 'device')
    expect((await ask(state!))[0]?.[1]).toBe('too_little_history')
    const readings = 'SELECT count("received_at") FROM /^$type$/ WHERE "device" =~ /^$device$/'
    const query = expandQuery(readings, { ...rangeOf('device'), values, intervalMs: 1_000 })
    expect((await ask(query)).map((row) => row[1])).toEqual([5])
  })

  it('show the loss equation with nothing lost', async () => {
    const panel = panelsOf(dashboard('pipeline')).find(({ title }) => title.startsWith('acknowledged ='))!
    const values = await variablesOf(dashboard('pipeline'), 'pipeline')
    const [row] = await ask(queriesOf(panel, values, 'pipeline')[0]!)
    const [acknowledged, stored, duplicates, deadLettered, inLog, lost] = row!.slice(1).map(Number)
    // the pumps of the journey, the two beside them, and two messages that are no readings
    const readings = expected('device-to-ticket').stored + 5 + 3
    expect({ acknowledged, stored, duplicates, deadLettered, inLog, lost }).toEqual({
      acknowledged: readings + 2,
      stored: readings,
      duplicates: 0,
      deadLettered: 2,
      inLog: 0,
      lost: 0,
    })
  })
})
