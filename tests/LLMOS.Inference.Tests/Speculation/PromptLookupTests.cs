using LLMOS.Inference.Speculation;

namespace LLMOS.Inference.Tests.Speculation;

public sealed class PromptLookupTests
{
    private static readonly int[] Passage = [.. Enumerable.Range(100, 60)];

    [Fact]
    public void What_does_not_repeat_is_not_guessed()
    {
        var lookup = new PromptLookup();
        for (var length = 1; length <= Passage.Length; length++)
            Assert.Equal(0, lookup.Guess(Passage.AsSpan(0, length), new int[4]));
    }

    [Fact]
    public void A_copy_is_guessed_from_its_fourth_token_on()
    {
        Assert.Equal((57, 0), Copy(Passage));
    }

    [Fact]
    public void A_copy_that_leaves_tokens_out_is_followed_at_once()
    {
        int[] edited = [.. Passage[..20], .. Passage[22..40], .. Passage[41..]];
        Assert.Equal((57 - 3 - 2, 2), Copy(edited));
    }

    [Fact]
    public void A_copy_that_replaces_tokens_is_followed_at_once()
    {
        int[] edited = [.. Passage[..20], 7, .. Passage[21..40], 8, 9, .. Passage[42..]];
        Assert.Equal((57 - 3, 3), Copy(edited));
    }

    [Fact]
    public void Repetition_is_guessed_past_the_end_of_what_is_there()
    {
        int[] history = [5, 6, 7, 5, 6, 7, 5, 6, 7];
        var guess = new int[7];
        Assert.Equal(7, new PromptLookup().Guess(history, guess));
        Assert.Equal([5, 6, 7, 5, 6, 7, 5], guess);
    }

    [Fact]
    public void Of_several_places_the_one_with_the_longest_common_past_is_taken()
    {
        int[] history = [1, 2, 3, 4, 5, 70, 9, 3, 4, 5, 80, 9, 1, 2, 3, 4, 5];
        var guess = new int[1];
        new PromptLookup().Guess(history, guess);
        Assert.Equal(70, guess[0]);
    }

    /// <summary>Whatever the history and the way in which it grows, a guess is of the asked length and made of tokens that are there.</summary>
    [Fact]
    public void Any_history_can_be_followed()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var (lookup, history, guess) = (new PromptLookup(), new List<int>(), new int[8]);
            var symbols = 2 + random.Next(6);
            while (history.Count < 200)
            {
                for (var added = random.Next(5); added >= 0; added--)
                    history.Add(random.Next(symbols));
                var count = lookup.Guess(history.ToArray(), guess);
                Assert.True(count is 0 or 8);
                Assert.All(guess.Take(count), token => Assert.InRange(token, 0, symbols - 1));
            }
        }
    }

    /// <summary>Appends a text to the passage token by token and tells how many guesses of the next token were right and how many wrong.</summary>
    private static (int Right, int Wrong) Copy(int[] text)
    {
        var (lookup, history, right, wrong) = (new PromptLookup(), new List<int>(Passage) { 1 }, 0, 0);
        foreach (var token in text)
        {
            var guess = new int[1];
            if (lookup.Guess(history.ToArray(), guess) > 0)
                (right, wrong) = guess[0] == token ? (right + 1, wrong) : (right, wrong + 1);
            history.Add(token);
        }
        return (right, wrong);
    }
}
