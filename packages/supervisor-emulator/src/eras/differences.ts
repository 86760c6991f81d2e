/** The versions that have a difference: from `since` on, if given, and earlier than `before`. */
export interface Bounds {
  since?: string;
  before: string;
}

/**
 * How older Supervisors differ from 19.0.5, each with the versions that have the difference. Read from the source of
 * every release. For new endpoints, see their `since`.
 */
export const differences = {
  // Keys

  /** The scheme `Bearer` is unknown, and `ApiKey` is valid only in this spelling. */
  onlyApiKeyScheme: { before: '11.3.0' },
  /** A key in the query and one in the header: either may be valid. */
  eitherKeyCounts: { before: '9.0.0' },
  /** A key in the query takes precedence, even if it is empty or given twice. */
  queryKeyAlwaysWins: { since: '9.0.0', before: '11.3.0' },
  /** Without a usable key, it fails with a TypeError. */
  missingKeyIsTypeError: { since: '9.0.0', before: '9.2.9' },
  /** An unmanaged device requires a key, except in local mode. */
  unmanagedNeedsKey: { before: '9.0.0' },
  /** An unmanaged device requires a key if its OS is a production image, regardless of local mode. */
  unmanagedProductionNeedsKey: { before: '12.10.10' },
  /** All services have the Supervisor's own key, valid for every app. */
  oneKeyForAll: { before: '11.14.4' },
  /** A caller without a key, where none is needed, reaches no app. */
  keylessReachesNoApp: { since: '11.14.4', before: '12.2.1' },
  /** Out of scope is `Application is not available`. */
  outOfScopeIsUnavailable: { before: '14.5.0' },
  /** The regeneration of a missing key is never answered. */
  unknownKeyHangs: { since: '11.14.4', before: '14.5.0' },

  // Failures

  /** A failure is only its message, as text. */
  failureIsText: { before: '10.3.8' },
  /** An unreadable body gets Express' page for a bad request. */
  badBodyIsPage: { before: '10.3.8' },
  /** An error that a route does not handle has its own words. */
  everyRouteFails: { before: '10.3.8' },
  /** An error that a route does not handle is never answered. Node.js 15 was the first to end the process. */
  unhandledErrorHangs: { since: '10.3.8', before: '14.1.0' },
  /** `GET /v1/device` fails with 500 in an envelope of its own. */
  deviceFailureIs500: { before: '14.5.0' },
  /** Node.js' older message for reading a property of undefined. */
  oldTypeErrorWords: { before: '14.1.0' },

  // Locks

  /** A user's lock is a failure like any other. */
  userLockIsFailure: { before: '12.2.11' },
  /** The words are those of the file that exists, after `Updates are locked`. */
  lockWordsAreOfFile: { before: '12.8.10' },
  /** App and service of a lock are reported as JSON, both as text. */
  lockWordsAreJsonText: { since: '12.8.10', before: '13.1.0' },
  /** App and service of a lock are reported as JSON. */
  lockWordsAreJson: { since: '13.1.0', before: '14.0.1' },
  /** The only name of the file is `resin-updates.lock`. */
  onlyResinLock: { before: '7.22.0' },
  /** An app has one lock, whatever services it has. */
  lockIsOfApp: { before: '7.0.0' },
  /** v2 actions on one service need the locks even to start it. */
  serviceStartNeedsLock: { before: '12.2.11' },
  /** v2 actions on one service are not answered if a user's lock blocks them. */
  lockedServiceHangs: { since: '7.12.0', before: '12.2.11' },
  /** An update takes the locks only to kill containers. It creates and renames them without. */
  locksOnlyToKill: { before: '16.2.0' },
  /** To stop or restart one service, only its own lock must be free. */
  serviceLockIsItsOwn: { since: '16.2.0', before: '16.7.8' },
  /** The wait for locks of another operation never ends. */
  busyLocksAreAwaited: { before: '16.7.8' },
  /** Updates of the host OS are unknown. */
  hostUpdateIsUnknown: { before: '12.8.10' },
  /** An update of the host OS blocks even forced requests. */
  hostUpdateIgnoresForce: { since: '12.8.10', before: '12.9.3' },
  /** In v2, only `true` forces. */
  onlyTrueForces: { before: '9.0.3' },
  /** In v2, any non-empty value forces, even `"false"`. */
  anyValueForces: { since: '9.0.3', before: '14.5.0' },

  // The device

  /** An unhealthy device returns 500 with the name of the status. */
  unhealthyIsStatus: { before: '10.3.8' },
  /** An unhealthy device does not answer. */
  unhealthyHangs: { since: '10.3.8', before: '10.10.15' },
  /** `POST /v1/update` is always 204. */
  updateIsAlwaysAccepted: { before: '9.13.0' },
  /** `force` does not override disabled instant updates, and a device without a cloud is never ready for an update. */
  updateIgnoresForce: { since: '9.13.0', before: '14.5.0' },
  /** There is no `cancel`. */
  updateCannotCancel: { before: '17.1.0' },
  /** Any `POST /v1/update` ends the wait after a failed attempt. */
  updateEndsBackOff: { since: '9.18.6', before: '17.5.0' },
  /** The wait after a failed attempt is at most 30 s. */
  shortBackOff: { before: '9.7.0' },
  /** All containers are stopped before a reboot or a shutdown is answered. */
  powerStopsContainers: { before: '14.0.1' },
  /** A lock rejects a reboot or a shutdown with only its message. */
  powerLockIsText: { before: '6.1.2' },
  /** `GET /v1/device` has no MAC address. */
  macAddressIsUnknown: { before: '11.8.4' },
  /** `GET /v1/device` has the commit even during an apply, and the variant of the OS. */
  deviceTellsVariant: { before: '7.0.0' },
  /** Unavailable tags are a failure. */
  tagsFail: { before: '10.3.8' },
  /** A request for unavailable tags is not answered. */
  missingTagsHang: { since: '10.3.8', before: '10.11.2' },
  /** The client for the cloud has another message for an unreachable cloud. */
  cloudClientIsRequest: { before: '17.8.0' },
  /** `GET /v2/local/device-info` is a `sucess`. */
  successIsMisspelt: { before: '10.0.2' },

  // Whole apps

  /** A restart of an unknown app fails with a TypeError. */
  unknownRestartIsTypeError: { since: '7.0.0', before: '11.14.1' },
  /** A purge of an unknown app says in a long message that it is not found. */
  unknownPurgeIsNotFound: { before: '14.5.0' },
  /** There is one app of one container; to restart or purge another is 400. */
  unknownAppIs400: { before: '7.0.0' },
  /** A purge ignores users' locks. */
  purgeIgnoresLocks: { before: '7.0.0' },
  /** The locks are taken before anything else is checked. */
  recreationLocksFirst: { before: '14.10.7' },
  /** A second restart or purge waits for the first. */
  secondRecreationWaits: { before: '17.5.0' },
  /** `GET /v1/apps/:appId` has the ID as text, and no release. */
  singleAppIsLegacy: { before: '7.0.0' },
  /** `GET /v1/apps/:appId` finds neither environment nor image, because of a defect. */
  singleAppIsBare: { since: '7.20.0', before: '11.14.1' },
  /** v1 looks an app up before it checks the scope, and uses other words. */
  v1LooksUpFirst: { before: '14.5.0' },
  /** An app without services differs from no app. */
  noServicesIsTold: { since: '11.14.1', before: '14.5.0' },

  // Single services

  /** v1 cannot start or stop an app, because of a defect. */
  v1ActionsFail: { since: '10.10.11', before: '11.11.5' },
  /** v1 cannot start an app: it does not say which service. */
  v1StartFails: { since: '11.14.1', before: '12.2.11' },
  /** v1 cannot start an app, and names no container after it stopped one. */
  v1ActionsAreHalf: { since: '7.0.0', before: '7.1.8' },
  /** v1 does not wait for a container to stop. */
  v1StopIsEarly: { since: '7.0.0', before: '7.1.16' },
  /** v1 starts under the lock, and reads no body. */
  v1StartNeedsLock: { before: '7.0.0' },
  /** Actions on a service use the body unchanged: the image ID must be a number, even with one container. */
  bodyIsTakenAsIs: { before: '14.5.0' },
  /** A service has no name in actions. */
  serviceHasNoName: { before: '8.3.0' },
  /** An unknown app is not found: its target is not read first. */
  unknownAppIsNotFound: { before: '11.14.1' },
  /** The same, for v1. */
  v1UnknownAppIsNotFound: { before: '12.2.11' },
  /** The answer for something unknown is one line. */
  notFoundIsOneLine: { before: '7.12.0' },
  /** Any text is an app's ID in actions on services and restarts. */
  anyAppIdIsTried: { before: '10.6.30' },
  /** Any text is an app's ID in a purge. */
  anyAppIdIsPurged: { before: '10.6.4' },

  // State

  /** Parts of the target that are not yet on the device are left out. */
  awaitedImagesAreMissing: { before: '17.7.0' },
  /** UUID, update status and image names are left out of the state of apps. */
  appsAreTerse: { before: '17.7.0' },
  /** 0 % is null in the state of apps. */
  zeroProgressIsNull: { before: '17.1.6' },
  /** Images of all releases are in the state of apps, of each service the last. */
  imagesOfAllReleases: { before: '14.11.7' },
  /** The state of one app is that of all, regardless of the ID. */
  appStateIgnoresId: { before: '11.4.12' },
  /** There is one commit, that of the device. */
  commitIsOfDevice: { before: '12.2.0' },
  /** There are dependent devices; their data is always empty. */
  dependentIsTold: { before: '14.8.0' },
  /** Containers and images of all apps are in the status. */
  statusIsOfAllApps: { before: '12.2.0' },
  /** The status rejects a key that covers several apps. */
  statusRefusesSeveralApps: { since: '12.2.0', before: '12.2.3' },
  /** The local target state can be read only in local mode. */
  localTargetIsLocal: { before: '10.6.33' },

  /** A local target state has its own format: an unreadable one is rejected like any other. */
  localTargetIsNotUpgraded: { before: '13.0.0' },

  // Host config

  /** The proxy's port is text, and an empty line of exceptions is one. */
  proxyIsShownAsRead: { before: '12.4.0' },
  /** A proxy is replaced as a whole. */
  proxyIsReplaced: { before: '12.4.0' },
  /** Any body is accepted, and an empty proxy also removes the exceptions. */
  hostConfigIsNotJudged: { before: '16.4.0' },
  /** An invalid body is rejected without a report. */
  hostConfigReportIsShort: { since: '16.4.0', before: '16.6.0' },
  /** A resolver behind the proxy is unknown. */
  proxyHasNoDns: { before: '16.6.0' },
  /** An empty hostname is one. */
  emptyHostnameIsTaken: { before: '12.4.0' },
  /** No lock is needed. */
  hostConfigNeedsNoLock: { before: '12.11.34' },
  /** A device without its own app cannot be configured. */
  hostConfigNeedsApp: { since: '12.11.34', before: '14.0.9' },
  /** Only the lock of the device's own app must be free. */
  hostConfigLocksOwnApp: { before: '14.0.2' },
  /** The hostname needs no lock. */
  hostnameNeedsNoLock: { since: '16.4.0', before: '16.7.8' },

  // Logs

  /** A stream of local logs begins with the first line. */
  logsGreetNobody: { before: '9.3.1' },
  /** The journal has journalctl's export format. */
  journalIsExported: { before: '10.3.0' },
  /** The journal cannot be read by container. */
  journalHasNoContainers: { before: '10.9.0' },
  /** The journal cannot be read by time. */
  journalHasNoTimes: { before: '14.7.0' },

  // Environment

  /** There are no `BALENA_` names, and only the old lock path. */
  environmentIsResin: { before: '7.22.0' },
  /** Its address is the loopback address. */
  supervisorIsOnLoopback: { before: '7.0.0' },
  /** There are no `BALENA_SUPERVISOR_` names, and only the old label gives access. */
  supervisorIsResin: { before: '7.23.0' },

  // Around it

  /** There is no relay in front of it. */
  relayIsMissing: [{ before: '18.0.0' }, { since: '18.1.0', before: '19.0.0' }],
} as const satisfies Readonly<Record<string, Bounds | readonly Bounds[]>>;
