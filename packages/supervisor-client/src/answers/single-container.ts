import * as v from 'valibot';
import { readJson, type ReadAnswer } from './read-answer.js';
import { idInDigits, integer, lenient, optionalText, textsByName, withoutAbsent } from './lenient.js';

/** An app with one service, from `GET /v1/apps/:appId`. */
export interface SingleContainer {
  /** The requested app. */
  appId: number;
  /** The running release. */
  commit?: string;
  /** The container's ID. Absent if the app has no container. */
  containerId?: string;
  /** The environment of the container, without the Supervisor's key. Supervisors 7.20.0 to 11.14.0 return none. */
  env: Record<string, string>;
  /**
   * The image's name or digest: the Supervisor calls it `imageId`, which elsewhere is a number. Supervisors 7.20.0 to
   * 11.14.0 do not return it.
   */
  image?: string;
  /** The ID of its release; since Supervisor 7.0. */
  releaseId?: number;
}

/** The container that was started or stopped. */
export interface ContainerReceipt {
  /** Absent if the app has no container. */
  containerId?: string;
}

const singleContainerSchema = v.pipe(
  v.object({
    appId: v.union([integer, idInDigits]),
    commit: optionalText,
    containerId: optionalText,
    env: textsByName,
    imageId: optionalText,
    releaseId: lenient(integer),
  }),
  v.transform(({ imageId, ...app }): SingleContainer => withoutAbsent({ ...app, image: imageId })),
);

const containerReceiptSchema = v.pipe(
  v.object({ containerId: v.nullish(v.string()) }),
  v.transform(({ containerId }): ContainerReceipt => withoutAbsent({ containerId: containerId ?? undefined })),
);

export const readSingleContainer: ReadAnswer<SingleContainer> = readJson(singleContainerSchema);
export const readContainerReceipt: ReadAnswer<ContainerReceipt> = readJson(containerReceiptSchema);
