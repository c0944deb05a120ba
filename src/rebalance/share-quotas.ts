import { MinimumCostFlow } from './minimum-cost-flow.ts'

/** How many tasks of each sub-topology a member owns. */
export type Owned = readonly number[]

/**
 * How many tasks of each sub-topology each member gets: no two members differ by more than one, neither in a sub-topology nor in
 * all, and of all ways to do so it is one that leaves most tasks where they are.
 *
 * Everybody gets the rounded down share of each sub-topology, whatever was before. What is left over of one is fewer tasks than
 * there are members, one for each of some: who gets them is a flow from the sub-topologies over the members, cheap where
 * a member owns more than the share. Over all, members again take the rounded down share of what is left over, and some of them one more.
 *
 * @param sizes Tasks of each sub-topology.
 */
export function shareQuotas(sizes: readonly number[], members: readonly Owned[]): number[][] {
  const shares = sizes.map((size) => Math.floor(size / members.length))
  const leftOver = sizes.map((size) => size % members.length)
  const extras = shareLeftOver(
    leftOver,
    members.map((owned) => owned.map((count, at) => count > shares[at]!)),
  )
  return extras.map((isExtra) => shares.map((share, at) => share + (isExtra[at] ? 1 : 0)))
}

/** Who gets one more of what: by member and sub-topology. */
function shareLeftOver(
  leftOver: readonly number[],
  keeps: readonly (readonly boolean[])[],
): boolean[][] {
  const total = leftOver.reduce((sum, count) => sum + count, 0)
  const [source, sink, larger] = [0, 1, 2]
  const subtopologyAt = (at: number) => 3 + at
  const memberAt = (at: number) => 3 + leftOver.length + at
  const flow = new MinimumCostFlow(memberAt(keeps.length))
  for (const [at, count] of leftOver.entries()) flow.add(source, subtopologyAt(at), count)
  const pipes = keeps.map((ofMember, member) => {
    flow.add(memberAt(member), sink, Math.floor(total / keeps.length))
    flow.add(memberAt(member), larger, 1)
    return ofMember.map((isKept, at) =>
      flow.add(subtopologyAt(at), memberAt(member), 1, isKept ? -1 : 0),
    )
  })
  flow.add(larger, sink, total % keeps.length)
  flow.run(source, sink)
  return pipes.map((ofMember) => ofMember.map((pipe) => flow.flowOf(pipe) > 0))
}
