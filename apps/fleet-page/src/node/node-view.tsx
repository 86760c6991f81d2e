import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { NodeDetails } from '@serve.zone/baseos-cloudly-handlers';
import { nodeChips } from '../format/node-chips.js';
import { nameOf } from '../format/name-of.js';
import { useEvents } from '../live/use-events.js';
import { useEvery } from '../live/use-every.js';
import { urlOf } from '../route/here.js';
import { server } from '../session/server.js';
import { Button } from '../ui/button.js';
import { StateChip } from '../ui/chip.js';
import { now } from '../ui/now.js';
import { Problem } from '../ui/problem.js';
import { Skeleton } from '../ui/skeleton.js';
import { lazy } from '../ui/lazy.js';
import { Ago } from '../ui/time.js';
import { useTitle } from '../ui/title.js';
import { useLoaded } from '../ui/use-loaded.js';
import { describeNode } from './describe-node.js';
import { NodeActions } from './node-actions.js';
import { NodeCommands } from './node-commands.js';
import { Facts } from './facts.js';
import { LabelsBox, NotesBox } from './profile.js';
import { RawStatus } from './raw-status.js';
import { Rivals } from './rivals.js';
import { Timeline } from './timeline.js';

const Vitals = lazy(async () => (await import('./vitals.js')).Vitals);

const LIVE_EVERY_MS = 5000;

/** Everything about one node. */
export function NodeView({ nodeId }: { nodeId: string }): JSX.Element {
  const node = useLoaded(nodeId, () => server.getNode(nodeId));
  const [eventCount, setEventCount] = useState(0);
  const title = node.value ? nameOf(node.value.facts) : nodeId;
  useTitle(title);
  useEvents((events) => {
    if (events.length > 0 && !events.some((event) => event.nodeId === nodeId)) return;
    setEventCount((count) => count + 1);
    void node.reload();
  });
  useEvery(LIVE_EVERY_MS, () => void node.reload());
  const crumb = (
    <p class="crumb">
      <a href={urlOf(['nodes'])}>Nodes</a>
    </p>
  );
  if (!node.value) {
    return (
      <>
        <div class="head">
          <div>
            {crumb}
            <h1>
              <bdi>{title}</bdi>
            </h1>
          </div>
        </div>
        {node.error === undefined ? (
          <Skeleton lines={8} />
        ) : (
          <Problem error={node.error}>
            <Button look="q" onClick={() => void node.reload()}>
              Try again
            </Button>
          </Problem>
        )}
      </>
    );
  }
  const details = node.value;
  const reload = (): void => void node.reload();
  return (
    <>
      <div class="head">
        <div>
          {crumb}
          <h1>
            <bdi>{title}</bdi>
          </h1>
          <p class="acts">
            {nodeChips(details).map((chip) => (
              <StateChip key={chip.word} {...chip} />
            ))}
            <Seen details={details} />
          </p>
        </div>
        <NodeActions details={details} onDone={reload} />
      </div>
      <div class="cols">
        <div>
          <section class="box pad sec">
            <h2>State</h2>
            <p>{describeNode(details, now.value).join(' ')}</p>
            <Rivals details={details} onDone={reload} />
          </section>
          <NodeCommands nodeId={nodeId} eventCount={eventCount} details={details} />
          <Vitals nodeId={nodeId} />
          <Timeline nodeId={nodeId} eventCount={eventCount} />
          <RawStatus details={details} />
        </div>
        <aside class="side" aria-label="About this node">
          <Facts details={details} />
          <LabelsBox details={details} onDone={reload} />
          <NotesBox details={details} onDone={reload} />
        </aside>
      </div>
    </>
  );
}

function Seen({ details: { lastHeartbeatAtMs } }: { details: NodeDetails }): JSX.Element {
  return (
    <span class="muted">
      {lastHeartbeatAtMs === undefined ? (
        'Never seen'
      ) : (
        <>
          Seen <Ago atMs={lastHeartbeatAtMs} />
        </>
      )}
    </span>
  );
}
