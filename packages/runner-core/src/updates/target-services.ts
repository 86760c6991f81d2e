import type { UpdatedApp } from './update-sample.js';

/** The services of the target release, by what each of them still needs. */
export interface TargetServices {
  /** Their images have not come. */
  awaited: string[];
  /** Their images are there, and they have no container yet. */
  downloaded: string[];
  /** They have their containers. */
  created: string[];
}

export function sortTargetServices({ targetServices }: UpdatedApp): TargetServices {
  const named = (isMeant: (status: string | undefined) => boolean) =>
    targetServices.filter(({ status }) => isMeant(status)).map(({ name }) => name);
  return {
    awaited: named((status) => status === undefined || status === 'Downloading'),
    downloaded: named((status) => status === 'Downloaded'),
    created: named((status) => status !== undefined && status !== 'Downloading' && status !== 'Downloaded'),
  };
}

/**
 * Whether every service of the target release is listed. Before 17.7, a service is listed only once it has an image.
 */
export function isTargetWhole({ updateStatus, services, targetServices }: UpdatedApp): boolean {
  if (updateStatus !== undefined) return true;
  return services.every(({ name }) => targetServices.some((target) => target.name === name));
}
