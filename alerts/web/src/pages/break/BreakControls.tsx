import { Button, NativeSelect } from '@mantine/core'
import type { SimulatedPump, SimulatorState } from '../../api/types.ts'
import { IconBolt, IconTool } from '../../components/icons.ts'
import { ProblemAlert } from '../../components/ProblemAlert.tsx'
import { useAssetTypes } from '../../components/useAssetTypes.ts'
import { formatCost } from '../../lib/format.ts'
import classes from './BreakPage.module.css'
import { choosable } from './broken.ts'
import type { Experiment } from './useExperiment.ts'

interface BreakControlsProps {
  readonly simulator: SimulatorState
  readonly experiment: Experiment
}

const pumpLabel = ({ device, state }: SimulatedPump): string =>
  state === 'running' ? device : `${device} (${state === 'failed' ? 'failed' : 'breaking'})`

export function BreakControls({ simulator, experiment }: BreakControlsProps) {
  const { pump, mode, busy, error } = experiment
  const running = pump?.state === 'running'
  return (
    <div className={classes.fields}>
      <NativeSelect
        label="Machine"
        value={pump?.device ?? ''}
        onChange={(event) => experiment.choosePump(event.currentTarget.value)}
        data={choosable(simulator.pumps).map((p) => ({ value: p.device, label: pumpLabel(p) }))}
        data-testid="break-device"
      />
      <NativeSelect
        label="Fault"
        value={mode}
        onChange={(event) => experiment.chooseMode(event.currentTarget.value)}
        data={simulator.modes.map(({ name, label }) => ({ value: name, label }))}
        disabled={!running}
        data-testid="break-mode"
      />
      <CostOf assetType={simulator.assetType} mode={pump?.mode ?? mode} />
      <div className={classes.buttons}>
        <Button
          color="red"
          leftSection={<IconBolt size={16} aria-hidden />}
          disabled={!running || busy}
          onClick={() => experiment.break()}
          data-testid="break-go"
        >
          Break
        </Button>
        <Button
          variant="default"
          leftSection={<IconTool size={16} aria-hidden />}
          disabled={!pump || running || busy}
          onClick={() => experiment.repair()}
          data-testid="repair-go"
        >
          Repair
        </Button>
      </div>
      {error && <ProblemAlert error={error} />}
    </div>
  )
}

function CostOf({ assetType, mode }: { assetType: string; mode: string }) {
  const advice = useAssetTypes()
    .get(assetType)
    ?.failureModes.find((m) => m.name === mode)
  if (!advice) return null
  return (
    <p className={classes.costs}>
      Repaired in time it costs <b>{formatCost(advice.costPlanned)}</b>, ignored until it fails{' '}
      <b>{formatCost(advice.costFailure)}</b>.
    </p>
  )
}
