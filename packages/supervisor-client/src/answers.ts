import * as v from 'valibot';
import { readJson, type ReadAnswer } from './read-answer.js';

/** A value of a list that newer Supervisors may lengthen: the known ones complete in an editor, any other passes. */
export type OpenEnum<Known extends string> = Known | (string & Record<never, never>);

/** The device as `GET /v1/device` tells it. With several services, `status` and the download concern the first one. */
export interface Device {
  apiPort: number;
  ipAddresses: string[];
  macAddresses: string[];
  osVersion?: string;
  supervisorVersion: string;
  updatePending: boolean;
  updateFailed: boolean;
  updateDownloaded: boolean;
  /** The release that runs; absent while another one is applied. */
  commit?: string;
  /** Absent without a service. */
  status?: OpenEnum<'Idle' | 'Starting' | 'Stopping' | 'Installing' | 'Downloading' | 'Downloaded'>;
  /** 0 to 100; absent while nothing is downloaded. */
  downloadProgressPercent?: number;
}

/** Containers and images of the first app, as `GET /v2/state/status` tells them. */
export interface StateStatus {
  appState: OpenEnum<'applied' | 'applying'>;
  /** 0 to 100; absent while nothing is downloaded. */
  overallDownloadProgressPercent?: number;
  containers: ContainerStatus[];
  images: ImageStatus[];
  release?: string;
}

export interface ContainerStatus {
  status: OpenEnum<'Running' | 'Starting' | 'Stopping' | 'Installing' | 'Installed' | 'Dead' | 'exited' | 'paused'>;
  serviceName: string;
  appId: number;
  imageId: number;
  serviceId: number;
  containerId: string;
  /** ISO 8601 */
  createdAt: string;
}

export interface ImageStatus {
  name: string;
  appId: number;
  serviceName: string;
  imageId: number;
  /** Absent until the image is downloaded. */
  dockerImageId?: string;
  status: OpenEnum<'Downloading' | 'Downloaded' | 'Deleting'>;
  /** 0 to 100; absent while it is not downloaded. */
  downloadProgressPercent?: number;
}

/**
 * What the Supervisor said to the wish for an update. Neither tells how the update goes: read the state for that.
 *
 * - `triggered`: it looks for a new target state now
 * - `accepted`: it took note. Supervisor 19 and later always say so, and start; older ones say so where instant updates
 *   are switched off and nothing is forced, and look at their next poll.
 */
export interface UpdateReceipt {
  outcome: 'triggered' | 'accepted';
}

/** An optional value: absent if it is null, missing or of a type that no Supervisor sends. */
const lenient = <Output>(schema: v.GenericSchema<unknown, Output>) => v.fallback(v.optional(schema), undefined);

/** A list whose strange members are left out, each on its own. */
const lenientList = <Output>(schema: v.GenericSchema<unknown, Output>) =>
  v.pipe(
    v.array(v.unknown()),
    v.transform((items) =>
      items.flatMap((item) => {
        const parsed = v.safeParse(schema, item);
        return parsed.success ? [parsed.output] : [];
      }),
    ),
  );

const integer = v.pipe(v.number(), v.safeInteger());
const percent = lenient(v.pipe(v.number(), v.minValue(0), v.maxValue(100)));
const versionText = v.pipe(
  v.string(),
  v.transform((version) => version.trim().replace(/^v/i, '')),
  v.nonEmpty(),
);

const deviceSchema = v.pipe(
  v.object({
    api_port: integer,
    ip_address: lenient(v.string()),
    mac_address: lenient(v.string()),
    os_version: lenient(v.string()),
    supervisor_version: versionText,
    update_pending: v.boolean(),
    update_failed: v.boolean(),
    update_downloaded: v.boolean(),
    commit: lenient(v.string()),
    status: lenient(v.string()),
    download_progress: percent,
  }),
  v.transform((answer): Device =>
    withoutAbsent({
      apiPort: answer.api_port,
      ipAddresses: splitWords(answer.ip_address),
      macAddresses: splitWords(answer.mac_address),
      osVersion: answer.os_version,
      supervisorVersion: answer.supervisor_version,
      updatePending: answer.update_pending,
      updateFailed: answer.update_failed,
      updateDownloaded: answer.update_downloaded,
      commit: answer.commit,
      status: answer.status,
      downloadProgressPercent: answer.download_progress,
    }),
  ),
);

const containerSchema = v.object({
  status: v.string(),
  serviceName: v.string(),
  appId: integer,
  imageId: integer,
  serviceId: integer,
  containerId: v.string(),
  createdAt: v.string(),
});

const imageSchema = v.pipe(
  v.object({
    name: v.string(),
    appId: integer,
    serviceName: v.string(),
    imageId: integer,
    dockerImageId: lenient(v.string()),
    status: v.string(),
    downloadProgress: percent,
  }),
  v.transform(({ downloadProgress, ...image }): ImageStatus =>
    withoutAbsent({ ...image, downloadProgressPercent: downloadProgress }),
  ),
);

const stateStatusSchema = v.pipe(
  v.object({
    appState: v.string(),
    overallDownloadProgress: percent,
    containers: lenientList(containerSchema),
    images: lenientList(imageSchema),
    release: lenient(v.string()),
  }),
  v.transform(({ overallDownloadProgress, ...state }): StateStatus =>
    withoutAbsent({ ...state, overallDownloadProgressPercent: overallDownloadProgress }),
  ),
);

const versionSchema = v.pipe(
  v.object({ version: versionText }),
  v.transform((answer) => answer.version),
);

export const readDevice: ReadAnswer<Device> = readJson(deviceSchema);
export const readStateStatus: ReadAnswer<StateStatus> = readJson(stateStatusSchema);
export const readVersion: ReadAnswer<string> = readJson(versionSchema);

function splitWords(text: string | undefined): string[] {
  return (text ?? '').split(/\s+/).filter((word) => word !== '');
}

type OptionalKey<Value> = { [Key in keyof Value]: undefined extends Value[Key] ? Key : never }[keyof Value];

type WithoutAbsent<Value> = Omit<Value, OptionalKey<Value>> & {
  [Key in OptionalKey<Value>]?: Exclude<Value[Key], undefined>;
};

function withoutAbsent<Value extends object>(value: Value): WithoutAbsent<Value> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as WithoutAbsent<Value>;
}
