import classes from './Legend.module.css'

interface LegendProps {
  readonly entries: readonly { readonly label: string; readonly color: string; readonly line?: boolean }[]
  /** What the chart says at the pointer, or at its end. */
  readonly reading?: string | undefined
}

export const Legend = ({ entries, reading }: LegendProps) => (
  <div className={classes.legend}>
    <span className={classes.entries}>
      {entries.map(({ label, color, line }) => (
        <span key={label} className={classes.entry}>
          <span className={line ? classes.line : classes.area} style={{ background: color }} aria-hidden />
          {label}
        </span>
      ))}
    </span>
    {reading && <span className={classes.reading}>{reading}</span>}
  </div>
)
