import { firstHolder } from '../apply/lock-hold.js';
import { retryDelayMs } from '../apply/stages.js';
import type { Era } from '../eras/era.js';
import { lockWords } from '../eras/lock-words.js';
import type { App, Container, Image, Model, ServiceTask } from '../model/model.js';
import type { JournalLine, JournalSource } from '../model/journal.js';

/** The journal lines for the change from one model to another, at a moment in ms since the epoch. */
export function describeChanges(before: Model, after: Model, at: number): JournalLine[] {
  const lines = [
    ...supervisorLines(before, after),
    ...appPairs(before, after).flatMap((pair) => describeApp(after.era, pair)),
  ];
  const isBoot = before.boots !== after.boots;
  if (isBoot) lines.push(...after.apps.flatMap(({ containers }) => containers.filter(isRunning).map(greeting)));
  return lines.map((line) => Object.assign({ at }, line));
}

/** The journal lines of a fresh device: the Supervisor and every service have started. */
export function describeStart(model: Model): JournalLine[] {
  const outage = { cause: 'reboot', since: 0, containersAt: 0, until: 0 } as const;
  const off = { ...model, boots: model.boots - 1, outage };
  const running = model.apps.flatMap(({ containers }) => containers.filter(isRunning));
  const at = Math.max(0, ...running.map(({ startedAt }) => startedAt));
  const started = running.map((container) => Object.assign({ at: container.startedAt }, greeting(container)));
  return [...supervisorLines(off, model).map((line) => Object.assign({ at }, line)), ...started];
}

type Line = Omit<JournalLine, 'at'>;

const supervisor: JournalSource = { kind: 'supervisor' };

function supervisorLines(before: Model, after: Model): Line[] {
  const boot: Line[] = before.boots === after.boots ? [] : [kernelLine(`Linux version ${kernelVersion}`)];
  if (before.outage === undefined || after.outage !== undefined) return boot;
  const { supervisorVersion } = after.device;
  return [
    ...boot,
    { source: supervisor, message: `[info]    Supervisor v${supervisorVersion} starting up...` },
    { source: supervisor, message: '[info]    Supervisor API successfully started on port 48484' },
  ];
}

function appPairs(before: Model, after: Model): (readonly [App | undefined, App | undefined])[] {
  if (before.apps === after.apps) return [];
  const gone = before.apps.filter(({ appId }) => after.apps.every((app) => app.appId !== appId));
  return [
    ...gone.map((app) => [app, undefined] as const),
    ...after.apps.map((app) => [before.apps.find(({ appId }) => appId === app.appId), app] as const),
  ];
}

// Lock lines come before and after the work on containers.
function describeApp(era: Era, [before, after]: readonly [App | undefined, App | undefined]): Line[] {
  if (before === after) return [];
  const hadLocks = before !== undefined && holdsLocks(before);
  const hasLocks = after !== undefined && holdsLocks(after);
  // A stop only waits until the engine has accepted it. The locks are released by then.
  const stops = after?.tasks.some((task) => isStop(task) && before?.tasks.includes(task) !== true) === true;
  return [
    ...(after ? describeImages(before?.images ?? [], after.images) : []),
    ...(stops || (!hadLocks && hasLocks) ? [systemLine('Taking update locks', 'Take update locks')] : []),
    ...describeContainers(before?.containers ?? [], after?.containers ?? []),
    ...(stops || (hadLocks && !hasLocks) ? [systemLine('Releasing update locks', 'Release update locks')] : []),
    ...(after ? describeBackOff(era, before, after) : []),
  ];
}

function describeBackOff(era: Era, before: App | undefined, after: App): Line[] {
  const { apply } = after;
  if (apply?.stage !== 'blocked' || before?.apply?.failures === apply.failures) return [];
  const reason = lockWords(era, after.appId, firstHolder(after) ?? '');
  const delay = shortDuration(retryDelayMs(apply.failures, era));
  const message = `Updates are locked, retrying in ${delay}. Reason: ${reason}`;
  return [{ source: supervisor, message: `[info]    ${message}`, systemMessage: message }];
}

