import { useSimulator } from '../../api/queries.ts'
import type { SimulatorState } from '../../api/types.ts'
import { Card } from '../../components/Card.tsx'
import { EmptyNote } from '../../components/EmptyNote.tsx'
import { Loaded } from '../../components/Loaded.tsx'
import { PageHead } from '../../components/PageHead.tsx'
import { formatNumber } from '../../lib/format.ts'
import { BreakControls } from './BreakControls.tsx'
import classes from './BreakPage.module.css'
import { BreakStory } from './BreakStory.tsx'
import { LiveForecast } from './LiveForecast.tsx'
import { useExperiment } from './useExperiment.ts'

/** Break a simulated machine and watch the whole journey: interval, ticket, repair or failure. */
export function BreakPage() {
  const query = useSimulator(1000)
  return (
    <>
      <PageHead
        title="Break a machine"
        lead="Choose a simulated pump and a fault. The forecast knows nothing of it but what the sensors say."
      />
      <Loaded query={query} height={200} lines={2}>
        {(simulator) => (simulator ? <Workbench simulator={simulator} /> : <NoSimulator />)}
      </Loaded>
    </>
  )
}

function Workbench({ simulator }: { simulator: SimulatorState }) {
  const experiment = useExperiment(simulator)
  const { pump } = experiment
  return (
    <div className={classes.columns}>
      <div className={classes.column}>
        <Card
          title="The machine"
          hint={`One second here is ${formatNumber(simulator.hoursPerSecond, 2)} h of the machines' time`}
        >
          <BreakControls simulator={simulator} experiment={experiment} />
        </Card>
        <BreakStory simulator={simulator} experiment={experiment} />
      </div>
      {pump && (
        <LiveForecast
          key={pump.device}
          pump={pump}
          assetType={simulator.assetType}
          hoursPerSecond={simulator.hoursPerSecond}
        />
      )}
    </div>
  )
}

const NoSimulator = () => (
  <Card>
    <EmptyNote title="These machines are real">
      Only a simulated fleet can be broken here. <code>npm run demo</code> starts one.
    </EmptyNote>
  </Card>
)
