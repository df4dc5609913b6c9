'use strict'
// Loaded into every thread of a forewarn process by `node --require`: what a campaign does from inside, told by a
// control file. Forewarn's own code runs unchanged; what it stands on misbehaves: the wall clock, and DuckDB.
const { appendFileSync, readFileSync } = require('node:fs')
const { isMainThread, workerData } = require('node:worker_threads')

const file = process.env.FOREWARN_CAMPAIGN_CONTROL
let control = { clockMs: 0, store: 'ok', doubles: false }

if (file) {
  look()
  setInterval(look, 20).unref()
  shiftClock()
  if (!isMainThread && workerData?.telemetry?.url.startsWith('duckdb:')) misuseDuckdb()
}

function look() {
  try {
    control = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    // Not there yet: as it was.
  }
}

/** The wall clock alone jumps; timers count on, as they do when an operating system's clock is set. */
function shiftClock() {
  const RealDate = Date
  globalThis.Date = class ShiftedDate extends RealDate {
    constructor(...given) {
      if (given.length > 0) super(...given)
      else super(RealDate.now() + control.clockMs)
    }

    static now() {
      return RealDate.now() + control.clockMs
    }
  }
}

function misuseDuckdb() {
  const { DuckDBAppender, DuckDBConnection } = require('@duckdb/node-api')
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
  /** The campaign looks whether its fault came to pass. */
  const note = () => appendFileSync(`${file}.done`, 'x')

  const run = DuckDBConnection.prototype.run
  DuckDBConnection.prototype.run = async function (sql, ...rest) {
    if (sql !== 'COMMIT' || control.store === 'ok') return run.call(this, sql, ...rest)
    note()
    if (control.store === 'slow') await pause(300)
    while (control.store === 'silent') await pause(20)
    const fails = control.store === 'errors' && Math.random() < 0.8
    // Half of the failures come after the fact: the rows are there, the answer is lost.
    const afterwards = Math.random() < 0.5
    if (fails && !afterwards) throw new Error('IO Error: refused by the fault campaign')
    const result = await run.call(this, sql, ...rest)
    if (fails) throw new Error('IO Error: answer lost by the fault campaign')
    return result
  }

  // A fault of forewarn itself, for the test of the campaign: it has to find it.
  const append = DuckDBAppender.prototype.appendDataChunk
  let chunks = 0
  DuckDBAppender.prototype.appendDataChunk = function (chunk) {
    append.call(this, chunk)
    if (control.doubles && ++chunks % 5 === 0) append.call(this, chunk)
  }
}
