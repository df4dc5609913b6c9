import { Progress } from '@mantine/core'
import { type DragEvent, useState } from 'react'
import { attachmentTypes } from '../../../../../core/attachment.ts'
import { useAttach } from '../../api/attachments.ts'
import { IconUpload } from '../../components/icons.ts'
import { ProblemAlert } from '../../components/ProblemAlert.tsx'
import { useActor } from '../../components/useActor.ts'
import classes from './AttachmentsCard.module.css'

const ends = Object.keys(attachmentTypes)

/** Files are chosen or dropped here, and sent one after the other. */
export function DropArea({ ticket }: { ticket: number }) {
  const [actor] = useActor()
  const attach = useAttach(ticket, actor)
  const [over, setOver] = useState(false)
  const [under, setUnder] = useState<{ name: string; share: number } | null>(null)

  /** What was refused stands there until the next try; the rest waits no longer than the one before it. */
  async function send(files: FileList | null) {
    for (const file of files ?? []) {
      const onProgress = (share: number) => setUnder({ name: file.name, share })
      onProgress(0)
      const taken = await attach.mutateAsync({ file, onProgress }).then(
        () => true,
        () => false,
      )
      if (!taken) break
    }
    setUnder(null)
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    void send(event.dataTransfer.files)
  }

  return (
    <>
      <label
        className={classes.drop}
        data-over={over || undefined}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <IconUpload size={18} aria-hidden />
        <span>Drop files here, or choose them</span>
        <span className={classes.minor}>{ends.join(', ')}</span>
        <input
          type="file"
          multiple
          accept={ends.map((end) => `.${end}`).join(',')}
          className={classes.input}
          disabled={attach.isPending}
          onChange={(event) => {
            const { currentTarget } = event
            void send(currentTarget.files).then(() => {
              currentTarget.value = ''
            })
          }}
          data-testid="attach"
        />
      </label>
      {under && (
        <div className={classes.under}>
          {under.name}
          <Progress value={100 * under.share} aria-label={`${under.name} is being sent`} />
        </div>
      )}
      {attach.error && <ProblemAlert error={attach.error} retry={attach.reset} retryLabel="Understood" />}
    </>
  )
}
