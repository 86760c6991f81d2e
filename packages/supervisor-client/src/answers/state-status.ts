import * as v from 'valibot';
import { readJson, type ReadAnswer } from '../read-answer.js';
import { integer, lenientEntries, lenientList, optionalText, percent, text, withoutAbsent } from './lenient.js';
import type { OpenEnum } from './open-enum.js';

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

/** The container of a service, as `GET /v2/containerId` tells it. */
export interface ServiceContainer {
  serviceName: string;
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
