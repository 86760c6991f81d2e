import * as v from 'valibot';
import { readJson, type ReadAnswer } from './read-answer.js';
import { anyObject, integer, lenient, lenientEntries, optionalText, percent, text, withoutAbsent } from './lenient.js';
import type { OpenEnum } from './open-enum.js';

/** How a service stands. Those in small letters are the container engine's own words. */
export type ServiceState = OpenEnum<
  | 'Running'
  | 'Starting'
  | 'Stopping'
  | 'Stopped'
  | 'Installing'
  | 'Installed'
  | 'Dead'
  | 'Downloading'
  | 'Downloaded'
  | 'Deleting'
  | 'Handing over'
  | 'Awaiting handover'
  | 'exited'
  | 'paused'
  | 'restarting'
  | 'removing'
>;

/** An app of the device, as `GET /v2/applications/state` tells it. */
export interface AppState {
  /** The app's name, which is that of its fleet. */
  name: string;
  /** As in `BALENA_APP_ID`. */
  appId: number;
  /** Since Supervisor 17.7. */
  appUuid?: string;
  /** The release that the app shall have, which need not be the one that runs. Absent if there is none yet. */
  commit?: string;
  /**
   * How the update to `commit` stands, since Supervisor 17.7. `done` is also what the Supervisor says when it does not
   * know: one sample settles nothing.
   */
  updateStatus?: OpenEnum<'rejected' | 'aborted' | 'downloading' | 'downloaded' | 'applying changes' | 'done'>;
  /**
   * Each service of the release that the app shall have, and those of the one before as long as they are there. Before
   * Supervisor 17.7 only those that have an image, and from 14.11.7 on none of the release before.
   */
  services: AppService[];
}

/** A service of an app, in the release that the app shall have or had. */
export interface AppService {
  /** Its name in `docker-compose.yml`. */
  name: string;
  /** Of its container or, without one, of its image. Absent if it has neither. */
  status?: ServiceState;
  /** The number of its release; the commit is the app's. */
  releaseId: number;
  /** The image's name; since Supervisor 17.7. */
  image?: string;
  /** 0 to 100; absent while nothing is downloaded. */
  downloadProgressPercent?: number;
}

/** An app's images and how far each is, as `GET /v2/applications/:appId/state` tells them. */
export interface AppProgress {
  /** The app that was asked for. */
  appId: number;
  /** The release that was applied last. Absent also where the Supervisor tells of several apps, and not whose it is. */
  commit?: string;
  /** One for each image: during an update a service has two. */
  images: AppImage[];
}

/** An image of an app, and the service that runs it. */
export interface AppImage {
  /** As `stateStatus()` has it, with the name of the service. */
  imageId: number;
  /** Of its container or, without one, of the image. */
  status?: ServiceState;
  /** The number of its release. */
  releaseId: number;
  /** 0 to 100; absent while nothing is downloaded. */
  downloadProgressPercent?: number;
}

const serviceSchema = v.object({
  status: optionalText,
  releaseId: integer,
  image: optionalText,
  downloadProgress: percent,
});

const appSchema = v.object({
  appId: integer,
  appUuid: optionalText,
  commit: optionalText,
  updateStatus: optionalText,
  services: lenientEntries(serviceSchema),
});

const appsSchema = v.pipe(
  lenientEntries(appSchema),
  v.transform((apps) =>
    apps.map(([name, { services, ...app }]): AppState =>
      withoutAbsent({
        name,
        ...app,
        services: services.map(([serviceName, { downloadProgress, ...service }]): AppService =>
          withoutAbsent({ name: serviceName, ...service, downloadProgressPercent: downloadProgress }),
        ),
      }),
    ),
  ),
);

const imageSchema = v.object({ status: optionalText, releaseId: integer, download_progress: percent });

/** A Supervisor that does not look at the ID tells of every app of the device, and one commit for all of them. */
const appsProgressSchema = v.pipe(
  v.object({
    commit: optionalText,
    local: v.pipe(
      anyObject,
      v.transform((members) => Object.fromEntries(Object.entries(members).filter(([appId]) => isId(appId)))),
      v.record(text, v.object({ services: lenient(lenientEntries(imageSchema)) })),
      v.transform((apps) => Object.entries(apps)),
    ),
  }),
  v.transform(({ commit, local }) =>
    local.map(([appId, { services = [] }]): AppProgress =>
      withoutAbsent({
        appId: Number(appId),
        commit: local.length === 1 ? commit : undefined,
        images: services
          .filter(([imageId]) => isId(imageId))
          .map(([imageId, { status, releaseId, download_progress: progress }]): AppImage =>
            withoutAbsent({ imageId: Number(imageId), status, releaseId, downloadProgressPercent: progress }),
          ),
      }),
    ),
  ),
);

export const readApps: ReadAnswer<AppState[]> = readJson(appsSchema);
export const readAppsProgress: ReadAnswer<AppProgress[]> = readJson(appsProgressSchema);

function isId(key: string): boolean {
  return /^\d+$/.test(key) && Number.isSafeInteger(Number(key));
}
