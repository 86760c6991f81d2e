import {
  type CommandRecord,
  type CommandState,
  commandEndsAtMs,
  commandState,
} from '@serve.zone/baseos-cloudly-handlers';
import { instant } from '../time/instant.js';

type Asked = Pick<
  CommandRecord,
  'id' | 'kind' | 'force' | 'appId' | 'service' | 'commit' | 'timeoutMs' | 'soakMs' | 'of'
>;

/** A command as an operator sees it: with its state, and with instants in RFC 3339. */
export interface CommandView extends Asked {
  state: CommandState;
  queuedAt: string;
  expiresAt: string;
  /** When Cloudly ends it if it was sent to its node and has no result by then. */
  endsAt: string;
  listedAt?: string;
  /** As of the last heartbeat that named it. */
  running?: { phase: string; reason?: string; progressPercent?: number; since: string; reportedAt: string };
  cancelledAt?: string;
  result?: Omit<NonNullable<CommandRecord['result']>, 'receivedAtMs'> & { receivedAt: string };
}

export function viewCommand(command: CommandRecord, nowMs: number): CommandView {
  const { queuedAtMs, expiresAtMs, listedAtMs, running, cancelledAtMs, result } = command;
  return {
    ...askedOf(command),
    state: commandState(command, nowMs),
    queuedAt: instant(queuedAtMs),
    expiresAt: instant(expiresAtMs),
    endsAt: instant(commandEndsAtMs(command)),
    ...(listedAtMs !== undefined && { listedAt: instant(listedAtMs) }),
    ...(running && { running: viewProgress(running) }),
    ...(cancelledAtMs !== undefined && { cancelledAt: instant(cancelledAtMs) }),
    ...(result && { result: viewResult(result) }),
  };
}

/** What is absent stays out of the JSON. */
function askedOf({ id, kind, force, appId, service, commit, timeoutMs, soakMs, of }: CommandRecord): Asked {
  return { id, kind, force, appId, service, commit, timeoutMs, soakMs, of };
}

function viewProgress({
  phaseBeganAtMs,
  reportedAtMs,
  phase,
  reason,
  progressPercent,
}: NonNullable<CommandRecord['running']>): NonNullable<CommandView['running']> {
  return {
    phase,
    ...(reason !== undefined && { reason }),
    ...(progressPercent !== undefined && { progressPercent }),
    since: instant(phaseBeganAtMs),
    reportedAt: instant(reportedAtMs),
  };
}

function viewResult({
  receivedAtMs,
  ...result
}: NonNullable<CommandRecord['result']>): NonNullable<CommandView['result']> {
  return { ...result, receivedAt: instant(receivedAtMs) };
}
