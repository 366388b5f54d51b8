namespace Experiments.Contracts.Reports;

/// <summary>One line of a plot.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="Points">Steps and values, ordered by step, all finite.</param>
public sealed record Series(string Name, IReadOnlyList<(double X, double Y)> Points);

/// <summary>A line plot over steps. The last value of each line is written at its end.</summary>
/// <remarks>
/// A line of more than <see cref="MaximumPoints"/> points is drawn as the means of equal sections, on a pale band from
/// the minimum to the maximum of each section.
/// </remarks>
public sealed record LinePlot(string Title, string XLabel, string YLabel, IReadOnlyList<Series> Lines)
{
    private const int MaximumPoints = 120;
    private const int StretchCount = 80;
    private const int MaximumDots = 24;
    private const double Width = 560;
    private const double Height = 320;
    private const double Left = 58;
    private const double Right = Width - 58;
    private const double Top = 62;
    private const double Bottom = Height - 46;
    private const double LabelDistance = 13;

    /// <summary>The plot as SVG.</summary>
    public string Draw()
    {
        var canvas = new SvgCanvas(Width, Height);
        var x = Axis.Over(
            Lines.Min(line => line.Points[0].X), Lines.Max(line => line.Points[^1].X), 6, isRounded: false);
        var y = Axis.OfValues(
            Lines.Min(line => line.Points.Min(point => point.Y)), Lines.Max(line => line.Points.Max(point => point.Y)),
            5);
        canvas.Text(14, 24, Title, SvgCanvas.Ink, 15, isBold: true);
        canvas.Text(14, 44, YLabel, SvgCanvas.Faint);
        DrawLegend(canvas);
        DrawAxes(canvas, x, y);
        for (var i = 0; i < Lines.Count; i++)
        {
            DrawLine(
                canvas, Lines[i].Points, SvgCanvas.Colour(i),
                point => (x.Place(point.X, Left, Right), y.Place(point.Y, Bottom, Top)));
        }

        DrawEndLabels(canvas, y);
        return canvas.ToString();
    }

    private void DrawLegend(SvgCanvas canvas)
    {
        const double swatch = 24;
        const double gap = 16;
        var left = Width - 14 - Lines.Sum(line => swatch + gap + SvgCanvas.WidthOf(line.Name, 12)) + gap;
        for (var i = 0; i < Lines.Count && Lines.Count > 1; i++)
        {
            canvas.Line(left, 40, left + swatch - 6, 40, SvgCanvas.Colour(i), 2.4);
            canvas.Text(left + swatch, 44, Lines[i].Name, SvgCanvas.Ink);
            left += swatch + gap + SvgCanvas.WidthOf(Lines[i].Name, 12);
        }
    }

    private void DrawAxes(SvgCanvas canvas, Axis x, Axis y)
    {
        foreach (var tick in y.Ticks)
        {
            var at = y.Place(tick, Bottom, Top);
            canvas.Line(Left, at, Right, at, SvgCanvas.Grid);
            canvas.Text(Left - 8, at + 4, Figure.Tick(tick), SvgCanvas.Faint, 11, Anchor.End);
        }

        canvas.Line(Left, Bottom, Right, Bottom, SvgCanvas.Faint);
        foreach (var tick in x.Ticks)
        {
            var at = x.Place(tick, Left, Right);
            canvas.Line(at, Bottom, at, Bottom + 4, SvgCanvas.Faint);
            canvas.Text(at, Bottom + 17, Figure.Tick(tick), SvgCanvas.Faint, 11, Anchor.Middle);
        }

        canvas.Text((Left + Right) / 2, Height - 9, XLabel, SvgCanvas.Faint, anchor: Anchor.Middle);
    }

    private static void DrawLine(
        SvgCanvas canvas, IReadOnlyList<(double X, double Y)> points, string colour,
        Func<(double X, double Y), (double X, double Y)> place)
    {
        var line = Means(points);
        if (points.Count > MaximumPoints)
        {
            var stretches = Stretches(points).ToList();
            canvas.Area(
                [
                    .. stretches.Zip(line, (stretch, mean) => place((mean.X, stretch.Min(point => point.Y)))),
                    .. stretches.Zip(line, (stretch, mean) => place((mean.X, stretch.Max(point => point.Y)))).Reverse(),
                ],
                colour);
        }

        canvas.Polyline(line.Select(place), colour);
        foreach (var point in line.Count <= MaximumDots ? line : [])
        {
            var (x, y) = place(point);
            canvas.Dot(x, y, colour);
        }
    }

    private static IReadOnlyList<(double X, double Y)> Means(IReadOnlyList<(double X, double Y)> points) => points.Count <= MaximumPoints
        ? points
        : [.. Stretches(points).Select(stretch => (stretch.Average(point => point.X), stretch.Average(point => point.Y)))];

    private static IEnumerable<IReadOnlyList<(double X, double Y)>> Stretches(
        IReadOnlyList<(double X, double Y)> points) =>
        Enumerable.Range(0, StretchCount).Select(
            i => points.Take((i * points.Count / StretchCount)..((i + 1) * points.Count / StretchCount)).ToList());

    private void DrawEndLabels(SvgCanvas canvas, Axis y)
    {
        var lowest = double.NegativeInfinity;
        foreach (var (series, last) in Lines.Select(line => Means(line.Points)[^1].Y).Index().OrderByDescending(pair => pair.Item))
        {
            lowest = Math.Max(lowest + LabelDistance, y.Place(last, Bottom, Top));
            canvas.Text(Right + 7, lowest + 4, Figure.Text(last), SvgCanvas.Colour(series), 11.5, isBold: true);
        }
    }
}
