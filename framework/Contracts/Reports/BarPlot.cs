namespace Experiments.Contracts.Reports;

/// <summary>Bars with a common label, one per series.</summary>
/// <param name="Label">The label.</param>
/// <param name="Values">
/// One value per series, with its standard error if it has one; null if the series has no value here.
/// </param>
public sealed record BarGroup(string Label, IReadOnlyList<(double Value, double? Error)?> Values);

/// <summary>Horizontal bars, with their values at the ends and whiskers of one standard error.</summary>
/// <param name="Title">The title.</param>
/// <param name="XLabel">What the bars measure, with its unit.</param>
/// <param name="Series">Names for the legend. A single series has no legend.</param>
/// <param name="Groups">The bars, from top to bottom.</param>
/// <param name="Format">Formats the value of a bar.</param>
/// <param name="TickFormat">Formats a tick of the axis.</param>
/// <param name="Maximum">The end of the axis; null means the greatest value.</param>
public sealed record BarPlot(
    string Title,
    string XLabel,
    IReadOnlyList<string> Series,
    IReadOnlyList<BarGroup> Groups,
    Func<double, string> Format,
    Func<double, string> TickFormat,
    double? Maximum = null)
{
    private const double Width = 640;
    private const double BarHeight = 17;
    private const double GroupGap = 11;
    private const double LegendRow = 20;
    private const double LongestLabel = 190;

    /// <summary>The plot as SVG.</summary>
    public string Draw()
    {
        var top = 40 + (Series.Count > 1 ? LegendRow + 6 : 0);
        var bottom = top + Groups.Sum(group => (group.Values.Count * (BarHeight + 2)) + GroupGap);
        var canvas = new SvgCanvas(Width, bottom + 44);
        var left = 26 + Math.Min(LongestLabel, Groups.Max(group => SvgCanvas.WidthOf(group.Label, 12)));
        var right = Width - 84;
        var axis = Axis.Over(
            0, Maximum ?? Math.Max(1, Groups.SelectMany(group => group.Values).Max(bar => bar?.Value ?? 0)), 5,
            isRounded: Maximum is null);
        canvas.Text(14, 24, Title, SvgCanvas.Ink, 15, isBold: true);
        DrawLegend(canvas);
        foreach (var tick in axis.Ticks)
        {
            var at = axis.Place(tick, left, right);
            canvas.Line(at, top, at, bottom, SvgCanvas.Grid);
            canvas.Text(at, bottom + 16, TickFormat(tick), SvgCanvas.Faint, 11, Anchor.Middle);
        }

        var y = top + (GroupGap / 2);
        foreach (var group in Groups)
        {
            var height = group.Values.Count * (BarHeight + 2);
            canvas.Text(left - 9, y + (height / 2) + 3, Cut(group.Label), SvgCanvas.Ink, anchor: Anchor.End);
            for (var i = 0; i < group.Values.Count; i++)
            {
                DrawBar(canvas, group.Values[i], i, left, right, y + (i * (BarHeight + 2)), axis);
            }

            y += height + GroupGap;
        }

        canvas.Line(left, top, left, bottom, SvgCanvas.Faint);
        canvas.Text((left + right) / 2, bottom + 35, XLabel, SvgCanvas.Faint, anchor: Anchor.Middle);
        return canvas.ToString();
    }

    private static string Cut(string label)
    {
        var letters = (int)(LongestLabel / SvgCanvas.WidthOf("x", 12));
        return label.Length <= letters ? label : label[..(letters - 1)] + "\u2026";
    }

    private void DrawLegend(SvgCanvas canvas)
    {
        var left = 14.0;
        for (var i = 0; i < Series.Count && Series.Count > 1; i++)
        {
            canvas.Rectangle(left, 39, 12, 12, SvgCanvas.Colour(i));
            canvas.Text(left + 18, 49, Series[i], SvgCanvas.Ink);
            left += 38 + SvgCanvas.WidthOf(Series[i], 12);
        }
    }

    private void DrawBar(
        SvgCanvas canvas, (double Value, double? Error)? bar, int series, double left, double right, double y,
        Axis axis)
    {
        if (bar is not var (value, error))
        {
            return;
        }

        var end = axis.Place(value, left, right);
        canvas.Rectangle(left, y, end - left, BarHeight, SvgCanvas.Colour(series));
        if (error is > 0 and var deviation)
        {
            var (low, high, middle) = (
                axis.Place(Math.Max(axis.Low, value - deviation), left, right),
                axis.Place(value + deviation, left, right), y + (BarHeight / 2));
            canvas.Line(low, middle, high, middle, SvgCanvas.Ink, 1.2);
            canvas.Line(low, middle - 3.5, low, middle + 3.5, SvgCanvas.Ink, 1.2);
            canvas.Line(high, middle - 3.5, high, middle + 3.5, SvgCanvas.Ink, 1.2);
            end = high;
        }

        canvas.Text(end + 6, y + BarHeight - 4.5, Format(value), SvgCanvas.Ink, 11.5);
    }
}
