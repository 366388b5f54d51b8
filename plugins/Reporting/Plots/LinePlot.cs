namespace Experiments.Plugins.Reporting.Plots;

/// <summary>One line of a plot.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="Points">Step and value, by step; all finite.</param>
internal sealed record Series(string Name, IReadOnlyList<(double X, double Y)> Points);

/// <summary>A line plot over steps. The last value of each line stands at its end.</summary>
/// <remarks>A line of more than <see cref="MaximumPoints"/> points is drawn as the mean of equal stretches, over a pale band from their least to their greatest value.</remarks>
internal sealed record LinePlot(string Title, string XLabel, string YLabel, IReadOnlyList<Series> Lines)
{
    private const int MaximumPoints = 160;
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
        var x = Axis.Over(Lines.Min(line => line.Points[0].X), Lines.Max(line => line.Points[^1].X), 6, isRounded: false);
        var y = Axis.OfValues(Lines.Min(line => line.Points.Min(point => point.Y)), Lines.Max(line => line.Points.Max(point => point.Y)), 5);
        canvas.Text(14, 24, Title, SvgCanvas.Ink, 15, isBold: true);
        canvas.Text(14, 44, YLabel, SvgCanvas.Faint);
        DrawLegend(canvas);
        DrawAxes(canvas, x, y);
        for (var i = 0; i < Lines.Count; i++)
        {
            DrawLine(canvas, Lines[i].Points, SvgCanvas.Colour(i), point => (x.Place(point.X, Left, Right), y.Place(point.Y, Bottom, Top)));
        }

        DrawEndLabels(canvas, y);
        return canvas.ToString();
    }

    private void DrawLegend(SvgCanvas canvas)
    {
        var right = Width - 14;
        for (var i = Lines.Count - 1; i >= 0 && Lines.Count > 1; i--)
        {
            var left = right - SvgCanvas.WidthOf(Lines[i].Name, 12);
            canvas.Text(right, 44, Lines[i].Name, SvgCanvas.Ink, anchor: Anchor.End);
            canvas.Line(left - 24, 40, left - 6, 40, SvgCanvas.Colour(i), 2.4);
            right = left - 38;
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

    private static void DrawLine(SvgCanvas canvas, IReadOnlyList<(double X, double Y)> points, string colour, Func<(double X, double Y), (double X, double Y)> place)
    {
        if (points.Count > MaximumPoints)
        {
            var stretches = Enumerable.Range(0, MaximumPoints)
                .Select(i => points.Take((i * points.Count / MaximumPoints)..((i + 1) * points.Count / MaximumPoints)).ToList()).ToList();
            canvas.Area(
                [
                    .. stretches.Select(stretch => place((stretch.Average(point => point.X), stretch.Min(point => point.Y)))),
                    .. stretches.AsEnumerable().Reverse().Select(stretch => place((stretch.Average(point => point.X), stretch.Max(point => point.Y)))),
                ],
                colour);
            points = [.. stretches.Select(stretch => (stretch.Average(point => point.X), stretch.Average(point => point.Y)))];
        }

        canvas.Polyline(points.Select(place), colour);
        foreach (var point in points.Count <= MaximumDots ? points : [])
        {
            var (dotX, dotY) = place(point);
            canvas.Dot(dotX, dotY, colour);
        }
    }

    private void DrawEndLabels(SvgCanvas canvas, Axis y)
    {
        var lowest = double.NegativeInfinity;
        foreach (var (series, line) in Lines.Index().OrderByDescending(pair => pair.Item.Points[^1].Y))
        {
            lowest = Math.Max(lowest + LabelDistance, y.Place(line.Points[^1].Y, Bottom, Top));
            canvas.Text(Right + 7, lowest + 4, Figure.Text(line.Points[^1].Y), SvgCanvas.Colour(series), 11.5, isBold: true);
        }
    }
}
