import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { FleetEvent } from '@serve.zone/baseos-cloudly-handlers';
import { describeActor, describeEvent } from '../format/describe-event.js';
import { formatClock, formatHeadingDay, isSameDay } from '../format/format-time.js';
import { server } from '../session/server.js';
import { Button } from '../ui/button.js';
import { Icon } from '../ui/icon.js';
import { now } from '../ui/now.js';
import { Problem } from '../ui/problem.js';
import { Skeleton } from '../ui/skeleton.js';
import { Moment } from '../ui/time.js';
import { useLoaded } from '../ui/use-loaded.js';

const PAGE = 30;

/** What happened to a node, the newest first. */
export function Timeline({ nodeId, eventCount }: { nodeId: string; eventCount: number }): JSX.Element {
  const [limit, setLimit] = useState(PAGE);
  const events = useLoaded(`${nodeId} ${limit}`, () => server.timeline(nodeId, { limit }));
  useEffect(() => {
    if (eventCount > 0) void events.reload();
  }, [eventCount]);
  return (
    <section class="sec" id="timeline">
      <h2>Timeline</h2>
      {events.error !== undefined && <Problem error={events.error} />}
      {!events.value && events.error === undefined && <Skeleton lines={5} />}
      {events.value && (
        <div class="box pad stack">
          {events.value.length === 0 ? <p class="muted">Nothing has happened yet.</p> : <Days events={events.value} />}
          {events.value.length === limit && (
            <p>
              <Button look="q" onClick={() => setLimit(limit + PAGE * 2)}>
                Show older
              </Button>
            </p>
          )}
        </div>
      )}
    </section>
  );
}

function Days({ events }: { events: readonly FleetEvent[] }): JSX.Element {
  return (
    <ol class="timeline">
      {events.map((event, index) => {
        const { atMs, actor, position } = event;
        const before = events[index - 1];
        const { icon, tone, text } = describeEvent(event);
        const isByNode = actor.startsWith('node:') || actor === 'system';
        return (
          <>
            {(!before || !isSameDay(before.atMs, atMs)) && (
              <li class="day" key={`day ${position}`}>
                {formatHeadingDay(atMs, now.value)}
              </li>
            )}
            <li key={position}>
              <Moment atMs={atMs} text={formatClock(atMs)} />
              <Icon name={icon} tone={tone} />
              <span>
                <bdi>{text}</bdi>
                {!isByNode && (
                  <span class="muted">
                    {' '}
                    by <bdi>{describeActor(actor)}</bdi>
                  </span>
                )}
              </span>
            </li>
          </>
        );
      })}
    </ol>
  );
}
