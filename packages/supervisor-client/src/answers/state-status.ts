import * as v from 'valibot';
import { readJson, type ReadAnswer } from './read-answer.js';
import { integer, lenientEntries, lenientList, optionalText, percent, text, withoutAbsent } from './lenient.js';
import type { OpenEnum } from './open-enum.js';

/** Containers and images of the first app, as `GET /v2/state/status` tells them. */
export interface StateStatus {
  /** Whether the Supervisor is at work on its apps, an update that waits for its next attempt included. */
  appState: OpenEnum<'applied' | 'applying'>;
  /** 0 to 100; absent while nothing is downloaded. */
  overallDownloadProgressPercent?: number;
  /** Those that exist, whether they run or not. */
  containers: ContainerStatus[];
  /** Those that are on the device, come to it, or leave it. */
  images: ImageStatus[];
  /** The commit of the release that was applied last. */
  release?: string;
}

/** A container, and the service that it is. */
export interface ContainerStatus {
  /** Words in small letters are the container engine's own. */
  status: OpenEnum<'Running' | 'Starting' | 'Stopping' | 'Installing' | 'Installed' | 'Dead' | 'exited' | 'paused'>;
  /** Its name in `docker-compose.yml`. */
  serviceName: string;
  /** The app it belongs to. */
  appId: number;
  /** The image it was created from, as `images` has it. */
  imageId: number;
  /** The number of its service. */
  serviceId: number;
  /** The container engine's ID, in 64 hex digits. */
  containerId: string;
  /** ISO 8601 */
  createdAt: string;
}

/** An image that is on the device or comes to it. */
export interface ImageStatus {
  /** Its name in the registry, with tag or digest. */
  name: string;
  /** The app it is for. */
  appId: number;
  /** The service it is for. */
  serviceName: string;
  /** The number that containers and `service({ imageId })` name it by. */
  imageId: number;
  /** Absent until the image is downloaded. */
  dockerImageId?: string;
  /** `Downloaded` also while a container runs from it. */
  status: OpenEnum<'Downloading' | 'Downloaded' | 'Deleting'>;
  /** 0 to 100; absent while it is not downloaded. */
  downloadProgressPercent?: number;
}

/** The container of a service, as `GET /v2/containerId` tells it. */
export interface ServiceContainer {
  /** Its name in `docker-compose.yml`. */
  serviceName: string;
  /** The container engine's ID, in 64 hex digits. */
  containerId: string;
}

const containerSchema = v.object({
  status: text,
  serviceName: text,
  appId: integer,
  imageId: integer,
  serviceId: integer,
  containerId: text,
  createdAt: text,
});

const imageSchema = v.pipe(
  v.object({
    name: text,
    appId: integer,
    serviceName: text,
    imageId: integer,
    dockerImageId: optionalText,
    status: text,
    downloadProgress: percent,
  }),
  v.transform(({ downloadProgress, ...image }): ImageStatus =>
    withoutAbsent({ ...image, downloadProgressPercent: downloadProgress }),
  ),
);

const stateStatusSchema = v.pipe(
  v.object({
    appState: text,
    overallDownloadProgress: percent,
    containers: lenientList(containerSchema),
    images: lenientList(imageSchema),
    release: optionalText,
  }),
  v.transform(({ overallDownloadProgress, ...state }): StateStatus =>
    withoutAbsent({ ...state, overallDownloadProgressPercent: overallDownloadProgress }),
  ),
);

const containersSchema = v.pipe(
  v.object({ services: lenientEntries(text) }),
  v.transform(({ services }): ServiceContainer[] =>
    services.map(([serviceName, containerId]) => ({ serviceName, containerId })),
  ),
);

const containerIdSchema = v.pipe(
  v.object({ containerId: text }),
  v.transform(({ containerId }) => containerId),
);

export const readStateStatus: ReadAnswer<StateStatus> = readJson(stateStatusSchema);
export const readContainers: ReadAnswer<ServiceContainer[]> = readJson(containersSchema);
export const readContainerId: ReadAnswer<string> = readJson(containerIdSchema);
