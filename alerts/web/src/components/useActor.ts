import { useLocalStorage } from '@mantine/hooks'

/** Under which name this browser acts on tickets; kept between visits. */
export const useActor = () => useLocalStorage({ key: 'forewarn.actor', defaultValue: 'planner' })
