import { useCallback, useEffect, useRef, useState } from 'preact/hooks';

export interface Loaded<Value> {
  /** The last one; it stays while another is on its way, so that nothing jumps. */
  value: Value | undefined;
  error: unknown;
  isLoading: boolean;
  reload: () => Promise<void>;
}

/** What the server says, again whenever what was asked for changes. Another question has no old answer. */
export function useLoaded<Value>(question: string, load: () => Promise<Value>): Loaded<Value> {
  const [state, setState] = useState<{ question: string; value?: Value; error?: unknown }>();
  const [isLoading, setIsLoading] = useState(true);
  const latest = useRef({ load, turn: 0 });
  latest.current.load = load;
  const reload = useCallback(async (): Promise<void> => {
    const turn = (latest.current.turn += 1);
    setIsLoading(true);
    const next = await latest.current.load().then(
      (value) => ({ question, value }),
      (error: unknown) => ({ question, error }),
    );
    // Somebody has asked for something else in the meantime.
    if (turn !== latest.current.turn) return;
    setState((before) => ({
      ...(before?.question === question && before),
      ...next,
      error: undefined,
      ...('error' in next && next),
    }));
    setIsLoading(false);
  }, [question]);
  useEffect(() => {
    void reload();
    const { current } = latest;
    return () => void (current.turn += 1);
  }, [reload]);
  const isCurrent = state?.question === question;
  return { value: isCurrent ? state.value : undefined, error: isCurrent ? state.error : undefined, isLoading, reload };
}
