using Experiments.Contracts;

namespace Experiments.Plugins.Evaluation.NGrams.Tests;

public sealed class KneserNeyModelTests
{
    [Fact]
    public void ATinyTextHasTheProbabilitiesThatAHandComputes()
    {
        var reader = new KneserNeyModel([[0, 1, 0, 1, 0, 2]], order: 2, vocabularySize: 4).Begin();
        reader.Read(0);

        // Different words before each word: 1 and the beginning before 0, and 0 before 1 and 2. p(w): 0.375, 0.25,
        // 0.25, 0.125. After 0, 1 follows twice and 2 once, so γ = 1.5 / 3.
        reader.Probability(0).ShouldBe(0.5 * 0.375, 1e-12);
        reader.Probability(1).ShouldBe((1 / 3.0) + (0.5 * 0.25), 1e-12);
        reader.Probability(2).ShouldBe((0.5 / 3) + (0.5 * 0.25), 1e-12);
        reader.Probability(3).ShouldBe(0.5 * 0.125, 1e-12);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(5)]
    public void TheProbabilitiesOfAllWordsSumToOneBehindAnyText(int order)
    {
        var model = new KneserNeyModel(RandomText(20, seed: 1), order, vocabularySize: 23);
        foreach (var text in RandomText(20, seed: 2))
        {
            var reader = model.Begin();
            foreach (var word in text.Take(12))
            {
                reader.Read(word);
                Enumerable.Range(0, 23).Sum(reader.Probability).ShouldBe(1, 1e-9);
            }
        }
    }

    [Theory, InlineData(1), InlineData(2), InlineData(4), InlineData(5)]
    public void SortedTablesAgreeWithTheDefinitionOverDictionaries(int order)
    {
        var training = RandomText(20, seed: 3);
        var model = new KneserNeyModel(training, order, vocabularySize: 23);
        var definition = new NaiveKneserNey(training, order, 23);
        model.DiscountsByOrder.Any(discounts => discounts.IsEstimated).ShouldBe(order > 1);
        foreach (var text in RandomText(20, seed: 4).Take(3))
        {
            var reader = model.Begin();
            for (var i = 0; i < text.Length; i++)
            {
                reader.Probability(text[i]).ShouldBe(definition.Probability(text[..i], text[i]), 1e-12);
                reader.Read(text[i]);
            }
        }
    }

    [Theory, InlineData(30), InlineData(44)]
    public void KeysOfManyDigitsAreSorted(int bits)
    {
        var random = new RandomStream(5, "keys");
        ulong[] keys = [.. Enumerable.Range(0, 5000).Select(_ => random.NextUInt64() >> (64 - bits))];
        int[] values = [.. Enumerable.Range(0, keys.Length)];
        var before = keys.ToArray();

        new RadixSort(keys.Length).Sort(keys, values, keys.Length, bits);

        keys.ShouldBe(before.Order());
        values.Select(value => before[value]).ShouldBe(keys);
    }

    /// <summary>Shards of words in which small numbers are frequent.</summary>
    private static int[][] RandomText(int words, ulong seed)
    {
        var random = new RandomStream(seed, "text");
        int[] lengths = [400, 1, 0, 300, 30];
        return [.. lengths.Select(length => Enumerable.Range(0, length).Select(_ => (int)(words * Math.Pow(random.NextDouble(), 3))).ToArray())];
    }
}
