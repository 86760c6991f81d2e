import * as v from 'valibot';
import { readJson, type ReadAnswer } from './read-answer.js';
import { integer, lenientEntries, lenientList, optionalText, percent, text, withoutAbsent } from './lenient.js';
import type { OpenEnum } from './open-enum.js';

/** The containers and images of the first app, from `GET /v2/state/status`. */
export interface StateStatus {
  /** Whether the Supervisor is changing its apps, including an update that waits for its next attempt. */
  appState: OpenEnum<'applied' | 'applying'>;
  /** 0 to 100; absent while nothing is being downloaded. */
  overallDownloadProgressPercent?: number;
  /** All containers, running or not. */
  containers: ContainerStatus[];
  /** All images on the device, including those being downloaded or deleted. */
  images: ImageStatus[];
  /** The commit of the last applied release. */
  release?: string;
}

/** A container of a service. */
export interface ContainerStatus {
  /** Values in lower case come from the container engine. */
  status: OpenEnum<'Running' | 'Starting' | 'Stopping' | 'Installing' | 'Installed' | 'Dead' | 'exited' | 'paused'>;
  /** Its name in `docker-compose.yml`. */
  serviceName: string;
  /** The app it belongs to. */
  appId: number;
  /** The image it was created from, as in `images`. */
  imageId: number;
  /** The ID of its service. */
  serviceId: number;
  /** The container's ID: 64 hex digits. */
  containerId: string;
  /** ISO 8601 */
  createdAt: string;
}

/** An image that is on the device or being downloaded. */
export interface ImageStatus {
  /** Its name in the registry, with tag or digest. */
  name: string;
  /** The app it is for. */
  appId: number;
  /** The service it is for. */
  serviceName: string;
  /** The ID by which containers and `service({ imageId })` refer to it. */
  imageId: number;
  /** Absent until the image is downloaded. */
  dockerImageId?: string;
  /** Also `Downloaded` while a container runs from it. */
  status: OpenEnum<'Downloading' | 'Downloaded' | 'Deleting'>;
  /** 0 to 100; absent while it is not being downloaded. */
  downloadProgressPercent?: number;
}

/** The container of a service, from `GET /v2/containerId`. */
export interface ServiceContainer {
  /** Its name in `docker-compose.yml`. */
  serviceName: string;
  /** The container's ID: 64 hex digits. */
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
