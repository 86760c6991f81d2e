import { escapeControls } from '@serve.zone/baseos-command-line';
import type { Notice, StatusReport, WakingStatus } from '@serve.zone/baseos-runner-core';
import { versionLine } from '../about/program.js';
import type { Colour, Paint } from '../cli/terminal.js';
import { describeOpenCommand, nameOfCommand } from './describe-open-command.js';
import { describeDuration } from './describe-duration.js';

/** What a line is about, what it says, and in which colour it begins. */
interface Line {
  label: string;
  /** The most important word, before the rest. */
  state?: readonly [Colour, string] | undefined;
  text?: string | undefined;
}

const LABEL_WIDTH = 15;
const APPS_MAX = 5;
const COMMANDS_MAX = 3;

/** A status for people: one line for each subject. Text from elsewhere cannot forge a line. */
export function humanStatus(report: StatusReport, nowMs: number, paint: Paint): string {
  const lines: Line[] = [
    { label: 'BaseRunner', text: versionLine },
    agentLine(report, nowMs),
    nodeLine(report),
    cloudlyLine(report, nowMs),
    ...nextLines(report, nowMs),
    ...wakingLines(report, nowMs),
    deviceLine(report),
    ...supervisorLines(report),
    ...appLines(report),
    ...updateLines(report),
    ...commandLines(report, nowMs),
    ...problemLines(report),
    ...report.mistakes.flatMap((mistake) => explainedLines('Mistake', 'red', mistake)),
    ...noticesBesideProblem(report).flatMap((notice) => explainedLines('Notice', 'yellow', notice)),
  ];
  return lines.map((line) => `${render(line, paint)}\n`).join('');
}

function render({ label, state, text }: Line, paint: Paint): string {
  const shown = [
    ...(state === undefined ? [] : [paint(state[0], escapeControls(state[1]))]),
    ...(text === undefined || text === '' ? [] : [escapeControls(text)]),
  ];
  return `${label.padEnd(LABEL_WIDTH)}${shown.join(', ')}`;
}

function agentLine({ agent, runtime }: StatusReport, nowMs: number): Line {
  const label = 'Agent';
  if (agent.running === undefined) return { label, state: ['yellow', 'not known whether it is running'] };
  if (!agent.running) return { label, state: ['yellow', 'not running'] };
  const uptimeMs = runtime.vitals?.agentUptimeMs;
  const since = uptimeMs === undefined ? '' : ` for ${describeDuration(uptimeMs + sinceMs(agent.publishedAt, nowMs))}`;
  const looked = agent.publishedAt && `last update ${ago(agent.publishedAt, nowMs)}`;
  return {
    label,
    state: ['green', `running${since}`],
    text: join(`process ${agent.pid}`, `version ${agent.version}`, looked),
  };
}

const nodeColours: Readonly<Record<StatusReport['cloudly']['state'], Colour>> = {
  'not-configured': 'yellow',
  unknown: 'yellow',
  unregistered: 'yellow',
  pending: 'yellow',
  registered: 'green',
  dormant: 'red',
};

function nodeLine({ cloudly }: StatusReport): Line {
  const { state, nodeId, approvalCode } = cloudly;
  return {
    label: 'Node',
    state: [nodeColours[state], state],
    text: join(nodeId, approvalCode && `approval code ${approvalCode}`),
  };
}

const connectivityColours: Readonly<Record<StatusReport['cloudly']['connectivity'], Colour>> = {
  unknown: 'yellow',
  connected: 'green',
  unreachable: 'red',
  rejected: 'red',
};

function cloudlyLine({ cloudly }: StatusReport, nowMs: number): Line {
  const { url, connectivity, lastSuccessAt, failuresInARow } = cloudly;
  const label = 'Cloudly';
  if (url === undefined) return { label, state: ['yellow', 'not configured'] };
  return {
    label,
    state: [connectivityColours[connectivity], connectivity === 'unknown' ? 'not contacted yet' : connectivity],
    text: join(
      url,
      lastSuccessAt && `last success ${ago(lastSuccessAt, nowMs)}`,
      failuresInARow > 0 ? `the last ${failuresInARow === 1 ? 'call' : `${failuresInARow} calls`} failed` : undefined,
    ),
  };
}

function nextLines({ cloudly: { next } }: StatusReport, nowMs: number): Line[] {
  if (!next) return [];
  const waitMs = Date.parse(next.at) - nowMs;
  const when = next.underWay ? 'under way' : waitMs > 0 ? `in ${describeDuration(waitMs)}` : 'due now';
  return [{ label: 'Next call', text: `${next.call} ${when}. ${next.explanation}` }];
}

