import { Tooltip } from '@mantine/core'
import { useConnection } from '../../api/live.tsx'
import type { Connection } from '../../api/liveStream.ts'
import classes from './ConnectionBadge.module.css'

const words: Readonly<Record<Connection, { label: string; why: string }>> = {
  open: { label: 'Live', why: 'Changes appear as they happen.' },
  connecting: { label: 'Connecting', why: 'Waiting for the live connection.' },
  lost: { label: 'Reconnecting', why: 'The live connection is lost; what you see may be old.' },
}

export function ConnectionBadge() {
  const connection = useConnection()
  const { label, why } = words[connection]
  return (
    <Tooltip label={why}>
      <output className={classes.badge} data-connection={connection} data-testid="connection">
        <span className={classes.dot} aria-hidden />
        {label}
      </output>
    </Tooltip>
  )
}
