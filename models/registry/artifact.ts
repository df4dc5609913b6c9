import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { ForewarnError, messageOf } from '../../core/errors.ts'
import { buildAutoencoder } from '../architectures/autoencoder.ts'
import { buildForecaster } from '../architectures/forecaster.ts'
import { type Manifest, type ModelKind, manifestSchema } from './manifest.ts'
import { packWeights, sha256, unpackWeights, weightCount } from './weights.ts'

/** A model ready to run. `hash` identifies it: sha256 over manifest and weights. */
export interface Artifact<M extends Manifest = Manifest> {
  readonly manifest: M
  readonly members: readonly LayersModel[]
  readonly hash: string
  dispose(): void
}

/** A manifest as training knows it, before the weights are written. */
export type Draft<M extends Manifest = Manifest> = M extends Manifest
  ? Omit<M, 'weights' | 'checksum'>
  : never

/** Writes manifest.json and weights.bin, whole or not at all. */
export async function writeArtifact(
  folder: string,
  draft: Draft,
  members: readonly LayersModel[],
): Promise<Manifest> {
  const bytes = packWeights(members)
  const weights = { file: 'weights.bin', bytes: bytes.length, sha256: sha256(bytes) }
  const content = { ...draft, weights }
  const manifest = manifestSchema.parse({ ...content, checksum: checksumOf(content) })
  const making = `${folder}.new`
  await rm(making, { recursive: true, force: true })
  await mkdir(making, { recursive: true })
  await writeFile(join(making, manifest.weights.file), bytes)
  await writeFile(join(making, 'manifest.json'), `${layOut({ ...content, checksum: manifest.checksum })}\n`)
  await rm(folder, { recursive: true, force: true })
  await rename(making, folder)
  return manifest
}

/** sha256 of the manifest's content but for the checksum itself, so that a flipped digit in it does not go unseen. */
const checksumOf = ({ checksum: _, ...content }: Record<string, unknown>) => sha256(JSON.stringify(content))

/** One key a line; lists of numbers stay on theirs. */
const layOut = (manifest: Record<string, unknown>) =>
  `{\n${Object.entries(manifest)
    .map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`)
    .join(',\n')}\n}`

/** What stands in an artifact's folder, verified but not built. */
export interface CheckedArtifact {
  readonly manifest: Manifest
  readonly weights: Uint8Array
  readonly hash: string
}

/** Throws ARTIFACT_MISSING where there is no folder, ARTIFACT_DAMAGED saying what is wrong with it. */
export async function checkArtifact(
  folder: string,
  assetType: string,
  kind: ModelKind,
): Promise<CheckedArtifact> {
  const damaged = (problem: string, cause?: unknown) =>
    new ForewarnError('ARTIFACT_DAMAGED', { folder, problem, assetType }, cause)
  const text = await readFile(join(folder, 'manifest.json'), 'utf8').catch((error: unknown) => {
    throw damaged(`manifest.json cannot be read (${messageOf(error)})`, error)
  })
  const manifest = parseManifest(text, damaged)
  if (manifest.kind !== kind) throw damaged(`it is a ${manifest.kind}, not a ${kind}`)
  if (manifest.assetType !== assetType)
    throw damaged(`it was trained for ${manifest.assetType}, not ${assetType}`)
  const weights = await readFile(join(folder, manifest.weights.file)).catch((error: unknown) => {
    throw damaged(`weights.bin cannot be read (${messageOf(error)})`, error)
  })
  if (weights.length !== manifest.weights.bytes)
    throw damaged(`weights.bin has ${weights.length} bytes, the manifest says ${manifest.weights.bytes}`)
  if (sha256(weights) !== manifest.weights.sha256)
    throw damaged('the sha256 of weights.bin is not the one in the manifest')
  return { manifest, weights, hash: sha256(manifest.checksum + manifest.weights.sha256) }
}

function parseManifest(text: string, damaged: (problem: string, cause?: unknown) => ForewarnError): Manifest {
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch (error) {
    throw damaged(`manifest.json is not JSON (${messageOf(error)})`, error)
  }
  const parsed = manifestSchema.safeParse(content)
  if (parsed.success) {
    if (checksumOf(content as Record<string, unknown>) === parsed.data.checksum) return parsed.data
    throw damaged('the content of manifest.json does not fit its checksum')
  }
  const issue = parsed.error.issues[0]!
  throw damaged(`manifest.json is not valid at ${issue.path.join('.') || '(root)'}: ${issue.message}`)
}

/** Loads and verifies an artifact; the backend must be open. Throws as `checkArtifact`. */
export async function loadArtifact<K extends ModelKind>(
  folder: string,
  assetType: string,
  kind: K,
): Promise<Artifact<Extract<Manifest, { kind: K }>>> {
  const { manifest, weights, hash } = await checkArtifact(folder, assetType, kind)
  const members = buildMembers(manifest)
  if (weightCount(members) * 4 !== weights.length) {
    const problem = `weights.bin does not fit the architecture (${weightCount(members)} numbers)`
    for (const member of members) member.dispose()
    throw new ForewarnError('ARTIFACT_DAMAGED', { folder, problem, assetType })
  }
  unpackWeights(members, weights)
  const dispose = () => {
    for (const member of members) member.dispose()
  }
  return { manifest: manifest as Extract<Manifest, { kind: K }>, members, hash, dispose }
}

function buildMembers({ kind, architecture }: Manifest): LayersModel[] {
  const build = kind === 'forecaster' ? buildForecaster : buildAutoencoder
  return Array.from({ length: architecture.members }, (_, seed) => build(architecture, seed))
}
