import type { Page } from 'playwright-core'

/** One page of the planner's, and what has to stand on it before it is complete. */
export interface PageToSee {
  readonly name: string
  readonly path: string
  /** Test ids. */
  readonly shows: readonly string[]
  /** Brings it into the state that is worth seeing. */
  readonly prepare?: (page: Page) => Promise<void>
}

export interface Examples {
  readonly ticket: number
  readonly device: string
}

/** Every page, with a ticket and a device as examples. */
export const pagesToSee = ({ ticket, device }: Examples): readonly PageToSee[] => [
  { name: 'tickets', path: '/', shows: ['tickets'] },
  { name: 'board', path: '/?view=board', shows: ['column-open', 'column-resolved'] },
  { name: 'ticket', path: `/tickets/${ticket}`, shows: ['history', 'argument'] },
  { name: 'device', path: `/devices/${device}`, shows: ['why-answer'] },
  { name: 'fleet', path: '/fleet', shows: ['fleet', 'maintenance-overview'] },
  { name: 'receivers', path: '/receivers', shows: ['receiver-add'] },
  { name: 'break', path: '/break', shows: ['break-go'] },
]

export const sizes = {
  desktop: { width: 1440, height: 900 },
  phone: { width: 390, height: 844 },
} as const

/** Goes there and waits until nothing is missing: no skeleton, every mark of the page in place. */
export async function visit(page: Page, url: string, { path, shows, prepare }: PageToSee): Promise<void> {
  await page.goto(`${url}${path}`)
  for (const id of shows) await page.getByTestId(id).first().waitFor({ timeout: 30_000 })
  await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached', timeout: 30_000 })
  await prepare?.(page)
  await page.evaluate('document.fonts.ready.then(() => true)')
}
