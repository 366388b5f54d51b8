namespace Experiments.Plugins.Evaluation.Scaling;

/// <summary>The power law L = E + A · x^-a.</summary>
/// <param name="Floor">E: the loss that remains for any x.</param>
/// <param name="Factor">A.</param>
/// <param name="Exponent">a.</param>
internal sealed record PowerLaw(double Floor, double Factor, double Exponent)
{
    private const int FloorsTried = 60;
    private const int Refinements = 4;
    private const int Reweightings = 25;

    /// <summary>
    /// Residuals of ln L above this size count linearly instead of quadratically. The value is that of Hoffmann et al.
    /// 2022.
    /// </summary>
    private const double HuberDelta = 1e-3;

    /// <summary>The loss at x.</summary>
    public double At(double x) => Floor + (Factor * Math.Pow(x, -Exponent));

    /// <summary>
    /// Fits the law to points with the Huber loss of ln L, which limits the influence of outliers. Returns null if the
    /// points do not determine the parameters, because too few have different x.
    /// </summary>
    /// <param name="points">x and loss of each point, both above zero.</param>
    /// <param name="hasFloor">Whether E is fitted, between 0 and the lowest loss; otherwise it is 0.</param>
    public static PowerLaw? Fit(IReadOnlyList<(double X, double Loss)> points, bool hasFloor)
    {
        if (points.Select(point => point.X).Distinct().Count() < (hasFloor ? 3 : 2))
        {
            return null;
        }

        if (!hasFloor)
        {
            return WithFloor(points, 0).Law;
        }

        // For a given E, the law is a line in ln x and ln(L - E). E is searched for on a grid that becomes finer in
        // each round.
        var (low, high) = (0.0, points.Min(point => point.Loss) * (1 - 1e-6));
        var best = WithFloor(points, 0);
        for (var round = 0; round < Refinements; round++)
        {
            var step = (high - low) / FloorsTried;
            for (var i = 0; i <= FloorsTried; i++)
            {
                var tried = WithFloor(points, low + (i * step));
                best = tried.Huber < best.Huber ? tried : best;
            }

            (low, high) = (Math.Max(low, best.Law.Floor - step), Math.Min(high, best.Law.Floor + step));
        }

        return best.Law;
    }

    /// <summary>
    /// Fits by iteratively reweighted least squares: the residuals determine the weights of the next iteration.
    /// </summary>
    private static (PowerLaw Law, double Huber) WithFloor(IReadOnlyList<(double X, double Loss)> points, double floor)
    {
        var law = Line(points, floor, [.. points.Select(point => Weight(point.Loss, floor))]);
        for (var i = 0; i < Reweightings; i++)
        {
            double[] weights = [.. points.Select(point => Weight(point.Loss, floor) * HuberDelta / Math.Max(HuberDelta, Math.Abs(Residual(law, point))))];
            law = Line(points, floor, weights);
        }

        return (law, points.Sum(point => Huber(Residual(law, point))));
    }

    /// <summary>The square of the factor by which a deviation of ln(L - E) is smaller in ln L.</summary>
    private static double Weight(double loss, double floor) => Math.Pow((loss - floor) / loss, 2);

    private static double Residual(PowerLaw law, (double X, double Loss) point) => Math.Log(law.At(point.X) / point.Loss);

    private static double Huber(double residual) => Math.Abs(residual) <= HuberDelta ? residual * residual / 2 : HuberDelta * (Math.Abs(residual) - (HuberDelta / 2));

    private static PowerLaw Line(IReadOnlyList<(double X, double Loss)> points, double floor, double[] weights)
    {
        var total = weights.Sum();
        var meanX = points.Zip(weights, (point, weight) => weight * Math.Log(point.X)).Sum() / total;
        var meanY = points.Zip(weights, (point, weight) => weight * Math.Log(point.Loss - floor)).Sum() / total;
        var (above, below) = (0.0, 0.0);
        for (var i = 0; i < weights.Length; i++)
        {
            var x = Math.Log(points[i].X) - meanX;
            above += weights[i] * x * (Math.Log(points[i].Loss - floor) - meanY);
            below += weights[i] * x * x;
        }

        var slope = above / below;
        return new(floor, Math.Exp(meanY - (slope * meanX)), -slope);
    }
}
