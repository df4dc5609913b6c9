const ucum: Readonly<Record<string, string>> = {
  '1': '',
  Cel: '°C',
  '[degF]': '°F',
  '[degR]': '°R',
  '[psi]': 'psi',
  '[lb_av]': 'lb',
  '%': '%',
}

/** A UCUM code as it is written on paper: "m3/h" -> "m³/h", "{rpm}" -> "rpm", "1" -> "". See https://ucum.org. */
export function unitLabel(code: string): string {
  const part = (p: string) =>
    ucum[p] ??
    p
      .replace(/^\{(.*)\}$/, '$1')
      .replace(/([a-z])2$/, '$1²')
      .replace(/([a-z])3$/, '$1³')
  return code.includes('/') ? code.split('/').map(part).join('/') : part(code)
}
