using System.Runtime.CompilerServices;
using Experiments.Contracts;

namespace Experiments.Plugins.Tokenizers.Tests.Training;

public sealed class PairTableTests
{
    [Fact]
    public void HoldsWhatADictionaryHolds()
    {
        var random = new RandomStream(1, "pairs");
        var table = new PairTable();
        var expected = new Dictionary<ulong, long>();
        for (var i = 1; i < 50_000; i++)
        {
            var key = PairTable.Key(random.Next(120), random.Next(120));
            ref var entry = ref table.Find(key);
            Unsafe.IsNullRef(ref entry).ShouldBe(!expected.ContainsKey(key));
            if (Unsafe.IsNullRef(ref entry))
            {
                table.Add(new() { Key = key, Count = i });
                expected[key] = i;
            }
            else
            {
                entry.Count.ShouldBe(expected[key]);
                table.Remove(ref entry);
                expected.Remove(key);
            }
        }

        table.Count.ShouldBe(expected.Count);
        foreach (var (key, count) in expected)
        {
            table.Find(key).Count.ShouldBe(count);
        }
    }
}
