import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { type CommandRecord, commandState, isCommandOver, type NodeDetails } from '@serve.zone/baseos-cloudly-handlers';
import { commandChip, commandPhases, commandTitle } from '../format/command-words.js';
import { formatDuration } from '../format/format-duration.js';
import { formatUntil } from '../format/format-time.js';
import { may } from '../session/may.js';
import { server } from '../session/server.js';
import { Button } from '../ui/button.js';
import { StateChip } from '../ui/chip.js';
import { Icon } from '../ui/icon.js';
import { now } from '../ui/now.js';
import { Problem } from '../ui/problem.js';
import { Ago } from '../ui/time.js';
import { useAction } from '../ui/use-action.js';
import { useLoaded } from '../ui/use-loaded.js';

export interface NodeCommandsProps {
  nodeId: string;
  details: NodeDetails;
  /** With each event of the node there may be another one. */
  eventCount: number;
}

/** What was asked of a node and what became of it; what it does now with its phases. */
export function NodeCommands({ nodeId, details, eventCount }: NodeCommandsProps): JSX.Element {
  const commands = useLoaded(nodeId, () => server.listCommands(nodeId, 20));
  const running = details.lastHeartbeat?.runningCommand;
  useEffect(() => void commands.reload(), [eventCount, running?.id, running?.phase]);
  const list = commands.value ?? [];
  const current = list.find((command) => commandState(command, now.value) === 'running');
  const others = list.filter((command) => command !== current);
  return (
    <section class="sec">
      <h2>Commands</h2>
      {commands.error !== undefined && <Problem error={commands.error} />}
      {current?.running && <Running nodeId={nodeId} command={current} onDone={() => void commands.reload()} />}
      {commands.value?.length === 0 && (
        <p class="box pad muted">None yet. What you send appears here, with each phase until its outcome.</p>
      )}
      {others.length > 0 && (
        <div class="box">
          <table class="cards top" role="table">
            <caption class="vh">Commands of this node, newest first</caption>
            <thead role="rowgroup">
              <tr role="row">
                <th scope="col" role="columnheader">
                  Command
                </th>
                <th scope="col" role="columnheader">
                  State
                </th>
                <th scope="col" role="columnheader">
                  What happened
                </th>
                <th scope="col" role="columnheader" class="num">
                  Asked
                </th>
              </tr>
            </thead>
            <tbody role="rowgroup">
              {others.map((command) => (
                <tr role="row" key={command.id}>
                  <td role="cell" class="grow">
                    <b>{commandTitle(command.kind)}</b> {command.service && <code>{command.service}</code>}
                  </td>
                  <td role="cell">
                    <StateChip {...commandChip(command, now.value)} />
                  </td>
                  <td role="cell" class="full">
                    <Outcome nodeId={nodeId} command={command} onDone={() => void commands.reload()} />
                  </td>
                  <td role="cell" class="num small">
                    <Ago atMs={command.queuedAtMs} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

interface OneProps {
  nodeId: string;
  command: CommandRecord;
  onDone: () => void;
}

function Running({ nodeId, command, onDone }: OneProps): JSX.Element | null {
  const { kind, running, queuedAtMs, expiresAtMs } = command;
  if (!running) return null;
  const { phase, reason, progressPercent, phaseBeganAtMs } = running;
  return (
    <section class="box pad stack" aria-label="Running now">
      <div class="sec-h">
        <p>
          <b>{commandTitle(kind)}</b>{' '}
          <span class="muted">
            asked <Ago atMs={queuedAtMs} />
          </span>
        </p>
        <StateChip tone="busy" icon="busy" word={`Running for ${formatDuration(now.value - phaseBeganAtMs)}`} />
      </div>
      <ol class="phases" aria-label="Phases of the command" aria-live="polite">
        {commandPhases(kind, phase).map(({ word, place }) => (
          <li key={word} aria-current={place === 'current' ? 'step' : undefined}>
            {place !== 'ahead' && <Icon name={place === 'past' ? 'ok' : 'busy'} />}
            {word}
          </li>
        ))}
      </ol>
      {progressPercent !== undefined && <progress max={100} value={progressPercent} aria-label="Progress" />}
      <p class="small muted">
        {reason !== undefined && (
          <>
            <bdi>{reason}</bdi>{' '}
          </>
        )}
        It may begin until {formatUntil(expiresAtMs, now.value)}.
      </p>
      <p class="acts">
        <Cancel nodeId={nodeId} command={command} onDone={onDone} />
      </p>
    </section>
  );
}

function Outcome({ nodeId, command, onDone }: OneProps): JSX.Element {
  const { result, expiresAtMs } = command;
  const state = commandState(command, now.value);
  if (result?.error) {
    return (
      <>
        <code>{result.error.code}</code> <bdi>{result.error.message}</bdi>
      </>
    );
  }
  if (result) return <>{result.durationMs === undefined ? '' : `Took ${formatDuration(result.durationMs)}.`}</>;
  if (!isCommandOver(state)) {
    return (
      <>
        The node hears of it with its next heartbeat. Due until {formatUntil(expiresAtMs, now.value)}.{' '}
        <Cancel nodeId={nodeId} command={command} onDone={onDone} />
      </>
    );
  }
  return <>{endings[state] ?? ''}</>;
}

const endings: Readonly<Record<string, string>> = {
  cancelled: 'It was withdrawn before the node began it.',
  expired: 'The node was not heard in time.',
  unknown: 'The node took it, and no result has arrived. Look at what it runs before you send it again.',
};

function Cancel({ nodeId, command, onDone }: OneProps): JSX.Element | null {
  const work = useAction();
  if (!may('operate') || command.cancelledAtMs !== undefined) return null;
  const cancel = async (): Promise<void> => {
    await server.cancelCommand(nodeId, command.id);
    onDone();
  };
  return (
    <>
      <Button look="q" isBusy={work.isBusy} onClick={() => void work.run(cancel)}>
        Cancel the command
      </Button>
      {work.error !== undefined && <Problem error={work.error} />}
    </>
  );
}
