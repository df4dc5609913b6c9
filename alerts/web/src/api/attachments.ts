import { useMutation, useQueryClient } from '@tanstack/react-query'
import { deleteAt, path, query } from './client.ts'
import { keys } from './keys.ts'
import type { Attachment } from './types.ts'
import { uploadFile } from './upload.ts'

export const attachmentHref = ({ ticket, id }: Pick<Attachment, 'ticket' | 'id'>): string =>
  path`/api/tickets/${ticket}/attachments/${id}`

export interface Upload {
  readonly file: File
  readonly onProgress: (share: number) => void
}

export function useAttach(ticket: number, actor: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ file, onProgress }: Upload) =>
      uploadFile<Attachment>(
        path`/api/tickets/${ticket}/attachments` + query({ name: file.name, actor }),
        file,
        onProgress,
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.ticket(ticket) }),
  })
}

export function useDetach(ticket: number, actor: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: number) => deleteAt(attachmentHref({ ticket, id }) + query({ actor })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.ticket(ticket) }),
  })
}
