/**
 * The house as executable text: imports go strictly down, never sideways; type imports count.
 *
 * @type {string[][]} Rooms by level, lowest first.
 */
const levels = [
  ['model'],
  ['errors'],
  ['serdes', 'telemetry', 'network'],
  ['kafka', 'database'],
  ['commit'],
  ['stores'],
  ['topology'],
  ['changelog', 'rebalance'],
  ['runtime'],
  ['testing', 'index.ts', 'cli'],
]

/** Corners of a room, and the files that wire them, by the same rule. */
const runtimeLevels = [
  ['runtime/task', 'runtime/start'],
  ['runtime/ownership'],
  ['runtime/instance.ts'],
  ['runtime/reshard'],
  ['runtime/streams.ts'],
]

const adapters = [
  'kafka/kafkajs',
  'kafka/platformatic',
  'kafka/memory',
  'database/postgres',
  'database/mysql',
  'database/pglite',
  'database/memory',
  'serdes/schema-registry',
]

/** @param {string[]} names */
const anyOf = (names) => `(${names.join('|').replaceAll('.', '\\.')})`
/** @param {string[]} rooms */
const inRooms = (rooms) => `^src/${anyOf(rooms)}(/|$)`
/** @param {string[]} names */
const npmPackage = (names) => `node_modules/(@types/)?${anyOf(names)}/`

/** @param {string[][]} house Rooms by level, lowest first. */
const downwardOnly = (house) =>
  house.flatMap((rooms, level) =>
    rooms.map((room) => ({
      name: `${room.replace('/', '-')}-imports-only-lower-rooms`,
      comment: `src/${room} is on level ${level}`,
      severity: 'error',
      from: { path: inRooms([room]) },
      to: {
        path: inRooms(
          house
            .slice(level)
            .flat()
            .filter((other) => other !== room),
        ),
      },
    })),
  )

const adaptersAreEntries = adapters.map((adapter) => ({
  name: `${adapter.replace('/', '-')}-is-an-entry`,
  comment: 'An adapter is a subpath of the package: only users and src/testing choose one.',
  severity: 'error',
  from: { path: '^src/', pathNot: [`^src/${adapter}/`, '^src/testing/'] },
  to: { path: `^src/${adapter}/` },
}))

/** @param {string[]} names @param {string} folder */
const onlyIn = (names, folder) => ({
  name: `${names.join('-').replaceAll(/[@/]/g, '')}-only-in-${folder.replaceAll('/', '-')}`,
  severity: 'error',
  from: { path: '^src/', pathNot: `^src/${folder}/` },
  to: { path: npmPackage(names) },
})

/** A rule sees dependencies: a file shows by what it imports, by who imports it, or by having neither. */
const homeless = { path: '^src/', pathNot: inRooms(levels.flat()) }
const everyFileHasARoom = [
  { from: homeless, to: {} },
  { from: {}, to: homeless },
  { from: { ...homeless, orphan: true }, to: {} },
].map((rule) => ({ name: 'every-file-has-a-room', severity: 'error', ...rule }))

export default {
  forbidden: [
    ...downwardOnly(levels),
    ...downwardOnly(runtimeLevels),
    ...adaptersAreEntries,
    ...everyFileHasARoom,
    {
      name: 'topology-knows-only-store-contracts',
      severity: 'error',
      from: { path: '^src/topology/' },
      to: {
        path: inRooms(['commit', 'kafka', 'database', 'telemetry', 'stores']),
        pathNot: '^src/stores/contract(/|\\.ts$)',
      },
    },
    onlyIn(['kafkajs'], 'kafka/kafkajs'),
    onlyIn(['@platformatic/kafka'], 'kafka/platformatic'),
    onlyIn(['pg', 'drizzle-orm'], 'database'),
    onlyIn(['@kafkajs/confluent-schema-registry'], 'serdes/schema-registry'),
    onlyIn(['@opentelemetry/api'], 'telemetry'),
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'src-stands-alone',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|services|bench|scripts)/' },
    },
    {
      name: 'src-imports-no-development-package',
      severity: 'error',
      from: { path: '^src/' },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['npm', 'npm-peer', 'npm-optional', 'type-only'],
      },
    },
    {
      name: 'services-import-only-the-package',
      severity: 'error',
      from: { path: '^services/([^/]+)/' },
      to: {
        path: '^(src|test|bench|scripts|services)/',
        pathNot: '^services/$1/',
      },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: '(^|/)(node_modules|dist)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.d.ts', '.js', '.mjs', '.json'],
    },
  },
}
