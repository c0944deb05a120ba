import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Fills a partition with a record for each of many keys of 100 bytes, then sends records of one key, the probes, at a steady rate.
 * A probe's value is its number.
 */
final class ProduceProbes {
  /** No other key is spelt like it. */
  static final String PROBE = "probe";

  private static volatile boolean hasEnded;

  private ProduceProbes() {}

  public static void main(String[] args) throws Exception {
    Map<String, Object> config = Map.of("bootstrap.servers", System.getProperty("brokers"));
    try (var producer =
        new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
      fill(producer);
      Thread prober = new Thread(() -> probe(producer));
      prober.start();
      Report.endWithHarness();
      hasEnded = true;
      prober.join();
    }
  }

  private static void fill(KafkaProducer<String, String> producer) {
    int keys = Integer.getInteger("keys");
    for (int i = 0; i < keys; i++) send(producer, String.format("%0100d", i), "");
    producer.flush();
    Report.event("filled");
  }

  private static void probe(KafkaProducer<String, String> producer) {
    long intervalNanos = 1_000_000_000L / Integer.getInteger("rate");
    long startedAt = System.nanoTime();
    for (long i = 0; !hasEnded; i++) {
      LockSupport.parkNanos(startedAt + i * intervalNanos - System.nanoTime());
      send(producer, PROBE, Long.toString(i));
    }
  }

  private static void send(KafkaProducer<String, String> producer, String key, String value) {
    producer.send(
        new ProducerRecord<>(System.getProperty("input"), key, value), ProduceProbes::check);
  }

  private static void check(Object metadata, Exception error) {
    if (error == null) return;
    error.printStackTrace();
    Runtime.getRuntime().halt(1);
  }
}
