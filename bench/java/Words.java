import java.util.SplittableRandom;
import java.util.StringJoiner;

/** Random words and lines, the same for the same seed. Log-uniform: the frequency of a word is about 1 / its rank. */
final class Words {
  private static final String CONSONANTS = "bcdfghjklmnprstvwxyz";
  private static final String VOWELS = "aeiou";
  private static final int WORDS_A_LINE = 5;

  private final SplittableRandom random;
  private final String[] words;

  Words(long seed, int distinct) {
    random = new SplittableRandom(seed);
    words = new String[distinct];
    for (int rank = 1; rank <= distinct; rank++) words[rank - 1] = spell(rank);
  }

  /** As the system properties say: what is produced and what is expected have to be the same. */
  static Words ofProperties() {
    return new Words(Long.getLong("seed"), Integer.getInteger("distinct"));
  }

  String next() {
    // The power is below distinct + 1, up to rounding.
    int rank = (int) Math.pow(words.length + 1.0, random.nextDouble());
    return words[Math.min(rank, words.length) - 1];
  }

  String nextLine() {
    StringJoiner line = new StringJoiner(" ");
    for (int i = 0; i < WORDS_A_LINE; i++) line.add(next());
    return line.toString();
  }

  /** Three syllables. 7919 and a million have no common factor, so every rank below a million has its own word. */
  private static String spell(int rank) {
    StringBuilder word = new StringBuilder();
    for (int rest = (int) (rank * 7919L % 1_000_000), i = 0; i < 3; i++, rest /= 100) {
      word.append(CONSONANTS.charAt(rest % 100 / 5)).append(VOWELS.charAt(rest % 5));
    }
    return word.toString();
  }
}
