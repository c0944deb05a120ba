import java.util.BitSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Waits for every record that ProduceKeys has written. Fails when one comes twice. */
final class FollowRecords extends OutputReader<String> {
  private final int records = Integer.getInteger("records");
  private final BitSet seen = new BitSet(records);
  private int missing = records;

  public static void main(String[] args) {
    new FollowRecords().run(new StringDeserializer());
  }

  @Override
  void add(ConsumerRecord<String, String> record) {
    String value = record.value();
    int number = Integer.parseInt(value.substring(0, value.indexOf(' ')));
    if (number >= records || seen.get(number)) fail("record " + number + " came twice, or is not ours");
    seen.set(number);
    missing--;
  }

  @Override
  boolean isComplete() {
    return missing == 0;
  }

  @Override
  long distinct() {
    return seen.cardinality();
  }
}
