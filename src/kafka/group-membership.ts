/**
 * Who a consumer is to its group. Offsets that are committed under it are refused once the group has removed the member, gone on
 * to another generation, or given its instance id to another one (KIP-447).
 */
export interface GroupMembership {
  readonly memberId: string
  /** Goes up with every assignment of the group. */
  readonly generationId: number
  /** Null for a member that is not static (KIP-345). */
  readonly groupInstanceId: string | null
}
