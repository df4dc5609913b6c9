/** What a way in says of itself since the start of the process. */
export interface InletStats {
  /** Embedded broker: devices connected. External broker: 1 while we are connected to it. */
  readonly clients: number
  readonly messages: number
  /** Connections with wrong or without credentials; an external broker keeps that count itself. */
  readonly refused: number
  /** False while nothing can come in. */
  readonly connected: boolean
  /** Why messages do not come in or are not acknowledged at the moment, with what to do about it. */
  readonly problem?: string
}

export interface PublishOptions {
  readonly qos?: 0 | 1
  readonly retain?: boolean
}

/**
 * Where devices' messages come in: the embedded broker, or a subscription at an external one. Either acknowledges a
 * message of QoS 1 only after the intake has kept it, in the order of arrival.
 */
export interface Inlet {
  stats(): InletStats
  /**
   * Sends a message to devices. Resolves when it is on its way; with QoS 1 when the broker has taken it. Rejects with
   * BROKER_UNAVAILABLE.
   */
  publish(topic: string, payload: string | Uint8Array, options?: PublishOptions): Promise<void>
  /** Takes no more, waits for what is on its way into the log, acknowledges that and ends every connection. */
  close(): Promise<void>
}
