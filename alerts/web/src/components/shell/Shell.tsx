import { AppShell, Burger, Group, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { type ReactNode, useEffect } from 'react'
import { Link, useLocation } from 'wouter'
import { links } from '../../lib/links.ts'
import { ActorField } from './ActorField.tsx'
import { ConnectionBadge } from './ConnectionBadge.tsx'
import { Logo } from './Logo.tsx'
import { MainLinks } from './MainLinks.tsx'
import { SchemeButton } from './SchemeButton.tsx'
import classes from './Shell.module.css'
import { StatusStrip } from './StatusStrip.tsx'

/** Head with the ways, the page, the status strip; on a phone the ways fold into a drawer. */
export function Shell({ children }: { children: ReactNode }) {
  const [opened, { toggle, close }] = useDisclosure()
  const [location] = useLocation()
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new location is the reason to fold the drawer
  useEffect(close, [location])

  return (
    <AppShell
      header={{ height: 52 }}
      footer={{ height: 32 }}
      navbar={{ width: 260, breakpoint: 'sm', collapsed: { mobile: !opened, desktop: true } }}
      padding={0}
    >
      <AppShell.Header className={classes.header}>
        <a className={classes.skip} href="#main">
          Skip to the content
        </a>
        <Group h="100%" px="md" gap="lg" wrap="nowrap">
          <Burger
            opened={opened}
            onClick={toggle}
            hiddenFrom="sm"
            size="sm"
            aria-label={opened ? 'Close the navigation' : 'Open the navigation'}
          />
          <Link href={links.tickets} className={classes.brand}>
            <Logo />
            <Text component="span" fw={650} fz="lg">
              Forewarn
            </Text>
          </Link>
          <Group component="nav" aria-label="Main" gap={4} visibleFrom="sm" className={classes.ways}>
            <MainLinks />
          </Group>
          <Group ml="auto" gap="xs" wrap="nowrap">
            <ConnectionBadge />
            <ActorField />
            <SchemeButton />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" className={classes.drawer}>
        {opened && (
          <nav aria-label="Main">
            <MainLinks stacked />
          </nav>
        )}
      </AppShell.Navbar>
      <AppShell.Main className={classes.main}>
        <div id="main" tabIndex={-1} className={classes.page}>
          {children}
        </div>
      </AppShell.Main>
      <AppShell.Footer className={classes.footer}>
        <StatusStrip />
      </AppShell.Footer>
    </AppShell>
  )
}
