import { useReceivers } from '../../api/receivers.ts'
import { Card } from '../../components/Card.tsx'
import { EmptyNote } from '../../components/EmptyNote.tsx'
import { Loaded } from '../../components/Loaded.tsx'
import { PageHead } from '../../components/PageHead.tsx'
import { AddReceiver } from './AddReceiver.tsx'
import { ReceiverCard } from './ReceiverCard.tsx'
import classes from './Receivers.module.css'

/** Who is told about tickets, by webhook or e-mail, and what became of each message. */
export function ReceiversPage() {
  const query = useReceivers()
  return (
    <>
      <PageHead
        title="Receivers"
        lead="Webhooks and e-mail that hear about tickets. A message is tried again for about a day; a dead receiver holds up no ticket."
      />
      <Loaded query={query} height={150} lines={2}>
        {({ receivers, mail }) => (
          <div className={classes.page}>
            {receivers.length === 0 && (
              <Card>
                <EmptyNote title="Nobody is told yet">
                  Tickets are on this page alone until a webhook or an address is added.
                </EmptyNote>
              </Card>
            )}
            {receivers.map((receiver) => (
              <ReceiverCard key={receiver.id} receiver={receiver} />
            ))}
            <AddReceiver mail={mail} />
          </div>
        )}
      </Loaded>
    </>
  )
}
