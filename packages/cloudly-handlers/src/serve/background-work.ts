/** Asked with each request, which costs next to nothing: the work that is due, to be done beside the requests. Never throws. */
export type BackgroundWork = () => (() => Promise<void>) | undefined;
