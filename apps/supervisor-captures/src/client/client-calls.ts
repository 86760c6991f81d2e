import type { SupervisorClient } from '@serve.zone/balena-supervisor-client';
import { journalLogs, localLogs } from '@serve.zone/balena-supervisor-client/logs';
import type { EndpointName } from '../recordings/endpoint-of.js';
import { jsonBodyOf, type RecordedRequest } from '../recordings/recording.js';

/** The parts of a recorded request that go into its typed call. */
interface Asked {
  appId: number;
  query: URLSearchParams;
  // oxlint-disable-next-line typescript/no-explicit-any -- what callers sent a real Supervisor, right or wrong
  body: Record<string, any>;
}

type Call = (client: SupervisorClient, asked: Asked) => Promise<unknown>;

/** The typed call for each endpoint. One that rejects its arguments throws a TypeError and sends nothing. */
const calls: Readonly<Record<EndpointName, Call>> = {
  ping: (client) => client.ping(),
  healthy: (client) => client.isHealthy(),
  blink: (client) => client.blink(),
  regenerateApiKey: (client) => client.regenerateApiKey(),
  update: (client, asked) => client.update({ ...forced(asked), cancel: asked.body['cancel'] === true }),
  reboot: (client, asked) => client.reboot(forced(asked)),
  shutdown: (client, asked) => client.shutdown(forced(asked)),
  restartApp: (client, asked) => client.singleContainerApp(idIn(asked)).restart(forced(asked)),
  purgeApp: (client, asked) => client.singleContainerApp(idIn(asked)).purge(forced(asked)),
  device: (client) => client.device(),
  readHostConfig: (client) => client.hostConfig.read(),
  changeHostConfig: (client, asked) => client.hostConfig.change(asked.body['network'], forced(asked)),
  singleContainerApp: (client, { appId }) => client.singleContainerApp(appId).read(),
  startApp: (client, { appId }) => client.singleContainerApp(appId).start(),
  stopApp: (client, asked) => client.singleContainerApp(asked.appId).stop(forced(asked)),
  appsState: (client) => client.apps.list(),
  appState: (client, { appId }) => client.app(appId).state(),
  restartServices: (client, asked) => client.app(asked.appId).restart(forced(asked)),
  purgeServices: (client, asked) => client.app(asked.appId).purge(forced(asked)),
  startService: (client, asked) => serviceOf(client, asked).start(),
  stopService: (client, asked) => serviceOf(client, asked).stop(forced(asked)),
  restartService: (client, asked) => serviceOf(client, asked).restart(forced(asked)),
  stateStatus: (client) => client.stateStatus(),
  version: (client) => client.version(),
  containerId: (client, { query }) => {
    const serviceName = query.get('serviceName') ?? query.get('service');
    return serviceName === null ? client.containers() : client.containerId(serviceName);
  },
  readTargetState: (client) => client.local.targetState(),
  setTargetState: (client, asked) => client.local.setTargetState(asked.body['local'], forced(asked)),
  deviceInfo: (client) => client.local.deviceInfo(),
  localLogs: (client) => collect(localLogs(hasty(client))),
  deviceName: (client) => client.deviceName(),
  readTags: (client) => client.tags.list(),
  setTags: (client, { body }) => client.tags.set(body),
  vpn: (client) => client.vpn(),
  cleanUpVolumes: (client) => client.cleanUpVolumes(),
  journalLogs: (client, { body }) => collect(journalLogs(hasty(client), body)),
};

/** Makes the typed call for a request. */
export async function callEndpoint(
  client: SupervisorClient,
  { name, appId }: { name: EndpointName; appId: number },
  request: RecordedRequest,
): Promise<unknown> {
  const body = jsonBodyOf(request);
  const query = new URLSearchParams(request.path.split('?')[1]);
  return calls[name](client, { appId, query, body: typeof body === 'object' && body !== null ? body : {} });
}

/** Sends a request that no typed call sends, as near to it as the client can. */
export async function requestAnything(client: SupervisorClient, request: RecordedRequest): Promise<unknown> {
  const [path = '', query] = request.path.split('?');
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  const method = isRead ? 'GET' : request.method === 'PATCH' ? 'PATCH' : 'POST';
  const withoutKey = [...new URLSearchParams(query)].filter(([name]) => !/^apikey\b/i.test(name));
  const body = jsonBodyOf(request);
  return client.request({
    method,
    path,
    query: Object.fromEntries(withoutKey),
    ...(!isRead && body !== undefined && { body }),
  });
}

function forced({ body }: Asked): { force: boolean } {
  return { force: body['force'] === true };
}

function idIn({ body }: Asked): number {
  return Number(body['appId'] ?? Number.NaN);
}

function serviceOf(client: SupervisorClient, { appId, body }: Asked) {
  const { serviceName, imageId } = body;
  return client.app(appId).service(serviceName ?? { imageId: Number(imageId) });
}

/** The client, with little patience for a stream that never begins. */
function hasty(client: SupervisorClient): Pick<SupervisorClient, 'stream'> {
  return { stream: (request, options) => client.stream(request, { ...options, connectTimeoutMs: replayTimeoutMs }) };
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

/** How long the client waits: an answer is replayed at once, and one that never came never comes. */
export const replayTimeoutMs = 200;
