import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads the output topic with read_committed until it holds the count of every word, and reports when the last one came.
 * Fails when a count is wrong, comes twice or goes back.
 */
final class FollowCounts {
  private final Map<String, Long> expected = new HashMap<>();
  private final Map<String, Long> latest = new HashMap<>();
  private long missing;
  private long records;

  private FollowCounts(Words words, long lines) {
    for (long i = 0; i < lines; i++) {
      for (String word : words.nextLine().split(" ")) {
        expected.merge(word, 1L, Long::sum);
        missing++;
      }
    }
  }

  public static void main(String[] args) {
    String topic = System.getProperty("output");
    var counts = new FollowCounts(Words.ofProperties(), Long.getLong("lines"));
    Map<String, Object> config =
        Map.of(
            "bootstrap.servers", System.getProperty("brokers"),
            "isolation.level", "read_committed");
    try (var consumer =
        new KafkaConsumer<>(config, new StringDeserializer(), new LongDeserializer())) {
      var partitions =
          IntStream.range(0, Integer.getInteger("partitions"))
              .mapToObj(partition -> new TopicPartition(topic, partition))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      partitions.forEach(consumer::position);
      Report.event("ready");
      counts.follow(consumer);
    }
  }

  private void follow(KafkaConsumer<String, Long> consumer) {
    while (missing > 0) {
      var batch = consumer.poll(Duration.ofSeconds(1));
      long at = System.currentTimeMillis();
      for (ConsumerRecord<String, Long> record : batch) add(record);
      if (missing > 0) continue;
      Report.event("complete", "at", at, "records", records, "words", latest.size());
    }
  }

  private void add(ConsumerRecord<String, Long> record) {
    records++;
    Long before = latest.put(record.key(), record.value());
    long growth = record.value() - (before == null ? 0 : before);
    missing -= growth;
    if (growth > 0 && record.value() <= expected.getOrDefault(record.key(), 0L)) return;
    System.err.printf("%s came as %d after %d, of %d%n",
        record.key(), record.value(), before, expected.get(record.key()));
    System.exit(1);
  }
}
