import type * as ui from '@grafana/schema'
import type * as barGauge from '@grafana/schema/dist/esm/raw/composable/bargauge/panelcfg/x/BarGaugePanelCfg_types.gen'
import type * as stat from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen'
import type * as statusHistory from '@grafana/schema/dist/esm/raw/composable/statushistory/panelcfg/x/StatusHistoryPanelCfg_types.gen'
import type * as table from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen'
import type * as timeSeries from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen'

/** What a dashboard's JSON has to be for @grafana/schema, panel by panel. */

/** Enums as what stands in the JSON: their values. */
type Plain<T> = T extends string
  ? `${T}`
  : T extends number | boolean | null | undefined
    ? T
    : { [K in keyof T]: Plain<T[K]> }

/** Options that are left out have defaults; those that are there must be real ones. */
type Some<T> = T extends object ? { [K in keyof T]?: Some<T[K]> } : T

interface Query {
  readonly refId: string
  readonly datasource: ui.DataSourceRef
  readonly rawQuery: true
  readonly resultFormat: 'time_series' | 'table'
  readonly query: string
  readonly alias?: string
}

type PanelOf<Type extends string, Options, Custom> = Omit<
  Plain<ui.Panel>,
  'type' | 'options' | 'fieldConfig' | 'targets'
> & {
  type: Type
  options: Some<Plain<Options>>
  fieldConfig: {
    defaults: Omit<Plain<ui.FieldConfig>, 'custom'> & { custom?: Some<Plain<Custom>> }
    overrides?: Plain<ui.FieldConfigSource>['overrides']
  }
  targets: Query[]
}

type Panel =
  | PanelOf<'timeseries', timeSeries.Options, timeSeries.FieldConfig>
  | PanelOf<'stat', stat.Options, Record<never, never>>
  | PanelOf<'bargauge', barGauge.Options, Record<never, never>>
  | PanelOf<'status-history', statusHistory.Options, statusHistory.FieldConfig>
  | PanelOf<'table', table.Options, table.FieldConfig>
  | Plain<ui.RowPanel>

/** An annotation's target is the data source's own affair. */
type Annotation = Omit<Plain<ui.AnnotationQuery>, 'target'> & {
  target: {
    refId: string
    fromAnnotations: true
    query: string
    textColumn: string
    tagsColumn: string
    titleColumn: string
    timeEndColumn: string
  }
}

export type Dashboard = Omit<Plain<ui.Dashboard>, 'panels' | 'annotations'> & {
  panels: Panel[]
  annotations?: { list: Annotation[] }
}
