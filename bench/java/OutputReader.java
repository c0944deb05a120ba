import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads the output topic from its beginning with read_committed until it is complete, and reports when that was. */
abstract class OutputReader<V> {
  private long records;

  abstract void add(ConsumerRecord<String, V> record);

  abstract boolean isComplete();

  /** How many different keys or records there are. */
  abstract long distinct();

  final void run(Deserializer<V> values) {
    Map<String, Object> config =
        Map.of(
            "bootstrap.servers", System.getProperty("brokers"),
            "isolation.level", "read_committed");
    try (var consumer = new KafkaConsumer<>(config, new StringDeserializer(), values)) {
      String topic = System.getProperty("output");
      var partitions =
          IntStream.range(0, Integer.getInteger("partitions"))
              .mapToObj(partition -> new TopicPartition(topic, partition))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      partitions.forEach(consumer::position);
      Report.event("ready");
      while (!isComplete()) poll(consumer, this::add);
    }
  }

  /** Ends this process: what came is not what had to come. */
  final void fail(String reason) {
    System.err.println(reason);
    System.exit(1);
  }

  private void poll(KafkaConsumer<String, V> consumer, Consumer<ConsumerRecord<String, V>> add) {
    var batch = consumer.poll(Duration.ofSeconds(1));
    long at = System.currentTimeMillis();
    records += batch.count();
    batch.forEach(add);
    if (isComplete()) Report.event("complete", "at", at, "records", records, "distinct", distinct());
  }
}
