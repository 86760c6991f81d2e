import { isUpdate } from './gate-situation.js';
import type { GateEntry, GateSituation } from './gate-situation.js';

/** What the answers of a situation tell of the device and of what the cloud wanted. */
export interface RecordedCourse {
  appName: string;
  /** The release that ran at first; undefined on an empty device. */
  commit: string | undefined;
  /** The services that ran at first, or that an empty device is to have. */
  services: readonly CourseService[];
  /** The releases that were wanted, in their order; the running one may be among them. */
  targets: readonly CourseTarget[];
  /** Image IDs that were there beside those of the running release when it was first looked at. */
  isOtherStaged: boolean;
  /** The container that took long to stop, if one did. */
  slowStop: SlowStop | undefined;
  /** Whether the Supervisor had failed at first without having downloaded anything, as after a restart. */
  isRestarted: boolean;
  /** The service that had no container at first. */
  missing: string | undefined;
}

export interface SlowStop {
  serviceName: string;
  /** The release that ran. */
  commit: string | undefined;
  durationMs: number;
}

export interface CourseService {
  serviceName: string;
  imageId: number | undefined;
  serviceId?: number | undefined;
  image?: string | undefined;
  downloadDurationMs?: number;
}

export interface CourseTarget {
  commit: string;
  releaseId: number | undefined;
  services: readonly (CourseService & { downloadDurationMs: number; isDone: boolean })[];
  /** The entry at which it was first told. */
  entry: number;
}

type Json = Readonly<Record<string, unknown>>;

/** Reads the course from the answers. */
export function courseOf({ entries }: GateSituation): RecordedCourse {
  const states = answersOf(entries, '/v2/state/status');
  const apps = answersOf(entries, '/v2/applications/state');
  const first = states[0]?.body;
  const commit = text(first?.['release']) ?? text(answersOf(entries, '/v1/device')[0]?.body['commit']);
  const images = states.flatMap(({ body }) => list(body['images']));
  const containers = list(first?.['containers']);
  const [firstApp] = Object.entries(apps[0]?.body ?? {});
  const { services: firstServices = {} } = (firstApp?.[1] ?? {}) as { services?: Json };
  const named = Object.keys(firstServices);
  const running = runningServices(containers, list(first?.['images']), commit);
  const services =
    running.length > 0 ? running : (named.length > 0 ? named : ['main', 'baserunner']).map(unknownService);
  return {
    appName: firstApp?.[0] ?? 'gate',
    commit: first === undefined || commit !== undefined ? (commit ?? 'running') : undefined,
    services,
    targets: targetsOf(entries, apps, images, services),
    isOtherStaged: list(first?.['images']).some(({ status }) => status === 'Deleting'),
    slowStop: slowStopIn(states),
    isRestarted: /"update_failed":true,"update_downloaded":false/.test(
      JSON.stringify(answersOf(entries, '/v1/device')[0]?.body),
    ),
    missing: services.find(
      ({ serviceName }) => containers.length > 0 && !containers.some((each) => each['serviceName'] === serviceName),
    )?.serviceName,
  };
}

interface Answer {
  entry: number;
  atMs: number;
  body: Json;
}

function answersOf(entries: readonly GateEntry[], path: string): Answer[] {
  return entries.flatMap(({ request, outcome, atMs }, entry) =>
    request.method === 'GET' && request.path === path && outcome.kind === 'answer' && outcome.status === 200
      ? [{ entry, atMs, body: JSON.parse(outcome.body) as Json }]
      : [],
  );
}

// A service whose container is just being replaced has its image left.
function runningServices(
  containers: readonly Json[],
  images: readonly Json[],
  commit: string | undefined,
): CourseService[] {
  if (commit === undefined) return [];
  const found = new Map<string, CourseService>();
  for (const { serviceName, imageId, serviceId } of [...containers, ...images]) {
    const name = String(serviceName);
    const image = images.find((each) => each['imageId'] === imageId);
    if (!found.has(name) && (containers.length > 0 || found.size < images.length)) {
      found.set(name, {
        serviceName: name,
        imageId: Number(imageId),
        image: text(image?.['name']),
        ...(typeof serviceId === 'number' && { serviceId }),
      });
    }
  }
  return [...found.values()].toSorted((one, other) => (one.imageId ?? 0) - (other.imageId ?? 0));
}

function targetsOf(
  entries: readonly GateEntry[],
  apps: readonly Answer[],
  images: readonly Json[],
  running: readonly CourseService[],
): CourseTarget[] {
  const targets = new Map<string, CourseTarget>();
  const runningIds = new Set(running.map(({ imageId }) => imageId));
  for (const { entry, atMs, body } of apps) {
    const [app] = Object.values(body) as Json[];
    const commit = text(app?.['commit']);
    if (commit === undefined) continue;
    const known = targets.get(commit);
    const told = Object.entries((app?.['services'] ?? {}) as Readonly<Record<string, Json>>);
    const since = beginOfDownload(entries, entry, known?.entry ?? entry);
    const services = told.map(([serviceName, service]) => {
      const image = text(service['image']);
      const record = images.find((each) =>
        image === undefined
          ? each['serviceName'] === serviceName && !runningIds.has(Number(each['imageId']))
          : each['name'] === image,
      );
      const before = known?.services.find((each) => each.serviceName === serviceName);
      const isDone = before?.isDone === true || service['status'] !== 'Downloading';
      const downloadDurationMs = before?.isDone ? before.downloadDurationMs : Math.max(quickMs, atMs - since);
      return { serviceName, image, imageId: numberOf(record?.['imageId']), downloadDurationMs, isDone };
    });
    const merged = [
      ...services,
      ...(known?.services ?? []).filter((each) => services.every((other) => other.serviceName !== each.serviceName)),
    ];
    const releaseId = numberOf(told[0]?.[1]['releaseId']) ?? known?.releaseId;
    targets.set(commit, { commit, releaseId, services: merged, entry: known?.entry ?? entry });
  }
  return [...targets.values()];
}

// A cancel makes a download begin again.
function beginOfDownload(entries: readonly GateEntry[], entry: number, firstTold: number): number {
  const begin = entries.findLast(
    (each, index) =>
      isUpdate(each) && (index < firstTold || (index < entry && each.request.body?.includes('"cancel":true') === true)),
  );
  return (begin ?? entries[0])?.atMs ?? 0;
}

// From the first moment at which it was stopping until it was gone.
function slowStopIn(states: readonly Answer[]): SlowStop | undefined {
  for (const { body, atMs, entry } of states) {
    for (const { containerId, serviceName, status } of list(body['containers'])) {
      if (status !== 'Stopping') continue;
      const gone = states.find(
        (later) =>
          later.entry > entry &&
          !list(later.body['containers']).some(
            (each) => each['containerId'] === containerId && each['status'] !== 'exited',
          ),
      );
      const durationMs = (gone?.atMs ?? atMs) - atMs;
      const commit = text(body['release']);
      if (durationMs > longStopMs) return { serviceName: String(serviceName), commit, durationMs };
    }
  }
  return undefined;
}

function unknownService(serviceName: string): CourseService {
  return { serviceName, imageId: undefined };
}

function list(value: unknown): readonly Json[] {
  return Array.isArray(value) ? (value as Json[]) : [];
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

const longStopMs = 4000;
/** A download that was over before anybody looked. */
const quickMs = 200;
