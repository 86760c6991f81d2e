import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { FleetEvent, FleetEventKind } from '@serve.zone/baseos-cloudly-handlers';
import { fleetEventKinds } from '@serve.zone/baseos-cloudly-handlers';
import { describeActor, describeEvent } from '../format/describe-event.js';
import { useEvents } from '../live/use-events.js';
import { go, here, urlOf } from '../route/here.js';
import { server } from '../session/server.js';
import { Button } from '../ui/button.js';
import { Icon } from '../ui/icon.js';
import { useKeys } from '../ui/keys.js';
import { Problem } from '../ui/problem.js';
import { Skeleton } from '../ui/skeleton.js';
import { Ago } from '../ui/time.js';
import { useTitle } from '../ui/title.js';
import { useLoaded } from '../ui/use-loaded.js';

const PAGE = 100;

/** What is chosen among, and the kinds of each. */
const groups: readonly (readonly [string, string, RegExp])[] = [
  ['commands', 'Commands', /^command-/],
  ['nodes', 'Nodes', /^node-|^clone-|^crash-|^agent-|^os-|^release-|^supervisor-|^update-|^storage-/],
  ['joins', 'Enrolment', /^join-token-|^node-(?:registered|approved)$/],
  ['jobs', 'Jobs and views', /^bulk-|^view-/],
  ['access', 'Operators and access', /^operator-|password|^invitation-|^session|^sign-in-|^api-token-/],
];

/** Everything that operators, nodes and Cloudly did, the newest first. */
export function AuditView(): JSX.Element {
  useTitle('Audit');
  const { query } = here.value;
  const what = query.get('what') ?? '';
  const isAudit = query.get('who') === 'operators';
  const nodeId = query.get('node') ?? undefined;
  const [limit, setLimit] = useState(PAGE);
  const [newCount, setNewCount] = useState(0);
  const pattern = groups.find(([name]) => name === what)?.[2];
  const kinds = pattern && fleetEventKinds.filter((kind) => pattern.test(kind));
  const filter = { ...(kinds && { kinds }), ...(isAudit && { isAudit }), ...(nodeId !== undefined && { nodeId }) };
  const events = useLoaded(JSON.stringify([filter, limit]), () => server.listEvents({ ...filter, limit }));
  useEffect(() => setNewCount(0), [events.value]);
  useEvents((told) => setNewCount((count) => count + told.filter(fits(kinds, nodeId)).length));
  const refresh = (): void => void events.reload();
  useKeys({ r: refresh, R: refresh });
  const ask = (next: Record<string, string | undefined>): void => {
    go(urlOf(['audit'], { what, who: isAudit ? 'operators' : undefined, node: nodeId, ...next }), true);
    setLimit(PAGE);
  };
  return (
    <>
      <div class="head">
        <div>
          <h1>Audit</h1>
          <p class="lead">
            Everything that operators, nodes and Cloudly itself did. What people did is kept for two years, the rest for
            90 days. Secrets are never recorded.
          </p>
        </div>
      </div>
      <form class="inline" aria-label="Filter events" onSubmit={(event) => event.preventDefault()}>
        <div class="field">
          <label for="who">Who</label>
          <select
            id="who"
            value={isAudit ? 'operators' : ''}
            onChange={({ currentTarget }) => ask({ who: currentTarget.value })}
          >
            <option value="">Anyone</option>
            <option value="operators">People, and what concerns security</option>
          </select>
        </div>
        <div class="field">
          <label for="what">What</label>
          <select id="what" value={what} onChange={({ currentTarget }) => ask({ what: currentTarget.value })}>
            <option value="">Any event</option>
            {groups.map(([name, words]) => (
              <option key={name} value={name}>
                {words}
              </option>
            ))}
          </select>
        </div>
        {(what !== '' || isAudit || nodeId !== undefined) && (
          <Button look="q" onClick={() => ask({ what: undefined, who: undefined, node: undefined })}>
            Clear
          </Button>
        )}
      </form>
      {events.error !== undefined && <Problem error={events.error} />}
      {!events.value && events.error === undefined && <Skeleton lines={10} />}
      {events.value && (
        <div class="sec">
          <div class="sec-h">
            <p class="muted">Newest first</p>
            {newCount > 0 && (
              <Button look="q" icon="refresh" isBusy={events.isLoading} onClick={refresh}>
                {newCount} new: show
              </Button>
            )}
          </div>
          {events.value.length === 0 ? (
            <div class="box empty">
              <h2>Nothing of this kind has happened</h2>
              <p class="muted">Choose other events, or all of them.</p>
            </div>
          ) : (
            <EventsTable events={events.value} />
          )}
          {events.value.length === limit && (
            <p>
              <Button isBusy={events.isLoading} onClick={() => setLimit(limit + 2 * PAGE)}>
                Show older
              </Button>
            </p>
          )}
        </div>
      )}
    </>
  );
}

function fits(
  kinds: readonly FleetEventKind[] | undefined,
  nodeId: string | undefined,
): (event: FleetEvent) => boolean {
  return (event) => (!kinds || kinds.includes(event.kind)) && (nodeId === undefined || event.nodeId === nodeId);
}

function EventsTable({ events }: { events: readonly FleetEvent[] }): JSX.Element {
  return (
    <div class="box">
      <table class="cards" role="table">
        <caption class="vh">Events, the newest first</caption>
        <thead role="rowgroup">
          <tr role="row">
            {['When', 'Who', 'What', 'On'].map((title) => (
              <th scope="col" role="columnheader" key={title}>
                {title}
              </th>
            ))}
            <th scope="col" role="columnheader" class="p2">
              Kind
            </th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {events.map((event) => {
            const { icon, tone, text } = describeEvent(event);
            return (
              <tr role="row" key={event.position}>
                <td role="cell" class="nowrap small">
                  <Ago atMs={event.atMs} />
                </td>
                <td role="cell">
                  <bdi>{describeActor(event.actor)}</bdi>
                </td>
                <td role="cell" class="full">
                  <Icon name={icon} tone={tone} /> <bdi>{text}</bdi>
                </td>
                <td role="cell" class="id">
                  {event.nodeId !== undefined && (
                    <a href={urlOf(['nodes', event.nodeId])}>
                      <bdi>{event.nodeId}</bdi>
                    </a>
                  )}
                </td>
                <td role="cell" class="p2 drop">
                  <code class="muted">{event.kind}</code>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
