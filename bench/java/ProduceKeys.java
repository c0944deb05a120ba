import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** Fills the input topic with keyed records, with the producer's defaults. A value is the record's number, padded. */
final class ProduceKeys {
  /** Of records whose times are spread over a span. */
  private static final long START_MS = 1_700_000_040_000L;

  private ProduceKeys() {}

  public static void main(String[] args) {
    Words words = Words.ofProperties();
    String topic = System.getProperty("input");
    String padding = " " + ".".repeat(Integer.getInteger("valueBytes"));
    int[] ranks = Keys.ranks();
    Long spanMs = Long.getLong("spanMs");
    Map<String, Object> config = Map.of("bootstrap.servers", System.getProperty("brokers"));
    try (var producer =
        new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
      for (int i = 0; i < ranks.length; i++) {
        String number = Integer.toString(i);
        String value = number + padding.substring(0, padding.length() - 1 - number.length());
        // Rows, which all have the same time, are older than every record.
        Long at = spanMs == null ? null : START_MS + (spanMs == 0 ? -1 : spanMs * i / ranks.length);
        producer.send(
            new ProducerRecord<>(topic, null, at, words.spell(ranks[i]), value), ProduceKeys::check);
      }
    }
    Report.event("done");
  }

  private static void check(Object metadata, Exception error) {
    if (error == null) return;
    error.printStackTrace();
    System.exit(1);
  }
}
