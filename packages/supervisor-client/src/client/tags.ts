import type { DeviceTag } from '../answers/device.js';
import type { CallOptions } from '../call/call-options.js';
import type { Call } from '../call/caller.js';
import { endpoints } from '../endpoints/endpoints.js';

/** The device's tags in the cloud. Reading them needs the cloud, which unmanaged mode does not have. */
export interface Tags {
  /** The current tags. `GET /v2/device/tags`, since 9.11 */
  list(options?: CallOptions): Promise<DeviceTag[]>;
  /**
   * Sets these tags and keeps all others. Resolves when the Supervisor has stored them: it sends them to the cloud when
   * it can. `PATCH /v2/device/tags`, since 17.8
   */
  set(tags: Record<string, string>, options?: CallOptions): Promise<void>;
}

export function tagsOf(call: Call): Tags {
  return {
    list: async (options = {}) => call(endpoints.tags, options),
    set: async (tags, options = {}) => {
      assertTags(tags);
      return call(endpoints.setTags, options, { body: tags });
    },
  };
}

function assertTags(tags: unknown): void {
  if (typeof tags !== 'object' || tags === null || Array.isArray(tags)) {
    throw new TypeError('The option `tags` must be an object whose values are strings.');
  }
  for (const [key, value] of Object.entries(tags)) {
    const named = `The option \`tags\` has ${JSON.stringify(key)}`;
    if (key === '' || /\s/.test(key)) throw new TypeError(`${named}: a key must not be empty or contain white space.`);
    if (typeof value !== 'string') throw new TypeError(`${named}, whose value must be a string.`);
  }
}
