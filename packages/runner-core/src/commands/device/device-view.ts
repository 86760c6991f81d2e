/** The device as one look at the Supervisor and the kernel saw it. */
export interface DeviceView {
  /** Absent where the Supervisor cannot be read now; then `unavailable` says why. */
  supervisor: SupervisorView | undefined;
  /** Why the Supervisor cannot be read, for a person. */
  unavailable?: string | undefined;
  /** The kernel's `boot_id`: another one means that the device was restarted. */
  kernelBootId: string | undefined;
  /** BaseRunner's own service, as far as it knows itself. */
  own: { appId?: number | undefined; service?: string | undefined; containerId?: string | undefined };
}

/** What the Supervisor says about the device and its apps. */
export interface SupervisorView {
  version: string;
  updatePending: boolean;
  updateFailed: boolean;
  updateDownloaded: boolean;
  /** The Supervisor's own word: `applied`, `applying`. */
  appState?: string | undefined;
  /** Those that the key gives access to. */
  apps: AppView[];
}

/** An app of the device. */
export interface AppView {
  appId: number;
  name?: string | undefined;
  /** The release that runs. */
  runningCommit?: string | undefined;
  /** The release that the device is to run. */
  targetCommit?: string | undefined;
  /** The Supervisor's own word, since 17.7. */
  updateStatus?: string | undefined;
  isDownloading: boolean;
  downloadProgressPercent?: number | undefined;
  /** Each of its containers. Of an app whose containers the Supervisor does not report, its services. */
  services: ServiceView[];
  /** The services of the release that it is to run. */
  targetServices: TargetServiceView[];
}

/** A service of an app. */
export interface ServiceView {
  name: string;
  /** The Supervisor's own word: `Running`, `exited`. */
  status: string;
  containerId?: string | undefined;
}

/** A service of the release that an app is to run. */
export interface TargetServiceView {
  name: string;
  /** The Supervisor's own word: that of its container, or `Downloading` and `Downloaded` until it has one. */
  status?: string | undefined;
}
