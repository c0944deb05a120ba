/** How snappy data of the Java client begins: `snappy-java`, the format of its streams, with two version numbers after it. */
const MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00])
const HEADER_BYTES = 16

/** The pieces that are compressed each for itself: those of a stream of the Java client, or all of it from other clients. */
export function snappyFrames(bytes: Buffer): Buffer[] {
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) return [bytes]
  const frames: Buffer[] = []
  for (let at = HEADER_BYTES; at < bytes.length;) {
    const start = at + 4
    at = start + bytes.readUInt32BE(at)
    frames.push(bytes.subarray(start, at))
  }
  return frames
}
