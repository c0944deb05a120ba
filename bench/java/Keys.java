import java.util.SplittableRandom;

/** Keys of records in random order, each key as often as any other, the same for the same seed. */
final class Keys {
  private Keys() {}

  /** The rank of each record's key, by the system properties. */
  static int[] ranks() {
    int[] ranks = new int[Integer.getInteger("records")];
    int distinct = Integer.getInteger("distinct");
    for (int i = 0; i < ranks.length; i++) ranks[i] = 1 + i % distinct;
    shuffle(ranks, new SplittableRandom(Long.getLong("seed")));
    return ranks;
  }

  private static void shuffle(int[] ranks, SplittableRandom random) {
    for (int i = ranks.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int rank = ranks[i];
      ranks[i] = ranks[other];
      ranks[other] = rank;
    }
  }
}
