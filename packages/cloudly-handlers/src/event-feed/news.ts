export interface News {
  tell(this: void): void;
  /** Resolves when something is told, or was since the last time; or after a time. */
  wait(this: void, atMostMs?: number): Promise<void>;
}

/** Lets one wait for news. The signal is news, too. */
export function createNews(signal: AbortSignal): News {
  let isTold = false;
  let wake: (() => void) | undefined;
  const tell = (): void => {
    isTold = true;
    wake?.();
  };
  signal.addEventListener('abort', tell, { once: true });
  return {
    tell,
    wait: async (atMostMs) => {
      if (!isTold && !signal.aborted) {
        let timer: ReturnType<typeof setTimeout> | undefined;
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (atMostMs !== undefined) timer = setTimeout(resolve, atMostMs);
        });
        clearTimeout(timer);
        wake = undefined;
      }
      isTold = false;
    },
  };
}
