import type { Supervisor } from '@serve.zone/balena-supervisor-emulator';
import type { CommandOrder } from '@serve.zone/baseos-cloudly-handlers';

export const appId = 7;

export interface CommandCase {
  name: string;
  order: CommandOrder;
  /** Puts the device into the state in which the command changes something, before the agent starts. */
  arrange?: (supervisor: Supervisor, address: string) => Promise<void> | void;
  /** The same, once the agent has enrolled. */
  arrangeLater?: (supervisor: Supervisor) => Promise<void> | void;
  /** A lock is in its way until the agent is killed. */
  isLocked?: true;
  /** The agent holds releases back. Its Supervisor's own locks are files of another user, which only root can make. */
  isGated?: true;
  /** The device goes off for it, and comes back with another boot of the kernel. */
  isPower?: true;
  /** Whether the Supervisor is asked at all. */
  isAsked: boolean;
  /** Whether its answer is the outcome, so that nothing is looked at afterwards. */
  isAnswered: boolean;
  /** How often it may reach the Supervisor. A second unforced update changes nothing. */
  asksMax: number;
}

/** Enough for what the device does, and short where nothing may follow. */
const workTimeoutMs = 20_000;
const shortTimeoutMs = 5000;

const asked = { isAsked: true, isAnswered: false, asksMax: 1 };

/** Each kind of command, with what is special of it. */
export const commandCases: readonly CommandCase[] = [
  { ...asked, name: 'update', order: update(), arrange: offer, asksMax: 2 },
  { ...asked, name: 'update by force', order: { ...update(), force: true }, arrange: offer },
  {
    ...asked,
    name: 'update behind a closed gate',
    order: { ...update(), commit: 'new' },
    arrangeLater: stage,
    isGated: true,
    asksMax: 2,
  },
  { ...asked, name: 'restart-app', order: { kind: 'restart-app', appId, timeoutMs: workTimeoutMs } },
  { ...asked, name: 'restart-service', order: ofMain('restart-service') },
  {
    ...asked,
    name: 'restart-service behind a lock',
    order: { ...ofMain('restart-service'), timeoutMs: shortTimeoutMs },
    arrange: (supervisor) => supervisor.lock({ serviceName: 'main' }),
    isLocked: true,
    // One is refused.
    asksMax: 2,
  },
  { ...asked, name: 'start-service', order: ofMain('start-service'), arrange: stopMain },
  { ...asked, name: 'stop-service', order: ofMain('stop-service') },
  { ...asked, name: 'reboot', order: { kind: 'reboot', timeoutMs: shortTimeoutMs }, isPower: true },
  { ...asked, name: 'shutdown', order: { kind: 'shutdown', timeoutMs: shortTimeoutMs }, isPower: true },
  { ...asked, name: 'blink', order: { kind: 'blink', timeoutMs: workTimeoutMs }, isAnswered: true },
  {
    name: 'preview',
    order: { kind: 'preview', of: update() },
    arrange: offer,
    isAsked: false,
    isAnswered: false,
    asksMax: 0,
  },
];

function update(): CommandOrder {
  return { kind: 'update', appId, soakMs: 0, timeoutMs: 2 * workTimeoutMs };
}

function ofMain(kind: CommandOrder['kind']): CommandOrder {
  return { kind, appId, service: 'main', timeoutMs: workTimeoutMs };
}

function offer(supervisor: Supervisor): void {
  supervisor.releaseAvailable({ commit: 'new', downloadDurationMs: 300 });
}

/** Downloaded, and held by the lock of the agent. */
async function stage(supervisor: Supervisor): Promise<void> {
  offer(supervisor);
  supervisor.pollCloud();
  await supervisor.until(({ apps }) => apps[0]?.update?.stage === 'blocked');
}

async function stopMain(supervisor: Supervisor, address: string): Promise<void> {
  const answer = await fetch(`${address}/v2/applications/${appId}/stop-service`, {
    method: 'POST',
    headers: { authorization: `Bearer ${supervisor.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ serviceName: 'main' }),
  });
  if (!answer.ok) throw new Error(`stop-service: ${answer.status} ${await answer.text()}`);
  await supervisor.until(({ apps }) =>
    apps.every(({ containers }) =>
      containers.every(({ serviceName, status }) => serviceName !== 'main' || status !== 'Running'),
    ),
  );
}
