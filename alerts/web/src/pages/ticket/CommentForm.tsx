import { Button, Textarea } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useComment } from '../../api/actions.ts'
import { ProblemAlert } from '../../components/ProblemAlert.tsx'
import { useActor } from '../../components/useActor.ts'
import classes from './CommentForm.module.css'

export function CommentForm({ id }: { id: number }) {
  const [actor] = useActor()
  const [note, setNote] = useState('')
  const comment = useComment(id, actor)
  const send = (event: FormEvent) => {
    event.preventDefault()
    comment.mutate(note.trim(), { onSuccess: () => setNote('') })
  }
  return (
    <form onSubmit={send} className={classes.form}>
      <Textarea
        aria-label="Comment"
        placeholder="Add a comment"
        autosize
        minRows={1}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        data-testid="comment"
      />
      <Button
        type="submit"
        variant="default"
        disabled={note.trim() === ''}
        loading={comment.isPending}
        data-testid="comment-submit"
      >
        Add
      </Button>
      {comment.error && (
        <div className={classes.problem}>
          <ProblemAlert error={comment.error} />
        </div>
      )}
    </form>
  )
}
