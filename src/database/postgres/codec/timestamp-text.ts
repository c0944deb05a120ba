import { DatabaseFailedError } from '../../../errors/database-errors.ts'

const DAY_MS = 86_400_000
/** `2024-05-06 07:08:09.123456+05:30:15 BC`, in DateStyle ISO; each part after the seconds may be missing. */
const ISO =
  /^(\d{4,6})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d+))?([+-])(\d\d)(?::(\d\d))?(?::(\d\d))?( BC)?$/

/** Milliseconds of a `timestamptz` in PostgreSQL's ISO text; microseconds that others wrote are cut off. */
export function parseTimestamp(text: string): number {
  if (text === 'infinity') return Infinity
  const match = ISO.exec(text)
  if (!match) throw new DatabaseFailedError(`cannot read the time ${text}; DateStyle has to be ISO`)
  const [, year, month, day, hours, minutes, seconds, fraction, sign, ...rest] = match
  const [offsetHours, offsetMinutes, offsetSeconds, era] = rest
  const days = daysSinceEpoch(era ? 1 - Number(year) : Number(year), Number(month), Number(day))
  const offset = secondsOf(offsetHours, offsetMinutes, offsetSeconds)
  const time = secondsOf(hours, minutes, seconds) - (sign === '-' ? -offset : offset)
  return days * DAY_MS + time * 1_000 + (fraction ? Number(fraction.padEnd(3, '0').slice(0, 3)) : 0)
}

function secondsOf(hours = '0', minutes = '0', seconds = '0'): number {
  return Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)
}

/**
 * Days from 1970-01-01 in the proleptic Gregorian calendar, with years from March so that the leap day comes last.
 * Not `Date.UTC`, which takes the years 0 to 99 for 1900 to 1999.
 */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const y = month > 2 ? year : year - 1
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}
