/** What one look at the Supervisor says about the update of an app. */
export interface UpdateSample {
  /** These three flags count for all apps of the device. */
  updatePending: boolean;
  /** A refused lock counts as a failure, and the flag stays until the release is applied: it is no verdict. */
  updateFailed: boolean;
  /** True as soon as any image has come; false again after a restart of the Supervisor. */
  updateDownloaded: boolean;
  /** The Supervisor's own word: `applied`, `applying`. */
  appState?: string | undefined;
  app: UpdatedApp;
}

/** An app on its way to its target release. */
export interface UpdatedApp {
  /** The release that runs. */
  runningCommit?: string | undefined;
  /** The release that the device is to run. */
  targetCommit?: string | undefined;
  /** The Supervisor's own word, since 17.7. It also says `done` if it does not know. */
  updateStatus?: string | undefined;
  isDownloading: boolean;
  downloadProgressPercent?: number | undefined;
  /** Each of its containers. */
  services: readonly { name: string; status: string; containerId?: string | undefined }[];
  /** The services of the target release: `Downloading` or `Downloaded` until they have a container. */
  targetServices: readonly { name: string; status?: string | undefined }[];
}
