import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.LongDeserializer;

/** Waits for the count of every word, or of every key. Fails when a count is wrong, comes twice or goes back. */
final class FollowCounts extends OutputReader<Long> {
  private final Words words = Words.ofProperties();
  /** By rank. */
  private final int[] expected = new int[words.distinct() + 1];
  private final int[] latest = new int[words.distinct() + 1];
  private long missing;
  private long distinct;

  public static void main(String[] args) {
    FollowCounts counts = new FollowCounts();
    if (System.getProperty("records") == null) counts.expectWords(Long.getLong("lines"));
    else counts.expectKeys();
    counts.run(new LongDeserializer());
  }

  private void expectWords(long lines) {
    missing = lines * words.wordsALine();
    for (long i = 0; i < missing; i++) expected[words.nextRank()]++;
  }

  private void expectKeys() {
    for (int rank : Keys.ranks()) expected[rank]++;
    missing = Integer.getInteger("records");
  }

  @Override
  void add(ConsumerRecord<String, Long> record) {
    int rank = words.rankOf(record.key());
    long growth = record.value() - latest[rank];
    if (growth <= 0 || record.value() > expected[rank]) {
      fail(record.key() + " came as " + record.value() + " after " + latest[rank] + ", of " + expected[rank]);
    }
    if (latest[rank] == 0) distinct++;
    latest[rank] = record.value().intValue();
    missing -= growth;
  }

  @Override
  boolean isComplete() {
    return missing == 0;
  }

  @Override
  long distinct() {
    return distinct;
  }
}
