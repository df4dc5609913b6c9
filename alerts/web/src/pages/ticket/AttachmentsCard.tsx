import { ActionIcon } from '@mantine/core'
import { attachmentHref, useDetach } from '../../api/attachments.ts'
import type { Attachment, TicketDetail } from '../../api/types.ts'
import { Card } from '../../components/Card.tsx'
import { IconPaperclip, IconTrash } from '../../components/icons.ts'
import { ProblemAlert } from '../../components/ProblemAlert.tsx'
import { useActor } from '../../components/useActor.ts'
import { formatBytes } from '../../lib/format.ts'
import { formatMoment } from '../../lib/time.ts'
import classes from './AttachmentsCard.module.css'
import { DropArea } from './DropArea.tsx'

/** Pictures, reports and readings that belong to the ticket. */
export function AttachmentsCard({ detail: { ticket, attachments } }: { detail: TicketDetail }) {
  const [actor] = useActor()
  const detach = useDetach(ticket.id, actor)
  return (
    <Card title="Files" testId="attachments">
      {attachments.length > 0 && (
        <ul className={classes.list}>
          {attachments.map((file) => (
            <File
              key={file.id}
              file={file}
              busy={detach.isPending && detach.variables === file.id}
              remove={() => detach.mutate(file.id)}
            />
          ))}
        </ul>
      )}
      {detach.error && <ProblemAlert error={detach.error} retry={detach.reset} retryLabel="Understood" />}
      <DropArea ticket={ticket.id} />
    </Card>
  )
}

interface FileProps {
  readonly file: Attachment
  readonly busy: boolean
  readonly remove: () => void
}

const File = ({ file, busy, remove }: FileProps) => (
  <li className={classes.file}>
    <IconPaperclip size={16} aria-hidden />
    <span className={classes.what}>
      <a href={attachmentHref(file)} download={file.name} data-testid={`file-${file.id}`}>
        {file.name}
      </a>
      <span className={classes.minor}>
        {formatBytes(file.bytes)}, {file.actor}, {formatMoment(file.at)}
      </span>
    </span>
    <ActionIcon
      variant="subtle"
      color="gray"
      loading={busy}
      onClick={remove}
      aria-label={`Remove ${file.name}`}
      data-testid={`file-remove-${file.id}`}
    >
      <IconTrash size={16} aria-hidden />
    </ActionIcon>
  </li>
)
