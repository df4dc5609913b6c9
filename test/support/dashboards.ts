import { type DashboardName, rendered } from '../../scripts/dashboards.ts'

/** What the tests look at of a dashboard's JSON. */
export interface Target {
  readonly refId: string
  readonly query: string
  readonly resultFormat?: 'time_series' | 'table'
}

export interface Panel {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly description?: string
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  readonly targets?: readonly Target[]
  readonly repeat?: string
  readonly maxPerRow?: number
  readonly interval?: string
  readonly maxDataPoints?: number
  readonly fieldConfig?: { readonly defaults: { readonly noValue?: string } }
  readonly panels?: readonly Panel[]
}

export interface Variable {
  readonly name: string
  readonly type: string
  readonly multi?: boolean
  readonly query: string | { readonly query: string }
}

export interface Annotation {
  readonly name: string
  readonly target: { readonly query: string; readonly textColumn: string; readonly tagsColumn: string }
}

export interface Dashboard {
  readonly uid: string
  readonly panels: readonly Panel[]
  readonly templating: { readonly list: readonly Variable[] }
  readonly annotations?: { readonly list: readonly Annotation[] }
}

export const dashboard = (name: DashboardName): Dashboard => JSON.parse(rendered(name)) as Dashboard

/** Every panel but the rows that part them, those in folded rows included. */
export const panelsOf = ({ panels }: Dashboard): readonly Panel[] =>
  panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]).filter((panel) => panel.type !== 'row')

/** The query of a variable that asks the store; undefined of others. */
export const queryOf = ({ type, query }: Variable): string | undefined =>
  type === 'query' && typeof query !== 'string' ? query.query : undefined

export const annotationsOf = (of: Dashboard): readonly Annotation[] => of.annotations?.list ?? []
