/** 32 random bytes as base64 behind `whsec_`, as Standard Webhooks writes a key. */
export const newSecret = (): string =>
  `whsec_${btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))))}`
