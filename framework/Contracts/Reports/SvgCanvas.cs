using System.Globalization;
using System.Security;
using System.Text;

namespace Experiments.Contracts.Reports;

/// <summary>Which point of a text its position refers to.</summary>
public enum Anchor
{
    /// <summary>The beginning.</summary>
    Start,

    /// <summary>The middle.</summary>
    Middle,

    /// <summary>The end.</summary>
    End,
}

/// <summary>
/// Draws shapes and text as SVG. Text stays text and is shown in the viewer's sans-serif font, so no font is needed to
/// make the plot.
/// </summary>
public sealed class SvgCanvas(double width, double height)
{
    /// <summary>The colour of titles and labels.</summary>
    public const string Ink = "#222222";

    /// <summary>The colour of less important text.</summary>
    public const string Faint = "#666666";

    /// <summary>The colour of grid lines.</summary>
    public const string Grid = "#e4e4e4";

    // Colours that colour-blind readers can distinguish (Okabe and Ito 2008), without black, and without yellow, which
    // is too light for lines.
    private static readonly string[] Palette = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];

    private readonly StringBuilder _body = new();

    /// <summary>The colour of a series.</summary>
    public static string Colour(int series) => Palette[series % Palette.Length];

    /// <summary>
    /// The approximate width of a text in pixels: sans-serif letters are a little more than half as wide as high.
    /// </summary>
    public static double WidthOf(string text, double size) => text.Length * size * 0.56;

    /// <summary>A straight line.</summary>
    public void Line(double x1, double y1, double x2, double y2, string colour, double thickness = 1) =>
        Add($"<line x1=\"{x1:0.##}\" y1=\"{y1:0.##}\" x2=\"{x2:0.##}\" y2=\"{y2:0.##}\" stroke=\"{colour}\" stroke-width=\"{thickness:0.##}\"/>");

    /// <summary>A line through points.</summary>
    public void Polyline(IEnumerable<(double X, double Y)> points, string colour) =>
        Add($"<polyline points=\"{Join(points)}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.8\" stroke-linejoin=\"round\" stroke-linecap=\"round\"/>");

    /// <summary>A pale filled area.</summary>
    public void Area(IEnumerable<(double X, double Y)> outline, string colour) =>
        Add($"<polygon points=\"{Join(outline)}\" fill=\"{colour}\" fill-opacity=\"0.16\"/>");

    /// <summary>A filled rectangle.</summary>
    public void Rectangle(double x, double y, double rectangleWidth, double rectangleHeight, string colour) =>
        Add($"<rect x=\"{x:0.##}\" y=\"{y:0.##}\" width=\"{rectangleWidth:0.##}\" height=\"{rectangleHeight:0.##}\" fill=\"{colour}\"/>");

    /// <summary>A dot.</summary>
    public void Dot(double x, double y, string colour) =>
        Add($"<circle cx=\"{x:0.##}\" cy=\"{y:0.##}\" r=\"2.6\" fill=\"{colour}\"/>");

    /// <summary>A line of text; y is its baseline.</summary>
    public void Text(
        double x, double y, string text, string colour, double size = 12, Anchor anchor = Anchor.Start,
        bool isBold = false)
    {
        var weight = isBold ? " font-weight=\"600\"" : "";
        var place =
            anchor switch { Anchor.Middle => " text-anchor=\"middle\"", Anchor.End => " text-anchor=\"end\"", _ => "" };
        Add($"<text x=\"{x:0.##}\" y=\"{y:0.##}\" font-size=\"{size:0.##}\"{weight}{place} fill=\"{colour}\">{SecurityElement.Escape(new string([.. text.Select(letter => char.IsControl(letter) || letter >= '\uFFFE' ? '\uFFFD' : letter)]))}</text>");
    }

    /// <summary>The picture as SVG.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"""
        <svg xmlns="http://www.w3.org/2000/svg" width="{width:0.##}" height="{height:0.##}" viewBox="0 0 {width:0.##} {height:0.##}" font-family="Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif">
        <rect width="100%" height="100%" fill="#ffffff"/>
        {_body}</svg>

        """).ReplaceLineEndings("\n");

    private static string Join(IEnumerable<(double X, double Y)> points) =>
        string.Join(
            ' ', points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.X:0.##},{point.Y:0.##}")));

    private void Add(FormattableString element) =>
        _body.Append(element.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
