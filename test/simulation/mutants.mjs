/**
 * @typedef {object} Mutant
 * @property {string} file
 * @property {string} find
 * @property {string} replacement
 * @property {number} [runs] Schedules that it takes to be found out, where 200 are not sure to do.
 */

/**
 * Rules of the protocol, each taken out of the compiled code by replacing one piece of it: a simulation that does not find that out
 * finds nothing.
 *
 * @type {Readonly<Record<string, Mutant>>}
 */
export const mutants = {
  // A commit need not be of the current epoch.
  fence: {
    file: 'src/commit/commit-units.js',
    find: 'where: { task: taskId, epoch }',
    replacement: 'where: { task: taskId }',
  },
  // What is in the outbox is published again, whatever Kafka has of it.
  progress: {
    file: 'src/runtime/ownership/open-tasks.js',
    find: 'const reached = progressOf({ taskId, sequence, rows: outbox }, told, committed);',
    replacement: 'const reached = (outbox[0]?.sequence ?? sequence + 1n) - 1n;',
  },
  // A task that comes back to an instance finds the cache that it had.
  'cache-drop': {
    file: 'src/runtime/ownership/create-task.js',
    find: 'const stores = subtopology.stores.map((store) => openStore(store, surroundings));',
    replacement: `const ofDatabase = (globalThis.kept ??= new WeakMap());
    if (!ofDatabase.has(database)) ofDatabase.set(database, new Map());
    const kept = ofDatabase.get(database);
    const id = \`\${subtopology.id}_\${partition}\`;
    if (!kept.has(id)) kept.set(id, subtopology.stores.map((store) => openStore(store, surroundings)));
    const stores = [...kept.get(id)];`,
  },
  // The transaction of a predecessor may still be decided behind our back.
  predecessor: {
    file: 'src/rebalance/take-over.js',
    find: 'await fencePredecessors(kafka, abandoned);',
    replacement: '',
  },
  // A task that makes batches again is given up as if the database said where it goes on.
  rewound: {
    file: 'src/runtime/task/task-progress.js',
    find: 'get isRewound() {\n        return this.#isRewound;',
    replacement: 'get isRewound() {\n        return false;',
    // A batch has to be left unpublished, and its next owner to lose the task at once: one schedule in 85.
    runs: 600,
  },
  // A function that meets with what a next owner has written has failed.
  moved: {
    file: 'src/runtime/engine.js',
    find: '(await this.#options.hasMoved(task.id).catch(() => false))',
    replacement: 'false',
  },
  // The row of a claim does not name who publishes now.
  'own-id': {
    file: 'src/commit/claim.js',
    find: 'transactional_id: transactionalId ?? ownId ?? null',
    replacement: 'transactional_id: transactionalId',
  },
  // As long as the row names who was fenced, one's own transactions are nobody's to fence.
  'stored-id': {
    file: 'src/rebalance/take-over.js',
    find: 'await storeTransactionalId(database, abandoned, transactionalId, bounds.claim);',
    replacement: 'abandoned;',
  },
}
