import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** Fills the input topic, with the producer's defaults. */
final class ProduceLines {
  private ProduceLines() {}

  public static void main(String[] args) {
    Words words = Words.ofProperties();
    int partitions = Integer.getInteger("partitions");
    long lines = Long.getLong("lines");
    String topic = System.getProperty("input");
    Map<String, Object> config = Map.of("bootstrap.servers", System.getProperty("brokers"));
    try (var producer =
        new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
      for (long i = 0; i < lines; i++) {
        int partition = (int) (i % partitions);
        producer.send(new ProducerRecord<>(topic, partition, null, words.nextLine()), ProduceLines::check);
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
