import { Kafka, logLevel } from 'kafkajs'
import pg from 'pg'
import { brokers, databaseUrl } from './environment.ts'

/** Removes the schema and the topics that a program made under a name, on servers that may be somebody's. */
export async function leaveClean(name: string): Promise<void> {
  await dropSchema(name.replaceAll('-', '_'))
  await deleteTopics(name)
}

async function dropSchema(schema: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  await client.query(`drop schema if exists "${schema}" cascade`)
  await client.end()
}

async function deleteTopics(prefix: string): Promise<void> {
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(prefix))
  await admin.deleteTopics({ topics })
  await admin.disconnect()
}
