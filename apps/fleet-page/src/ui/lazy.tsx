import type { ComponentType, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** A part of a view that is loaded when it is first shown. */
export function lazy<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let loaded: ComponentType<Props> | undefined;
  return function Lazy(props: Props): JSX.Element | null {
    const [, setIsLoaded] = useState(false);
    useEffect(() => {
      if (loaded) return;
      const show = async (): Promise<void> => {
        loaded = await load();
        setIsLoaded(true);
      };
      void show();
    }, []);
    const Part = loaded;
    return Part ? <Part {...props} /> : null;
  };
}
