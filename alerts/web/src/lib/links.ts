/** Addresses of the page, once. */
export const links = {
  tickets: '/',
  ticket: (id: number) => `/tickets/${id}`,
  fleet: '/fleet',
  device: (device: string) => `/devices/${encodeURIComponent(device)}`,
  receivers: '/receivers',
  break: '/break',
} as const
