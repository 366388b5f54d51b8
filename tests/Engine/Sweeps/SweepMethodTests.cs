using Experiments.Engine.Recipes;
using Experiments.Engine.Sweeps;
using Experiments.Engine.Tests.Recipes;

namespace Experiments.Engine.Tests.Sweeps;

public sealed class SweepMethodTests : IDisposable
{
    private const string Space = "x: { path: vars.x, range: [-5, 5] }, rate: { path: vars.rate, range: [1e-5, 1], scale: log }";

    private readonly RecipeBench _bench = new();

    [Fact]
    public void AGridGoesThroughTheLastParameterFirst()
    {
        var plan = Plan("method: grid, space: { a: { path: vars.x, values: [1, 2] }, b: { path: vars.rate, values: [p, q, r] } }");

        Points(plan).ShouldBe(["a 1, b p", "a 1, b q", "a 1, b r", "a 2, b p", "a 2, b q", "a 2, b r"]);
    }

    [Theory]
    [InlineData("random")]
    [InlineData("tpe")]
    public void TheSameSeedChoosesTheSamePoints(string method)
    {
        var sweep = $"method: {method}, trials: 25, space: {{ {Space} }}";

        Run(Plan(sweep)).ShouldBe(Run(Plan(sweep)));
        Run(Plan(sweep)).ShouldNotBe(Run(Plan(sweep, seed: 2)));
        Run(Plan(sweep)).Distinct().Count().ShouldBe(25);
    }

    [Fact]
    public void OneMoreParameterLeavesTheValuesOfTheOthers()
    {
        var (one, two) = (Plan("method: random, trials: 5, space: { x: { path: vars.x, range: [-5, 5] } }"), Plan($"method: random, trials: 5, space: {{ {Space} }}"));

        Points(two).Select(point => point.Split(',')[0]).ShouldBe(Points(one));
    }

    [Fact]
    public void ValuesStayWithinTheirRangeAndWholeNumbersAreEquallyLikely()
    {
        var plan = Plan("method: random, trials: 4000, space: { rate: { path: vars.rate, range: [1e-4, 1], scale: log }, n: { path: vars.x, range: [1, 4], type: int } }");
        var points = Enumerable.Range(1, plan.Points).Select(number => new RandomMethod(plan).Choose(number, [])).ToList();

        var rates = points.Select(point => point["rate"]!.GetValue<double>()).ToList();
        rates.ShouldAllBe(rate => rate >= 1e-4 && rate <= 1);
        rates.Count(rate => rate < 1e-2).ShouldBeInRange(1850, 2150);
        points.CountBy(point => point["n"]!.GetValue<long>()).OrderBy(count => count.Key).Select(count => count.Value).ShouldAllBe(count => count > 900 && count < 1100);
    }

    [Fact]
    public void TpeFindsAMinimumBetterThanRandomDoes()
    {
        var (tpe, random) = (Mean("tpe", "minimize", Bowl), Mean("random", "minimize", Bowl));

        TestContext.Current.TestOutputHelper!.WriteLine($"tpe {tpe:0.0000}, random {random:0.0000}");
        tpe.ShouldBeLessThan(random / 3);
    }

    [Fact]
    public void TpeFindsAMaximumToo() => Mean("tpe", "maximize", point => -Bowl(point)).ShouldBeGreaterThan(Mean("random", "maximize", point => -Bowl(point)) / 3);

    [Fact]
    public void TpeLearnsWhichChoiceAndWhichWholeNumberAreGood()
    {
        const string Mixed = "kind: { path: vars.rate, values: [a, b, c, d] }, n: { path: vars.x, range: [1, 64], type: int, scale: log }";
        var plan = Plan($"method: tpe, trials: 60, space: {{ {Mixed} }}");

        var late = Play(plan, point => ((string)point["kind"]! == "c" ? 0 : 1) + Math.Abs(Math.Log2(point["n"]!.GetValue<long>()) - 4)).Skip(40).Select(result => result.Values).ToList();
        late.Count(point => (string)point["kind"]! == "c").ShouldBeGreaterThan(12);
        late.Count(point => point["n"]!.GetValue<long>() is >= 10 and <= 25).ShouldBeGreaterThan(8);
    }

    [Fact]
    public void TpeLeavesOutPointsThatGaveNothing()
    {
        var plan = Plan($"method: tpe, trials: 30, space: {{ {Space} }}");
        var results = Play(plan, Bowl).ToList();
        var method = new TpeMethod(plan);

        method.Choose(25, [.. results.Take(20), new PointResult(results[29].Values, null)]).ShouldBe(method.Choose(25, [.. results.Take(20)]));
    }

    public void Dispose() => _bench.Dispose();

    /// <summary>A function with its minimum 0 at x = 2 and rate = 0.001.</summary>
    private static double Bowl(SweepPoint point) => Math.Pow(point["x"]!.GetValue<double>() - 2, 2) + Math.Pow(Math.Log10(point["rate"]!.GetValue<double>()) + 3, 2);

    private double Mean(string method, string direction, Func<SweepPoint, double> objective) =>
        Enumerable.Range(1, 20).Select(seed => Play(Plan($"method: {method}, trials: 60, space: {{ {Space} }}", direction, seed), objective).Select(result => result.Objective!.Value))
            .Average(values => direction == "minimize" ? values.Min() : values.Max());

    private static IEnumerable<string> Run(SweepPlan plan) => Play(plan, Bowl).Select(result => result.Values.ToJson().ToJsonString());

    private static IEnumerable<string> Points(SweepPlan plan) => Enumerable.Range(1, plan.Points).Select(number => $"{ISweepMethod.Of(plan).Choose(number, [])}");

    private static IReadOnlyList<PointResult> Play(SweepPlan plan, Func<SweepPoint, double> objective)
    {
        var method = ISweepMethod.Of(plan);
        List<PointResult> results = [];
        for (var number = 1; number <= plan.Points; number++)
        {
            var point = method.Choose(number, results);
            results.Add(new(point, objective(point)));
        }

        return results;
    }

    private SweepPlan Plan(string sweep, string direction = "minimize", int seed = 1) => _bench.Read($$"""
        seed: {{seed}}
        vars: { x: 1, rate: 1 }
        stages: { lines: { use: write-lines } }
        sweep: { {{sweep}}, objective: { {{direction}}: lines.lines } }
        """).Sweep!;
}
