/*
 * A process for powercut.test.ts, without packages: writes numbered blocks into FOLDER/blocks and prints the number of
 * each as acknowledged. `early`: before the sync, `synced`: after it, `opened`: through O_DSYNC, `unsynced`: without any. `named`: a new file a
 * block, its folder never synced; `placed`: with its folder; `moved`: written aside and renamed, the folder never synced.
 */
import fs from 'node:fs'
import { join } from 'node:path'

const [folder, mode] = process.argv.slice(2)
const blockBytes = 1000
const block = (number) => Buffer.alloc(blockBytes, String(number % 10))
const acknowledge = (number) => fs.writeSync(1, `${number}\n`)

function syncFolder() {
  const descriptor = fs.openSync(folder, 'r')
  fs.fsyncSync(descriptor)
  fs.closeSync(descriptor)
}

function writeFile(name, number) {
  const descriptor = fs.openSync(join(folder, name), 'w')
  fs.writeSync(descriptor, block(number))
  fs.fsyncSync(descriptor)
  fs.closeSync(descriptor)
}

if (['early', 'synced', 'opened', 'unsynced'].includes(mode)) {
  const { O_CREAT, O_RDWR, O_DSYNC } = fs.constants
  const flags = O_CREAT | O_RDWR | (mode === 'opened' ? O_DSYNC : 0)
  const descriptor = fs.openSync(join(folder, 'blocks'), flags)
  syncFolder()
  for (let number = 0; ; number++) {
    fs.writeSync(descriptor, block(number), 0, blockBytes, number * blockBytes)
    if (mode === 'early') acknowledge(number)
    if (mode === 'early' || mode === 'synced') fs.fdatasyncSync(descriptor)
    if (mode !== 'early') acknowledge(number)
  }
}

for (let number = 0; ; number++) {
  writeFile(mode === 'moved' ? 'aside' : `block-${number}`, number)
  if (mode === 'moved') fs.renameSync(join(folder, 'aside'), join(folder, 'block'))
  if (mode === 'placed') syncFolder()
  acknowledge(number)
}