/** Whether commands have to wait for the next call. */
function wakingLines({ cloudly: { waking } }: StatusReport, nowMs: number): Line[] {
  const label = 'Waking';
  switch (waking?.state) {
    case 'off':
      return [{ label, text: 'off (BASEOS_WAKE)' }];
    case 'not-offered':
      return [{ label, text: 'not offered by this Cloudly' }];
    case 'on':
      return [{ label, state: ['green', 'on'], text: waking.isWaiting ? 'waiting for Cloudly' : undefined }];
    case 'failing':
      return failingLines(label, waking, nowMs);
    default:
      return [];
  }
}

function failingLines(label: string, { failure }: WakingStatus, nowMs: number): Line[] {
  if (!failure) return [];
  const { inARow, since, reason } = failure;
  const state = `failing for ${describeDuration(sinceMs(since, nowMs))}`;
  const text = inARow === 1 ? '1 request' : `${inARow} requests in a row`;
  return [
    { label, state: ['yellow', state], text },
    { label: '', text: reason },
  ];
}

function deviceLine({ runtime: { host, device, vitals } }: StatusReport): Line {
  const uptimeMs = vitals?.hostUptimeMs;
  const up = uptimeMs === undefined ? undefined : `up ${describeDuration(uptimeMs)}`;
  return { label: 'Device', text: join(device.uuid, host.hostname, host.osVersion, up) };
}

function supervisorLines({ supervisor }: StatusReport): Line[] {
  const label = 'Supervisor';
  if (supervisor.state !== 'available') {
    const colour = supervisor.state === 'not-configured' ? 'yellow' : 'red';
    const reason = supervisor.reason === undefined ? [] : [{ label: '', text: supervisor.reason }];
    return [{ label, state: [colour, supervisor.state] }, ...reason];
  }
  const { version, appState, device } = supervisor;
  const text = join(version && `version ${version}`, appState && `apps ${appState}`, device?.status);
  return [{ label, state: ['green', 'available'], text }];
}

function appLines({ supervisor }: StatusReport): Line[] {
  const apps = supervisor.state === 'available' ? (supervisor.apps ?? []) : [];
  const lines = apps.slice(0, APPS_MAX).map(({ appId, name, services }): Line => {
    const told = services.map((service) => `${service.name} ${service.status}`);
    return { label: 'App', text: join(name ?? String(appId), told.join(', ')) };
  });
  const untold = apps.length - lines.length;
  return untold > 0 ? [...lines, { label: '', text: `and ${untold} more` }] : lines;
}

function commandLines(
  { agent, commands: { running = [], waiting = [], problem } }: StatusReport,
  nowMs: number,
): Line[] {
  const ageMs = sinceMs(agent.publishedAt, nowMs);
  const open = [
    ...running.map((command) => ['running', command] as const),
    ...waiting.map((command) => ['waiting for its turn', command] as const),
  ];
  const lines = open.slice(0, COMMANDS_MAX).map(([otherwise, command]): Line => {
    const now = { ...command, sinceMs: command.sinceMs === undefined ? undefined : command.sinceMs + ageMs };
    return {
      label: 'Command',
      state: ['yellow', nameOfCommand(command)],
      text: describeOpenCommand(now, otherwise),
    };
  });
  const untold = open.length - lines.length;
  return [
    ...lines,
    ...(untold > 0 ? [{ label: '', text: `and ${untold} more` }] : []),
    ...(problem ? explainedLines('Problem', 'red', problem) : []),
  ];
}

/** Only a gated device has something to say. */
function updateLines({ updates }: StatusReport): Line[] {
  if (updates?.gate === undefined) return [];
  const { gate, staged, reason } = updates;
  const waits = staged === undefined ? undefined : `release ${staged} waits`;
  const lines: Line[] = [{ label: 'Gate', state: [gateColours[gate] ?? 'yellow', gate], text: waits }];
  return reason === undefined ? lines : [...lines, { label: '', text: reason }];
}

const gateColours: Readonly<Record<string, Colour>> = { closed: 'green', open: 'yellow', unavailable: 'red' };

function problemLines({ cloudly: { problem } }: StatusReport): Line[] {
  return problem ? explainedLines('Problem', 'red', problem) : [];
}

/** What a problem already says is not repeated. */
function noticesBesideProblem({ notices, cloudly: { problem } }: StatusReport): readonly Notice[] {
  return notices.filter(({ code }) => code !== problem?.code);
}

function explainedLines(label: string, colour: Colour, { message, remedy }: Omit<Notice, 'code'>): Line[] {
  return [{ label, state: [colour, message] }, ...(remedy === undefined ? [] : [{ label: '', text: `-> ${remedy}` }])];
}

/** The vitals are as old as the status that has them. A clock that was set back makes no agent younger. */
function sinceMs(time: string | undefined, nowMs: number): number {
  return time === undefined ? 0 : Math.max(0, nowMs - Date.parse(time));
}

function ago(time: string, nowMs: number): string {
  return `${describeDuration(nowMs - Date.parse(time))} ago`;
}

function join(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join(', ');
}
