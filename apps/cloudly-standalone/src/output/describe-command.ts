import { type CommandRecord, commandState } from '@serve.zone/baseos-cloudly-handlers';
import type { CommandRequest } from '@serve.zone/baseos-contracts';
import { formatDuration } from '../time/format-duration.js';

/** More than 64 characters, which is longer than the ID of any release. */
const tooLong = /^(.{63}).{2,}$/su;

/** Where a command stands, in words for a person. It begins with the state. */
export function describeCommand(command: CommandRecord, nowMs: number): string {
  const { running, listedAtMs, result } = command;
  const state = commandState(command, nowMs);
  switch (state) {
    case 'queued':
      return 'queued: the node receives it with its next heartbeat';
    case 'listed':
      return 'listed: sent to the node, which has not reported on it yet';
    case 'running':
      return `running: ${running ? describeProgress(running, nowMs) : ''}${tooLate(command)}`;
    case 'cancelled':
      return listedAtMs === undefined
        ? 'cancelled before it was sent to the node'
        : 'cancelled after it was sent to the node, which may have begun it';
    case 'expired':
      return result
        ? `expired: the node did not begin it in time${why(command)}`
        : 'expired before it was sent to the node';
    case 'unknown':
      return result
        ? `unknown: the node sent the outcome "${result.outcome}"${why(command)}`
        : `unknown: sent to the node, which has reported no result in time${lastHeard(command)}`;
    case 'interrupted':
      return `interrupted: the node does not know whether it was carried out${why(command)}`;
    case 'unsupported':
      return `unsupported: the node does not know this kind of command${why(command)}`;
    default:
      return `${state}${duration(command)}${why(command)}`;
  }
}

/** The command itself: `update of app 7 to a1b2c3`. */
export function nameCommand(command: CommandRequest & Pick<CommandRecord, 'of'>): string {
  const { kind, of, service, appId, commit, force } = command;
  if (of) return `preview of ${nameCommand(of)}`;
  return [
    kind,
    ...(service === undefined ? [] : [`of ${shorten(service)}`]),
    ...(appId === undefined ? [] : [`in app ${appId}`]),
    ...(commit === undefined ? [] : [`to ${shorten(commit)}`]),
    ...(force === true ? ['with force'] : []),
  ].join(' ');
}

/** A name so long that it would push the other columns off the screen is cut. */
function shorten(name: string): string {
  return name.replace(tooLong, '$1…');
}

function describeProgress(
  { phase, reason, progressPercent, phaseBeganAtMs }: NonNullable<CommandRecord['running']>,
  nowMs: number,
): string {
  const percent = progressPercent === undefined ? '' : ` ${Math.floor(progressPercent)} %`;
  const since = ` for ${formatDuration(nowMs - phaseBeganAtMs)}`;
  return `${phase}${percent}${since}${reason === undefined ? '' : ` (${reason})`}`;
}

function tooLate({ cancelledAtMs }: CommandRecord): string {
  return cancelledAtMs === undefined ? '' : '; it had begun before it was cancelled';
}

function duration({ result }: CommandRecord): string {
  return result?.durationMs === undefined ? '' : ` after ${formatDuration(result.durationMs)}`;
}

function why({ result }: CommandRecord): string {
  return result?.error ? ` (${result.error.code}: ${result.error.message})` : '';
}

function lastHeard({ running }: CommandRecord): string {
  return running ? ` (last heard: ${running.phase})` : '';
}
