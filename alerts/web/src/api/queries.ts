import { useQuery } from '@tanstack/react-query'
import { followServer } from '../lib/clock.ts'
import { getJson, path, query } from './client.ts'
import { keys } from './keys.ts'
import type {
  CatalogueView,
  DeviceDecisions,
  DeviceDetail,
  DeviceList,
  NoticeList,
  ScoreList,
  SimulatorView,
  Summary,
  TicketDetail,
  TicketEvidence,
  Trend,
} from './types.ts'

/* What the page reads. Live events keep most of it fresh; the intervals here only heal what an event missed. */

export const useTicket = (id: number) =>
  useQuery({
    queryKey: keys.ticket(id),
    queryFn: ({ signal }) => getJson<TicketDetail>(path`/api/tickets/${id}`, signal),
  })

export const useEvidence = (id: number) =>
  useQuery({
    queryKey: keys.evidence(id),
    queryFn: ({ signal }) => getJson<TicketEvidence>(path`/api/tickets/${id}/evidence`, signal),
  })

export const useDevices = () =>
  useQuery({
    queryKey: keys.devices,
    queryFn: ({ signal }) => getJson<DeviceList>('/api/devices', signal),
    select: (data) => data.devices,
    refetchInterval: 15_000,
  })

export const useDevice = (device: string) =>
  useQuery({
    queryKey: keys.device(device),
    queryFn: ({ signal }) => getJson<DeviceDetail>(path`/api/devices/${device}`, signal),
    refetchInterval: 10_000,
  })

/** Machines that are not scored for longer than they should. */
export const useNotices = () =>
  useQuery({
    queryKey: keys.notices,
    queryFn: ({ signal }) => getJson<NoticeList>('/api/notices?open=true', signal),
    select: ({ notices }) => notices,
    refetchInterval: 60_000,
  })

/** What the policy decided about a device lately, and the reason in a sentence. */
export const useDecisions = (device: string) =>
  useQuery({
    queryKey: keys.decisions(device),
    queryFn: ({ signal }) => getJson<DeviceDecisions>(path`/api/devices/${device}/decisions`, signal),
    refetchInterval: 10_000,
  })

/** A stretch of time back from the device's newest reading. */
export interface Span {
  readonly ms: number
  /** End, ms; undefined: the newest reading, as the server knows it. */
  readonly until: number | undefined
}

const spanName = (span: Span): string => `${span.ms}@${span.until ?? 'newest'}`

const bounds = (span: Span) =>
  span.until === undefined ? {} : { from: span.until - span.ms, to: span.until + 1 }

export const useTrend = (device: string, channel: string, span: Span, buckets: number) =>
  useQuery({
    queryKey: keys.trend(device, channel, spanName(span)),
    queryFn: ({ signal }) =>
      getJson<Trend>(
        path`/api/devices/${device}/trend` + query({ channel, buckets, ...bounds(span) }),
        signal,
      ),
    placeholderData: (previous) => previous,
  })

export const useScores = (device: string, span: Span) =>
  useQuery({
    queryKey: keys.scores(device, spanName(span)),
    queryFn: ({ signal }) =>
      getJson<ScoreList>(
        path`/api/devices/${device}/scores` + query({ ...bounds(span), limit: 1000 }),
        signal,
      ),
    placeholderData: (previous) => previous,
  })

/** Scores from `from` up to now; not asked before `from` is known. */
export const useScoresSince = (device: string, from: number | undefined) =>
  useQuery({
    queryKey: keys.scores(device, `since ${from}`),
    queryFn: ({ signal }) =>
      getJson<ScoreList>(path`/api/devices/${device}/scores` + query({ from, limit: 1000 }), signal),
    enabled: from !== undefined,
    staleTime: 0,
  })

export const useCatalogue = () =>
  useQuery({
    queryKey: keys.catalogue,
    queryFn: ({ signal }) => getJson<CatalogueView>('/api/catalogue', signal),
    select: (data) => data.assetTypes,
    staleTime: Number.POSITIVE_INFINITY,
  })

export const useSummary = () =>
  useQuery({
    queryKey: keys.summary,
    queryFn: async ({ signal }) => {
      const summary = await getJson<Summary>('/api/summary', signal)
      followServer(summary.now, Date.now())
      return summary
    },
    refetchInterval: 2000,
  })

export const useSimulator = (refetchInterval: number | false = false) =>
  useQuery({
    queryKey: keys.simulator,
    queryFn: ({ signal }) => getJson<SimulatorView>('/api/simulator', signal),
    select: (data) => data.simulator,
    refetchInterval,
  })
