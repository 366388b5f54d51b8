using Experiments.Plugins.Worlds.Arithmetic;
using Experiments.Plugins.Worlds.Prose;

namespace Experiments.Plugins.Worlds.Pages;

/// <summary>
/// Pages of a school book: worked exercises with enough prose between them to pass filters for prose.
/// </summary>
internal static class ExercisePages
{
    private const int Exercises = 6;

    /// <summary>
    /// Maximum share of words without letters. Gopher allows 20 %. The limit is well below that, because tokenizers
    /// disagree about what a word is.
    /// </summary>
    private const double LargestShareWithoutLetters = 0.16;

    private const int LeastProse = 12;

    public static Article Write(int page, ExerciseSource source, ulong seed)
    {
        var random = new RandomStream(seed, "exercise page", page);
        var sentences = new List<string>();
        var (words, withoutLetters, prose) = (0, 0, 0);
        var shells = Grammar.Deal(EverydayProse.School, EverydayProse.School.Length, ref random);
        for (var i = 0; i < Exercises && prose < shells.Length; i++)
        {
            var exercise = source.Next(ref random);
            Add(Grammar.Sentence(random.Pick(exercise.Shells), ref random, exercise.Values));
            while (prose < shells.Length && (prose < (i + 1) * LeastProse / Exercises || withoutLetters > words * LargestShareWithoutLetters))
            {
                Add(Grammar.Sentence(shells[prose++], ref random));
            }
        }

        var title = Grammar.Sentence("[Worked sums|Practice for the class|A page of exercises|Sums for rainy days], [sheet|page|part] {number}", ref random,
            new Dictionary<string, string> { ["number"] = (page + 1).ToString() });
        return new("exercises", "sums", title, Article.InParagraphs(sentences, ref random));

        void Add(string sentence)
        {
            sentences.Add(sentence);
            var tokens = WordTokens.Of(sentence);
            words += tokens.Count;
            withoutLetters += tokens.Count(token => !token.Any(char.IsLetter));
        }
    }
}
