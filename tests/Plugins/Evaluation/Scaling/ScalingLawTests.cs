using Experiments.Contracts;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Running;
using Experiments.Testing;

namespace Experiments.Plugins.Evaluation.Scaling.Tests;

public sealed class ScalingLawTests : IDisposable
{
    private static readonly PowerLaw Chinchilla = new(1.69, 406.4, 0.34);
    private readonly StageBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void PointsOfALawGiveTheLaw()
    {
        Near(PowerLaw.Fit(Points(new(0, 20, 0.07), 4), hasFloor: false)!, new(0, 20, 0.07));
        Near(PowerLaw.Fit(Points(Chinchilla, 8), hasFloor: true)!, Chinchilla);

        static void Near(PowerLaw fitted, PowerLaw truth)
        {
            fitted.Exponent.ShouldBe(truth.Exponent, 1e-3);
            fitted.Floor.ShouldBe(truth.Floor, 1e-2);
            (fitted.Factor / truth.Factor).ShouldBe(1, 0.02);
        }
    }

    [Fact]
    public void OnePointOffTheLawPullsItLittle()
    {
        var points = Points(new(0, 20, 0.07), 9);
        points[4] = (points[4].X, points[4].Loss * 1.5);
        var random = new RandomStream(1, "noise");
        for (var i = 0; i < points.Length; i++)
        {
            points[i].Loss *= 1 + (0.001 * random.NextGaussian());
        }

        var law = PowerLaw.Fit(points, hasFloor: false)!;

        law.Exponent.ShouldBe(0.07, 0.002);
        law.At(points[4].X).ShouldBe(new PowerLaw(0, 20, 0.07).At(points[4].X), 0.05);
    }

    [Fact]
    public void PointsAtOnePlaceLeaveTheLawOpen()
    {
        PowerLaw.Fit([(1e6, 3), (1e6, 3.1)], hasFloor: false).ShouldBeNull();
        PowerLaw.Fit([(1e6, 3), (1e7, 2.5), (1e6, 3)], hasFloor: true).ShouldBeNull();
    }

    [Fact]
    public async Task TheExponentOverEachScaleBecomesAMetricAndThePageHasAPlot()
    {
        var models = Enumerable.Range(0, 5).ToDictionary(i => $"d{i}", i => Model($"d{i}", 1e6 * Math.Pow(4, i), 2e7 * Math.Pow(2, i), loss: 9 * Math.Pow(4, -0.1 * i)));
        foreach (var (scale, exponent) in new[] { (ScaleAxis.Parameters, 0.1), (ScaleAxis.Tokens, 0.2), (ScaleAxis.Compute, 0.2 / 3) })
        {
            await RunAsync(models, new() { Scale = scale, Resamples = 50 });
            _bench.Metrics["scaling_exponent"].ShouldBe(exponent, 1e-9);
            _bench.Metrics["scaling_exponent_error"].ShouldBe(0, 1e-9);
            _bench.Metrics["largest_residual_share"].ShouldBe(0, 1e-9);
        }

        var page = await File.ReadAllTextAsync(Path.Combine(_bench.Folder("output"), "report.md"), TestContext.Current.CancellationToken);
        page.ShouldContain("plots/scaling-law.svg");
        page.ShouldContain("| d4 | 256M | 320M |");
        File.Exists(Path.Combine(_bench.Folder("output"), "plots/scaling-law.svg")).ShouldBeTrue();
    }

    [Fact]
    public async Task TheSpreadTellsHowNoisyTheModelsAre()
    {
        async Task<double> Error(double noise)
        {
            var random = new RandomStream(2, "noise");
            await RunAsync(Enumerable.Range(0, 8).ToDictionary(i => $"d{i}", i => Model($"{noise}-{i}", 1e6 * Math.Pow(2, i), 1e7, loss: 9 * Math.Pow(2, -0.1 * i) * (1 + (noise * random.NextGaussian())))), new());
            _bench.Metrics["scaling_exponent"].ShouldBe(0.1, 0.02);
            _bench.Metrics["scaling_exponent_low"].ShouldBeLessThanOrEqualTo(_bench.Metrics["scaling_exponent_high"]);
            return _bench.Metrics["scaling_exponent_error"];
        }

        (await Error(0.02)).ShouldBeGreaterThan(3 * await Error(0.002));
    }

    [Fact]
    public async Task TooFewModelsAndMissingFiguresAreErrorsThatSayWhatIsNeeded()
    {
        var two = Enumerable.Range(0, 2).ToDictionary(i => $"d{i}", i => Model($"few-{i}", 1e6 + i, 1e7, 3));
        (await Should.ThrowAsync<InvalidDataException>(RunAsync(two, new()))).Message.ShouldBe("2 models with 2 different values of training FLOPs: a law without a floor needs 3.");
        (await Should.ThrowAsync<InvalidDataException>(RunAsync(two, new() { Metric = "perplexity" }))).Message.ShouldContain("recorded no perplexity");
    }

    private static (double X, double Loss)[] Points(PowerLaw law, int count) => [.. Enumerable.Range(0, count).Select(i => 1e6 * Math.Pow(4, i)).Select(x => (x, law.At(x)))];

    private Checkpoint Model(string name, double parameters, double tokens, double loss)
    {
        var folder = _bench.Folder(name);
        MetricPoint[] points = [new("validation_loss", 99, 0, default), new("validation_loss", loss, 10, default), new("parameters", parameters, null, default), new("training_tokens", tokens, null, default), new("training_flops", 6 * parameters * tokens, null, default)];
        File.WriteAllLines(Path.Combine(folder, ArtifactLocation.MetricsFile), points.Select(MetricLines.Write));
        return new(new ArtifactLocation(folder, Origin: new ArtifactOrigin("pretrain", "key", folder)));
    }

    private Task<Report> RunAsync(Dictionary<string, Checkpoint> models, ScalingLawOptions options) =>
        new ScalingLawStage(options).RunAsync(new(models), _bench.Context<ScalingLawStage>(), TestContext.Current.CancellationToken);
}
