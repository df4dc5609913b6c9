import { cases } from '../cases/index.ts'

/** What was measured and how, where a case's one line says too little. */
const methods: Readonly<Record<string, string>> = {
  ingest:
    'A publisher in a process of its own sends six-channel JSON of QoS 1 as fast as it is acknowledged; an acknowledgement comes when the reading is on disk. Store and scoring run, every reading is in a scored window. The bare broker is aedes alone, in the same run, by the same publisher. Into InfluxDB: the highest rate at which no more than a second of the input is on its way at the end.',
  latency:
    'Healthy machines publish at the total rate, each ten readings a second, and every full window is scored. Meanwhile machines whose fault is foretold (the simulator’s, shortly before their failure) send their last readings one machine after the other; each ticket says how long after the publication of its last reading it was committed. The percentiles are over the tickets.',
  overload:
    'Every full window is scored, so that scoring sets the rate. First the highest rate that is stored and scored no more than a second behind, for the whole time; then three times that for the same time, from devices that come back a second after they were refused and send again what was not acknowledged. Acknowledgement times count from the first sending. After the minute only what is not acknowledged yet is sent; times "after" a state is reached count from the end of the minute.',
  peer: 'The same publisher, 50 connections, QoS 1, into a real Mosquitto, from there through one of the systems into a real InfluxDB. Rates are tried until the highest is found that is stored whole and no more than a second behind; then twice that. Acknowledgements are Mosquitto’s; what is stored is counted in InfluxDB. Node-RED runs MQTT in > function > InfluxDB out: once with a write a message, as in the node’s manual, and once with a function that collects a thousand points for `influxdb batch`, which is faster and acknowledges what only its memory holds. forewarn acknowledges what is on disk, and scores it, too.',
}

/** One sentence or more about a case; undefined for one that is gone. */
export const methodOf = (name: string): string | undefined =>
  methods[name] ?? cases.find((c) => c.name === name)?.about
