import * as v from 'valibot';
import { readJson, type ReadAnswer } from './read-answer.js';
import { anyObject, integer, lenient, lenientEntries, optionalText, percent, text, withoutAbsent } from './lenient.js';
import type { OpenEnum } from './open-enum.js';

/** The state of a service. Values in lower case come from the container engine. */
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

/** An app of the device, from `GET /v2/applications/state`. */
export interface AppState {
  /** The app's name, which is the name of its fleet. */
  name: string;
  /** As in `BALENA_APP_ID`. */
  appId: number;
  /** Since Supervisor 17.7. */
  appUuid?: string;
  /** The target release of the app, which may differ from the running one. Absent if there is none yet. */
  commit?: string;
  /**
   * The status of the update to `commit`, since Supervisor 17.7. The Supervisor also reports `done` if it does not know, so
   * do not rely on a single sample.
   */
  updateStatus?: OpenEnum<'rejected' | 'aborted' | 'downloading' | 'downloaded' | 'applying changes' | 'done'>;
  /**
   * Each service of the target release, and those of the previous one while they exist. Before Supervisor 17.7 only
   * services with an image, and since 14.11.7 none of the previous release.
   */
  services: AppService[];
}

/** A service of an app, in its target release or the previous one. */
export interface AppService {
  /** Its name in `docker-compose.yml`. */
  name: string;
  /** The status of its container or, without one, of its image. Absent if it has neither. */
  status?: ServiceState;
  /** The ID of its release. The app has the commit. */
  releaseId: number;
  /** The image's name; since Supervisor 17.7. */
  image?: string;
  /** 0 to 100; absent while nothing is being downloaded. */
  downloadProgressPercent?: number;
}

/** An app's images and their progress, from `GET /v2/applications/:appId/state`. */
export interface AppProgress {
  /** The requested app. */
  appId: number;
  /** The last applied release. Also absent if the Supervisor reports several apps without saying whose release it is. */
  commit?: string;
  /** One for each image: during an update, a service has two. */
  images: AppImage[];
}

/** An image of an app, and the service that runs it. */
export interface AppImage {
  /** As in `stateStatus()`, which also has the name of the service. */
  imageId: number;
  /** The status of its container or, without one, of the image. */
  status?: ServiceState;
  /** The ID of its release. */
  releaseId: number;
  /** 0 to 100; absent while nothing is being downloaded. */
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

/** A Supervisor that ignores the ID reports every app of the device, and one commit for all of them. */
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
