import { type CSSVariablesResolver, createTheme, type MantineColorsTuple, Modal } from '@mantine/core'

const petrol: MantineColorsTuple = [
  '#e8f5f7',
  '#d3e8ec',
  '#a8d2da',
  '#79bac6',
  '#53a6b5',
  '#3a99aa',
  '#2a8898',
  '#177586',
  '#0d6577',
  '#065463',
]

/** Slate instead of neutral grey, so that dark cards sit beside the petrol without a colour cast. */
const dark: MantineColorsTuple = [
  '#d3dce2',
  '#b1bdc6',
  '#8f9eaa',
  '#6c7c88',
  '#3b4953',
  '#2f3b44',
  '#243038',
  '#182026',
  '#10161a',
  '#0b1013',
]

export const theme = createTheme({
  primaryColor: 'petrol',
  primaryShade: { light: 8, dark: 7 },
  autoContrast: true,
  colors: { petrol, dark },
  defaultRadius: 'md',
  cursorType: 'pointer',
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  components: { Modal: Modal.extend({ styles: { title: { fontSize: '1rem', fontWeight: 600 } } }) },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.375rem', lineHeight: '1.3' },
      h2: { fontSize: '1rem', lineHeight: '1.4' },
      h3: { fontSize: '0.875rem', lineHeight: '1.4' },
    },
  },
})

/** On dark ground Mantine's light variant of a deep colour is nearly black: these stay visible. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  // Words in these colours on white or on their own light ground are too faint to read at small sizes (WCAG 1.4.3).
  light: {
    '--mantine-color-dimmed': '#5b6a75',
    '--mantine-color-orange-text': '#b03a07',
    '--mantine-color-orange-light-color': '#a33205',
    '--mantine-color-teal-text': '#067a5b',
    '--mantine-color-teal-light-color': '#056a4f',
    '--mantine-color-gray-light-color': '#4a545d',
  },
  dark: {
    '--mantine-color-dimmed': '#95a4af',
    '--mantine-color-petrol-light': 'rgba(83, 166, 181, 0.18)',
    '--mantine-color-petrol-light-hover': 'rgba(83, 166, 181, 0.25)',
    '--mantine-color-petrol-light-color': '#a8d8e0',
  },
})
