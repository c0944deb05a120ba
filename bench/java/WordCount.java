import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;

/** The word count of services/example-wordcount. */
final class WordCount {
  private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");

  private WordCount() {}

  public static void main(String[] args) throws Exception {
    StreamsBuilder builder = new StreamsBuilder();
    builder
        .stream(System.getProperty("input"), Consumed.with(Serdes.String(), Serdes.String()))
        .flatMapValues(WordCount::wordsOf)
        .groupBy((key, word) -> word, Grouped.with("words", Serdes.String(), Serdes.String()))
        .count(Materialized.as("counts"))
        .toStream()
        .to(System.getProperty("output"), Produced.with(Serdes.String(), Serdes.Long()));
    Application.run(builder.build());
  }

  private static Iterable<String> wordsOf(String line) {
    List<String> words = Arrays.asList(NO_WORD.split(line.toLowerCase(Locale.ROOT)));
    // Only the first one can be empty.
    return words.get(0).isEmpty() ? words.subList(1, words.size()) : words;
  }
}
