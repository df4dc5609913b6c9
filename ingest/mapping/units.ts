/*
 * Units as publishers and catalogues write them, each by its UCUM code and the ways it is commonly written, and the
 * straight line from it to the base unit of its dimension: base = (value + shift) * factor.
 */
interface Unit {
  readonly dimension: string
  readonly factor: number
  readonly shift: number
}

type Line = readonly [codes: string, factor: number, shift?: number]

const dimensions: Readonly<Record<string, readonly Line[]>> = {
  temperature: [
    ['K', 1],
    ['Cel °C degC C', 1, 273.15],
    ['[degF] degF °F F', 5 / 9, 459.67],
    ['[degR] degR', 5 / 9],
  ],
  pressure: [
    ['Pa', 1],
    ['hPa mbar', 100],
    ['kPa', 1e3],
    ['MPa', 1e6],
    ['bar', 1e5],
    ['[psi] psi psig psia', 6894.757293168361],
    ['atm', 101_325],
    ['m[H2O] mH2O', 9806.65],
    ['mm[Hg] mmHg', 133.322387415],
  ],
  velocity: [
    ['m/s', 1],
    ['cm/s', 1e-2],
    ['mm/s', 1e-3],
    ['um/s µm/s', 1e-6],
    ['[in_i]/s in/s ips', 0.0254],
    ['[ft_i]/s ft/s', 0.3048],
    ['km/h', 1 / 3.6],
  ],
  acceleration: [
    ['m/s2 m/s² m/s^2', 1],
    ['mm/s2 mm/s²', 1e-3],
    ['[g] gn', 9.80665],
    ['m[g] mg', 9.80665e-3],
  ],
  length: [
    ['m', 1],
    ['cm', 1e-2],
    ['mm', 1e-3],
    ['um µm', 1e-6],
    ['[mil_i] mil', 2.54e-5],
    ['[in_i] in', 0.0254],
    ['[ft_i] ft', 0.3048],
  ],
  'volume flow': [
    ['m3/s m³/s', 1],
    ['m3/min m³/min', 1 / 60],
    ['m3/h m³/h', 1 / 3600],
    ['l/s L/s', 1e-3],
    ['l/min L/min lpm', 1e-3 / 60],
    ['l/h L/h', 1e-3 / 3600],
    ['[gal_us]/min gal/min gpm', 0.003785411784 / 60],
  ],
  'mass flow': [
    ['kg/s', 1],
    ['kg/min', 1 / 60],
    ['kg/h', 1 / 3600],
    ['t/h', 1 / 3.6],
  ],
  frequency: [
    ['Hz /s 1/s', 1],
    ['kHz', 1e3],
    ['{rpm} rpm r/min /min 1/min', 1 / 60],
    ['rad/s', 1 / (2 * Math.PI)],
  ],
  current: [
    ['A', 1],
    ['mA', 1e-3],
    ['kA', 1e3],
  ],
  voltage: [
    ['V', 1],
    ['mV', 1e-3],
    ['kV', 1e3],
  ],
  power: [
    ['W', 1],
    ['kW', 1e3],
    ['MW', 1e6],
    ['[HP] hp', 745.6998715822702],
  ],
  energy: [
    ['J', 1],
    ['kJ', 1e3],
    ['MJ', 1e6],
    ['W.h Wh', 3600],
    ['kW.h kWh', 3.6e6],
  ],
  time: [
    ['s', 1],
    ['ms', 1e-3],
    ['min', 60],
    ['h', 3600],
    ['d', 86_400],
  ],
  force: [
    ['N', 1],
    ['kN', 1e3],
    ['[lbf_av] lbf', 4.4482216152605],
  ],
  torque: [
    ['N.m Nm', 1],
    ['kN.m kNm', 1e3],
    ['[ft_i].[lbf_av] lbf.ft', 1.3558179483314003],
  ],
  mass: [
    ['kg', 1],
    ['g', 1e-3],
    ['t', 1e3],
    ['[lb_av] lb', 0.45359237],
  ],
  volume: [
    ['m3 m³', 1],
    ['l L', 1e-3],
    ['[gal_us] gal', 0.003785411784],
  ],
  ratio: [
    ['1', 1],
    ['%', 1e-2],
    ['[ppm] ppm', 1e-6],
  ],
  angle: [
    ['rad', 1],
    ['deg °', Math.PI / 180],
  ],
}

const units: ReadonlyMap<string, Unit> = new Map(
  Object.entries(dimensions).flatMap(([dimension, lines]) =>
    lines.flatMap(([codes, factor, shift = 0]) =>
      codes.split(' ').map((code): [string, Unit] => [code, { dimension, factor, shift }]),
    ),
  ),
)

/** Every way in which a unit can be written. */
export const knownUnits: readonly string[] = [...units.keys()]

/** A straight line: converted = (value + shift) * factor + offset. */
export interface Conversion {
  readonly shift: number
  readonly factor: number
  readonly offset: number
}

export const unchanged: Conversion = { shift: 0, factor: 1, offset: 0 }

export const convert = ({ shift, factor, offset }: Conversion, value: number): number =>
  (value + shift) * factor + offset

/** The way from one unit to another, or in words why there is none. The same text is always the same unit. */
export function conversion(from: string, to: string): Conversion | string {
  if (from === to) return unchanged
  const source = units.get(from)
  if (!source) return `the unit ${from} is not known`
  const target = units.get(to)
  if (!target) return `the catalogue's unit ${to} has no conversion: leave unit out, or use scale and offset`
  if (source.dimension !== target.dimension)
    return `${from} is a ${source.dimension}, the catalogue's ${to} a ${target.dimension}`
  return { shift: source.shift, factor: source.factor / target.factor, offset: -target.shift }
}
