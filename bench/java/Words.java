import java.math.BigInteger;
import java.util.SplittableRandom;
import java.util.StringJoiner;

/**
 * Random words and lines, the same for the same seed. Log-uniform, that is, the frequency of a word is about 1 / its rank,
 * unless the words are to be uniform.
 */
final class Words {
  private static final String CONSONANTS = "bcdfghjklmnprstvwxyz";
  private static final String VOWELS = "aeiou";
  /** It has no common factor with any power of ten, so every rank has a word of its own. */
  private static final long STRIDE = 7919;

  private final SplittableRandom random;
  private final int distinct;
  private final boolean isUniform = Boolean.getBoolean("uniform");
  private final int wordsALine = Integer.getInteger("wordsALine", 5);
  private final int syllables;
  private final long modulus;
  private final long inverse;

  Words(long seed, int distinct) {
    this.random = new SplittableRandom(seed);
    this.distinct = distinct;
    syllables = distinct < 1_000_000 ? 3 : 4;
    modulus = (long) Math.pow(100, syllables);
    inverse = BigInteger.valueOf(STRIDE).modInverse(BigInteger.valueOf(modulus)).longValue();
  }

  /** As the system properties say: what is produced and what is expected have to be the same. */
  static Words ofProperties() {
    return new Words(Long.getLong("seed"), Integer.getInteger("distinct"));
  }

  int distinct() {
    return distinct;
  }

  int wordsALine() {
    return wordsALine;
  }

  int nextRank() {
    double fraction = random.nextDouble();
    if (isUniform) return 1 + (int) (fraction * distinct);
    // The power is below distinct + 1, up to rounding.
    return Math.min((int) Math.pow(distinct + 1.0, fraction), distinct);
  }

  String nextLine() {
    StringJoiner line = new StringJoiner(" ");
    for (int i = 0; i < wordsALine; i++) line.add(spell(nextRank()));
    return line.toString();
  }

  String spell(int rank) {
    StringBuilder word = new StringBuilder();
    long rest = rank * STRIDE % modulus;
    for (int i = 0; i < syllables; i++, rest /= 100) {
      word.append(CONSONANTS.charAt((int) (rest % 100 / 5))).append(VOWELS.charAt((int) (rest % 5)));
    }
    return word.toString();
  }

  /** The rank of a word that was spelled here. */
  int rankOf(String word) {
    long rest = 0;
    for (int i = 2 * syllables - 2; i >= 0; i -= 2) {
      rest = rest * 100 + CONSONANTS.indexOf(word.charAt(i)) * 5 + VOWELS.indexOf(word.charAt(i + 1));
    }
    return (int) (rest * inverse % modulus);
  }
}
