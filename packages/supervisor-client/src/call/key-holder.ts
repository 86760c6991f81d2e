import { isSendableKey, unsendableKey } from '../errors/api-key.js';
import type { Fault } from '../errors/classify-answer.js';

export interface KeyHolderOptions {
  apiKey: string | (() => string) | undefined;
  /** False if the Supervisor requires no key. */
  isNeeded: boolean;
}

/** Keeps the client's key out of sight. */
export class KeyHolder {
  #key: string | (() => string) | undefined;
  readonly #isNeeded: boolean;

  constructor({ apiKey, isNeeded }: KeyHolderOptions) {
    this.#key = apiKey;
    this.#isNeeded = isNeeded;
  }

  /** The key for one request, or why there is none. */
  read(need: 'required' | 'optional'): { ok: true; key: string | undefined } | { ok: false; fault: Fault } {
    const key: unknown = (typeof this.#key === 'function' ? this.#key() : this.#key) ?? '';
    if (key === '') {
      return this.#isNeeded && need === 'required'
        ? { ok: false, fault: { code: 'api-key-missing', what: 'the call needs an API key, and none is set.' } }
        : { ok: true, key: undefined };
    }
    return typeof key === 'string' && isSendableKey(key)
      ? { ok: true, key }
      : { ok: false, fault: { code: 'api-key-invalid', what: unsendableKey } };
  }

  /** Uses a new key from now on. A key that comes from a function, or is not used at all, is the caller's responsibility. */
  replace(newKey: string): void {
    if (typeof this.#key === 'string') this.#key = newKey;
  }
}
