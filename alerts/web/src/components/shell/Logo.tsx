/** A signal, and the two ways it may go from here. */
export const Logo = () => (
  <svg width="26" height="26" viewBox="0 0 32 32" aria-hidden="true">
    <rect width="32" height="32" rx="7" fill="#12697a" />
    <path
      d="M5 20h5l3-9 4 14 3-8"
      fill="none"
      stroke="#fff"
      strokeWidth="2.6"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
    <path d="M20 17l7-5M20 17l7 5" fill="none" stroke="#9fd8e0" strokeWidth="2" strokeLinecap="round" />
  </svg>
)
