/**
 * The one error catalogue. Every error that leaves a part has a code from here; the code says what the caller does
 * next (`retry` later, `drop` this input, `stop` the process) and which HTTP status it maps to. A test keeps
 * `docs/errors.md` equal to it.
 */
export type NextStep = 'retry' | 'drop' | 'stop'

interface Entry {
  readonly status: number
  readonly next: NextStep
  /** What went wrong, `{name}` filled from the details. */
  readonly message: string
  /** What the reader does about it. */
  readonly remedy: string
}

export const errorCatalogue = {
  CONFIG_INVALID: {
    status: 500,
    next: 'stop',
    message: 'Config value {path} is not valid: {problem}',
    remedy: 'Correct the value in {source}; `forewarn config --help` lists every key with its default.',
  },
  CATALOGUE_INVALID: {
    status: 500,
    next: 'stop',
    message: 'Asset catalogue {file} is not valid at {path}: {problem}',
    remedy: 'Correct the file; `catalogue/pump.yaml` is a complete example.',
  },
  PORT_IN_USE: {
    status: 500,
    next: 'stop',
    message: 'Port {port} for {what} is already in use on {host}',
    remedy: 'Stop the program that holds it, or set {key} to another port (0 picks a free one).',
  },
  DATA_FOLDER_UNUSABLE: {
    status: 500,
    next: 'stop',
    message: 'The data folder {folder} cannot be used: {problem}',
    remedy: 'Make it writable, free some space, or set data.folder to another place.',
  },
  DATA_FOLDER_LOCKED: {
    status: 500,
    next: 'stop',
    message: 'The data folder {folder} is in use by process {pid}',
    remedy: 'Stop that process first, or give this one a data folder of its own with data.folder.',
  },
  LOG_FULL: {
    status: 503,
    next: 'retry',
    message: 'The reading log has reached its cap of {cap} bytes; nothing more is acknowledged',
    remedy: 'Look at the store (health says why it lags), or raise log.maxBytes.',
  },
  LOG_FAILED: {
    status: 503,
    next: 'retry',
    message: 'The reading log could not be written: {problem}',
    remedy:
      'Free disk space in the data folder or mend its disk; devices send again what was not acknowledged.',
  },
  LOG_DAMAGED: {
    status: 500,
    next: 'stop',
    message: 'The reading log in {folder} cannot be read: {problem}',
    remedy:
      'Keep a copy of {folder}, move it away and start again: readings that the store has taken are safe there.',
  },
  STORE_UNAVAILABLE: {
    status: 503,
    next: 'retry',
    message: 'The telemetry store does not answer: {problem}',
    remedy: 'Start the store or check telemetry.url; the reading log keeps everything meanwhile.',
  },
  STORE_REFUSED: {
    status: 502,
    next: 'drop',
    message: 'The telemetry store refused readings: {problem}',
    remedy: 'Look at the dead letters: `forewarn deadletters list`.',
  },
  STORE_MISCONFIGURED: {
    status: 500,
    next: 'stop',
    message: 'The telemetry store rejects this client: {problem}',
    remedy:
      'Check database, user and password in telemetry.url, telemetry.token and telemetry.org; `forewarn doctor` looks again.',
  },
  BROKER_UNAVAILABLE: {
    status: 503,
    next: 'retry',
    message: 'The broker at {url} does not let us in: {problem}',
    remedy:
      'Start the broker (the embedded one is in forewarn) or correct the URL: mqtts:// where it speaks TLS, user:password@ where it has users; mqtt.caFile or NODE_EXTRA_CA_CERTS names a self-signed certificate to trust.',
  },
  QUEUE_UNAVAILABLE: {
    status: 503,
    next: 'retry',
    message: 'The prediction queue does not answer: {problem}',
    remedy: 'Start Redis or check queue.url.',
  },
  QUEUE_MISCONFIGURED: {
    status: 500,
    next: 'stop',
    message: 'The prediction queue would lose predictions: {problem}',
    remedy: 'Correct the Redis server: {setting}; `forewarn doctor` looks again.',
  },
  TICKETS_UNAVAILABLE: {
    status: 503,
    next: 'retry',
    message: 'The ticket database does not answer: {problem}',
    remedy: 'Start PostgreSQL or check tickets.url; predictions wait in the queue meanwhile.',
  },
  TICKETS_MISCONFIGURED: {
    status: 500,
    next: 'stop',
    message: 'The ticket database cannot be used: {problem}',
    remedy: 'Check user, password, database and sslmode in tickets.url; PostgreSQL 13 or newer is needed.',
  },
  TARGET_NOT_EMPTY: {
    status: 409,
    next: 'stop',
    message: 'Nothing was moved: {target} already holds {what}',
    remedy:
      'Name an empty database; where what it holds may go, an administrator drops its schema: DROP SCHEMA forewarn CASCADE.',
  },
  HANDOFF_UNAVAILABLE: {
    status: 503,
    next: 'retry',
    message: 'Redis, which connects the processes of this installation, does not answer: {problem}',
    remedy: 'Start Redis or check queue.url; the reading log keeps everything meanwhile.',
  },
  SHARE_TAKEN: {
    status: 503,
    next: 'retry',
    message: 'Share {share} of the devices is scored by {holder} already',
    remedy: 'Give this process another worker.share, or stop the other one; this one waits to take over.',
  },
  WORKER_NAME_TAKEN: {
    status: 500,
    next: 'stop',
    message: 'Another ingest process of this installation has the name {name}',
    remedy: 'Give every process a worker.name of its own; what both had in their logs is kept.',
  },
  HANDOFF_CHANGED: {
    status: 500,
    next: 'stop',
    message:
      'The log of {log} is split into {partitions} partitions now: devices move between score processes',
    remedy: 'Start this process again; nothing is lost. Let a supervisor do so (restart: unless-stopped).',
  },
  MAPPING_INVALID: {
    status: 500,
    next: 'stop',
    message: 'Mapping file {file} is not valid at {path}: {problem}',
    remedy: 'Correct the file and watch it live with `forewarn map try {file}`.',
  },
  MAPPING_STATE_DAMAGED: {
    status: 500,
    next: 'stop',
    message: 'What is known of mapped devices cannot be read in {folder}: {problem}',
    remedy:
      'Move {folder} away and start again: last values and Sparkplug births are learnt anew, readings are not in it.',
  },
  BROKER_MISCONFIGURED: {
    status: 500,
    next: 'stop',
    message: 'The broker at {url} cannot be used: {problem}',
    remedy: 'See to it that {setting}; docs/brokers.md lists what a broker must be set to.',
  },
  BACKUP_INVALID: {
    status: 400,
    next: 'stop',
    message: 'The backup {file} cannot be used: {problem}',
    remedy: 'Give an archive that `forewarn backup` wrote, complete and unchanged.',
  },
  INSTALLATION_NOT_EMPTY: {
    status: 409,
    next: 'stop',
    message: 'There is something in this installation already: {found}',
    remedy:
      'Restore into an empty one: set data.folder, and telemetry.url, tickets.url and queue.url, to new places.',
  },
  RESTORE_INCOMPLETE: {
    status: 500,
    next: 'stop',
    message: 'Not everything of the backup is in its place: {problem}',
    remedy:
      'Look at the free space and at log.maxBytes, empty the installation (data folder, databases) and restore again.',
  },
  ARTIFACT_DAMAGED: {
    status: 500,
    next: 'stop',
    message: 'Model artifact {folder} is damaged: {problem}',
    remedy: 'Restore the folder from the repository or train anew: `forewarn train {assetType}`.',
  },
  ARTIFACT_MISSING: {
    status: 404,
    next: 'drop',
    message: 'There is no {kind} for asset type {assetType}',
    remedy: 'Train one: `forewarn train {assetType}`.',
  },
  MODEL_UNKNOWN: {
    status: 404,
    next: 'drop',
    message: 'There is no model {model} of asset type {assetType}',
    remedy:
      '`forewarn models list` names them; the first characters of a hash are enough where they tell it apart.',
  },
  MODEL_DECISION_INVALID: {
    status: 409,
    next: 'drop',
    message: 'This model cannot be {action}: {problem}',
    remedy: '`forewarn models list` shows what is in force.',
  },
  MODEL_STALE: {
    status: 409,
    next: 'retry',
    message: 'Somebody else decided on the models of {assetType} at the same time',
    remedy: 'Look at `forewarn models show {assetType}` and decide again.',
  },
  MODEL_NOT_BETTER: {
    status: 409,
    next: 'drop',
    message: 'The challenger {model} is not promoted: {problem}',
    remedy:
      'Let it score in the shadow until more outcomes are known, or promote it with --force and a reason.',
  },
  MODEL_REGISTRY_DAMAGED: {
    status: 500,
    next: 'stop',
    message: 'The model registry {file} cannot be read at line {line}: {problem}',
    remedy: 'Restore the file from a backup; the versions beside it are whole.',
  },
  EXPLANATION_IMPOSSIBLE: {
    status: 409,
    next: 'drop',
    message: 'The score of ticket {ticket} cannot be computed again: {problem}',
    remedy: 'Explain it where it was made: with that catalogue, on a machine with that backend.',
  },
  API_UNAVAILABLE: {
    status: 503,
    next: 'retry',
    message: 'No forewarn answers at {url}: {problem}',
    remedy:
      'Start it with `forewarn start`, or name the running one with --url (and --token where it has tokens).',
  },
  DATA_FILE_INVALID: {
    status: 400,
    next: 'stop',
    message: 'Data file {file} is not valid at line {line}: {problem}',
    remedy: 'Correct the file at that line; of a public data set give the unchanged file.',
  },
  DATA_FILE_UNREADABLE: {
    status: 400,
    next: 'stop',
    message: 'Data file {file} cannot be read: {problem}',
    remedy:
      'Check the path, which counts from the folder that the command was started in, and that you may read what is there.',
  },
  TRAINING_DATA_INVALID: {
    status: 400,
    next: 'stop',
    message: 'Training data {source} cannot be used, {column}: {problem}',
    remedy: '{remedy}.',
  },
  TRAINING_DIVERGED: {
    status: 500,
    next: 'stop',
    message: 'Training ran away: in epoch {epoch} the loss is no number any more',
    remedy: 'Look for outliers in the training data, then train again with another --seed.',
  },
  DEVICE_UNKNOWN: {
    status: 404,
    next: 'drop',
    message: 'There is no device {device}',
    remedy: 'Devices appear with their first reading; GET /api/devices lists them.',
  },
  TICKET_UNKNOWN: {
    status: 404,
    next: 'drop',
    message: 'There is no ticket {ticket}',
    remedy: 'GET /api/tickets lists them.',
  },
  TICKET_TRANSITION: {
    status: 409,
    next: 'drop',
    message: 'A ticket that is {from} cannot become {to}',
    remedy: 'Possible from here: {allowed}.',
  },
  TICKET_STALE: {
    status: 409,
    next: 'retry',
    message: 'The ticket was changed meanwhile: you edited version {expected}, it is at version {actual}',
    remedy: 'Reload the ticket and repeat the change.',
  },
  TICKET_VERDICT_MISSING: {
    status: 400,
    next: 'drop',
    message: 'Resolving a ticket needs a verdict',
    remedy: 'Send verdict: confirmed (with mode), no_fault_found, false_alarm or not_inspected.',
  },
  REQUEST_INVALID: {
    status: 400,
    next: 'drop',
    message: 'The request is not valid: {problem}',
    remedy: 'See /docs for the schema of this route.',
  },
  MAINTENANCE_UNKNOWN: {
    status: 404,
    next: 'drop',
    message: 'There is no maintenance window {id}',
    remedy: 'List them: GET /api/maintenance, or `forewarn maintenance list`.',
  },
  MAINTENANCE_OVER: {
    status: 409,
    next: 'drop',
    message: 'Maintenance window {id} is over since {to}',
    remedy: 'Nothing is left to end; register another one where work goes on.',
  },
  DEVICE_PARENT_INVALID: {
    status: 409,
    next: 'drop',
    message: '{device} cannot hang on {parent}: {problem}',
    remedy: 'Name a device of the register that does not hang on {device} itself, or none.',
  },
  UNAUTHORIZED: {
    status: 401,
    next: 'drop',
    message: 'This needs a token, and {problem}',
    remedy:
      'Send one of http.tokens: `Authorization: Bearer <token>`, or name and token as user and password (HTTP Basic).',
  },
  FORBIDDEN_ORIGIN: {
    status: 403,
    next: 'drop',
    message: 'Requests for host {host} from origin {origin} are refused',
    remedy: 'Add the host to http.allowedHosts.',
  },
  NOT_FOUND: {
    status: 404,
    next: 'drop',
    message: 'There is nothing at {path}',
    remedy: 'See /docs for the routes.',
  },
  INTERNAL: {
    status: 500,
    next: 'retry',
    message: 'Unexpected error: {problem}',
    remedy: 'Please report it with the log lines around it.',
  },
} as const satisfies Record<string, Entry>

export type ErrorCode = keyof typeof errorCatalogue

const fill = (template: string, details: Record<string, unknown>) =>
  template.replace(/\{(\w+)\}/g, (hole, name) => (name in details ? String(details[name]) : hole))

/** An error of the catalogue, with its details filled in and the way out beside it. */
export class ForewarnError extends Error {
  override readonly name = 'ForewarnError'
  readonly next: NextStep
  readonly status: number
  readonly remedy: string

  constructor(
    readonly code: ErrorCode,
    readonly details: Record<string, unknown> = {},
    cause?: unknown,
  ) {
    const entry: Entry = errorCatalogue[code]
    super(fill(entry.message, details), cause === undefined ? undefined : { cause })
    this.next = entry.next
    this.status = entry.status
    this.remedy = fill(entry.remedy, details)
  }
}

/** A file or folder of data that is not there, or that this user may not read; `cause` is what the system said. */
export const unreadableFile = (file: string, cause: unknown): ForewarnError =>
  new ForewarnError('DATA_FILE_UNREADABLE', { file, problem: messageOf(cause) }, cause)

/** The message of anything that was thrown. */
export const messageOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message || thrown.name : String(thrown)