// In its largest unit alone, rounded down.
function shortDuration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m`;
}

function holdsLocks({ ownLocks, tasks }: App): boolean {
  return ownLocks === 'held' || tasks.some((task) => task.locked && !isStop(task));
}

function isStop({ does, locked }: ServiceTask): boolean {
  return does === 'exit' && locked;
}

function describeImages(before: readonly Image[], after: readonly Image[]): Line[] {
  const statusIn = (images: readonly Image[], { service }: Image): Image['status'] | undefined =>
    images.find((other) => other.service.imageId === service.imageId && other.service.image === service.image)?.status;
  const gone = before.filter((image) => statusIn(after, image) === undefined);
  return [...gone, ...after].flatMap((image) => {
    const [from, to] = [statusIn(before, image), statusIn(after, image)];
    if (from === to) return [];
    const [human, event] = imageWords[`${from} ${to}`] ?? [];
    return human === undefined ? [] : [systemLine(`${human} '${image.service.image}'`, event ?? human)];
  });
}

// From the previous status to the new one.
const imageWords: Readonly<Record<string, readonly [string, string]>> = {
  'undefined Downloading': ['Downloading image', 'Docker image download'],
  'undefined Downloaded': ['Downloaded image', 'Image downloaded'],
  'Downloading Downloaded': ['Downloaded image', 'Image downloaded'],
  'Downloading undefined': ['Failed to download image', 'Image download error'],
  'Downloaded Deleting': ['Deleting image', 'Image removal'],
  'Deleting undefined': ['Deleted image', 'Image removed'],
  'Downloaded undefined': ['Deleted image', 'Image removed'],
};

function describeContainers(before: readonly Container[], after: readonly Container[]): Line[] {
  const left = new Set(before);
  const pairs = after.map((container) => {
    const same = [...left].find((other) => isContinued(other, container));
    if (same) left.delete(same);
    return [same, container] as const;
  });
  return [...[...left].map((container) => [container, undefined] as const), ...pairs].flatMap(describeContainer);
}

// A container that is being installed gets its ID only once it exists.
function isContinued(before: Container, after: Container): boolean {
  const { service } = before;
  const isSame = service.serviceName === after.service.serviceName && service.imageId === after.service.imageId;
  return isSame && (before.containerId === after.containerId || before.status === 'Installing');
}

function describeContainer([before, after]: readonly [Container | undefined, Container | undefined]): Line[] {
  const container = after ?? before;
  if (container === undefined) return [];
  if (before?.status === 'exited' && after === undefined) {
    return [serviceLine(container, 'Service is already stopped, removing container', 'Service already stopped')];
  }
  if (before?.status === after?.status) return [];
  const from = before === undefined || before.status === 'exited' ? -1 : course.indexOf(before.status);
  const until = after === undefined ? course.length - 1 : course.indexOf(after.status);
  const skipped = before?.status === 'exited' ? creation.length : 0;
  return course
    .slice(Math.max(from + 1, skipped), until + 1)
    .flatMap((status) => entering[status].map((words) => serviceLine(container, ...words)))
    .concat(after?.status === 'Running' ? [greeting(after)] : []);
}

/** The stages of a container, in order. */
const creation = ['Installing', 'Installed'] as const;
const course = [...creation, 'Starting', 'Running', 'Stopping', 'exited'] as const;

const entering: Readonly<Record<(typeof course)[number], readonly (readonly [string, string])[]>> = {
  Installing: [['Installing service', 'Service install']],
  Installed: [['Installed service', 'Service installed']],
  Starting: [['Starting service', 'Service start']],
  Running: [['Started service', 'Service started']],
  Stopping: [['Killing service', 'Service kill']],
  exited: [
    ['Service exited', 'Service exit'],
    ['Killed service', 'Service stop'],
  ],
};

function serviceLine({ service }: Container, human: string, event: string): Line {
  return systemLine(`${human} '${service.serviceName} ${service.dockerImageId}'`, event);
}

// The journal has the Supervisor's own record of the event, and the local logs have the text for people.
function systemLine(systemMessage: string, event: string): Line {
  return { source: supervisor, message: `[event]   Event: ${event}`, systemMessage };
}

function kernelLine(message: string): Line {
  return { source: { kind: 'kernel' }, message };
}

/** The first line of a service. Its output passes through a terminal, which ends lines with a carriage return. */
function greeting(container: Container): Line {
  return { source: sourceOf(container), message: `hello from ${container.service.serviceName}\r` };
}

/** The service that runs in a container, as the source of a line. */
export function sourceOf({ service, containerId, releaseId, commit }: Container): JournalSource {
  const { serviceName, serviceId, imageId, dockerImageId } = service;
  const containerName = `${serviceName}_${imageId}_${releaseId}_${commit}`;
  return { kind: 'service', serviceId, serviceName, containerId, containerName, dockerImageId };
}

function isRunning({ status }: Container): boolean {
  return status === 'Running';
}

const kernelVersion = '6.12.61-v8';
