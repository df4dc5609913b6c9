import { Alert, Button, Group, Text } from '@mantine/core'
import { ApiError } from '../api/client.ts'
import { eventLabel } from '../lib/ticketWords.ts'
import { formatMoment } from '../lib/time.ts'
import { IconAlertTriangle } from './icons.ts'
import classes from './ProblemAlert.module.css'

interface ProblemAlertProps {
  readonly error: Error
  readonly retry?: (() => void) | undefined
  readonly retryLabel?: string
}

/** What went wrong and the way out, as the server words it. */
export function ProblemAlert({ error, retry, retryLabel = 'Try again' }: ProblemAlertProps) {
  const known = error instanceof ApiError
  return (
    <Alert
      role="alert"
      color="red"
      variant="light"
      icon={<IconAlertTriangle size={18} />}
      title={known ? error.title : 'Something went wrong on this page'}
      maw={760}
      data-testid="problem"
    >
      <Text size="md" fw={550}>
        {error.message}
      </Text>
      {known && (
        <Text size="md" mt={2}>
          {error.remedy}
        </Text>
      )}
      {known && error.changes.length > 0 && (
        <ul className={classes.changes}>
          {error.changes.map(({ at, actor, kind }) => (
            <li key={`${at}-${kind}`}>
              {actor}: {eventLabel(kind)}, {formatMoment(at)}
            </li>
          ))}
        </ul>
      )}
      {retry && (
        <Group mt="sm">
          <Button size="compact-sm" variant="default" onClick={retry}>
            {retryLabel}
          </Button>
        </Group>
      )}
    </Alert>
  )
}
