import { useEffect, useRef, useState } from 'preact/hooks';

export interface Action {
  isBusy: boolean;
  /** Of the last attempt. */
  error: unknown;
  /** Does it, unless it is under way; resolves with whether it has succeeded. */
  run: (work: () => Promise<unknown>) => Promise<boolean>;
  clear: () => void;
}

/** Something that a button begins and that takes a while. */
export function useAction(): Action {
  const [state, setState] = useState<{ isBusy: boolean; error?: unknown }>({ isBusy: false });
  const isShown = useRef(true);
  useEffect(
    () => () => {
      isShown.current = false;
    },
    [],
  );
  const set = (next: { isBusy: boolean; error?: unknown }): void => {
    if (isShown.current) setState(next);
  };
  return {
    isBusy: state.isBusy,
    error: state.error,
    async run(work) {
      if (state.isBusy) return false;
      set({ isBusy: true });
      try {
        await work();
        set({ isBusy: false });
        return true;
      } catch (error) {
        set({ isBusy: false, error });
        return false;
      }
    },
    clear: () => set({ isBusy: false }),
  };
}
