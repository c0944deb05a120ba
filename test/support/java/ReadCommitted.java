import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Utils;

/**
 * Reads a topic with Kafka's own client, so that nothing of rowstream or its clients judges itself.
 *
 * Usage: ReadCommitted BROKERS TOPIC. From the beginning to the end as it is at the start, read_committed. Prints
 * partition, offset, key and int64 value of each record, separated by tabs. Exits with 1 when a record is not what a Java
 * producer would have written, or when a transaction stays undecided.
 */
public class ReadCommitted {
  private static final long DECIDED_WITHIN_MS = 20_000;
  private static final Duration POLL = Duration.ofMillis(200);

  public static void main(String[] args) throws Exception {
    String brokers = args[0];
    String topic = args[1];
    try (KafkaConsumer<String, Long> consumer = consumer(brokers, "read_committed")) {
      List<TopicPartition> partitions = partitionsOf(consumer, topic);
      Map<TopicPartition, Long> ends = decidedEnds(consumer, brokers, partitions);
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      print(consumer, ends, partitions.size());
    }
  }

  private static KafkaConsumer<String, Long> consumer(String brokers, String isolation) {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", brokers);
    properties.put("isolation.level", isolation);
    properties.put("enable.auto.commit", "false");
    properties.put("auto.offset.reset", "none");
    return new KafkaConsumer<>(properties, new StringDeserializer(), new LongDeserializer());
  }

  private static List<TopicPartition> partitionsOf(KafkaConsumer<?, ?> consumer, String topic) {
    List<PartitionInfo> found = consumer.partitionsFor(topic);
    if (found == null || found.isEmpty()) throw new IllegalStateException(topic + " does not exist");
    return found.stream()
        .map(info -> new TopicPartition(topic, info.partition()))
        .collect(Collectors.toList());
  }

  /** The ends of the log, which read_committed reaches only when no transaction is open. */
  private static Map<TopicPartition, Long> decidedEnds(
      KafkaConsumer<?, ?> consumer, String brokers, List<TopicPartition> partitions) throws InterruptedException {
    long deadline = System.currentTimeMillis() + DECIDED_WITHIN_MS;
    try (KafkaConsumer<?, ?> uncommitted = consumer(brokers, "read_uncommitted")) {
      Map<TopicPartition, Long> ends = uncommitted.endOffsets(partitions);
      Map<TopicPartition, Long> stable = consumer.endOffsets(partitions);
      while (!reaches(stable, ends)) {
        if (System.currentTimeMillis() > deadline) {
          throw new IllegalStateException("a transaction stays undecided: stable " + stable + ", ends " + ends);
        }
        Thread.sleep(50);
        stable = consumer.endOffsets(partitions);
      }
      return ends;
    }
  }

  private static boolean reaches(Map<TopicPartition, Long> stable, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream().allMatch(end -> stable.get(end.getKey()) >= end.getValue());
  }

  private static void print(KafkaConsumer<String, Long> consumer, Map<TopicPartition, Long> ends, int partitions)
      throws IOException {
    BufferedWriter out = new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8), 1 << 16);
    // Control records at the end have no records of their own: the position tells, not the last record.
    while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      for (ConsumerRecord<String, Long> record : consumer.poll(POLL)) {
        if (record.offset() >= ends.get(new TopicPartition(record.topic(), record.partition()))) continue;
        check(record, partitions);
        out.write(record.partition() + "\t" + record.offset() + "\t" + record.key() + "\t" + record.value() + "\n");
      }
    }
    out.flush();
  }

  private static void check(ConsumerRecord<String, Long> record, int partitions) {
    String where = record.topic() + "-" + record.partition() + "@" + record.offset();
    if (record.key() == null || record.value() == null) throw new IllegalStateException(where + " has a null");
    byte[] key = new StringSerializer().serialize(record.topic(), record.key());
    if (key.length != record.serializedKeySize()) throw new IllegalStateException(where + ": key is not UTF-8");
    int expected = Utils.toPositive(Utils.murmur2(key)) % partitions;
    if (expected != record.partition()) {
      throw new IllegalStateException(where + ": key " + record.key() + " belongs to partition " + expected);
    }
  }
}
