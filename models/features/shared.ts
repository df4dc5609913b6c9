import { compileFeatures, type FeatureMaker, type Rows } from './compute.ts'
import { type FeatureSpec, type Smoothing, smoothedWidth, tailPlaces } from './spec.ts'

type Shape = Omit<FeatureSpec, 'normalisation'>

/** Raw features of one window for each of several models, in the order of their specs; only read until the next window. */
export type FeaturesOfAll = (window: Rows, from: number) => readonly Float64Array[]

/**
 * Compiles the features of several models that look at the same windows. Where their inputs, regime and
 * directions are the same, a window is gone through once for all of them.
 */
export function compileTogether(shapes: readonly Shape[], channels: readonly string[]): FeaturesOfAll {
  const union = unionOf(shapes)
  if (!union) {
    const makers = shapes.map((shape) => compileFeatures(shape, channels))
    return (window, from) => makers.map((make) => make(window, from))
  }
  const make = compileFeatures(union, channels)
  return pickedFrom(
    make,
    shapes.map((shape) => placesIn(union, shape)),
  )
}

function pickedFrom(make: FeatureMaker, places: readonly Int32Array[]): FeaturesOfAll {
  const picked = places.map((own) => new Float64Array(own.length))
  return (window, from) => {
    const all = make(window, from)
    places.forEach((own, shape) => {
      const features = picked[shape]!
      for (let i = 0; i < own.length; i++) features[i] = all[own[i]!]!
    })
    return picked
  }
}

/** One shape that has every feature of all of them; undefined where they look at different things. */
function unionOf(shapes: readonly Shape[]): Shape | undefined {
  const [first, ...others] = shapes
  if (!first || others.some((other) => basisOf(other) !== basisOf(first))) return undefined
  const usages = [...new Set(shapes.flatMap(({ usage }) => usage ?? []))]
  if (usages.length > 1) return undefined
  const smoothings = new Map(shapes.flatMap((shape) => shape.smoothings.map((s) => [nameOf(s), s])))
  return {
    ...first,
    smoothings: [...smoothings.values()],
    usage: usages[0] ?? null,
    usageMayLack: shapes.some((shape) => shape.usageMayLack),
    history: shapes.some((shape) => shape.history),
  }
}

const basisOf = ({ inputs, regime, directions }: Shape) => JSON.stringify([inputs, regime, directions])

const nameOf = (smoothing: Smoothing) => JSON.stringify(smoothing)

/** Where the features of `shape` stand among those of `union`. */
function placesIn(union: Shape, shape: Shape): Int32Array {
  const width = smoothedWidth(shape)
  const names = union.smoothings.map(nameOf)
  const places = shape.smoothings.flatMap((smoothing) => {
    const start = names.indexOf(nameOf(smoothing)) * width
    return Array.from({ length: width }, (_, i) => start + i)
  })
  const [own, all] = [tailPlaces(shape), tailPlaces(union)]
  if (own.usage >= 0) places.push(all.usage)
  if (own.lacking >= 0) places.push(all.lacking)
  if (own.history >= 0) places.push(all.history)
  return Int32Array.from(places)
}
