import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** Fills the input topic with keyed records, with the producer's defaults. A value is the record's number, padded. */
final class ProduceKeys {
  private ProduceKeys() {}

  public static void main(String[] args) {
    Words words = Words.ofProperties();
    String topic = System.getProperty("input");
    String padding = " " + ".".repeat(Integer.getInteger("valueBytes"));
    int[] ranks = Keys.ranks();
    Map<String, Object> config = Map.of("bootstrap.servers", System.getProperty("brokers"));
    try (var producer =
        new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
      for (int i = 0; i < ranks.length; i++) {
        String number = Integer.toString(i);
        String value = number + padding.substring(0, padding.length() - 1 - number.length());
        producer.send(new ProducerRecord<>(topic, words.spell(ranks[i]), value), ProduceKeys::check);
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
