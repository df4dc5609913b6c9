import { expect, it } from 'vitest'
import { parseConfig } from '../core/config.ts'
import { httpUrl, mqttUrl, ownMqttUrl, withoutPassword } from './urls.ts'
import { withoutSecrets } from './withoutSecrets.ts'

const password = 'k3v9/0aMx@27q?Lp'
const tls = { tlsCert: 'cert.pem', tlsKey: 'key.pem' }
const plain = parseConfig({ http: { host: '::1' } })
const secured = parseConfig({
  http: { host: 'plant.example', tokens: [`anna:${password}`], ...tls },
  mqtt: { host: '::', port: 8883, users: [`line-1:${password}`], ...tls },
  telemetry: { url: `influx://writer:${password}@db.example:8086/forewarn` },
  queue: { url: 'redis://:short-secret@127.0.0.1:6379' },
})

it('name the scheme that is spoken, and IPv6 in brackets', () => {
  expect([httpUrl(plain.http, 8080), mqttUrl(plain.mqtt)]).toEqual([
    'http://[::1]:8080',
    'mqtt://127.0.0.1:1883',
  ])
  expect([httpUrl(secured.http, 8443), mqttUrl(secured.mqtt, 9)]).toEqual([
    'https://plant.example:8443',
    'mqtts://[::]:9',
  ])
})

it('a command of this installation comes as its first user', () => {
  expect(ownMqttUrl(plain.mqtt)).toBe('mqtt://127.0.0.1:1883')
  const url = new URL(ownMqttUrl(secured.mqtt))
  expect([url.protocol, url.username, decodeURIComponent(url.password), url.host]).toEqual([
    'mqtts:',
    'line-1',
    password,
    '[::]:8883',
  ])
})

it('a command of this installation goes to the external broker, where there is one', () => {
  const url = 'mqtt://me:secret@broker.example:1884'
  expect(ownMqttUrl(parseConfig({ mqtt: { url, users: [`line-1:${password}`] } }).mqtt)).toBe(url)
})

it('hide their password, whatever it is made of, and only that', () => {
  expect(withoutPassword(`mqtt://me:${password}@host:1/x@y`)).not.toMatch(/k3v9|0aMx|27q/)
  expect(withoutPassword('influx://writer:secret@host:8086/db')).toBe('influx://writer:********@host:8086/db')
  expect(withoutPassword('redis://:secret@host:6379')).toBe('redis://:********@host:6379')
  for (const url of ['duckdb:', 'mqtt://host:1883', 'mqtt://me@host', 'influx://host:8086/db']) {
    expect(withoutPassword(url)).toBe(url)
  }
})

it('the configuration as it is shown has every name and no secret', () => {
  const shown = JSON.stringify(withoutSecrets(secured))
  for (const name of ['"anna:********"', '"line-1:********"', 'writer:********@db.example']) {
    expect(shown).toContain(name)
  }
  expect(shown).not.toMatch(/k3v9|0aMx|short-secret/)
  expect(withoutSecrets(plain)).toEqual(plain)
})
