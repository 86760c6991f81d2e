import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { keepCounts } from '../live/counts.js';
import { followFleet, lostSinceMs } from '../live/feed.js';
import { go, here, urlOf } from '../route/here.js';
import { me } from '../session/server.js';
import { formatClock } from '../format/format-time.js';
import { Icon } from '../ui/icon.js';
import { useKeys } from '../ui/keys.js';
import { now } from '../ui/now.js';
import { Toasts } from '../ui/toasts.js';
import { isKeySheetOpen } from './is-key-sheet-open.js';
import { lazy } from '../ui/lazy.js';
import { Rail } from './rail.js';
import { View } from './view.js';

const KeySheet = lazy(async () => (await import('./key-sheet.js')).KeySheet);
const SignIn = lazy(async () => (await import('../sign-in/sign-in.js')).SignIn);
const Invitation = lazy(async () => (await import('../sign-in/invitation.js')).Invitation);

/** The page: a door for strangers, else the rail and a view. */
export function App(): JSX.Element | null {
  const [first] = here.value.path;
  if (first === 'invitation') return <Invitation />;
  if (me.value === undefined) return null;
  return me.value === null ? <SignIn /> : <Shell />;
}

function Shell(): JSX.Element {
  const { path } = here.value;
  useEffect(() => {
    const ending = new AbortController();
    void followFleet(ending.signal);
    const stop = keepCounts();
    return () => {
      stop();
      ending.abort();
    };
  }, []);
  useEffect(() => {
    if (path.length === 0) go(urlOf(['nodes']), true);
  }, [path]);
  useKeys({ '?': () => void (isKeySheetOpen.value = true) });
  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <div class="shell">
        <Rail />
        <Main />
      </div>
      <Toasts />
      {isKeySheetOpen.value && <KeySheet />}
    </>
  );
}

function Main(): JSX.Element {
  const main = useRef<HTMLElement>(null);
  const place = here.value.path.join('/');
  const isFirst = useRef(true);
  useEffect(() => {
    // Whoever follows a link goes on reading at the top of the view.
    if (!isFirst.current) main.current?.focus({ preventScroll: true });
    isFirst.current = false;
  }, [place]);
  return (
    <main id="main" tabIndex={-1} ref={main}>
      <Lost />
      <View path={here.value.path} />
    </main>
  );
}

const SILENCE_SHOWN_MS = 15_000;

/** From when what is shown is, once the server has been silent for a while. */
function Lost(): JSX.Element | null {
  const since = lostSinceMs.value;
  if (since === undefined || now.value - since < SILENCE_SHOWN_MS) return null;
  return (
    <div class="note warn" role="status">
      <Icon name="warn" tone="warn" />
      <div>
        <p>
          <b>The server does not answer.</b> What you see is from {formatClock(since)}.
        </p>
        <p class="small">Check your connection. The page goes on by itself.</p>
      </div>
    </div>
  );
}
