/** Checked by the compiler only: what tables infer, and where they ask for a serde. */
import { serdes } from '../../src/serdes/serdes.ts'
import type { GlobalKTable, KGroupedTable, KStream, KTable } from '../../src/topology/dsl/dsl.ts'
import { StreamsBuilder } from '../../src/topology/streams-builder.ts'

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** Fails to compile unless the type of the value is exactly `Expected`. */
function is<Expected>() {
  return <Actual>(_value: Actual, _equal: Equal<Actual, Expected>): void => undefined
}

interface User {
  readonly city: string
  readonly age: number
}

const { string, int64, double, json } = serdes
const builder = new StreamsBuilder()
const users = builder.table('users', { key: string, value: json<User>(), store: 'users' })
const prices = builder.table('prices', { key: string, value: double })
const orders = builder.stream('orders', { key: string, value: int64 })
const cities = builder.globalTable('cities', { key: int64, value: string })
// @ts-expect-error a global table is made of all of its topic
builder.globalTable('towns', { key: int64, value: string, offsetReset: 'latest' })

// Rows can be deleted; functions see those that are there.
is<KTable<string, User | null>>()(users, true)
is<KTable<string, User | null>>()(
  users.filter((_, user) => user.age > 3),
  true,
)
is<KTable<string, number | null, string, User>>()(
  users.mapValues((user) => user.age),
  true,
)
is<KTable<string, string, string, User>>()(
  users.transformValues(() => (user, key) => (user === null ? key : user.city)),
  true,
)
is<KStream<string, User | null, string, User>>()(users.toStream(), true)
is<KStream<number, User | null, string, User>>()(
  users.toStream((_, user) => user?.age ?? 0),
  true,
)
is<KTable<string, bigint | null>>()(orders.toTable(), true)

// A store of values that a function made needs their serde; what was mapped cannot be written without one.
users.mapValues((user) => user.age, { store: 'ages', value: double })
// @ts-expect-error no serde for numbers
users.mapValues((user) => user.age, { store: 'ages' })
const ages = users.mapValues((user) => user.age)
ages.toStream().to('out', { value: double })
// @ts-expect-error no serde for numbers
ages.toStream().to('out')
// @ts-expect-error no serde for numbers
ages.filter((_, age) => age > 3, { store: 'old' })

// Joins see null where there may be no partner.
is<KTable<string, string | null, string, User>>()(
  users.join(prices, (user, price) => `${user.city} ${price.toFixed(2)}`),
  true,
)
users.leftJoin(prices, (user, price) => `${user.city} ${price?.toFixed(2)}`)
// @ts-expect-error there may be no price
users.leftJoin(prices, (user, price) => `${user.city} ${price.toFixed(2)}`)
// @ts-expect-error there may be no user
users.outerJoin(prices, (user) => user.city)
orders.join(prices, (order, price) => Number(order) * price).to('out', { value: double })
// @ts-expect-error there may be no price
orders.leftJoin(prices, (order, price) => Number(order) * price)
// @ts-expect-error the keys are of different types
orders.selectKey((_, order) => order).join(prices, (order, price) => Number(order) * price)

// A global table is found by keys of its own type.
is<GlobalKTable<bigint, string>>()(cities, true)
is<KStream<string, string, string, never>>()(
  orders.join(
    cities,
    (_, order) => order,
    (_, city) => city,
  ),
  true,
)
// @ts-expect-error keys of cities are bigints
orders.join(cities, (key) => key, String)

// Groups have the types that the selector gives, and serdes for both.
const byCity = users.groupBy((id, user) => [user.city, id], { value: string, name: 'by-city' })
is<KGroupedTable<string, string>>()(byCity, true)
is<KTable<string, number>>()(byCity.count(), true)
is<KTable<string, string>>()(
  byCity.reduce(
    (ids, id) => ids + id,
    (ids, id) => ids.replace(id, ''),
  ),
  true,
)
is<KTable<string, bigint>>()(
  byCity.aggregate({
    init: () => 0n,
    add: (_city, _id, sum) => sum + 1n,
    subtract: (_city, _id, sum) => sum - 1n,
    value: int64,
  }),
  true,
)
// @ts-expect-error no serde for numbers
users.groupBy((_, user) => [user.city, user.age])
