import { Button, Popover, Text, TextInput } from '@mantine/core'
import { IconUser } from '../icons.ts'
import { useActor } from '../useActor.ts'

/** Who acts: the name goes into the history of every ticket that is changed here. */
export function ActorField() {
  const [actor, setActor] = useActor()
  return (
    <Popover width={260} position="bottom-end" withArrow trapFocus>
      <Popover.Target>
        <Button
          variant="subtle"
          color="gray"
          size="compact-md"
          px={6}
          leftSection={<IconUser size={17} stroke={1.8} />}
          aria-label={`Acting as ${actor}, change the name`}
        >
          <Text component="span" size="sm" visibleFrom="sm" maw={120} truncate>
            {actor}
          </Text>
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <TextInput
          label="Your name"
          description="It stands beside your changes in the history of a ticket."
          defaultValue={actor}
          maxLength={60}
          onChange={(event) => setActor(event.currentTarget.value.trim() || 'planner')}
        />
      </Popover.Dropdown>
    </Popover>
  )
}
