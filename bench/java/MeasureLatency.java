import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Sends lines at a steady rate, each with a word of its own, and measures from just before a line is sent until the count
 * of that word is received with read_committed.
 */
final class MeasureLatency {
  /** How long the last counts may take. */
  private static final long PATIENCE_NANOS = 30_000_000_000L;

  private final int rate = Integer.getInteger("rate");
  private final int warmUp = rate * Integer.getInteger("warmUpSeconds");
  private final int lines = warmUp + rate * Integer.getInteger("seconds");
  private final int partitions = Integer.getInteger("partitions");
  private final AtomicLongArray sentAt = new AtomicLongArray(lines);
  private final long[] nanos = new long[lines];
  private int received;
  private long records;

  public static void main(String[] args) throws Exception {
    new MeasureLatency().run();
  }

  private void run() throws Exception {
    Map<String, Object> config =
        Map.of(
            "bootstrap.servers", System.getProperty("brokers"),
            "isolation.level", "read_committed");
    try (var consumer =
        new KafkaConsumer<>(config, new StringDeserializer(), new LongDeserializer())) {
      String topic = System.getProperty("output");
      consumer.assign(
          IntStream.range(0, partitions).mapToObj(p -> new TopicPartition(topic, p)).toList());
      consumer.assignment().forEach(consumer::position);
      Thread sender = new Thread(this::send);
      sender.setDaemon(true);
      sender.start();
      receive(consumer);
      report();
    }
  }

  private void send() {
    Words words = Words.ofProperties();
    String topic = System.getProperty("input");
    Map<String, Object> config =
        Map.of("bootstrap.servers", System.getProperty("brokers"), "linger.ms", 0);
    try (var producer =
        new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
      producer.partitionsFor(topic);
      long startedAt = System.nanoTime();
      for (int i = 0; i < lines; i++) {
        waitUntil(startedAt + i * 1_000_000_000L / rate);
        if (i == warmUp) Report.event("measuring");
        String line = i + " " + words.nextLine();
        sentAt.set(i, System.nanoTime());
        producer.send(new ProducerRecord<>(topic, i % partitions, null, line));
      }
    }
  }

  private static void waitUntil(long nanos) {
    for (long left; (left = nanos - System.nanoTime()) > 0; ) LockSupport.parkNanos(left);
  }

  private void receive(KafkaConsumer<String, Long> consumer) {
    long deadline = System.nanoTime() + 1_000_000_000L * (lines / rate) + PATIENCE_NANOS;
    while (received < lines && System.nanoTime() < deadline) {
      var batch = consumer.poll(Duration.ofSeconds(1));
      long now = System.nanoTime();
      records += batch.count();
      for (var record : batch) {
        // The other words have no digits.
        if (Character.isDigit(record.key().charAt(0))) add(Integer.parseInt(record.key()), now);
      }
    }
  }

  private void add(int line, long now) {
    if (nanos[line] != 0) throw new IllegalStateException("the count of line " + line + " came twice");
    nanos[line] = now - sentAt.get(line);
    received++;
  }

  private void report() {
    if (received < lines) throw new IllegalStateException((lines - received) + " lines were not counted");
    // What the machine kept from being sent in time would flatter everybody.
    double seconds = (sentAt.get(lines - 1) - sentAt.get(warmUp)) / 1e9;
    long[] sorted = Arrays.copyOfRange(nanos, warmUp, lines);
    Arrays.sort(sorted);
    Report.event("done",
        "p50", millis(sorted, 0.5), "p99", millis(sorted, 0.99), "max", millis(sorted, 1),
        "records", records, "linesPerSecond", (sorted.length - 1) / seconds);
  }

  private static double millis(long[] sorted, double share) {
    int rank = (int) Math.ceil(share * sorted.length);
    return Math.round(sorted[rank - 1] / 1e4) / 100.0;
  }
}
