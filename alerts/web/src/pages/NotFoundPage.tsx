import { Anchor } from '@mantine/core'
import { Link } from 'wouter'
import { EmptyNote } from '../components/EmptyNote.tsx'
import { usePageTitle } from '../components/usePageTitle.ts'
import { links } from '../lib/links.ts'

export function NotFoundPage() {
  usePageTitle('Not found')
  return (
    <EmptyNote title="There is no such page">
      <Anchor component={Link} href={links.tickets}>
        To the tickets
      </Anchor>
    </EmptyNote>
  )
}
