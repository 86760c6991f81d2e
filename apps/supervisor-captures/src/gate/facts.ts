import type { RecordedOutcome } from '../recordings/recording.js';

/** What an answer says, as far as it does not depend on chance. */
export interface Facts {
  /** What has to be the same at one moment: flags, commits, whether anything is being applied. */
  core: string;
  /** What has to occur around that moment: the status of containers, images and services. */
  words: ReadonlySet<string>;
}

/** What is the same on both devices, to tell old from new. */
export interface Origin {
  containerIds: ReadonlySet<string>;
  imageIds: ReadonlySet<number>;
}

/** What a GET of the state says; undefined for other paths. */
export function factsOf(path: string, outcome: RecordedOutcome, origin: Origin): Facts | undefined {
  if (outcome.kind === 'no-answer') return { core: 'no answer', words: new Set() };
  const body = parse(outcome.body);
  if (path === '/v1/device') return deviceFacts(body);
  if (path === '/v2/state/status') return statusFacts(body, origin);
  return path === '/v2/applications/state' ? appsFacts(body) : undefined;
}

/** The paths whose answers tell of an update. */
export const statePaths = ['/v1/device', '/v2/state/status', '/v2/applications/state'] as const;

type Json = Readonly<Record<string, unknown>>;

function deviceFacts({ update_pending, update_failed, update_downloaded, commit, status }: Json): Facts {
  const flags = { update_pending, update_failed, update_downloaded, commit: commit ?? 'absent' };
  return { core: JSON.stringify(flags), words: new Set([`status ${String(status)}`]) };
}

function statusFacts({ appState, release, containers, images }: Json, { containerIds, imageIds }: Origin): Facts {
  const age = (imageId: unknown): string => (imageIds.has(Number(imageId)) ? 'old' : 'new');
  const containerWords = list(containers).map(({ containerId, imageId, status }) => {
    const identity = containerIds.has(String(containerId)) ? 'same' : 'other';
    return `${identity} container of ${age(imageId)} image ${String(status)}`;
  });
  const imageWords = list(images).map(({ imageId, status }) => `${age(imageId)} image ${String(status)}`);
  return {
    core: JSON.stringify({ appState, release: release ?? 'absent' }),
    words: new Set([...containerWords, ...imageWords]),
  };
}

function appsFacts(apps: Json): Facts {
  const known = Object.values(apps) as Json[];
  const words = known.flatMap(({ updateStatus, services }) => [
    `update ${String(updateStatus)}`,
    ...Object.entries(services as Json).map(([name, service]) => `${name} ${String((service as Json)['status'])}`),
  ]);
  return { core: JSON.stringify(known.map(({ commit }) => commit)), words: new Set(words) };
}

function list(value: unknown): readonly Json[] {
  return Array.isArray(value) ? (value as Json[]) : [];
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return {};
  }
}
