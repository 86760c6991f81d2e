import { isCommit } from '../options/app-options.js';
import { isDuration, serviceMistake } from '../options/check-service.js';
import type { UpdateStrategy } from '../model/strategy.js';
import type { Offer, OfferedService } from '../transitions/offer-release.js';

/** A release that the cloud wants an app to run. */
export interface ReleaseOffer {
  /**
   * The ID of the release. That of the running one withdraws what was offered, or with `services` changes only how the
   * services are defined, as a new variable does.
   */
  commit: string;
  /** @default that of the first app */
  appId?: number;
  /**
   * The image ID of its first service; the others count up. `/v1/device` shows the service with the lowest image ID, so a
   * download appears there only if this is lower than the ID of the running one.
   * @default one more than the highest so far
   */
  firstImageId?: number;
  /** How long its images take to download. @default the Supervisor's `downloadDurationMs` */
  downloadDurationMs?: number;
  /** Whether its images can be downloaded; if not, every attempt of the update fails. @default true */
  pullable?: boolean;
  /** All its services, by name or in detail. Services that are not among them are removed. @default those that run */
  services?: readonly (string | ServiceOffer)[];
}

/** A service of a release. What is not given is as before. */
export interface ServiceOffer {
  /** As in `docker-compose.yml`. */
  serviceName: string;
  /**
   * `new`: it has to be downloaded. `same-contents`: only its name and its ID are new. `same`: it is the one that runs.
   * @default 'new', or 'same' for a release that is known
   */
  image?: 'new' | 'same-contents' | 'same';
  /** The ID of its image. @default counted up */
  imageId?: number;
  /** In which order image and container are replaced, as in the label `io.balena.update.strategy`. */
  strategy?: UpdateStrategy;
  /** Its own variables. */
  environment?: Readonly<Record<string, string>>;
  /** Its labels. */
  labels?: Readonly<Record<string, string>>;
  /** @default that of the release */
  downloadDurationMs?: number;
  /** How long its container takes to stop. @default 400 */
  stopDurationMs?: number;
}

/** The offer as the device knows it. @throws TypeError for a mistake in it. */
export function readOffer(given: ReleaseOffer, defaultDownloadMs: number): Offer {
  const { commit, firstImageId, pullable = true, downloadDurationMs = defaultDownloadMs, services } = given;
  if (!isCommit(commit)) throw new TypeError('releaseAvailable: commit must be a non-empty string.');
  if (firstImageId !== undefined && !(Number.isSafeInteger(firstImageId) && firstImageId > 0)) {
    throw new TypeError('releaseAvailable: firstImageId must be a positive integer.');
  }
  if (!isDuration(downloadDurationMs)) {
    throw new TypeError('releaseAvailable: downloadDurationMs must be a number of milliseconds, 0 or more.');
  }
  const duration = pullable ? downloadDurationMs : undefined;
  return {
    commit,
    downloadDurationMs: duration,
    ...(firstImageId === undefined ? {} : { firstImageId }),
    ...(services === undefined ? {} : { services: readServices(services) }),
  };
}

function readServices(services: readonly (string | ServiceOffer)[]): OfferedService[] {
  const read = services.map((each) => readService(typeof each === 'string' ? { serviceName: each } : each));
  const names = new Set(read.map(({ serviceName }) => serviceName));
  if (names.size < read.length) throw new TypeError('releaseAvailable: services must have unique names.');
  return read;
}

function readService({ image, ...service }: ServiceOffer): OfferedService {
  const mistake = serviceMistake(service);
  if (mistake !== undefined) throw new TypeError(`releaseAvailable: ${mistake}`);
  const { imageId } = service;
  if (imageId !== undefined && !(Number.isSafeInteger(imageId) && imageId > 0)) {
    throw new TypeError('releaseAvailable: imageId must be a positive integer.');
  }
  if (image !== undefined && !images.has(image)) {
    throw new TypeError(`releaseAvailable: image must be one of ${[...images].join(', ')}.`);
  }
  if (image === undefined) return service;
  return { ...service, hasSameImage: image === 'same', hasSameContents: image === 'same-contents' };
}

const images: ReadonlySet<unknown> = new Set(['new', 'same-contents', 'same']);
