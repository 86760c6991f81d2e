// What packages that run anywhere give to a program that knows nothing of Node.
import { CloudlyConnector, type RegisterOutcome } from '@serve.zone/baseos-cloudly-connector';
import {
  type HandlerEvent,
  createCloudlyHandlers,
  createFleet,
  createJoinToken,
  createMemoryStore,
  type NodeStore,
  queueCommand,
  readRegisterRequest,
  type VerifyJoinToken,
} from '@serve.zone/baseos-cloudly-handlers';
import { openPostgresStore } from '@serve.zone/baseos-cloudly-handlers/postgres';
import { nodeStoreBehaviours } from '@serve.zone/baseos-cloudly-handlers/store-suite';
import {
  endpointUrl,
  type HeartbeatRequest,
  limits,
  parseHeartbeatRequest,
  problemHeaders,
  problems,
  type ProblemCode,
  readBoundedBody,
  type RegisterRequest,
  registerRequestSchema,
} from '@serve.zone/baseos-contracts';
import { createFleetApi, createFleetClient, type FleetClient } from '@serve.zone/baseos-fleet-api';
import { type Device, isSupervisorError, SupervisorClient, waitForUpdate } from '@serve.zone/balena-supervisor-client';
import { journalLogs } from '@serve.zone/balena-supervisor-client/logs';
import { createSupervisor, ManualClock } from '@serve.zone/balena-supervisor-emulator';
import { BaseRunner, type RunnerStatus, variables } from '@serve.zone/baseos-runner-core';

export async function register(request: RegisterRequest): Promise<string | undefined> {
  const cloudly = new CloudlyConnector({ cloudlyUrl: 'https://cloudly.example', fetch });
  const outcome: RegisterOutcome = await cloudly.register(request, { joinToken: () => 'token' });
  return outcome.kind === 'accepted' ? outcome.answer.nodeToken : undefined;
}

const verifyJoinToken: VerifyJoinToken = async () => undefined;

export async function serve(url?: string): Promise<(request: Request) => Promise<Response>> {
  const store: NodeStore = url === undefined ? createMemoryStore() : await openPostgresStore(url);
  const onHandled = (event: HandlerEvent): string =>
    event.kind === 'node-registered' ? event.status.host.platform : event.kind;
  const handlers = createCloudlyHandlers({
    store,
    cloudlyId: await store.cloudlyId(),
    verifyJoinToken,
    onHandled: (event) => void onHandled(event),
  });
  await createJoinToken(store, { uses: 2 });
  await queueCommand(store, 'node', { kind: 'restart-service', service: 'main' });
  return async (request) => {
    const parsed = await readRegisterRequest(request.clone());
    return parsed.ok ? handlers.register(request, parsed.value.nodeId) : handlers.fetch(request);
  };
}

export const suite: string[] = nodeStoreBehaviours.map(({ name }) => name);

export function heard(text: string): HeartbeatRequest | undefined {
  const parsed = parseHeartbeatRequest(text);
  return parsed.ok && text.length < limits.bodyMaxBytes ? parsed.value : undefined;
}

export async function heardWhole({ method, headers, body }: Request): Promise<HeartbeatRequest | Response> {
  const parsed = parseHeartbeatRequest({ method, headers, body: body && (await readBoundedBody(body)) });
  return parsed.ok ? parsed.value : new Response(null, { headers: problemHeaders(parsed.problem.code) });
}

export function statusOf(code: ProblemCode): number {
  return problems[code].status;
}

export const address: string = endpointUrl('https://cloudly.example', 'heartbeat');
export const schema: string = registerRequestSchema['~standard'].vendor;

export async function supervise(): Promise<Device | string> {
  const supervisor = new SupervisorClient({ address: 'http://127.0.0.1:48484', apiKey: 'key' });
  try {
    const { outcome } = await waitForUpdate(supervisor, { timeoutMs: 1000 });
    for await (const { message } of journalLogs(supervisor, { format: 'json', follow: true })) return message;
    return outcome === 'done' ? await supervisor.device() : outcome;
  } catch (error) {
    return isSupervisorError(error) ? error.code : 'unknown';
  }
}

export const emulated = createSupervisor({ clock: new ManualClock() });

export async function run(): Promise<RunnerStatus> {
  const runner = BaseRunner.fromEnv({ BASEOS_CLOUDLY_URL: address }, { fetch });
  await runner.start();
  return runner.status();
}

export const names: string[] = variables.map(({ name }) => name);

export function operate(): FleetClient {
  const fleet = createFleet({ store: createMemoryStore() });
  const api = createFleetApi({ fleet, authenticate: () => ({ actor: 'host:ada', role: 'admin' }) });
  return createFleetClient({ url: 'https://cloudly.example', fetch: (url, init) => api.fetch(new Request(url, init)) });
}
